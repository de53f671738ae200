"""WGAN-GP: the same distance, the critic kept Lipschitz by a penalty on its gradient."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import NonNegativeFloat, PositiveFloat

from ganzoo.game import AdversarialGame, Game
from ganzoo.losses import Wasserstein
from ganzoo.recipe import OptimizerFactory, adam
from ganzoo.zoo.wgan import WassersteinRecipe


class WGANGP(WassersteinRecipe):
    """Five critic steps for one of the generator; the critic's gradient is pulled to norm 1 between real and fake."""

    name: ClassVar[str] = "wgan-gp"
    title: ClassVar[str] = "WGAN-GP"
    paper: ClassVar[str] = (
        "Gulrajani et al., Improved Training of Wasserstein GANs (2017), algorithm 1, https://arxiv.org/abs/1704.00028"
    )

    norm: Literal["layer", "instance", "none"] = "layer"
    """The convolutional critic's normalisation: batch norm would tie the samples whose gradients are penalised."""
    penalty_weight: NonNegativeFloat = 10.0
    """Weight of the gradient penalty (λ)."""
    lr: PositiveFloat = 1e-4
    """Adam's learning rate, both players; its betas are 0 and 0.9."""

    def game(self) -> Game:
        return AdversarialGame(*self.networks(norm=self.norm), Wasserstein(), penalty_weight=self.penalty_weight)

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, beta1=0.0, beta2=0.9))
