"""From images in [-1, 1] to pictures: 8 bits, grids of tiles, PNG."""

from io import BytesIO
from math import ceil, isqrt

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ganzoo.data import to_uint8

GAP = 1
"""Pixels between the tiles of a grid; there are none around it."""
GAP_GREY = 128
"""What fills the gap, and the places after the last tile, in an opaque grid."""
PORTRAIT_SEEDS = range(64)
"""Whose images, in eight rows of eight, stand for a model: in its film and on its card."""

Pixels = NDArray[np.uint8]
"""Images of 8 bits: ``[N, H, W, C]`` with one channel for grey or three for colour."""


def to_pixels(images: Tensor) -> Pixels:
    """``[N, C, H, W]`` in [-1, 1] to 8 bits, rounded to the nearest: -1 is 0, 1 is 255."""
    return to_uint8(images).permute(0, 2, 3, 1).contiguous().numpy()


def enlarged(pixels: Pixels, times: int) -> Pixels:
    """Every pixel as a square of ``times`` by ``times``, so that no program blurs what is small."""
    return pixels.repeat(times, axis=1).repeat(times, axis=2)


def columns(count: int) -> int:
    """How many tiles stand side by side: the fewest that make the grid no higher than wide."""
    return isqrt(count - 1) + 1


def grid(pixels: Pixels, *, across: int | None = None, gap: int = GAP) -> Image.Image:
    """All images in rows of ``across`` tiles (``columns`` if not given), ``gap`` pixels of grey between them, unscaled.

    Tile i lies in row ``i // across`` and column ``i % across``.
    """
    count, height, width, channels = pixels.shape
    across = across or columns(count)
    rows = ceil(count / across)
    sheet = np.full((rows * across, height + gap, width + gap, channels), GAP_GREY, np.uint8)
    sheet[:count, :height, :width] = pixels
    sheet = sheet.reshape(rows, across, height + gap, width + gap, channels).swapaxes(1, 2)
    sheet = sheet.reshape(rows * (height + gap), across * (width + gap), channels)
    return picture(sheet[: len(sheet) - gap, : sheet.shape[1] - gap])


def picture(pixels: Pixels) -> Image.Image:
    """One image, ``[H, W, C]``, grey if it has one channel."""
    return Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels))


def png(image: Image.Image) -> bytes:
    """Fast before small: a page waits for it."""
    stream = BytesIO()
    image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()
