"""From the name of a data set to its images."""

import math
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ganzoo.data.cifar10 import CIFAR10
from ganzoo.data.config import DataConfig
from ganzoo.data.fashion_mnist import FASHION_MNIST
from ganzoo.data.folder import list_files, load_folder
from ganzoo.data.image_set import DataError, ImageSet, ImagesInMemory
from ganzoo.data.mnist import MNIST
from ganzoo.data.rasters import reshaped

SETS = {"mnist": MNIST, "fashion-mnist": FASHION_MNIST, "cifar10": CIFAR10}
MEMORY_LIMIT = 4 * 2**30
"""Bytes of pixels that are kept in memory. The same everywhere, so that a run does not depend on the machine's size."""


def load_images(
    config: DataConfig, root: Path, *, split: Literal["train", "test"] = "train", memory_limit: int = MEMORY_LIMIT
) -> ImageSet:
    """The images of a data set, as the configuration wants them; a published set lies under the root or goes there.

    Raises DataError where they are not to be had.
    """
    if config.folder is not None:
        if split == "test":
            raise DataError("a folder of pictures has no test split: name the folder that holds them as a data set.")
        if config.per_class is not None:
            raise DataError("the pictures of a folder have no classes, so leave --per-class out.")
        return load_folder(
            config.folder, config.image_shape, name=config.name, memory_limit=memory_limit, parts=config.parts
        )
    published = SETS[config.dataset]
    pixels, labels = published.read(root, split == "train")
    if config.per_class is not None and split == "train":
        index = few_of_each(labels, config.per_class, config.choice)
        pixels, labels = pixels[index], labels[index]
    size = len(pixels) * math.prod(config.image_shape)
    if size > memory_limit:
        raise DataError(
            f"{published.title} would take {size / 2**30:.1f} GiB at a resolution of {config.resolution}, "
            f"more than the {memory_limit / 2**30:.1f} GiB it may: choose a lower resolution."
        )
    return ImagesInMemory(config.name, reshaped(pixels, config.image_shape), published.licence, labels)


def few_of_each(labels: Tensor, count: int, choice: int) -> Tensor:
    """Where ``count`` images of each class stand among these labels ``[N]``, in their order: int64.

    The same for the same ``choice``. Raises DataError where a class has fewer.
    """
    order = torch.from_numpy(np.random.RandomState(choice).permutation(len(labels)))
    found = [order[labels[order] == label][:count] for label in labels.unique()]
    if (fewest := min(map(len, found))) < count:
        raise DataError(f"there are only {fewest:,} images of a class: choose --per-class of at most that.")
    return torch.cat(found).sort().values


def expected_size(config: DataConfig) -> int:
    """How many training images there should be, without reading any: for a folder, all its files are taken for such.

    Raises DataError for a folder that is empty or cannot be read.
    """
    if config.folder is not None:
        return len(list_files(config.folder, config.parts))
    if config.per_class is not None:
        return config.per_class * config.num_classes
    return SETS[config.dataset].training_images
