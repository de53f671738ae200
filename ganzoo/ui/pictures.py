"""From pictures to what a browser shows: addresses that hold them, grids that let the page through."""

import base64

import numpy as np
from PIL import Image

from ganzoo.inference.pictures import GAP_GREY, Pixels, grid

HEAT = np.array([240, 120, 20], np.float32)
"""The colour in RGB of what matters most."""


def without_gaps(sheet: Image.Image, count: int, tile: tuple[int, int], across: int) -> Image.Image:
    """A grid whose gaps let what lies behind it through. ``tile`` is height and width."""
    height, width = tile
    opaque = np.full((count, height, width, 1), 255, np.uint8)
    mask = np.array(grid(opaque, across=across))
    mask[mask == GAP_GREY] = 0
    sheet = sheet.copy()
    sheet.putalpha(Image.fromarray(mask))
    return sheet


def data_url(data: bytes, kind: str) -> str:
    """The file itself as an address, so that a picture comes in one piece with what is said of it."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def heated(pixels: Pixels, heat: Pixels) -> Pixels:
    """Pictures ``[N, H, W, C]``, dark and grey, under their ``heat``, ``[N, H, W, 1]``, of which 255 covers them."""
    grey = pixels.mean(-1, keepdims=True, dtype=np.float32) / 2
    share = heat.astype(np.float32) / 255
    found: Pixels = (grey * (1 - share) + HEAT * share).round().astype(np.uint8)
    return found
