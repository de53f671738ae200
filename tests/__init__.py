"""The tests. Whatever they ask of the Hub goes to this computer, where nobody answers unless a test has a ``hub``."""

import atexit
import os
import shutil
import tempfile

from tests.ports import free_port

# The client reads its environment when it is imported, which gradio does too: this package comes before both.
HUB_PORT = free_port()
_home = tempfile.mkdtemp(prefix="ganzoo-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HF_ASSETS_CACHE", "HF_TOKEN_PATH"):
    os.environ.pop(_name, None)
os.environ.update(
    HF_ENDPOINT=f"http://127.0.0.1:{HUB_PORT}",
    HF_HOME=_home,
    HF_HUB_DISABLE_XET="1",  # whose protocol is not HTTP alone; git LFS's is
    HF_HUB_DISABLE_TELEMETRY="1",
)
