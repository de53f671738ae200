"""Real pictures as features: their own pixels, for which no classifier is needed."""

from pathlib import Path
from typing import Literal

import pytest
import torch
from torch import Tensor

from ganzoo.data import DataConfig, ImagesInMemory, load_images


@pytest.fixture(scope="session")
def training(sample_root: Path) -> Tensor:
    """1,000 real pictures, of which each pixel is a feature, in random order."""
    return _pixels(sample_root, "train")


@pytest.fixture(scope="session")
def held_out(sample_root: Path) -> Tensor:
    """200 others."""
    return _pixels(sample_root, "test")


def _pixels(root: Path, split: Literal["train", "test"]) -> Tensor:
    images = load_images(DataConfig(dataset="fashion-mnist"), root, split=split)
    assert isinstance(images, ImagesInMemory)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    return images.pixels[order].flatten(1).double() / 255
