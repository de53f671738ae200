"""What style-based networks are made of: Karras et al. 2018 (ProGAN), 2019 (StyleGAN), 2020 (StyleGAN2).

Each leaky ReLU is followed by a gain of √2, so that numbers keep their size. As it is the same to scale them before,
the gain is part of the scales that the weights and biases before it have anyway.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import sqrt
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ganzoo.nn.convolution import conv2d, conv_transpose2d
from ganzoo.nn.initialisation import fill_normal

Style = Literal["modulated", "adain"]

SLOPE = 0.2
GAIN = sqrt(2)
EPSILON = 1e-8


def lrelu(numbers: Tensor) -> Tensor:
    """The leaky ReLU, without its gain."""
    return F.leaky_relu(numbers, SLOPE)


class EqualizedLinear(nn.Linear):
    """Weights are N(0, 1) at first, and scaled by ``gain`` / √inputs where they are used (Karras et al. 2018, 4.1).

    Adam moves all weights by steps of one length, so layers of all widths learn alike fast; with ``lr_multiplier`` this
    one learns so many times as fast.
    """

    def __init__(
        self, inputs: int, outputs: int, *, gain: float = 1.0, bias: float = 0.0, lr_multiplier: float = 1.0
    ) -> None:
        super().__init__(inputs, outputs)
        self.weight_scale, self.bias_scale = gain * lr_multiplier / sqrt(inputs), gain * lr_multiplier
        fill_normal(self.weight, std=1 / lr_multiplier)
        nn.init.constant_(self.bias, bias / lr_multiplier)

    def forward(self, vectors: Tensor) -> Tensor:
        return F.linear(vectors, self.weight * self.weight_scale, self.bias * self.bias_scale)


class EqualizedConv2d(nn.Conv2d):
    """A convolution with weights and biases as ``EqualizedLinear`` has them."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
        gain: float = 1.0,
    ) -> None:
        super().__init__(inputs, outputs, kernel, stride, padding, bias=bias)
        self.weight_scale, self.bias_scale = gain / sqrt(inputs * kernel**2), gain
        fill_normal(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def forward(self, maps: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias * self.bias_scale
        stride, padding = self.stride[0], int(self.padding[0])
        return conv2d(maps, self.weight * self.weight_scale, bias, stride=stride, padding=padding)


def pixel_norm(vectors: Tensor) -> Tensor:
    """Each of the vectors ``[N, D]`` scaled so that the mean of its squares is 1 (Karras et al. 2018, section 4.2)."""
    return vectors * (vectors.square().mean(1, keepdim=True) + EPSILON).rsqrt()


class Blur(torch.autograd.Function):
    """The filter of ``blur``. Being symmetric it is its own adjoint, up to the padding.

    So it can be differentiated again and again, and nobody waits for gradients of its weights, which PyTorch's
    second derivative of a convolution computes channel by channel.
    """

    @staticmethod
    def forward(ctx: Any, maps: Tensor, padding: int) -> Tensor:
        ctx.padding = padding
        return _blurred(maps, padding)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return blur(gradients[0], 3 - ctx.padding), None


def blur(maps: Tensor, padding: int) -> Tensor:
    """Maps ``[N, C, h, w]``, with so many zeros around them, filtered by [1, 3, 3, 1] / 8 along both axes.

    That is bilinear interpolation where maps are sampled up or down by 2 (Karras et al. 2019, section 2; Zhang 2019).
    """
    if torch.compiler.is_compiling():
        return _blurred(maps, padding)
    blurred: Tensor = Blur.apply(maps, padding)
    return blurred


def _blurred(maps: Tensor, padding: int) -> Tensor:
    channels = maps.shape[1]
    taps = maps.new_tensor([1.0, 3.0, 3.0, 1.0]) / 8
    return F.conv2d(maps, torch.outer(taps, taps).expand(channels, 1, 4, 4), padding=padding, groups=channels)


class StyledConv2d(nn.Module, ABC):
    """A 3×3 convolution, noise, biases and a leaky ReLU, in which ``w`` has a say. ``up`` doubles the maps' sides.

    Maps are ``[N, C, h, w]``, ``w`` is ``[N, w_dim]``. Noise, ``[N, h, w]``, is one number a pixel, alike in all
    channels, times a strength that is learnt (Karras et al. 2019, section 3.2).
    """

    def __init__(self, inputs: int, outputs: int, *, up: bool) -> None:
        super().__init__()
        self.up = up
        self.weight = nn.Parameter(torch.empty(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.empty(outputs))
        self.strength = nn.Parameter(torch.empty(()))
        fill_normal(self.weight)
        nn.init.zeros_(self.bias)
        nn.init.zeros_(self.strength)

    @abstractmethod
    def forward(self, maps: Tensor, w: Tensor, noise: Tensor | None) -> Tensor: ...

    def convolved(self, maps: Tensor) -> Tensor:
        """Without any scale; on the way up a transposed convolution of stride 2, blurred."""
        if not self.up:
            return conv2d(maps, self.weight, padding=1)
        return blur(conv_transpose2d(maps, self.weight.transpose(0, 1), stride=2), padding=1)

    def activated(self, maps: Tensor, scale: Tensor, noise: Tensor | None) -> Tensor:
        """Maps times ``scale``, ``[N, C]`` or one number, with noise and biases, through the leaky ReLU."""
        gain = 4 * GAIN if self.up else GAIN  # of four pixels that were blurred three had been zero
        maps = maps * over_pixels(gain * scale, maps) + over_pixels(GAIN * self.bias, maps)
        if noise is not None:
            maps = maps + (GAIN * self.strength * noise)[:, None].to(maps.dtype)
        return lrelu(maps)


class ModulatedConv2d(StyledConv2d):
    """Styles s scale the weights, which are then brought back to unit norm: sᵢ wᵢⱼₖ / √(Σᵢₖ (sᵢ wᵢⱼₖ)² + ε)  for
    channels i in and j out (Karras et al. 2020, eq. 1 and 3).

    It is the same to scale the maps before and after, and one convolution then serves all pictures.
    """

    def __init__(self, inputs: int, outputs: int, w_dim: int, *, up: bool) -> None:
        super().__init__(inputs, outputs, up=up)
        self.affine = EqualizedLinear(w_dim, inputs, bias=1.0)

    def forward(self, maps: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        styles = self.affine(w)
        maps = self.convolved(maps * over_pixels(styles, maps))
        return self.activated(maps, demodulation(self.weight, styles), noise)


def demodulation(weight: Tensor, styles: Tensor) -> Tensor:
    """1 / √(Σᵢₖ (sᵢ wᵢⱼₖ)² + ε)  ``[N, D]``, of weights ``[D, C, k, k]`` and styles ``[N, C]``."""
    return (styles.square() @ weight.square().sum((2, 3)).t() + EPSILON).rsqrt()


class AdaINConv2d(StyledConv2d):
    """Styles set mean and deviation of each map, whatever they were before: see ``adain``."""

    def __init__(self, inputs: int, outputs: int, w_dim: int, *, up: bool) -> None:
        super().__init__(inputs, outputs, up=up)
        self.affine = EqualizedLinear(w_dim, 2 * outputs)

    def forward(self, maps: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        scale = maps.new_tensor(self.weight[0].numel() ** -0.5)
        return adain(self.activated(self.convolved(maps), scale, noise), *self.affine(w).chunk(2, dim=1))


def adain(maps: Tensor, y_s: Tensor, y_b: Tensor) -> Tensor:
    """(1 + y_s) (x - μ(x)) / σ(x) + y_b  with μ and σ over the pixels of one channel of one picture.

    Karras et al. 2019, eq. 1, with the authors' code's 1. Maps x are ``[N, C, h, w]``, ``y_s`` and ``y_b`` ``[N, C]``.
    """
    variance, mean = torch.var_mean(maps, (2, 3), correction=0)
    scale = (1 + y_s) * (variance + EPSILON).rsqrt()
    return maps * over_pixels(scale, maps) + over_pixels(y_b - scale * mean, maps)


STYLES: Mapping[Style, type[ModulatedConv2d] | type[AdaINConv2d]] = {
    "modulated": ModulatedConv2d,
    "adain": AdaINConv2d,
}


class ToImage(nn.Module):
    """A modulated 1×1 convolution, not demodulated, from maps to what they add to the picture (the papers' tRGB)."""

    def __init__(self, inputs: int, colours: int, w_dim: int) -> None:
        super().__init__()
        self.affine = EqualizedLinear(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.empty(colours, inputs))
        self.bias = nn.Parameter(torch.empty(colours))
        fill_normal(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, maps: Tensor, w: Tensor) -> Tensor:
        """Images ``[N, colours, h, w]``, float32, of maps ``[N, C, h, w]`` and ``w`` ``[N, w_dim]``."""
        size = maps.shape[2:]
        weights = self.weight * self.affine(w)[:, None] / sqrt(maps.shape[1])  # [N, colours, C]
        pixels = maps.permute(0, 2, 3, 1).flatten(1, 2) @ weights.to(maps.dtype).transpose(1, 2)
        part: Tensor = (pixels.float() + self.bias).unflatten(1, size)
        return part.permute(0, 3, 1, 2)


class ResidualBlock(nn.Module):
    """Two convolutions, of which the second halves the maps' sides, beside a 1×1 one (Karras et al. 2020, figure 7)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = EqualizedConv2d(inputs, inputs, 3, padding=1, gain=GAIN)
        self.second = EqualizedConv2d(inputs, outputs, 3, stride=2, gain=1.0)  # √2 of the ReLU times 1/√2 of the sum
        self.skip = EqualizedConv2d(inputs, outputs, 1, stride=2, bias=False, gain=1 / GAIN)

    def forward(self, maps: Tensor) -> Tensor:
        within = lrelu(self.second(blur(lrelu(self.first(maps)), padding=2)))
        beside: Tensor = self.skip(blur(maps, padding=1))
        return within + beside


class MinibatchDeviation(nn.Module):
    """Adds a map that says how much the pictures of the batch differ: each feature's standard deviation over the batch
    at each place, averaged (Karras et al. 2018, section 3).

    In evaluation it says the mean of what it said in training, so that no picture is judged by the others.
    """

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.ones(()))

    def forward(self, maps: Tensor) -> Tensor:
        deviation = self.mean
        if self.training:
            deviation = (maps.float().var(0, correction=0) + EPSILON).sqrt().mean()
            with torch.no_grad():
                self.mean.lerp_(deviation, 0.01)
        count, _, height, width = maps.shape
        return torch.cat([maps, deviation.to(maps.dtype).expand(count, 1, height, width)], dim=1)


def mixed(ws: Tensor, shares: Tensor, probability: float) -> Tensor:
    """Style mixing: from some layer on, a sample's styles may be another's (Karras et al. 2019, section 3.1).

    ``ws`` is ``[N, num_ws, w_dim]``. ``shares`` ``[N]``, drawn evenly from [0, 1], say whether, with this probability,
    and from which layer on. The other is the next of the batch: it is as independent as one that is drawn for the
    purpose, and has gone through the mapping already.
    """
    layers = ws.shape[1]
    change = torch.where(shares < probability, 1 + (shares / probability * (layers - 1)).floor(), layers)
    own = torch.arange(layers, device=ws.device) < change[:, None]
    return torch.where(own[..., None], ws, ws.roll(1, 0))


def over_pixels(numbers: Tensor, maps: Tensor) -> Tensor:
    """Numbers ``[N, C]``, ``[C]`` or one, as they multiply or add to ``maps`` ``[N, C, h, w]``, in their type."""
    return numbers[..., None, None].to(maps.dtype)
