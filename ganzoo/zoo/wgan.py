"""WGAN: a critic that estimates the earth mover's distance, kept Lipschitz by clipping its weights."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, Literal

from pydantic import PositiveFloat, PositiveInt, model_validator
from torch.optim import RMSprop

from ganzoo.data import DataConfig
from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Discriminator, Generator, Width
from ganzoo.losses import Wasserstein
from ganzoo.nn.dcgan import Norm, dcgan_networks
from ganzoo.nn.mlp import mlp_networks
from ganzoo.recipe import BatchSize, GeneratorRecipe, OptimizerFactory


class WassersteinRecipe(GeneratorRecipe):
    """What WGAN and WGAN-GP share: a choice of networks, and several critic steps for one of the generator."""

    decisive: ClassVar[tuple[str, ...]] = ("data", "network")

    network: Literal["mlp", "dcgan"] = "mlp"
    """Whose networks to play with: GAN's or DCGAN's."""
    width: Width = 256
    """The first or narrowest layer: 256 units (mlp), or 64 channels at 28×28 and 128 at 32×32 and 64×64 (dcgan)."""
    n_critic: PositiveInt = 5
    """Critic steps for one generator step."""
    batch_size: BatchSize = 64
    """Images in one batch, over all processes together."""
    steps: PositiveInt | None = 40_000
    """Generator steps to train for; takes precedence over epochs."""

    @model_validator(mode="before")
    @classmethod
    def _width_of_the_chosen_networks(cls, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("network", "mlp") == "mlp":
            return given
        data = DataConfig.model_validate(given.get("data", {}))
        return {"width": 64 if data.image_shape[1] == 28 else 128} | given

    def networks(self, *, norm: Norm | None) -> tuple[Generator, Discriminator]:
        """The pair; a critic has no drop-out, and ``norm`` is the convolutional critic's (None: its description's)."""
        if self.network == "mlp":
            return mlp_networks(self.data.image_shape, width=self.width, z_dim=self.z_dim)
        return dcgan_networks(self.data.image_shape, width=self.width, z_dim=self.z_dim, norm=norm, dropout=0.0)

    def updates(self) -> Mapping[str, int]:
        return {"discriminator": self.n_critic, "generator": 1}


class WGAN(WassersteinRecipe):
    """Five critic steps for one of the generator; no sigmoid, no drop-out, weights within ±0.01."""

    name: ClassVar[str] = "wgan"
    title: ClassVar[str] = "WGAN"
    paper: ClassVar[str] = "Arjovsky et al., Wasserstein GAN (2017), algorithm 1, https://arxiv.org/abs/1701.07875"

    clip: PositiveFloat = 0.01
    """Every weight of the critic is clamped to ± this after each of its steps."""
    lr: PositiveFloat = 5e-5
    """RMSprop's learning rate, both players."""

    def game(self) -> Game:
        return AdversarialGame(*self.networks(norm=None), Wasserstein(), clip=self.clip)

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), partial(RMSprop, lr=self.lr))
