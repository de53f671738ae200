"""GAN: the non-saturating game between two multilayer perceptrons."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import PositiveFloat, PositiveInt

from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Discriminator, Generator, Width
from ganzoo.losses import LOSSES
from ganzoo.nn.mlp import mlp_networks
from ganzoo.recipe import KERAS_EPSILON, BatchSize, Beta, GeneratorRecipe, OptimizerFactory, adam


class GAN(GeneratorRecipe):
    """Two multilayer perceptrons; batch norm in the generator keeps the game alive."""

    name: ClassVar[str] = "gan"
    title: ClassVar[str] = "GAN"
    paper: ClassVar[str] = (
        "Goodfellow et al., Generative Adversarial Networks (2014), https://arxiv.org/abs/1406.2661; "
        "networks of Linder-Norén's Keras-GAN"
    )

    width: Width = 256
    """Units of the generator's first layer: 1×, 2×, 4× in the generator, 2×, 1× in the discriminator."""
    loss: Literal["non-saturating", "minimax", "least-squares", "hinge"] = "non-saturating"
    """What the players minimise."""
    lr: PositiveFloat = 2e-4
    """Adam's learning rate, both players."""
    beta1: Beta = 0.5
    """Adam's decay of the mean gradient, both players."""
    n_discriminator: PositiveInt = 1
    """Discriminator updates in one step (k in the 2014 paper)."""
    batch_size: BatchSize = 64
    """Images in one batch, over all processes together."""
    steps: PositiveInt | None = 10_000
    """Generator steps to train for; takes precedence over epochs."""

    def networks(self) -> tuple[Generator, Discriminator]:
        return mlp_networks(self.data.image_shape, width=self.width, z_dim=self.z_dim)

    def game(self) -> Game:
        return AdversarialGame(*self.networks(), LOSSES[self.loss]())

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, self.beta1, eps=KERAS_EPSILON))

    def updates(self) -> Mapping[str, int]:
        return {"discriminator": self.n_discriminator, "generator": 1}
