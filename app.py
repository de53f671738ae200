"""The page, at http://127.0.0.1:7860: the zoo that ships here, your own runs, and every folder of ``GANZOO_ZOO``.

``GANZOO_DEVICE`` says where to draw (auto, cpu, cuda, mps), ``GANZOO_HUB_OWNERS`` whose models of the Hub are offered
(a,b; everybody's where it is not set, nobody's where it is empty), ``GANZOO_DATA`` where real pictures are looked for,
or downloaded to, when a visitor asks for them (``data`` where it is not set). Other programs' variables hold too, such
as ``GRADIO_SERVER_NAME``, ``GRADIO_SERVER_PORT`` and ``HF_HUB_OFFLINE``. Where the page is not for this computer alone,
strangers may visit: your token of the Hub then opens nothing.
"""

import gc
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from ganzoo.heaps import return_buffers, share_heaps

if __name__ == "__main__" and sys.argv[1:]:
    raise SystemExit("app.py takes no options but variables, such as GRADIO_SERVER_PORT=8000: README.md names them")

gc.disable()  # until the page stands: importing makes much to look through and next to nothing to free
share_heaps()
return_buffers()

from ganzoo.device import DeviceError
from ganzoo.hub.index import Index
from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.theme import launch_options
from ganzoo.ui.zerogpu import OWN_DEVICE

HERE = Path(__file__).parent
PORT = 7860

zoo = [HERE / "checkpoints", HERE / "runs"]
zoo += [Path(folder) for folder in os.environ.get("GANZOO_ZOO", "").split(os.pathsep) if folder]
owners = os.environ.get("GANZOO_HUB_OWNERS")
space = os.environ.get("SPACE_ID")
at_home = os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1") in ("127.0.0.1", "localhost")
anonymously = bool(space or os.environ.get("GRADIO_SHARE")) or not at_home
index = Index(None if owners is None else owners.replace(",", " ").split())
try:
    models = Models(zoo, device=os.environ.get("GANZOO_DEVICE", OWN_DEVICE), anonymously=anonymously)
    demo = build(models, index, space_id=space)
except DeviceError as error:
    raise SystemExit(str(error)) from None
gc.freeze()
gc.enable()

if __name__ == "__main__":
    try:
        tools = find_spec("mcp") is not None  # which gradio's extra for it brings: endpoints are tools of its server
        url = demo.launch(**launch_options(), mcp_server=tools, quiet=True, prevent_thread_lock=True)[1]
    except OSError as error:  # no free port, or an address that is not this computer's
        raise SystemExit(str(error)) from None
    index.refresh()
    moved = demo.server_port != PORT and "GRADIO_SERVER_PORT" not in os.environ
    print(f"ganzoo is at {url}{f' because port {PORT} is taken' if moved else ''}. Ctrl-C stops it.", flush=True)
    demo.block_thread()
