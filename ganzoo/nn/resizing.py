"""Images made smaller and larger, without any learning."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F


def shrunk(images: Tensor, size: Sequence[int]) -> Tensor:
    """``[N, C, H, W]`` to height and width of ``size``: each pixel is the mean of the area that it stands for."""
    return F.interpolate(images, tuple(size), mode="area")


def enlarges(taken: Sequence[int], given: Sequence[int]) -> bool:
    """Whether images of the first shape (channels, height, width) become such of the second by being enlarged."""
    return taken[0] == given[0] and all(small < large for small, large in zip(taken[1:], given[1:], strict=True))


def bicubic(images: Tensor, size: Sequence[int]) -> Tensor:
    """``[N, C, H, W]`` in [-1, 1] enlarged by cubic interpolation (Keys 1981), which clamping keeps in [-1, 1]."""
    # With antialias it is Keys' own (a = -1/2), which goes through straight lines; enlarging knows no other difference.
    return F.interpolate(images, tuple(size), mode="bicubic", antialias=True).clamp(-1.0, 1.0)


def fitted(images: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """``[N, C, H, W]`` in another shape: grey of colours is their mean, and sizes are interpolated linearly."""
    channels, *size = shape
    if channels != images.shape[1]:
        images = images.mean(1, keepdim=True).expand(-1, channels, -1, -1)
    if images.shape[2:] != torch.Size(size):
        images = F.interpolate(images, tuple(size), mode="bilinear", align_corners=False, antialias=True)
    return images
