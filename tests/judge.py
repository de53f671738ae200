"""Opens what is named on standard input, a JSON string a line: a folder, or a model on the Hub. Says what came of each.

A process of its own, with limits, so that what opening takes can be seen, and cannot hurt anybody.
"""

import json
import os
import re
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

import ganzoo
from ganzoo.checkpoints import Checkpoint, read_checkpoint
from ganzoo.checkpoints.card import card
from ganzoo.generator import Network, Translator
from ganzoo.hub import fetch
from ganzoo.ui import about
from ganzoo.ui.models import Models

SECONDS, BYTES = 20, 2_000_000_000
"""That opening may take, beyond which it is stopped."""
PLACES = [*map(Path, (sys.prefix, sys.base_prefix, os.environ["HF_HOME"])), Path(ganzoo.__file__).parents[1]]
"""Where code lies, which may be imported late, and the client looks for a token."""
WRITING = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate")
RUNNING = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen")

NO_MARKUP = re.compile(r"\A---\n.*?^---$|^(`{3,})\w*\n.*?^\1$", re.MULTILINE | re.DOTALL)
"""A card's front matter and its code, whose text is never markup."""

source = ""
"""What is being opened."""
touched: list[str] = []
"""What opening has done beyond reading where it may and writing where it keeps things."""


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    paths = [Path(os.path.abspath(os.fsdecode(part))) for part in arguments if isinstance(part, str | bytes)]
    if event == "open" and paths and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        places = [kept, *PLACES, *([Path(source)] if os.path.isabs(source) else [])]
        touched.extend(f"{event} {path}" for path in paths[:1] if not any(map(path.is_relative_to, places)))
    elif event == "open" or event in WRITING:
        touched.extend(f"{event} {path}" for path in paths if path.is_absolute() and not path.is_relative_to(kept))
    elif event in RUNNING:
        touched.append(f"{event} {arguments}")


def megabytes(name: str) -> float:
    """Of this process: VmSize is now, VmHWM at most since ``forget_peak``; or at most ever, where no more is known."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # macOS counts bytes


def forget_peak() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def out_of_time(signal: int, frame: object) -> None:
    raise TimeoutError(f"it took more than {SECONDS} seconds")


def open_up(source: str) -> dict[str, Any]:
    """Load everything, draw, and describe; raises what that raises."""
    checkpoint: Checkpoint = read_checkpoint(source) if os.path.isabs(source) else fetch(source)
    model = checkpoint.load("cpu")
    discriminator = checkpoint.load_discriminator("cpu")
    if isinstance(model, Translator):
        way, (taken, _) = next(iter(model.directions.items()))
        images = ganzoo.translate(model, torch.zeros(1, *taken), way)
    else:
        images = ganzoo.sample(model, seeds=[0])
    networks: dict[str, Network] = {checkpoint.config.networks.role: model}
    if discriminator:
        networks["discriminator"] = discriminator
    text = NO_MARKUP.sub("", card(checkpoint.config, name="judged", networks=networks))
    page = about.page(Models([checkpoint.folder]))
    return {"drawn": bool(images.isfinite().all()), "markup": bool(re.search(r"(?<!\\)<script", text + page))}


kept = Path(os.environ["HF_ASSETS_CACHE"])
os.chdir(kept)
open_up(sys.argv[1])  # what imports and first calls take is nobody's fault
if sys.platform == "linux":
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes("VmSize") * 2**20) + BYTES,) * 2)
signal.signal(signal.SIGALRM, out_of_time)
sys.addaudithook(watch)
for line in sys.stdin:
    source = json.loads(line)
    forget_peak()
    before = megabytes("VmHWM")
    touched.clear()
    verdict: dict[str, Any] = {"error": "nothing", "message": ""}
    signal.alarm(SECONDS)
    try:
        verdict |= open_up(source)
    except Exception as error:
        verdict |= {"error": type(error).__name__, "message": str(error)}
    signal.alarm(0)
    verdict |= {"touched": [*touched], "rise": megabytes("VmHWM") - before}
    print(json.dumps(verdict), flush=True)
