"""Multilayer perceptrons that draw and judge images: the networks of the first GANs."""

from itertools import pairwise
from math import prod
from typing import Annotated

from pydantic import Field
from torch import Tensor, nn

from ganzoo.generator import Discriminator, Generator, ImageShape, NetworkConfig, Share, Width, ZDim
from ganzoo.nn.initialisation import glorot_uniform

Hidden = Annotated[tuple[Width, ...], Field(min_length=1, max_length=16)]


class MLPGeneratorConfig(NetworkConfig):
    image_shape: ImageShape
    z_dim: ZDim = 100
    hidden: Hidden = (256, 512, 1024)
    slope: Share = 0.2
    """Of the LeakyReLU; 0 makes it a ReLU."""
    batch_norm: bool = True
    """After each activation, with ε 1e-3 and Keras momentum 0.8."""


class MLPGenerator(Generator):
    """Latent → hidden layers → all pixels at once, through a tanh."""

    Config = MLPGeneratorConfig

    def __init__(self, config: MLPGeneratorConfig) -> None:
        super().__init__(config)
        self.z_dim, self.image_shape = config.z_dim, config.image_shape
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise((config.z_dim, *config.hidden)):
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(config.slope)]
            if config.batch_norm:
                layers.append(nn.BatchNorm1d(outputs, eps=1e-3, momentum=0.2))
        layers += [
            nn.Linear(config.hidden[-1], prod(config.image_shape)),
            nn.Tanh(),
            nn.Unflatten(1, config.image_shape),
        ]
        self.layers = nn.Sequential(*layers).apply(glorot_uniform)

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        images: Tensor = self.layers(ws[:, 0])
        return images


class MLPDiscriminatorConfig(NetworkConfig):
    image_shape: ImageShape
    hidden: Hidden = (512, 256)
    slope: Share = 0.2
    """Of the LeakyReLU; 0 makes it a ReLU."""


class MLPDiscriminator(Discriminator):
    """All pixels → hidden layers → one logit. Without batch norm, so it also serves as a WGAN-GP critic."""

    Config = MLPDiscriminatorConfig

    def __init__(self, config: MLPDiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise((prod(config.image_shape), *config.hidden)):
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(config.slope)]
        self.layers = nn.Sequential(*layers, nn.Linear(config.hidden[-1], 1)).apply(glorot_uniform)

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        logits: Tensor = self.layers(images.flatten(1))
        return logits.squeeze(1)


def mlp_networks(image_shape: tuple[int, int, int], *, width: int, z_dim: int) -> tuple[Generator, Discriminator]:
    """Keras-GAN's pair: 1×, 2×, 4× ``width`` units in the generator, 2×, 1× in the discriminator."""
    return (
        MLPGenerator(MLPGeneratorConfig(image_shape=image_shape, z_dim=z_dim, hidden=(width, 2 * width, 4 * width))),
        MLPDiscriminator(MLPDiscriminatorConfig(image_shape=image_shape, hidden=(2 * width, width))),
    )
