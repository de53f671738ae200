"""GAN-small: one hidden layer a player, the smallest GAN that draws digits."""

from typing import ClassVar

from ganzoo.generator import Discriminator, Generator, Width
from ganzoo.nn.mlp import MLPDiscriminator, MLPDiscriminatorConfig, MLPGenerator, MLPGeneratorConfig
from ganzoo.recipe import Beta
from ganzoo.zoo.gan import GAN


class GANSmall(GAN):
    """One hidden layer of the same width in both players, and no batch norm."""

    name: ClassVar[str] = "gan-small"
    title: ClassVar[str] = "GAN, small"
    paper: ClassVar[str] = (
        "Goodfellow et al., Generative Adversarial Networks (2014), https://arxiv.org/abs/1406.2661; "
        "the one-hidden-layer networks that introductions use"
    )

    width: Width = 128
    """Units of the hidden layer, both players."""
    beta1: Beta = 0.9
    """Adam's decay of the mean gradient, both players."""

    def networks(self) -> tuple[Generator, Discriminator]:
        shape = self.data.image_shape
        return (
            MLPGenerator(
                MLPGeneratorConfig(image_shape=shape, z_dim=self.z_dim, hidden=(self.width,), batch_norm=False)
            ),
            MLPDiscriminator(MLPDiscriminatorConfig(image_shape=shape, hidden=(self.width,))),
        )
