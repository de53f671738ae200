"""R3GAN: a relativistic loss that two penalties make converge, and plain modern residual networks."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import Annotated, ClassVar, Self

import torch
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Discriminator, Generator, ImageShape, NetworkConfig, Width, ZDim
from ganzoo.losses import Relativistic
from ganzoo.nn.convolution import Conv2d
from ganzoo.nn.initialisation import fill_normal
from ganzoo.recipe import BatchSize, Beta, GeneratorRecipe, OptimizerFactory, adam

SLOPE = 0.2
GAIN = sqrt(2 / (1 + SLOPE**2))
"""What a leaky ReLU takes from the standard deviation, given back by the weights before it (He et al. 2015)."""
LAYERS = 3
"""Of one residual block."""
LARGEST_MAPS = 2**24
"""Numbers in what one layer makes of one picture: few weights can make far more of it than memory holds."""


class ResidualConfig(NetworkConfig):
    """What the two networks have in common."""

    image_shape: ImageShape
    widths: Annotated[tuple[Width, ...], Field(min_length=1, max_length=9)]
    """Channels of each stage, from the smallest maps to the image's own size; every next stage doubles the sides."""
    blocks: Annotated[int, Field(ge=1, le=16)] = 1
    """Residual blocks of each stage."""
    group_width: Width = 16
    """Channels of one group of the 3×3 convolutions: the fewer, the cheaper they are."""

    @model_validator(mode="after")
    def _sizes_fit(self) -> Self:
        _, height, width = self.image_shape
        if height != width or height % (1 << len(self.widths) - 1):
            raise ValueError(f"{len(self.widths)} stages cannot end at {height}×{width} pixels")
        if any(2 * channels % self.group_width for channels in self.widths):
            raise ValueError("twice the channels of a stage are no whole number of groups")
        sides = (self.smallest << stage for stage in range(len(self.widths)))
        if max(2 * channels * side**2 for channels, side in zip(self.widths, sides, strict=True)) > LARGEST_MAPS:
            raise ValueError(f"a layer would make more than {LARGEST_MAPS:,} numbers of one picture: it is too wide")
        return self

    @property
    def smallest(self) -> int:
        """Side of the smallest maps."""
        return self.image_shape[1] >> len(self.widths) - 1


