"""From pictures to what a browser shows: addresses that hold them, grids that let the page through."""

import base64

import numpy as np
from PIL import Image

from ganzoo.inference.pictures import GAP_GREY, Pixels, enlarged, grid, picture, png

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


def stacked(pixels: Pixels, cell: tuple[int, int]) -> Image.Image:
    """Pictures one under another, each in the middle of a cell (height, width) that lets the page through.

    Each is enlarged by the largest whole number at which it fits its cell.
    """
    larger = enlarged(pixels, min(room // size for room, size in zip(cell, pixels.shape[1:3], strict=True)))
    spare = [room - size for room, size in zip(cell, larger.shape[1:3], strict=True)]
    margins = [(0, 0), *((rest // 2, rest - rest // 2) for rest in spare)]
    column = picture(np.pad(larger, [*margins, (0, 0)]).reshape(-1, cell[1], pixels.shape[-1]))
    opaque = np.pad(np.full(larger.shape[:3], 255, np.uint8), margins)
    column.putalpha(Image.fromarray(opaque.reshape(-1, cell[1])))
    return column


def png_url(image: Image.Image) -> str:
    """A picture as the address of its PNG."""
    return data_url(png(image), "image/png")


def data_url(data: bytes, kind: str) -> str:
    """The file itself as an address, so that a picture comes in one piece with what is said of it."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def heated(pixels: Pixels, heat: Pixels) -> Pixels:
    """Pictures ``[N, H, W, C]``, dark and grey, under their ``heat``, ``[N, H, W, 1]``, of which 255 covers them."""
    grey = pixels.mean(-1, keepdims=True, dtype=np.float32) / 2
    share = heat.astype(np.float32) / 255
    found: Pixels = (grey * (1 - share) + HEAT * share).round().astype(np.uint8)
    return found
