"""Residual blocks that draw and judge: what a block adds to its input is learnt (He et al. 2016)."""

from math import sqrt

from torch import Tensor, nn

from ganzoo.nn.convolution import Conv2d
from ganzoo.nn.spectral import spectral_norm


def convolution(inputs: int, outputs: int, kernel: int, *, gain: float = 1.0) -> Conv2d:
    """One that keeps the size of its maps, weights uniform within ±gain √(6 / (fan in + fan out)), biases zero."""
    layer = Conv2d(inputs, outputs, kernel, padding=kernel // 2)
    nn.init.xavier_uniform_(layer.weight, gain)
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return layer


class UpBlock(nn.Module):
    """Of a generator: twice as large maps, by batch norm, ReLU and a 3×3 convolution, twice (Miyato et al. 2018, B.4).

    The way around enlarges too. Its 1×1 convolution is made of the small maps, to the same effect.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(inputs),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            convolution(inputs, outputs, 3, gain=sqrt(2)),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            convolution(outputs, outputs, 3, gain=sqrt(2)),
        )
        self.way_around = nn.Sequential(convolution(inputs, outputs, 1), nn.Upsample(scale_factor=2))

    def forward(self, maps: Tensor) -> Tensor:
        grown: Tensor = self.layers(maps) + self.way_around(maps)
        return grown


class DownBlock(nn.Module):
    """Of a discriminator: ReLU and a 3×3 convolution, spectrally normalised, twice (Miyato et al. 2018, B.4).

    ``down`` halves the maps at the end, by their means, and those of the way around first. The ``first`` block of all
    sees the image itself, without a ReLU before.
    """

    def __init__(self, inputs: int, outputs: int, *, down: bool, first: bool = False) -> None:
        super().__init__()
        half = [nn.AvgPool2d(2)] if down else []
        self.layers = nn.Sequential(
            *([] if first else [nn.ReLU()]),
            spectral_norm(convolution(inputs, outputs, 3, gain=sqrt(2))),
            nn.ReLU(),
            spectral_norm(convolution(outputs, outputs, 3, gain=sqrt(2))),
            *half,
        )
        changes = down or inputs != outputs
        self.way_around = nn.Sequential(*half, *([spectral_norm(convolution(inputs, outputs, 1))] if changes else []))

    def forward(self, maps: Tensor) -> Tensor:
        added: Tensor = self.layers(maps) + self.way_around(maps)
        return added
