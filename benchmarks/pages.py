"""The two pages that are compared, each a process of its own, and the models that both show."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Timer
from typing import Literal

import torch

from benchmarks.contest import ROOT, ContestError
from ganzoo.checkpoints import save_checkpoint
from ganzoo.data import DataConfig
from ganzoo.generator import Network
from ganzoo.recipe import Recipe
from ganzoo.zoo.dcgan import DCGAN
from ganzoo.zoo.gan import GAN

PATIENCE = 180.0
"""Seconds that a page has to open, or to answer: far more than it needs, but not for ever."""

DATA = DataConfig(dataset="fashion-mnist", resolution=28)
ModelName = Literal["untrained-dcgan", "untrained-gan"]
RECIPES: Mapping[ModelName, Recipe] = {"untrained-dcgan": DCGAN(data=DATA), "untrained-gan": GAN(data=DATA)}
"""What draws, as wide as it is published; that it is untrained shows in nothing but the sizes of files."""


@dataclass(frozen=True)
class Side:
    """One of the two pages."""

    name: Literal["ours", "ordinary"]
    command: Sequence[str]
    environment: Mapping[str, str]


def ours(device: torch.device, zoo: Path | None = None) -> Side:
    """The page as it is started by whoever uses it, with the models that ship, and those of ``zoo``."""
    folders = {} if zoo is None else {"GANZOO_ZOO": str(zoo)}
    return Side("ours", [sys.executable, "app.py"], {"GANZOO_DEVICE": device.type, **folders})


def ordinary(device: torch.device, zoo: Path = ROOT / "checkpoints") -> Side:
    """The ordinary page, over the models of ``zoo``: those that ship, unless told otherwise."""
    return Side("ordinary", [sys.executable, "-m", "benchmarks.ordinary_page", device.type, str(zoo)], {})


@contextmanager
def untrained_zoo() -> Iterator[Path]:
    """A folder with a checkpoint for each of ``RECIPES``, for the block."""
    torch.manual_seed(0)
    with TemporaryDirectory() as folder:
        for name, recipe in RECIPES.items():
            generator = recipe.game().players["generator"]
            assert isinstance(generator, Network)
            save_checkpoint(
                Path(folder) / name,
                networks={"generator": generator},
                recipe={"variant": recipe.name, **recipe.model_dump(mode="json")},
                training={"steps": 0},
            )
        yield Path(folder)


@contextmanager
def served(side: Side, *, profiled: bool = False) -> Iterator[str]:
    """The address at which the page answers, for the block. Raises ``ContestError`` where it does not come up.

    ``profiled`` has gradio note what every answer took.
    """
    with running(side, profiled=profiled) as (url, _):
        yield url


@contextmanager
def running(side: Side, *, profiled: bool = False) -> Iterator[tuple[str, int]]:
    """As ``served``; besides the address the number of the page's process."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO_", "GANZOO_"))}
    with socket.create_server(("127.0.0.1", 0)) as free:  # away from 7860, where somebody may look for their own page
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder, TemporaryFile() as complaints:
        gradio = {"SERVER_PORT": port, "ANALYTICS_ENABLED": False, "TEMP_DIR": folder, "PROFILING": int(profiled)}
        process = subprocess.Popen(
            side.command,
            cwd=ROOT,
            env={
                **theirs,
                "PYTHONUNBUFFERED": "1",  # or the address would stay in there
                **{f"GRADIO_{name}": str(value) for name, value in gradio.items()},
                **side.environment,
            },
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            start_new_session=True,  # Ctrl-C is for the process that decides, and what a page starts ends with it
        )
        patience = Timer(PATIENCE, _end, [process])
        patience.start()
        try:
            assert process.stdout is not None
            found = next(filter(None, (re.search(r"http://[\w.]+:\d+", line) for line in process.stdout)), None)
            patience.cancel()
            if found is None:
                complaints.seek(0)
                said = complaints.read().decode(errors="replace").split("\n")
                last = next(filter(None, map(str.strip, reversed(said))), f"exit status {process.wait()}")
                raise ContestError(f"{side.name} did not come up ({last})")
            yield found[0], process.pid
        finally:
            patience.cancel()
            _end(process)
            process.communicate()


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
