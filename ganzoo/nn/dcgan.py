"""Deep convolutional networks: the 28×28 pair of the TensorFlow tutorial, and the DCGAN paper's for 32×32 and 64×64."""

from itertools import pairwise
from math import ceil
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from torch import Tensor, nn

from ganzoo.generator import Discriminator, Generator, ImageShape, NetworkConfig, Share, Width, ZDim
from ganzoo.nn.convolution import Conv2d, ConvTranspose2d
from ganzoo.nn.dropout import Dropout
from ganzoo.nn.initialisation import dcgan_normal, glorot_uniform

Norm = Literal["batch", "layer", "instance", "none"]


def normalisation(norm: Norm, channels: int) -> list[nn.Module]:
    """The layer, or none; "layer" normalises all channels and places of one image together (Ba et al. 2016)."""
    match norm:
        case "batch":
            return [nn.BatchNorm2d(channels)]
        case "layer":
            return [nn.GroupNorm(1, channels)]
        case "instance":
            return [nn.InstanceNorm2d(channels, affine=True)]
        case "none":
            return []


def _is_28(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    if shape[1:] != (28, 28):
        raise ValueError(f"this network is for 28×28 images, not {shape[1]}×{shape[2]}")
    return shape


def _is_32_or_64(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    if shape[1:] not in {(32, 32), (64, 64)}:
        raise ValueError(f"this network is for 32×32 or 64×64 images, not {shape[1]}×{shape[2]}")
    return shape


def _is_described(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    if shape[1:] not in {(28, 28), (32, 32), (64, 64)}:
        raise ValueError(f"DCGAN draws images of 28×28, 32×32 or 64×64 pixels, not {shape[1]}×{shape[2]}")
    return shape


Shape28 = Annotated[ImageShape, AfterValidator(_is_28)]
ShapePow2 = Annotated[ImageShape, AfterValidator(_is_32_or_64)]
DescribedShape = Annotated[ImageShape, AfterValidator(_is_described)]
"""Of either description."""
Depth28 = Annotated[int, Field(ge=2, le=4)]
"""Convolutions, from 28×28 to maps of 7×7, 4×4 or 2×2."""


def _drawing_28(image_shape: tuple[int, int, int], inputs: int, width: int) -> nn.Sequential:
    def norm(channels: int) -> nn.Module:
        return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)

    features = 4 * width * 7 * 7
    return nn.Sequential(
        nn.Linear(inputs, features, bias=False),
        nn.BatchNorm1d(features, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(0.3),
        nn.Unflatten(1, (4 * width, 7, 7)),
        ConvTranspose2d(4 * width, 2 * width, 5, stride=1, padding=2, bias=False),  # 7×7
        norm(2 * width),
        nn.LeakyReLU(0.3),
        ConvTranspose2d(2 * width, width, 5, stride=2, padding=2, output_padding=1, bias=False),  # 14×14
        norm(width),
        nn.LeakyReLU(0.3),
        ConvTranspose2d(width, image_shape[0], 5, stride=2, padding=2, output_padding=1, bias=False),  # 28×28
        nn.Tanh(),
    ).apply(glorot_uniform)


def _features_28(channels: int, width: int, *, norm: Norm, dropout: float, depth: int) -> list[nn.Module]:
    layers: list[nn.Module] = [
        Conv2d(channels, width, 5, stride=2, padding=2),  # 14×14
        nn.LeakyReLU(0.3),
        Dropout(dropout),
    ]
    for inputs, outputs in pairwise(width << level for level in range(depth)):
        layers += [
            Conv2d(inputs, outputs, 5, stride=2, padding=2),
            *normalisation(norm, outputs),
            nn.LeakyReLU(0.3),
            Dropout(dropout),
        ]
    return layers


class DCGAN28GeneratorConfig(NetworkConfig):
    image_shape: Shape28
    z_dim: ZDim = 100
    width: Width = 64
    """Channels of the last hidden map; the first has four times as many."""


class DCGAN28Generator(Generator):
    """Dense to 7×7, then transposed 5×5 convolutions of stride 1, 2, 2 (TensorFlow's DCGAN tutorial).

    Keras defaults: LeakyReLU slope 0.3, batch norm with ε 1e-3 and momentum 0.99 (PyTorch's 0.01).
    """

    Config = DCGAN28GeneratorConfig

    def __init__(self, config: DCGAN28GeneratorConfig) -> None:
        super().__init__(config)
        self.z_dim, self.image_shape = config.z_dim, config.image_shape
        self.layers = _drawing_28(config.image_shape, config.z_dim, config.width)

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        images: Tensor = self.layers(ws[:, 0])
        return images


class DCGAN28DiscriminatorConfig(NetworkConfig):
    image_shape: Shape28
    width: Width = 64
    """Channels of the first map; each later one has twice as many."""
    dropout: Share = 0.3
    norm: Norm = "none"
    depth: Depth28 = 2


class DCGAN28Discriminator(Discriminator):
    """Two 5×5 convolutions of stride 2, then dense to one logit (TensorFlow's DCGAN tutorial).

    So the logit is a sum over windows of 13×13 pixels, each judged alone; more ``depth`` judges how they go together.
    """

    Config = DCGAN28DiscriminatorConfig

    def __init__(self, config: DCGAN28DiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape
        layers = _features_28(
            config.image_shape[0], config.width, norm=config.norm, dropout=config.dropout, depth=config.depth
        )
        features = (config.width << config.depth - 1) * ceil(28 / 2**config.depth) ** 2
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, 1)).apply(glorot_uniform)

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        logits: Tensor = self.layers(images)
        return logits.squeeze(1)


def _channels(width: int, resolution: int) -> tuple[int, ...]:
    """Channels from the 4×4 map to the largest hidden one: halved as the map doubles, down to ``width``."""
    doublings = resolution.bit_length() - 3  # 4×4 to resolution: 3 for 32, 4 for 64
    return tuple(width * 2**level for level in reversed(range(doublings)))


def _drawing_pow2(image_shape: tuple[int, int, int], inputs: int, width: int) -> nn.Sequential:
    channels = _channels(width, image_shape[1])
    layers: list[nn.Module] = [
        nn.Unflatten(1, (inputs, 1, 1)),
        ConvTranspose2d(inputs, channels[0], 4, bias=False),
        nn.BatchNorm2d(channels[0]),
        nn.ReLU(),
    ]
    for wide, narrow in pairwise(channels):
        layers += [ConvTranspose2d(wide, narrow, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU()]
    layers += [ConvTranspose2d(channels[-1], image_shape[0], 4, stride=2, padding=1), nn.Tanh()]
    return nn.Sequential(*layers).apply(dcgan_normal)


def _features_pow2(image_shape: tuple[int, int, int], width: int, *, norm: Norm) -> list[nn.Module]:
    channels = _channels(width, image_shape[1])[::-1]
    layers: list[nn.Module] = [
        Conv2d(image_shape[0], channels[0], 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
    ]
    for inputs, outputs in pairwise(channels):
        layers += [
            Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=norm == "none"),
            *normalisation(norm, outputs),
            nn.LeakyReLU(0.2),
        ]
    return layers


class DCGANGeneratorConfig(NetworkConfig):
    image_shape: ShapePow2
    z_dim: ZDim = 100
    width: Width = 128
    """Channels of the last hidden map; each earlier map has twice as many."""


class DCGANGenerator(Generator):
    """All convolutional, batch norm and ReLU everywhere but at the output (Radford et al. 2016, figure 1).

    Kernels are 4×4 as in the authors' Torch code, where the figure has 5×5: a size that the stride divides.
    """

    Config = DCGANGeneratorConfig

    def __init__(self, config: DCGANGeneratorConfig) -> None:
        super().__init__(config)
        self.z_dim, self.image_shape = config.z_dim, config.image_shape
        self.layers = _drawing_pow2(config.image_shape, config.z_dim, config.width)

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        images: Tensor = self.layers(ws[:, 0])
        return images


class DCGANDiscriminatorConfig(NetworkConfig):
    image_shape: ShapePow2
    width: Width = 128
    """Channels of the first map; each later map has twice as many."""
    norm: Norm = "batch"


class DCGANDiscriminator(Discriminator):
    """The generator's mirror: strided convolutions, LeakyReLU 0.2, norm everywhere but at the input (same paper)."""

    Config = DCGANDiscriminatorConfig

    def __init__(self, config: DCGANDiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape
        layers = _features_pow2(config.image_shape, config.width, norm=config.norm)
        largest = _channels(config.width, config.image_shape[1])[0]
        self.layers = nn.Sequential(*layers, Conv2d(largest, 1, 4), nn.Flatten(0)).apply(dcgan_normal)

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        logits: Tensor = self.layers(images)
        return logits


def generator_layers(image_shape: tuple[int, int, int], inputs: int, width: int) -> nn.Sequential:
    """``[N, inputs]`` to images: the tutorial's at 28×28, else the paper's, with its initial weights."""
    return (_drawing_28 if image_shape[1] == 28 else _drawing_pow2)(image_shape, inputs, width)


def feature_layers(
    image_shape: tuple[int, int, int], width: int, *, dropout: float
) -> tuple[nn.Sequential, tuple[int, int]]:
    """Images to the maps ``[N, C, S, S]`` that the discriminator's last layer judges by; and C, S.

    The tutorial's at 28×28, else the paper's (which knows no ``dropout``), with its initial weights.
    """
    if image_shape[1] == 28:
        layers = _features_28(image_shape[0], width, norm="none", dropout=dropout, depth=2)
        return nn.Sequential(*layers).apply(glorot_uniform), (2 * width, 7)
    layers = _features_pow2(image_shape, width, norm="batch")
    return nn.Sequential(*layers).apply(dcgan_normal), (_channels(width, image_shape[1])[0], 4)


def dcgan_networks(
    image_shape: tuple[int, int, int],
    *,
    width: int,
    z_dim: int,
    norm: Norm | None = None,
    dropout: float = 0.3,
    depth: int = 2,
) -> tuple[Generator, Discriminator]:
    """The pair for this image size: the tutorial's at 28×28, else the paper's.

    The paper's knows no ``dropout``, and its depth follows from the size. ``norm`` is the discriminator's; None means
    what the description has. Raises ``ValueError`` for a size that no description covers.
    """
    if _is_described(image_shape)[1] == 28:
        return (
            DCGAN28Generator(DCGAN28GeneratorConfig(image_shape=image_shape, z_dim=z_dim, width=width)),
            DCGAN28Discriminator(
                DCGAN28DiscriminatorConfig(
                    image_shape=image_shape, width=width, norm=norm or "none", dropout=dropout, depth=depth
                )
            ),
        )
    return (
        DCGANGenerator(DCGANGeneratorConfig(image_shape=image_shape, z_dim=z_dim, width=width)),
        DCGANDiscriminator(DCGANDiscriminatorConfig(image_shape=image_shape, width=width, norm=norm or "batch")),
    )
