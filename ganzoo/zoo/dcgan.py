"""DCGAN: the same game between convolutional networks."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import NonNegativeFloat, PositiveFloat, model_validator

from ganzoo.data import DataConfig
from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Discriminator, Generator, Share, Width
from ganzoo.losses import LOSSES
from ganzoo.nn.dcgan import Depth28, dcgan_networks
from ganzoo.recipe import KERAS_EPSILON, BatchSize, Beta, GeneratorRecipe, OptimizerFactory, adam

TUTORIAL = {
    "width": 64,
    "dropout": 0.3,
    "lr": 1e-4,
    "beta1": 0.9,
    "eps": KERAS_EPSILON,
    "batch_size": 256,
    "epochs": 50,
}
PAPER = {"width": 128, "dropout": 0.0, "lr": 2e-4, "beta1": 0.5, "eps": 1e-8, "batch_size": 128, "epochs": 25}


class DCGAN(GeneratorRecipe):
    """Convolutional networks: TensorFlow's tutorial at 28×28, the paper's at 32×32 and 64×64.

    Where the two descriptions differ, the size of the images chooses: at 28×28 width 64, drop-out 0.3, lr 1e-4, beta1
    0.9, batch 256, 50 epochs; at 32×32 and 64×64 width 128, no drop-out, lr 2e-4, beta1 0.5, batch 128, 25 epochs.
    """

    name: ClassVar[str] = "dcgan"
    title: ClassVar[str] = "DCGAN"
    paper: ClassVar[str] = (
        "Radford et al., Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks "
        "(2016), https://arxiv.org/abs/1511.06434; at 28×28 the networks of TensorFlow's DCGAN tutorial"
    )

    width: Width = 64
    """Channels of the narrowest hidden map, both networks."""
    dropout: Share = 0.3
    """Share of the discriminator's activations that are dropped, at 28×28; the paper's networks have no such layers."""
    depth: Depth28 = 2
    """Convolutions of the discriminator, at 28×28: the tutorial's two judge small windows, a third how they fit."""
    loss: Literal["non-saturating", "minimax", "least-squares", "hinge"] = "non-saturating"
    """What the players minimise."""
    gamma: NonNegativeFloat = 0.0
    """Weight of both zero-centred gradient penalties (γ), which no description has, and which steadies the game."""
    lr: PositiveFloat = 1e-4
    """Adam's learning rate, both players."""
    beta1: Beta = 0.9
    """Adam's decay of the mean gradient, both players."""
    eps: PositiveFloat = KERAS_EPSILON
    """What Adam adds to its denominator."""
    batch_size: BatchSize = 256
    """Images in one batch, over all processes together."""
    epochs: PositiveFloat | None = 50
    """Passes over the data set to train for, where steps is not given."""

    @model_validator(mode="before")
    @classmethod
    def _follow_the_description_for_this_size(cls, given: dict[str, Any]) -> dict[str, Any]:
        data = DataConfig.model_validate(given.get("data", {}))
        return (TUTORIAL if data.image_shape[1] == 28 else PAPER) | given

    @model_validator(mode="after")
    def _penalises_no_batch_norm(self) -> Self:
        if self.gamma and self.data.image_shape[1] != 28:
            raise ValueError(
                "the discriminator of this size has batch norm, which ties together the images whose gradients gamma "
                "penalises: leave gamma at 0"
            )
        return self

    @model_validator(mode="after")
    def _deepens_what_it_can(self) -> Self:
        if self.depth != 2 and self.data.image_shape[1] != 28:
            raise ValueError("the discriminator of this size is as deep as the paper's: leave depth at 2")
        return self

    def networks(self) -> tuple[Generator, Discriminator]:
        return dcgan_networks(
            self.data.image_shape, width=self.width, z_dim=self.z_dim, dropout=self.dropout, depth=self.depth
        )

    def game(self) -> Game:
        return AdversarialGame(*self.networks(), LOSSES[self.loss](), gamma=self.gamma)

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, self.beta1, eps=self.eps))
