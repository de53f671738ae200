"""GAN-smooth: plain ReLU networks, kept in balance by one-sided label smoothing alone."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, PositiveFloat, PositiveInt

from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Width
from ganzoo.losses import NonSaturating
from ganzoo.nn.mlp import MLPDiscriminator, MLPDiscriminatorConfig, MLPGenerator, MLPGeneratorConfig
from ganzoo.recipe import KERAS_EPSILON, BatchSize, GeneratorRecipe, OptimizerFactory, adam


class GANSmooth(GeneratorRecipe):
    """Mirror-image ReLU networks; the discriminator aims at 0.9 on real images and sees both kinds in one batch."""

    name: ClassVar[str] = "gan-smooth"
    title: ClassVar[str] = "GAN, smoothed labels"
    paper: ClassVar[str] = (
        "Salimans et al., Improved Techniques for Training GANs (2016), section 3.4, https://arxiv.org/abs/1606.03498"
    )

    width: Width = 256
    """Units of the narrowest layer: 1×, 2×, 4× in the generator, 4×, 2×, 1× in the discriminator."""
    real_label: Annotated[float, Field(gt=0.5, le=1.0)] = 0.9
    """How sure of real images the discriminator is asked to be; 1 is no smoothing."""
    lr: PositiveFloat = 1e-3
    """Adam's learning rate, both players."""
    batch_size: BatchSize = 128
    """Images in one batch, over all processes together."""
    steps: PositiveInt | None = 12_800
    """Generator steps to train for; takes precedence over epochs."""

    def game(self) -> Game:
        shape = self.data.image_shape
        hidden = (self.width, 2 * self.width, 4 * self.width)
        return AdversarialGame(
            MLPGenerator(
                MLPGeneratorConfig(image_shape=shape, z_dim=self.z_dim, hidden=hidden, slope=0.0, batch_norm=False)
            ),
            MLPDiscriminator(MLPDiscriminatorConfig(image_shape=shape, hidden=hidden[::-1], slope=0.0)),
            NonSaturating(real_label=self.real_label),
        )

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, beta1=0.9, eps=KERAS_EPSILON))