def convolution(inputs: int, outputs: int, kernel: int = 1, *, groups: int = 1, gain: float = 1.0) -> nn.Conv2d:
    """Without bias, with weights N(0, gain² / fan in); a gain of 0 begins at nothing."""
    layer = Conv2d(inputs, outputs, kernel, padding=kernel // 2, groups=groups, bias=False)
    fill_normal(layer.weight, 0.0, gain / sqrt(layer.weight[0].numel()))
    return layer


class Activation(nn.Module):
    """A bias for each channel, then a leaky ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, maps: Tensor) -> Tensor:
        return F.leaky_relu(maps + self.bias[:, None, None], SLOPE)


class ResidualBlock(nn.Module):
    """1×1 to twice the channels, 3×3 in groups, 1×1 back; nothing is normalised (Huang et al. 2024, section 3.2).

    So that deep stacks neither explode nor vanish the last layer begins at zero, and the others are scaled by
    L^(-1/(2m - 2)), L the number of blocks of the network, m of layers of a block (Zhang et al. 2019, Fixup).
    """

    def __init__(self, channels: int, group_width: int, depth: int) -> None:
        super().__init__()
        inner, gain = 2 * channels, GAIN * depth ** (-1 / (2 * LAYERS - 2))
        self.layers = nn.Sequential(
            convolution(channels, inner, gain=gain),
            Activation(inner),
            convolution(inner, inner, 3, groups=inner // group_width, gain=gain),
            Activation(inner),
            convolution(inner, channels, gain=0.0),
        )

    def forward(self, maps: Tensor) -> Tensor:
        way: Tensor = self.layers(maps)
        return maps + way


def stage(channels: int, config: ResidualConfig) -> list[nn.Module]:
    depth = config.blocks * len(config.widths)
    return [ResidualBlock(channels, config.group_width, depth) for _ in range(config.blocks)]


class Resampling(nn.Module):
    """Bilinear, to twice or half the sides; a 1×1 convolution where the next stage has other channels.

    The convolution is on the side of fewer pixels: both orders come to the same.
    """

    def __init__(self, inputs: int, outputs: int, scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.shortcut: nn.Module = nn.Identity() if inputs == outputs else convolution(inputs, outputs)

    def forward(self, maps: Tensor) -> Tensor:
        if self.scale < 1:  # where the sides are even, bilinear is the mean of each four
            halved: Tensor = self.shortcut(F.avg_pool2d(maps, 2))
            return halved
        return F.interpolate(self.shortcut(maps), scale_factor=self.scale, mode="bilinear")


class R3GANGeneratorConfig(ResidualConfig):
    z_dim: ZDim = 64


class R3GANGenerator(Generator):
    """A learned small map, weighed by the latent, then stages of residual blocks.

    Ends in tanh, which the authors' has not: images of this zoo lie in [-1, 1].
    """

    Config = R3GANGeneratorConfig

    def __init__(self, config: R3GANGeneratorConfig) -> None:
        super().__init__(config)
        self.z_dim, self.image_shape = config.z_dim, config.image_shape
        first, last = config.widths[0], config.widths[-1]
        self.basis = nn.Parameter(torch.empty(first, config.smallest, config.smallest))
        fill_normal(self.basis)
        self.weighing = nn.Linear(config.z_dim, first, bias=False)
        fill_normal(self.weighing.weight, 0.0, 1 / sqrt(config.z_dim))
        layers = stage(first, config)
        for inputs, outputs in pairwise(config.widths):
            layers += [Resampling(inputs, outputs, 2.0), *stage(outputs, config)]
        self.layers = nn.Sequential(*layers, convolution(last, config.image_shape[0]), nn.Tanh())

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        images: Tensor = self.layers(self.basis * self.weighing(ws[:, 0])[:, :, None, None])
        return images


class R3GANDiscriminatorConfig(ResidualConfig):
    pass


class R3GANDiscriminator(Discriminator):
    """The generator turned round: stages of residual blocks, then each small map weighed by a learned one."""

    Config = R3GANDiscriminatorConfig

    def __init__(self, config: R3GANDiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape
        widths = config.widths[::-1]
        layers: list[nn.Module] = [convolution(config.image_shape[0], widths[0]), *stage(widths[0], config)]
        for inputs, outputs in pairwise(widths):
            layers += [Resampling(inputs, outputs, 0.5), *stage(outputs, config)]
        self.layers = nn.Sequential(*layers)
        self.basis = nn.Parameter(torch.empty(widths[-1], config.smallest, config.smallest))
        fill_normal(self.basis, 0.0, 1 / config.smallest)
        self.head = nn.Linear(widths[-1], 1, bias=False)
        fill_normal(self.head.weight, 0.0, 1 / sqrt(widths[-1]))

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        weighed = (self.layers(images) * self.basis).sum((2, 3))
        logits: Tensor = self.head(weighed)
        return logits[:, 0]


class R3GAN(GeneratorRecipe):
    """Images judged in pairs, R1 and R2 in every step, residual networks without any normalisation.

    The authors' networks for 32×32 have four stages of 768 to 1,024 channels with two blocks each and play with batches
    of 512; these have the same form at a size for small machines.
    """

    name: ClassVar[str] = "r3gan"
    title: ClassVar[str] = "R3GAN"
    paper: ClassVar[str] = (
        "Huang et al., The GAN is dead; long live the GAN! A Modern GAN Baseline (2024), "
        "https://arxiv.org/abs/2501.05441"
    )

    width: Width = 32
    """Channels of the largest maps; every halving of the sides doubles them, up to four times as many."""
    z_dim: ZDim = 64
    """Numbers in one latent, each drawn from N(0, 1)."""
    blocks: PositiveInt = 1
    """Residual blocks of each stage."""
    gamma: NonNegativeFloat = 1.0
    """Weight of both zero-centred penalties (γ): the smaller, the sharper, until the game no longer converges."""
    lr: PositiveFloat = 2e-4
    """Adam's learning rate, both players; its beta1 is 0, for penalties do the work of momentum."""
    beta2: Beta = 0.99
    """Adam's decay of the mean squared gradient, both players."""
    batch_size: BatchSize = 64
    """Images in one batch, over all processes together."""
    steps: PositiveInt | None = 20_000
    """Generator steps to train for; takes precedence over epochs."""

    def game(self) -> Game:
        shape = self.data.image_shape
        widths = self._widths(shape[1])
        form = {"image_shape": shape, "widths": widths, "blocks": self.blocks, "group_width": self._group_width(widths)}
        return AdversarialGame(
            R3GANGenerator(R3GANGeneratorConfig.model_validate({**form, "z_dim": self.z_dim})),
            R3GANDiscriminator(R3GANDiscriminatorConfig.model_validate(form)),
            Relativistic(),
            gamma=self.gamma,
        )

    def _widths(self, side: int) -> tuple[int, ...]:
        """Halved while whole and not under 4 pixels: 28, 14, 7, or 32, 16, 8, 4."""
        widths = [self.width]
        while side % 2 == 0 and side > 4:
            side //= 2
            widths.append(min(2 * widths[-1], 4 * self.width))
        return tuple(reversed(widths))

    def _group_width(self, widths: Sequence[int]) -> int:
        return min(16, 2 * min(widths))

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, 0.0, self.beta2))
