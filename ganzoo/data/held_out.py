"""A few real pictures that no model has learnt from, to be looked at: of the test split, chosen once for all."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ganzoo.data.config import DataConfig
from ganzoo.data.loading import load_images
from ganzoo.data.rasters import to_tensor

COUNT = 256
SPRITES = Path(__file__).parent / "sprites"
"""Where the pictures of those sets lie that others may pass on."""
ACROSS = 16
"""Tiles in one row of a sprite, without gaps between them."""


def read_held_out(dataset: str, root: Path) -> Tensor:
    """Pictures of a published set, at most ``COUNT``, in an order of no meaning: uint8 ``[N, C, H, W]``.

    It lies under the root or goes there. Raises ``DataError`` where it is not to be had.
    """
    images = load_images(DataConfig(dataset=dataset), root, split="test")
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    (pictures,) = images.batches(iter([order[:COUNT]]), torch.device("cpu"))
    return pictures


def sprite_file(dataset: str) -> Path:
    """Where the set's sprite lies, if it has one."""
    return SPRITES / f"{dataset}.png"


def read_sprite(file: Path) -> Tensor:
    """The pictures of a sprite, whose tiles are square: uint8 ``[N, C, H, W]``."""
    with Image.open(file) as sheet:
        pixels = to_tensor(sheet)
    side = pixels.shape[2] // ACROSS
    channels, height, _ = pixels.shape
    rows = pixels.reshape(channels, height // side, side, ACROSS, side)
    return rows.permute(1, 3, 0, 2, 4).flatten(0, 1).contiguous()


def save_sprite(pictures: Tensor, file: Path) -> None:
    """Write pictures, as many as fill whole rows, as a sprite."""
    count, channels, height, width = pictures.shape
    rows = pictures.reshape(count // ACROSS, ACROSS, channels, height, width).permute(0, 3, 1, 4, 2)
    sheet = np.ascontiguousarray(rows.reshape(count // ACROSS * height, ACROSS * width, channels).numpy())
    Image.fromarray(sheet[..., 0] if sheet.shape[-1] == 1 else sheet).save(file, optimize=True)
