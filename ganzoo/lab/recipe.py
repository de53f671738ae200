"""What a visitor of the lab can choose, as a recipe."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import PositiveFloat, PositiveInt

from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Width, ZDim
from ganzoo.lab.toys import SIDE, Toy
from ganzoo.losses import LOSSES, AdversarialLoss, Relativistic
from ganzoo.nn.mlp import MLPDiscriminator, MLPDiscriminatorConfig, MLPGenerator, MLPGeneratorConfig
from ganzoo.recipe import BatchSize, GeneratorRecipe, OptimizerFactory, adam

Loss = Literal["minimax", "non-saturating", "least-squares", "hinge", "wasserstein", "relativistic"]
Constraint = Literal["none", "clipping", "gradient penalty", "R1", "R1 + R2"]

CONSTRAINTS: Mapping[Constraint, Mapping[str, Any]] = {
    "none": {},
    "clipping": {"clip": 0.1},
    "gradient penalty": {"penalty_weight": 0.1},
    "R1": {"gamma": 0.02, "r2": False},
    "R1 + R2": {"gamma": 0.02},
}
"""How each keeps the discriminator smooth, as ``AdversarialGame`` is told it."""

Point = tuple[Literal[2], Literal[1], Literal[1]]
"""The shape of an image that is a point of the plane."""


class PointGeneratorConfig(MLPGeneratorConfig):
    image_shape: Point = (2, 1, 1)


class PointDiscriminatorConfig(MLPDiscriminatorConfig):
    image_shape: Point = (2, 1, 1)


class LabRecipe(GeneratorRecipe):
    """Two small multilayer perceptrons over a toy; ``data`` has no meaning here."""

    name: ClassVar[str] = "lab"
    title: ClassVar[str] = "Lab"
    paper: ClassVar[str] = "none"

    toy: Toy = "ring"
    """What is learnt from."""
    loss: Loss = "non-saturating"
    """What the players minimise."""
    constraint: Constraint = "none"
    """What keeps the discriminator smooth."""
    n_discriminator: PositiveInt = 1
    """Discriminator updates in one step."""
    lr_generator: PositiveFloat = 2e-3
    """Adam's learning rate of the generator."""
    lr_discriminator: PositiveFloat = 5e-3
    """Adam's learning rate of the discriminator."""
    width: Width = 64
    """Units of each of the two hidden layers, both players."""
    z_dim: ZDim = 8
    """Numbers in one latent, each drawn from N(0, 1)."""
    batch_size: BatchSize = 128
    """Points or pictures in one batch."""
    steps: PositiveInt | None = 20_000
    """Generator steps after which a game is over."""
    ema_decay: float | None = None
    """Per-step decay of the averaged generator; None keeps no average."""
    published: Literal["averaged", "raw"] = "raw"
    """Which generator is looked at."""

    @property
    def adversarial_loss(self) -> AdversarialLoss:
        return Relativistic() if self.loss == "relativistic" else LOSSES[self.loss]()

    @property
    def planar(self) -> bool:
        """Whether it learns points of the plane, and no pictures."""
        return self.toy != "digits"

    def game(self) -> Game:
        hidden = (self.width, self.width)
        latent: dict[str, Any] = {"z_dim": self.z_dim, "hidden": hidden, "batch_norm": False}
        generator: MLPGeneratorConfig
        discriminator: MLPDiscriminatorConfig
        if self.planar:
            generator, discriminator = PointGeneratorConfig(**latent), PointDiscriminatorConfig(hidden=hidden)
        else:
            shape = (1, SIDE, SIDE)
            generator = MLPGeneratorConfig(image_shape=shape, **latent)
            discriminator = MLPDiscriminatorConfig(image_shape=shape, hidden=hidden)
        return AdversarialGame(
            MLPGenerator(generator),
            MLPDiscriminator(discriminator),
            self.adversarial_loss,
            **CONSTRAINTS[self.constraint],
        )

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return {"discriminator": adam(self.lr_discriminator, 0.5), "generator": adam(self.lr_generator, 0.5)}

    def updates(self) -> Mapping[str, int]:
        return {"discriminator": self.n_discriminator, "generator": 1}
