"""StyleGAN2: one network makes a style of the latent, and the style tells every layer of another what to draw."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar

import torch
from pydantic import AfterValidator, Field, NonNegativeFloat, PositiveFloat, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from ganzoo.game import AdversarialGame, Batch, Game, player_of
from ganzoo.generator import Discriminator, Generator, ImageShape, NetworkConfig, Share, Width, ZDim
from ganzoo.losses import NonSaturating
from ganzoo.nn.initialisation import fill_normal
from ganzoo.nn.style import (
    GAIN,
    SLOPE,
    STYLES,
    EqualizedConv2d,
    EqualizedLinear,
    MinibatchDeviation,
    ResidualBlock,
    Style,
    ToImage,
    lrelu,
    mixed,
    pixel_norm,
)
from ganzoo.penalties import path_lengths, zero_centred_penalties
from ganzoo.recipe import BatchSize, GeneratorRecipe, OptimizerFactory, adam

LARGEST = 64
"""Pixels of a side."""


def sides(side: int) -> list[int]:
    """Sides of the maps: from 4 to 7 pixels to the image's, each twice the one before. Raises ``ValueError``."""
    found = [side]
    while found[0] > 7 and found[0] % 2 == 0:
        found.insert(0, found[0] // 2)
    if len(found) == 1 or found[0] > 7 or side > LARGEST:
        raise ValueError(
            f"this network is for images of up to {LARGEST} pixels a side, 4 to 7 doubled some times, not of {side}"
        )
    return found


def channels(width: int, side: int) -> list[int]:
    """Channels of these maps: ``width`` of the largest, twice as many of each map before, but four times at most."""
    return [width * min(2**level, 4) for level in reversed(range(len(sides(side))))]


def _is_square(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    if shape[1] != shape[2]:
        raise ValueError(f"this network is for square images, not for {shape[1]}×{shape[2]}")
    sides(shape[1])
    return shape


SquareShape = Annotated[ImageShape, AfterValidator(_is_square)]
Depth = Annotated[int, Field(ge=1, le=16)]


class StyleGeneratorConfig(NetworkConfig):
    image_shape: SquareShape
    z_dim: ZDim = 128
    """Of w as well."""
    width: Width = 16
    """Channels of the largest map; each map before has twice as many, but four times at most."""
    mapping_layers: Depth = 8
    style: Style = "modulated"


class StyleGenerator(Generator):
    """A mapping network makes w of z; layer by layer, w tells the synthesis what to make of a constant that is learnt.

    The skip generator of Karras et al. 2020 (figure 7): maps of each size add to the picture. With ``adain`` its layers
    are those of Karras et al. 2019, and all else stays. What the papers lack is the tanh at the end, which keeps
    pictures in [-1, 1].
    """

    Config = StyleGeneratorConfig

    mean_w: Tensor
    """Moving average of what the mapping gives in training."""

    def __init__(self, config: StyleGeneratorConfig) -> None:
        super().__init__(config)
        self.z_dim, self.image_shape = config.z_dim, config.image_shape
        colours, side, _ = config.image_shape
        (first, *others), widths, w_dim = sides(side), channels(config.width, side), config.z_dim
        self.mapping_layers = nn.ModuleList(
            EqualizedLinear(w_dim, w_dim, gain=GAIN, lr_multiplier=0.01) for _ in range(config.mapping_layers)
        )
        self.register_buffer("mean_w", torch.zeros(w_dim))
        self.constant = nn.Parameter(torch.empty(1, widths[0], first, first))
        fill_normal(self.constant)
        layer = STYLES[config.style]
        self.layers = nn.ModuleList([layer(widths[0], widths[0], w_dim, up=False)])
        for inputs, outputs in pairwise(widths):
            self.layers.extend([layer(inputs, outputs, w_dim, up=True), layer(outputs, outputs, w_dim, up=False)])
        self.layer_sides = [first, *(side for side in others for _ in range(2))]
        self.to_images = nn.ModuleList(ToImage(width, colours, w_dim) for width in widths)
        self.num_ws = len(self.layers) + 1
        self.noise_dim = sum(side**2 for side in self.layer_sides)

    def mapping(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        w = pixel_norm(z)
        for layer in self.mapping_layers:
            w = lrelu(layer(w))
        w = w.float()
        if self.training:
            with torch.no_grad():
                self.mean_w.lerp_(w.mean(0), 0.002)
        return w[:, None].expand(-1, self.num_ws, -1)

    def mean_ws(self, y: Tensor | None = None) -> Tensor:
        return self.mean_w.expand(1, self.num_ws, -1)

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        if noise is None and self.training:
            noise = torch.randn(len(ws), self.noise_dim, device=ws.device)
        maps = self.constant.expand(len(ws), -1, -1, -1)
        image: Tensor | None = None
        for number, (layer, grain) in enumerate(zip(self.layers, self._of_layers(noise), strict=True)):
            maps = layer(maps, ws[:, number], grain)
            if number % 2 == 0:  # the last layer of this size; its part of the picture has the next layer's style
                part = self.to_images[number // 2](maps, ws[:, number + 1])
                image = part if image is None else F.interpolate(image, scale_factor=2, mode="bilinear") + part
        assert image is not None
        return image.tanh()

    def entrances(self) -> Sequence[nn.Module]:
        return [module for name, module in self.named_modules() if name.endswith("affine")]

    def _of_layers(self, noise: Tensor | None) -> Iterator[Tensor | None]:
        """For each layer its noise, ``[N, side, side]``."""
        start = 0
        for side in self.layer_sides:
            end = start + side**2
            yield None if noise is None else noise[:, start:end].unflatten(1, (side, side))
            start = end


class StyleDiscriminatorConfig(NetworkConfig):
    image_shape: SquareShape
    width: Width = 16
    """Channels of the largest map; each map after has twice as many, but four times at most."""


class StyleDiscriminator(Discriminator):
    """Residual blocks, then how much the pictures of the batch differ, and dense layers (same paper, figure 7)."""

    Config = StyleDiscriminatorConfig

    def __init__(self, config: StyleDiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape
        colours, side, _ = config.image_shape
        widths = channels(config.width, side)[::-1]
        self.layers = nn.Sequential(
            EqualizedConv2d(colours, widths[0], 1, gain=GAIN),
            nn.LeakyReLU(SLOPE),
            *(ResidualBlock(inputs, outputs) for inputs, outputs in pairwise(widths)),
            MinibatchDeviation(),
            EqualizedConv2d(widths[-1] + 1, widths[-1], 3, padding=1, gain=GAIN),
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
            EqualizedLinear(widths[-1] * sides(side)[0] ** 2, widths[-1], gain=GAIN),
            nn.LeakyReLU(SLOPE),
            EqualizedLinear(widths[-1], 1),
        )

    @property
    def mixes_samples(self) -> bool:
        return True

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        logits: Tensor = self.layers(images)
        return logits.squeeze(1)


class StyleGame(AdversarialGame):
    """The non-saturating game, with styles mixed and two penalties, each a turn of its own.

    ``r1_weight`` is that of the discriminator's squared gradient at real images; ``path_length_weight`` is that of how
    far path lengths are from their mean, with the generator's turns. A penalty without weight has no turn.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        *,
        mixing: float,
        r1_weight: float,
        path_length_weight: float,
    ) -> None:
        super().__init__(generator, discriminator, NonSaturating())
        self.mixing, self.r1_weight, self.path_length_weight = mixing, r1_weight, path_length_weight
        self.inputs = {turn: (*deal, "epsilon") for turn, deal in self.inputs.items()}
        if r1_weight:
            self.inputs["discriminator/r1"] = ("real",)
        if path_length_weight:
            self.inputs["generator/path-length"] = ("z", "epsilon")
        self.memory.register_buffer("path_length", torch.zeros(()))

    @property
    def formulas(self) -> Mapping[str, str]:
        told = dict(super().formulas)
        if self.r1_weight:
            told["discriminator"] += f", in some steps {self.r1_weight:g} E‖∇D(x)‖²"
        if self.path_length_weight:
            told["generator"] += f", in some steps {self.path_length_weight:g} E[(‖J_wᵀ y‖ − a)²]"
        return told

    def turn(self, turn: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        match turn:
            case "discriminator/r1":
                return self._r1_turn(batch)
            case "generator/path-length":
                return self._path_length_turn(batch)
        return super().turn(turn, batch)

    def _r1_turn(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        real = batch["real"].detach().requires_grad_()
        (penalty,) = zero_centred_penalties(self._judged(real, None), real)
        return self.r1_weight * penalty, {"penalty/real": penalty.detach()}

    def _path_length_turn(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """E[(‖J_wᵀ y‖ - a)²] with the lengths' moving average a (Karras et al. 2020, eq. 4).

        Over half a batch, as in the authors' code: it is dear, and that will do.
        """
        half = -(-len(batch["z"]) // 2)
        ws = self._styles({name: dealt[:half] for name, dealt in batch.items()})
        lengths = path_lengths(self.generator.synthesis(ws).float(), ws)
        mean = self.memory.get_buffer("path_length")
        with torch.no_grad():
            mean.lerp_(lengths.mean(), 0.01)
        return self.path_length_weight * (lengths - mean).square().mean(), {"path-length": mean.clone()}

    def _drawn(self, batch: Batch) -> Tensor:
        return self.generator.synthesis(self._styles(batch)).float()

    def _styles(self, batch: Batch) -> Tensor:
        return mixed(self.generator.mapping(batch["z"]), batch["epsilon"], self.mixing)


class StyleGAN2(GeneratorRecipe):
    """Styles made of the latent tell each layer what to draw, so that layers can have those of different seeds.

    The paper's networks for 28×28, 32×32, 64×64 and other doubled sides, scaled down for a small machine: it has 512
    channels where maps are small, and z and w of 512 numbers.
    """

    name: ClassVar[str] = "stylegan2"
    title: ClassVar[str] = "StyleGAN2"
    paper: ClassVar[str] = (
        "Karras et al., Analyzing and Improving the Image Quality of StyleGAN (2020), https://arxiv.org/abs/1912.04958;"
        " with adain the layers of their A Style-Based Generator Architecture for Generative Adversarial Networks "
        "(2019), https://arxiv.org/abs/1812.04948"
    )

    width: Width = 16
    """Channels of the largest maps, both networks; the smaller have twice as many each, but four times at most."""
    z_dim: ZDim = 128
    """Numbers in one latent, each drawn from N(0, 1), and in one w."""
    mapping_layers: Depth = 8
    """Layers of the mapping network."""
    style: Style = "modulated"
    """How w tells a layer what to draw: it scales weights (StyleGAN2), or sets maps' mean and deviation (StyleGAN)."""
    mixing: Share = 0.9
    """How probable it is that a picture's later layers have another latent's style in training."""
    gamma: NonNegativeFloat = 1.0
    """Weight of R1, half of which counts (γ)."""
    r1_interval: PositiveInt = 16
    """Steps from one R1 turn to the next, which counts for all of them."""
    path_length_weight: NonNegativeFloat = 2.0
    """Weight of the path-length regularisation, which has steps in w change pictures by as much everywhere."""
    path_length_interval: PositiveInt = 4
    """Steps from one path-length turn to the next, which counts for all of them."""
    lr: PositiveFloat = 2e-3
    """Adam's learning rate, both players; its betas are 0 and 0.99."""
    batch_size: BatchSize = 32
    """Images in one batch, over all processes together."""
    epochs: PositiveFloat | None = 15
    """Passes over the data set to train for, where steps is not given."""

    def game(self) -> Game:
        shape, width = self.data.image_shape, self.width
        generator = StyleGeneratorConfig(
            image_shape=shape, z_dim=self.z_dim, width=width, mapping_layers=self.mapping_layers, style=self.style
        )
        return StyleGame(
            StyleGenerator(generator),
            StyleDiscriminator(StyleDiscriminatorConfig(image_shape=shape, width=width)),
            mixing=self.mixing,
            r1_weight=self.gamma / 2 * self.r1_interval,
            path_length_weight=self.path_length_weight * self.path_length_interval,
        )

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        """A player with a lazy turn makes k + 1 steps where it would make k: each is that much smaller, and forgets
        that much less (Karras et al. 2020, appendix B).
        """
        shares = {"discriminator": 1.0, "generator": 1.0}
        shares |= {player_of(turn): k / (k + 1) for turn, k in self.intervals().items()}
        return {player: adam(self.lr * share, 0.0, 0.99**share) for player, share in shares.items()}

    def updates(self) -> Mapping[str, int]:
        # In alphabetical order a player's penalty comes after its turn, and the generator after the discriminator.
        return dict.fromkeys(sorted({"discriminator", "generator", *self.intervals()}), 1)

    def intervals(self) -> Mapping[str, int]:
        found = {}
        if self.gamma:
            found["discriminator/r1"] = self.r1_interval
        if self.path_length_weight:
            found["generator/path-length"] = self.path_length_interval
        return found
