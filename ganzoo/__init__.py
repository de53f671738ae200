"""A zoo of GANs: load a trained generator, draw from it, walk between its images.

>>> model = ganzoo.load("checkpoints/dcgan-mnist")
>>> images = ganzoo.sample(model, seeds=range(64))
>>> path = ganzoo.interpolate(model, 3, 14, steps=24)
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganzoo.checkpoints import CheckpointError
    from ganzoo.generator import Generator
    from ganzoo.inference import interpolate, sample

__all__ = ["CheckpointError", "interpolate", "load", "sample"]
__version__ = "0.1.0"

_HOMES = {
    "CheckpointError": "ganzoo.checkpoints",
    "interpolate": "ganzoo.inference",
    "sample": "ganzoo.inference",
}


def load(source: "str | Path", device: str = "auto") -> "Generator":
    """The generator of a checkpoint folder, ready to sample on ``device`` (auto, cpu, cuda or mps).

    Raises ``CheckpointError`` for a folder that is not a whole and sound checkpoint, ``ValueError`` for a device that
    is not there.
    """
    from ganzoo.checkpoints import read_checkpoint

    return read_checkpoint(source).load_generator(device)


def __getattr__(name: str) -> object:
    # PyTorch takes a second to import: whoever needs it pays, not everyone who says "import ganzoo".
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'ganzoo' has no attribute {name!r}")
