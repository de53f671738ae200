"""MNIST: 60,000 + 10,000 handwritten digits, grey, 28×28 (LeCun, Bottou, Bengio & Haffner 1998)."""

from pathlib import Path
from typing import Any

from torch import Tensor

from ganzoo.data.image_set import DataError
from ganzoo.data.published import Archives, PublishedSet, broken, obtain


def _read(root: Path, train: bool) -> tuple[Tensor, Tensor]:
    from torchvision.datasets import MNIST

    return read_idx("MNIST", MNIST, root, train)


def read_idx(title: str, dataset: Any, root: Path, train: bool) -> tuple[Tensor, Tensor]:
    """A set in MNIST's format, of which torchvision's class knows the files."""
    folder = root / dataset.__name__ / "raw"
    archives = Archives(
        address=dataset.mirrors[0],
        folder=folder,
        checksums=dataset.resources,
        unpacked=[folder / name.removesuffix(".gz") for name, _ in dataset.resources],
    )
    found = obtain(title, dataset, root, train, archives)
    if found.data.shape[1:] != (28, 28) or not 0 < len(found.data) == len(found.targets):
        raise DataError(broken(title, archives))
    return found.data[:, None], found.targets


MNIST = PublishedSet(
    title="MNIST",
    licence="MNIST, its authors state no licence (LeCun, Bottou, Bengio & Haffner 1998)",
    training_images=60_000,
    read=_read,
)
