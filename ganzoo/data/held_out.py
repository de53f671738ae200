"""A few real pictures that no model has learnt from, to be looked at: of the test split, chosen once for all."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from ganzoo.data.config import DataConfig
from ganzoo.data.image_set import ImageSet
from ganzoo.data.loading import load_images
from ganzoo.data.rasters import to_tensor

COUNT = 256
SPRITES = Path(__file__).parent / "sprites"
"""Where the pictures of those sets lie that others may pass on."""
ACROSS = 16
"""Tiles in one row of a sprite, without gaps between them."""
LABELS = "labels"
"""Under what name a sprite's text tells the classes of its pictures, with blanks between them."""


class HeldOut(NamedTuple):
    """Real pictures, and what they are of."""

    pictures: Tensor
    """uint8 ``[N, C, H, W]``."""
    labels: Tensor
    """The class of each, int64 ``[N]``."""


def read_held_out(dataset: str, root: Path) -> HeldOut:
    """Pictures of a published set, at most ``COUNT``, in an order of no meaning.

    It lies under the root or goes there. Raises ``DataError`` where it is not to be had.
    """
    images = load_images(DataConfig(dataset=dataset), root, split="test")
    chosen = held_out_order(images)[:COUNT]
    (pictures,) = images.batches(iter([chosen]), torch.device("cpu"))
    assert images.labels is not None  # every published set has them
    return HeldOut(pictures, images.labels[chosen])


def held_out_order(images: ImageSet) -> Tensor:
    """The order of no meaning in which all pictures of a test split are held out, int64 ``[N]``."""
    return torch.randperm(len(images), generator=torch.Generator().manual_seed(0))


def sprite_file(dataset: str) -> Path:
    """Where the set's sprite lies, if it has one."""
    return SPRITES / f"{dataset}.png"


def read_sprite(file: Path) -> HeldOut:
    """The pictures of a sprite, whose tiles are square."""
    with Image.open(file) as sheet:
        pixels, labels = to_tensor(sheet), torch.tensor([int(label) for label in sheet.info[LABELS].split()])
    side = pixels.shape[2] // ACROSS
    channels, height, _ = pixels.shape
    rows = pixels.reshape(channels, height // side, side, ACROSS, side)
    return HeldOut(rows.permute(1, 3, 0, 2, 4).flatten(0, 1).contiguous(), labels)


def save_sprite(held_out: HeldOut, file: Path) -> None:
    """Write pictures, as many as fill whole rows, as a sprite, a PNG. Raises ``OSError`` as writing does."""
    count, channels, height, width = held_out.pictures.shape
    rows = held_out.pictures.reshape(count // ACROSS, ACROSS, channels, height, width).permute(0, 3, 1, 4, 2)
    sheet = np.ascontiguousarray(rows.reshape(count // ACROSS * height, ACROSS * width, channels).numpy())
    text = PngInfo()
    text.add_text(LABELS, " ".join(map(str, held_out.labels.tolist())))
    image = Image.fromarray(sheet[..., 0] if sheet.shape[-1] == 1 else sheet)
    image.save(file, "PNG", optimize=True, pnginfo=text)
