"""Convolutions for processors: the library's, and matrix products where those are faster.

A convolution between a large map L and a small map S, with one weight W, is a form that is linear in all three:
⟨S, gather(L, W)⟩ = ⟨spread(S, W), L⟩ = ⟨correlate(L, S), W⟩. ``Conv2d`` gathers, ``ConvTranspose2d`` spreads, and the
gradients of each of the three are the other two. So each can be computed in the way that is fastest for it, and all of
them can be differentiated as often as a gradient penalty wants.

PyTorch's own kernels are slow in three places (docs/speed.md): spreading to few channels, as a generator's last layer
does; correlating with maps of few pixels; and everything where the small map is a single pixel. L is ``[N, C, H, W]``,
S is ``[N, D, h, w]``, W is ``[D, C, k, k]``, as both layers have it.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.grad import conv2d_weight

FEW_CHANNELS = 4
FEW_PIXELS = 4
"""Side of the largest small map to which correlating is a matrix product."""


@dataclass(frozen=True)
class Geometry:
    """How the windows of the small map's pixels lie on the large map."""

    size: tuple[int, int]
    """Height and width of the large map."""
    kernel: int
    stride: int
    padding: int

    @property
    def small(self) -> tuple[int, int]:
        """Height and width of the small map."""
        height, width = ((side + 2 * self.padding - self.kernel) // self.stride + 1 for side in self.size)
        return height, width

    @property
    def is_one_window(self) -> bool:
        """Whether there is one pixel, whose window is all of the large map."""
        return self.size == (self.kernel, self.kernel) and self.padding == 0

    def windows(self, large: Tensor) -> Tensor:
        """What each pixel of the small map sees: ``[N·h·w, k·k·C]``."""
        height, width = self.small
        pad = self.padding
        padded = F.pad(large.permute(0, 2, 3, 1), (0, 0, pad, pad, pad, pad))
        seen = padded.unfold(1, self.kernel, self.stride).unfold(2, self.kernel, self.stride)  # [N, h, w, C, k, k]
        return seen.permute(0, 1, 2, 4, 5, 3).reshape(len(large) * height * width, -1)


class Gather(torch.autograd.Function):
    """S from L and W: each pixel weighs its window."""

    @staticmethod
    def forward(ctx: Any, large: Tensor, weight: Tensor, geometry: Geometry) -> Tensor:
        ctx.save_for_backward(large, weight)
        ctx.geometry = geometry
        if geometry.is_one_window:
            return _pixels(_rows(large) @ _rows(weight).t(), (1, 1))
        return F.conv2d(large, weight, stride=geometry.stride, padding=geometry.padding)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (small,), (large, weight), geometry = gradients, ctx.saved_tensors, ctx.geometry
        return (
            spread(small, weight, geometry) if ctx.needs_input_grad[0] else None,
            correlate(large, small, geometry) if ctx.needs_input_grad[1] else None,
            None,
        )


class Spread(torch.autograd.Function):
    """L from S and W: each pixel adds its weights to its window."""

    @staticmethod
    def forward(ctx: Any, small: Tensor, weight: Tensor, geometry: Geometry) -> Tensor:
        ctx.save_for_backward(small, weight)
        ctx.geometry = geometry
        kernel, stride, padding = geometry.kernel, geometry.stride, geometry.padding
        if geometry.is_one_window:
            return _pixels(_rows(small) @ _rows(weight), geometry.size)
        if weight.shape[1] <= FEW_CHANNELS:
            parts = small.flatten(2).transpose(1, 2) @ weight.flatten(1)
            # Summed in float32, as the library's kernels sum.
            return F.fold(parts.transpose(1, 2).float(), geometry.size, kernel, padding=padding, stride=stride).to(
                small.dtype
            )
        left_over = [
            side - ((pixels - 1) * stride - 2 * padding + kernel)
            for side, pixels in zip(geometry.size, geometry.small, strict=True)
        ]
        return F.conv_transpose2d(small, weight, stride=stride, padding=padding, output_padding=left_over)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (large,), (small, weight), geometry = gradients, ctx.saved_tensors, ctx.geometry
        return (
            gather(large, weight, geometry) if ctx.needs_input_grad[0] else None,
            correlate(large, small, geometry) if ctx.needs_input_grad[1] else None,
            None,
        )


class Correlate(torch.autograd.Function):
    """W from L and S: what each pixel is times what it sees."""

    @staticmethod
    def forward(ctx: Any, large: Tensor, small: Tensor, geometry: Geometry) -> Tensor:
        ctx.save_for_backward(large, small)
        ctx.geometry = geometry
        kernel = geometry.kernel
        if max(geometry.small) <= FEW_PIXELS:
            pixels = small.permute(0, 2, 3, 1).reshape(-1, small.shape[1])
            windows = _rows(large) if geometry.is_one_window else geometry.windows(large)
            return _pixels(pixels.t() @ windows, (kernel, kernel))
        shape = small.shape[1], large.shape[1], kernel, kernel
        weight: Tensor = conv2d_weight(large, shape, small, stride=geometry.stride, padding=geometry.padding)
        return weight

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (weight,), (large, small), geometry = gradients, ctx.saved_tensors, ctx.geometry
        return (
            spread(small, weight, geometry) if ctx.needs_input_grad[0] else None,
            gather(large, weight, geometry) if ctx.needs_input_grad[1] else None,
            None,
        )


def gather(large: Tensor, weight: Tensor, geometry: Geometry) -> Tensor:
    small: Tensor = Gather.apply(large, weight, geometry)
    return small


def spread(small: Tensor, weight: Tensor, geometry: Geometry) -> Tensor:
    large: Tensor = Spread.apply(small, weight, geometry)
    return large


def correlate(large: Tensor, small: Tensor, geometry: Geometry) -> Tensor:
    weight: Tensor = Correlate.apply(large, small, geometry)
    return weight


def _rows(maps: Tensor) -> Tensor:
    """Each map ``[C, H, W]`` as one row, pixel by pixel: as they lie in memory with channels last."""
    return maps.permute(0, 2, 3, 1).flatten(1)


def _pixels(rows: Tensor, size: tuple[int, int]) -> Tensor:
    """The inverse of ``_rows``."""
    maps: Tensor = rows.unflatten(1, (*size, -1))
    return maps.permute(0, 3, 1, 2)


def _as_autocast_wants(images: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """In the type in which the library's own convolutions would take them."""
    kind = images.device.type
    if torch.is_autocast_enabled(kind):
        product = torch.get_autocast_dtype(kind)
        return images.to(product), weight.to(product)
    return images, weight


def _biased(maps: Tensor, bias: Tensor | None) -> Tensor:
    return maps if bias is None else maps + bias[:, None, None].to(maps.dtype)


def _on_a_processor(images: Tensor) -> bool:
    """Whether our ways are faster: on a CPU, outside of what is compiled."""
    return images.device.type == "cpu" and not torch.compiler.is_compiling()


def conv2d(images: Tensor, weight: Tensor, bias: Tensor | None = None, *, stride: int = 1, padding: int = 0) -> Tensor:
    """PyTorch's function of this name, faster on a CPU, for square kernels."""
    if not _on_a_processor(images):
        return F.conv2d(images, weight, bias, stride, padding)
    geometry = Geometry((images.shape[2], images.shape[3]), weight.shape[2], stride, padding)
    return _biased(gather(*_as_autocast_wants(images, weight), geometry), bias)


def conv_transpose2d(
    images: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
) -> Tensor:
    """PyTorch's function of this name, faster on a CPU, for square kernels."""
    if not _on_a_processor(images):
        return F.conv_transpose2d(images, weight, bias, stride, padding, output_padding)
    kernel = weight.shape[2]
    height, width = ((side - 1) * stride - 2 * padding + kernel + output_padding for side in images.shape[2:])
    geometry = Geometry((height, width), kernel, stride, padding)
    return _biased(spread(*_as_autocast_wants(images, weight), geometry), bias)


def _is_plain(layer: nn.Conv2d | nn.ConvTranspose2d) -> bool:
    """Whether it has none of the options that our ways lack."""
    if isinstance(layer.padding, str):
        return False
    alike = all(
        len(set(sides)) == 1 for sides in (layer.kernel_size, layer.stride, layer.padding, layer.output_padding)
    )
    return alike and (layer.dilation, layer.groups, layer.padding_mode) == ((1, 1), 1, "zeros")


class Conv2d(nn.Conv2d):
    """PyTorch's, faster on a CPU for square kernels, strides and paddings."""

    def forward(self, images: Tensor) -> Tensor:
        if not _is_plain(self):
            return super().forward(images)
        return conv2d(images, self.weight, self.bias, stride=self.stride[0], padding=int(self.padding[0]))


class ConvTranspose2d(nn.ConvTranspose2d):
    """PyTorch's, faster on a CPU for square kernels, strides and paddings."""

    def forward(self, images: Tensor, output_size: list[int] | None = None) -> Tensor:
        if output_size is not None or not _is_plain(self):
            return super().forward(images, output_size)
        return conv_transpose2d(
            images,
            self.weight,
            self.bias,
            stride=self.stride[0],
            padding=int(self.padding[0]),
            output_padding=self.output_padding[0],
        )
