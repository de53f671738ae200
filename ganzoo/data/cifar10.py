"""CIFAR-10: 50,000 + 10,000 colour photographs, 32×32, ten classes (Krizhevsky 2009)."""

from pathlib import Path

import torch
from torch import Tensor

from ganzoo.data.published import Archives, PublishedSet, obtain


def _read(root: Path, train: bool) -> tuple[Tensor, Tensor]:
    # The batches are pickles: torchvision opens them only after their md5 proved to be that of the published files.
    from torchvision.datasets import CIFAR10 as Dataset

    files = [name for name, _ in (*Dataset.train_list, *Dataset.test_list)]
    archives = Archives(
        address=Dataset.url.removesuffix(Dataset.filename),
        folder=root,
        checksums=[(Dataset.filename, Dataset.tgz_md5)],
        unpacked=[root / Dataset.base_folder / name for name in (*files, Dataset.meta["filename"])],
    )
    found = obtain("CIFAR-10", Dataset, root, train, archives)
    return torch.from_numpy(found.data).permute(0, 3, 1, 2).contiguous(), torch.tensor(found.targets)


CIFAR10 = PublishedSet(
    title="CIFAR-10",
    licence="CIFAR-10, its author states no licence and asks to be cited (Krizhevsky 2009)",
    training_images=50_000,
    read=_read,
)
