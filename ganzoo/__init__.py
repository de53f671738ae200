"""A zoo of GANs: load a trained generator, draw from it, walk between its images; or translate images.

>>> model = ganzoo.load("checkpoints/dcgan-mnist")
>>> images = ganzoo.sample(model, seeds=range(64))
>>> path = ganzoo.interpolate(model, 3, 14, steps=24)
>>> large = ganzoo.translate(ganzoo.load("checkpoints/srgan-fashion-mnist"), small)
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ganzoo.version import __version__ as __version__

if TYPE_CHECKING:
    from ganzoo.checkpoints import CheckpointError
    from ganzoo.generator import Model
    from ganzoo.inference import interpolate, sample, translate

__all__ = ["CheckpointError", "interpolate", "load", "sample", "translate"]

_HOMES = {
    "CheckpointError": "ganzoo.checkpoints",
    "interpolate": "ganzoo.inference",
    "sample": "ganzoo.inference",
    "translate": "ganzoo.inference",
}


def load(source: "str | Path", device: str = "auto", *, revision: str | None = None) -> "Model":
    """The generator or the translator of a checkpoint, ready to use on ``device`` (auto, cpu, cuda or mps).

    ``source`` is a folder or, where there is none of that name or a ``revision`` (a branch, tag or commit) is given, a
    model on the Hugging Face Hub, ``"OWNER/NAME"``. Raises ``CheckpointError`` for what is not a whole and sound
    checkpoint or cannot be had, ``ValueError`` for a device that is not there.
    """
    from ganzoo.checkpoints import read_checkpoint

    if revision is None and not _may_be_on_the_hub(source):
        return read_checkpoint(source).load(device)

    from ganzoo.hub import HubError, fetch

    try:
        return fetch(str(source), revision).load(device)
    except HubError as error:
        if revision is not None:
            raise
        raise HubError(f"There is no folder {source}, so the Hub was asked: {error}") from None


def _may_be_on_the_hub(source: "str | Path") -> bool:
    if isinstance(source, Path) or os.path.lexists(source):  # which takes any text for a name, however long
        return False
    from ganzoo.hub import is_repo_id

    return is_repo_id(source)


def __getattr__(name: str) -> object:
    # PyTorch takes a second to import: whoever needs it pays, not everyone who says "import ganzoo".
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'ganzoo' has no attribute {name!r}")
