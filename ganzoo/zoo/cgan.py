"""cGAN: both players are told the class, and the generator draws the one that is asked for."""

from typing import Any, ClassVar

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from ganzoo.data import DataConfig
from ganzoo.data.config import PUBLISHED
from ganzoo.generator import Discriminator, Generator, NetworkConfig, NumClasses, Share, Width, ZDim
from ganzoo.nn.dcgan import DescribedShape, feature_layers, generator_layers
from ganzoo.nn.initialisation import fill_normal
from ganzoo.zoo.dcgan import DCGAN


class CGANGeneratorConfig(NetworkConfig):
    image_shape: DescribedShape
    num_classes: NumClasses
    z_dim: ZDim = 100
    embedding_dim: ZDim = 50
    width: Width = 64
    """Channels of the last hidden map."""


class CGANGenerator(Generator):
    """DCGAN's layers, which are given the latent and the class's embedding, [z, e(y)] (Mirza & Osindero 2014, fig. 1).

    The centre of a class is [0, e(y)].
    """

    Config = CGANGeneratorConfig

    def __init__(self, config: CGANGeneratorConfig) -> None:
        super().__init__(config)
        self.z_dim, self.image_shape, self.num_classes = config.z_dim, config.image_shape, config.num_classes
        self.embedding = nn.Parameter(fill_normal(torch.empty(config.num_classes, config.embedding_dim)))
        self.layers = generator_layers(config.image_shape, config.z_dim + config.embedding_dim, config.width)

    def mapping(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        assert y is not None, "a class-conditional generator is told the class of each latent"
        return torch.cat([z, F.embedding(y, self.embedding)], dim=1)[:, None]

    def mean_ws(self, y: Tensor | None = None) -> Tensor:
        assert y is not None, "each class has a centre of its own"
        return self.mapping(self.embedding.new_zeros(len(y), self.z_dim), y)

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        images: Tensor = self.layers(ws[:, 0])
        return images


class CGANDiscriminatorConfig(NetworkConfig):
    image_shape: DescribedShape
    num_classes: NumClasses
    width: Width = 64
    """Channels of the first map."""
    dropout: Share = 0.3
    """At 28×28; the larger networks have none."""


class CGANDiscriminator(Discriminator):
    """f(x, y) = V_y · φ(x) + ψ(φ(x)), φ being DCGAN's layers but the last (Miyato & Koyama 2018, eq. 3).

    ψ, DCGAN's last layer, tells how real an image is; the inner product, how well it fits the class. That takes each of
    φ's maps summed over its places, as in the paper: a vector as long as all of φ soon knows the training images.
    """

    Config = CGANDiscriminatorConfig

    def __init__(self, config: CGANDiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape, self.num_classes = config.image_shape, config.num_classes
        self.phi, (channels, side) = feature_layers(config.image_shape, config.width, dropout=config.dropout)
        self.psi = nn.Linear(channels * side**2, 1)
        self.v = nn.Parameter(torch.zeros(config.num_classes, channels))  # at first it judges whatever the class
        nn.init.xavier_uniform_(self.psi.weight)
        nn.init.zeros_(self.psi.bias)

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        assert y is not None, "a class-conditional discriminator is told the class of each image"
        maps: Tensor = self.phi(images)
        logits: Tensor = self.psi(maps.flatten(1)).squeeze(1)
        return logits + (F.embedding(y, self.v) * maps.sum((2, 3))).sum(1)


class CGAN(DCGAN):
    """DCGAN's game and hyper-parameters, played for each class: the generator embeds it, the discriminator projects."""

    name: ClassVar[str] = "cgan"
    title: ClassVar[str] = "Class-conditional GAN"
    paper: ClassVar[str] = (
        "Mirza & Osindero, Conditional Generative Adversarial Nets (2014), https://arxiv.org/abs/1411.1784; its "
        "discriminator is of Miyato & Koyama, cGANs with Projection Discriminator (2018), "
        "https://arxiv.org/abs/1802.05637, all else is DCGAN's"
    )

    embedding_dim: ZDim = 50
    """Numbers by which the generator knows a class."""

    @model_validator(mode="before")
    @classmethod
    def _has_classes(cls, given: dict[str, Any]) -> dict[str, Any]:
        if not DataConfig.model_validate(given.get("data", {})).num_classes:
            *names, last = PUBLISHED
            raise ValueError(
                f"cgan needs classes, and a folder of pictures has none: choose {', '.join(names)} or {last}"
            )
        return given

    def networks(self) -> tuple[Generator, Discriminator]:
        shape, num_classes = self.data.image_shape, self.data.num_classes
        return (
            CGANGenerator(
                CGANGeneratorConfig(
                    image_shape=shape,
                    num_classes=num_classes,
                    z_dim=self.z_dim,
                    embedding_dim=self.embedding_dim,
                    width=self.width,
                )
            ),
            CGANDiscriminator(
                CGANDiscriminatorConfig(
                    image_shape=shape, num_classes=num_classes, width=self.width, dropout=self.dropout
                )
            ),
        )
