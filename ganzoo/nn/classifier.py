"""A small residual network that tells classes, and whose features measure how far pictures lie from others."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from ganzoo.generator import ImageShape, Network, NetworkConfig, Width


class ClassifierConfig(NetworkConfig):
    image_shape: ImageShape
    classes: Annotated[int, Field(ge=2, le=1000)]
    widths: Annotated[tuple[Width, ...], Field(min_length=1, max_length=8)]
    """Channels of each stage; every stage but the first halves the sides of its map."""
    blocks: Annotated[int, Field(ge=1, le=16)]
    """Residual blocks of each stage."""
    halved: bool
    """Whether the map is halved before the first stage already, which costs a quarter and some sharpness."""


class ResidualBlock(nn.Module):
    """Two convolutions and a way around them (He et al. 2016, figure 2), each followed by batch norm."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.way_around: nn.Module = nn.Identity()
        if inputs != outputs or stride != 1:
            self.way_around = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, maps: Tensor) -> Tensor:
        return F.relu(self.layers(maps) + self.way_around(maps))


class Classifier(Network):
    """Images to one logit for each class."""

    Config = ClassifierConfig

    def __init__(self, config: ClassifierConfig) -> None:
        super().__init__(config)
        self.image_shape, self.classes, self.feature_count = config.image_shape, config.classes, config.widths[-1]
        first = config.widths[0]
        layers: list[nn.Module] = [
            nn.Conv2d(config.image_shape[0], first, 3, padding=1, bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(),
        ]
        if config.halved:
            layers.append(nn.AvgPool2d(2))
        layers += [ResidualBlock(first, first, 1) for _ in range(config.blocks)]
        for inputs, outputs in pairwise(config.widths):
            layers.append(ResidualBlock(inputs, outputs, 2))
            layers += [ResidualBlock(outputs, outputs, 1) for _ in range(config.blocks - 1)]
        self.layers = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(self.feature_count, config.classes)

    def maps(self, images: Tensor) -> Tensor:
        """The last maps, ``[N, feature_count, h, w]``, whose means are the features: what is seen, and where."""
        found: Tensor = self.layers[:-2](images)  # all but the mean and what makes it a row
        return found

    def features(self, images: Tensor) -> Tensor:
        """What it knows of an image when it tells its class: ``[N, feature_count]`` of ``[N, C, H, W]`` in [-1, 1]."""
        found: Tensor = self.layers(images)
        return found

    def forward(self, images: Tensor) -> Tensor:
        """Logits ``[N, classes]``."""
        logits: Tensor = self.head(self.features(images))
        return logits
