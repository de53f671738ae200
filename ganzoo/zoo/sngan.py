"""SNGAN: a discriminator whose layers are spectrally normalised, against a residual generator."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator, PositiveFloat, PositiveInt
from torch import Tensor, nn

from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Discriminator, Generator, ImageShape, NetworkConfig, Width, ZDim
from ganzoo.losses import Hinge
from ganzoo.nn.residual import DownBlock, UpBlock, convolution
from ganzoo.nn.spectral import spectral_norm
from ganzoo.recipe import BatchSize, Beta, GeneratorRecipe, OptimizerFactory, Schedule, adam


def _is_doubled(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    if shape[1:] not in {(28, 28), (32, 32), (64, 64)}:
        raise ValueError(f"SNGAN draws images of 28×28, 32×32 or 64×64 pixels, not {shape[1]}×{shape[2]}")
    return shape


DoubledShape = Annotated[ImageShape, AfterValidator(_is_doubled)]


class SNGANGeneratorConfig(NetworkConfig):
    image_shape: DoubledShape
    z_dim: ZDim = 128
    width: Width = 256
    """Channels of every hidden map."""


class SNGANGenerator(Generator):
    """Dense to 4×4 maps, then a residual block for every doubling (Miyato et al. 2018, table 4, on the left).

    28×28 images begin with 7×7 maps.
    """

    Config = SNGANGeneratorConfig

    def __init__(self, config: SNGANGeneratorConfig) -> None:
        super().__init__(config)
        self.z_dim, self.image_shape = config.z_dim, config.image_shape
        (channels, side, _), width = config.image_shape, config.width
        start = 7 if side == 28 else 4
        dense = nn.Linear(config.z_dim, width * start**2)
        nn.init.xavier_uniform_(dense.weight)
        nn.init.zeros_(dense.bias)
        self.layers = nn.Sequential(
            dense,
            nn.Unflatten(1, (width, start, start)),
            *(UpBlock(width, width) for _ in range((side // start).bit_length() - 1)),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            convolution(width, channels, 3),
            nn.Tanh(),
        )

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        images: Tensor = self.layers(ws[:, 0])
        return images


class SNGANDiscriminatorConfig(NetworkConfig):
    image_shape: DoubledShape
    width: Width = 128
    """Channels of every hidden map."""


class SNGANDiscriminator(Discriminator):
    """Residual blocks that halve the maps down to 8×8 (7×7 of 28×28 images), two more, then one logit of their sums.

    Miyato et al. 2018, table 4, on the right. Every layer is spectrally normalised.
    """

    Config = SNGANDiscriminatorConfig

    def __init__(self, config: SNGANDiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape
        (channels, side, _), width = config.image_shape, config.width
        halvings = (side // 7).bit_length() - 1
        dense = nn.Linear(width, 1, bias=False)
        nn.init.xavier_uniform_(dense.weight)
        self.layers = nn.Sequential(
            DownBlock(channels, width, down=True, first=True),
            *(DownBlock(width, width, down=True) for _ in range(halvings - 1)),
            *(DownBlock(width, width, down=False) for _ in range(2)),
            nn.ReLU(),
        )
        self.dense = spectral_norm(dense)

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        maps: Tensor = self.layers(images)
        logits: Tensor = self.dense(maps.sum((2, 3)))
        return logits.squeeze(1)


class SNGAN(GeneratorRecipe):
    """Hinge loss, five updates of the discriminator for one of the generator, and no layer of it stretches anything.

    The learning rates go evenly to nothing along the run, as in the authors' code for CIFAR-10, from which the numbers
    come. It also has the generator learn from batches twice as large as the discriminator's, which is left out.
    """

    name: ClassVar[str] = "sngan"
    title: ClassVar[str] = "SNGAN"
    paper: ClassVar[str] = (
        "Miyato et al., Spectral Normalization for Generative Adversarial Networks (2018), table 4, "
        "https://arxiv.org/abs/1802.05957"
    )

    width: Width = 128
    """Channels of the discriminator's maps; the generator's have twice as many."""
    z_dim: ZDim = 128
    """Numbers in one latent, each drawn from N(0, 1)."""
    lr: PositiveFloat = 2e-4
    """Adam's learning rate, both players."""
    beta1: Beta = 0.0
    """Adam's decay of the mean gradient, both players; that of its square is 0.9."""
    n_discriminator: PositiveInt = 5
    """Discriminator updates in one step."""
    batch_size: BatchSize = 64
    """Images in one batch, over all processes together."""
    steps: PositiveInt | None = 50_000
    """Generator steps to train for; takes precedence over epochs."""

    def game(self) -> Game:
        shape = self.data.image_shape
        return AdversarialGame(
            SNGANGenerator(SNGANGeneratorConfig(image_shape=shape, z_dim=self.z_dim, width=2 * self.width)),
            SNGANDiscriminator(SNGANDiscriminatorConfig(image_shape=shape, width=self.width)),
            Hinge(),
        )

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, self.beta1, beta2=0.9))

    def updates(self) -> Mapping[str, int]:
        return {"discriminator": self.n_discriminator, "generator": 1}

    def schedule(self) -> Schedule:
        return lambda done: 1.0 - done
