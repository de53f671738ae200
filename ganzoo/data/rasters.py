"""Pictures from Pillow, and sets of pictures brought to a shape."""

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F

MODES = {1: "L", 3: "RGB"}
"""Pillow's name for images of so many channels."""
CHUNK = 256
"""Images that are reshaped at a time, so that what lies between is small."""


def to_tensor(image: Image.Image) -> Tensor:
    """A grey or RGB image as uint8 ``[C, H, W]``."""
    pixels = torch.from_numpy(np.array(image))
    return pixels[None] if pixels.ndim == 2 else pixels.permute(2, 0, 1)


def brought(image: Image.Image, image_shape: tuple[int, int, int]) -> Tensor:
    """A picture of any mode as uint8 ``[C, H, W]``: its short side scaled to the size, its centre cut out.

    What is transparent becomes white.
    """
    channels, height, width = image_shape
    if image.mode.startswith("I"):  # 16 bits, which Pillow would clip to 8
        pixels, transparent = np.asarray(image), image.info.get("transparency")
        image = Image.fromarray((pixels // 257).astype(np.uint8))
        if transparent is not None:
            image.putalpha(Image.fromarray(np.where(pixels == transparent, 0, 255).astype(np.uint8)))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return to_tensor(image.convert(MODES[channels]))


def reshaped(pixels: Tensor, image_shape: tuple[int, int, int]) -> Tensor:
    """uint8 ``[N, C, H, W]`` scaled to another size and turned grey or RGB, to the very pixels Pillow would give."""
    if pixels.shape[1:] == image_shape:
        return pixels
    channels, height, width = image_shape
    result = torch.empty(len(pixels), *image_shape, dtype=torch.uint8)
    for start in range(0, len(pixels), CHUNK):
        scaled = F.interpolate(pixels[start : start + CHUNK], (height, width), mode="bilinear", antialias=True)
        result[start : start + CHUNK] = _luma(scaled) if channels == 1 else scaled
    return result


def _luma(pixels: Tensor) -> Tensor:
    """Grey ``[N, 1, H, W]`` of grey or RGB: ITU-R BT.601's weights as 16-bit fractions."""
    if pixels.shape[1] == 1:
        return pixels
    red, green, blue = pixels.int().unbind(1)
    return ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16)[:, None]
