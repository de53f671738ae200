"""The page at http://127.0.0.1:7860: the zoo that ships here, your own runs, and every folder of ``GANZOO_ZOO``.

Settings are environment variables: ``GANZOO_ZOO`` (folders of checkpoints), ``GANZOO_DEVICE`` (auto, cpu, cuda, mps), and
gradio's own, such as ``GRADIO_SERVER_NAME`` and ``GRADIO_SERVER_PORT``.
"""

import os
from pathlib import Path

from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.theme import launch_options

HERE = Path(__file__).parent
PORT = 7860

folders = [HERE / "checkpoints", HERE / "runs", *map(Path, filter(None, os.environ.get("GANZOO_ZOO", "").split(os.pathsep)))]
demo = build(Models(folders, device=os.environ.get("GANZOO_DEVICE", "auto")))

if __name__ == "__main__":
    app, url, _ = demo.launch(**launch_options(), quiet=True, prevent_thread_lock=True)
    taken = "" if demo.server_port == PORT or "GRADIO_SERVER_PORT" in os.environ else f" (port {PORT} is taken)"
    print(f"ganzoo is at {url}{taken}. Ctrl-C stops it.", flush=True)
    demo.block_thread()
