"""The one place that says how the 256 values of a pixel lie in [-1, 1]."""

import torch
from torch import Tensor


def to_float(images: Tensor) -> Tensor:
    """Pixels 0 … 255 as float32 in [-1, 1], of any shape: x / 127.5 - 1."""
    return images.to(torch.float32) / 127.5 - 1


def to_uint8(images: Tensor) -> Tensor:
    """Floats in [-1, 1] as the nearest pixels 0 … 255, of any shape; what lies outside is clamped."""
    return ((images.to(torch.float32) + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
