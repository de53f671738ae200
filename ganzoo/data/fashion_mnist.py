"""Fashion-MNIST: 60,000 + 10,000 pieces of clothing, grey, 28×28, ten classes (Xiao, Rasul & Vollgraf 2017)."""

from pathlib import Path

from torch import Tensor

from ganzoo.data.mnist import read_idx
from ganzoo.data.published import PublishedSet


def _read(root: Path, train: bool) -> tuple[Tensor, Tensor]:
    from torchvision.datasets import FashionMNIST

    return read_idx("Fashion-MNIST", FashionMNIST, root, train)


FASHION_MNIST = PublishedSet(
    title="Fashion-MNIST",
    licence="Fashion-MNIST, MIT licence, © 2017 Zalando SE (Xiao, Rasul & Vollgraf 2017)",
    training_images=60_000,
    read=_read,
)
