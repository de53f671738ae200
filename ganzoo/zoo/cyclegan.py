"""CycleGAN: two kinds of pictures, turned into one another without a single pair to learn from."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, ClassVar

import torch
from pydantic import AfterValidator, Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from ganzoo.data import DataConfig
from ganzoo.game import Batch, Game, judgement
from ganzoo.generator import ImageShape, Network, NetworkConfig, Translator, Width
from ganzoo.losses import LeastSquares
from ganzoo.nn.convolution import Conv2d, ConvTranspose2d
from ganzoo.nn.initialisation import dcgan_normal
from ganzoo.nn.pool import ImagePool
from ganzoo.recipe import OptimizerFactory, Recipe, Schedule, adam

Blocks = Annotated[int, Field(ge=1, le=64)]
KindName = Annotated[str, Field(pattern=r"^[A-Za-z][a-z-]{0,30}$")]
DARK = 0.1
"""What is no brighter than this share of the way from black to white is ground."""


def _can_be_halved_twice(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    _, height, width = shape
    if any(side % 4 or not 16 <= side <= 256 for side in (height, width)):
        raise ValueError(f"sides are multiples of 4 from 16 to 256, not {height}×{width}")
    return shape


def _differ(kinds: tuple[str, str]) -> tuple[str, str]:
    if kinds[0] == kinds[1]:
        raise ValueError("two kinds of pictures have different names")
    return kinds


HalvedShape = Annotated[ImageShape, AfterValidator(_can_be_halved_twice)]


class CycleTranslatorConfig(NetworkConfig):
    image_shape: HalvedShape
    kinds: Annotated[tuple[KindName, KindName], AfterValidator(_differ)] = ("A", "B")
    """What the two kinds of pictures are called."""
    width: Width = 64
    """Channels of the largest maps; those that the blocks work on have four times as many."""
    blocks: Blocks = 6


class CycleBlock(nn.Module):
    """Two 3×3 convolutions with instance norm, and a way around them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_convolution(width, width, 3), nn.ReLU(), *_convolution(width, width, 3))

    def forward(self, maps: Tensor) -> Tensor:
        deeper: Tensor = maps + self.layers(maps)
        return deeper


def _convolution(inputs: int, outputs: int, kernel: int) -> tuple[nn.Module, ...]:
    # Here and below without biases, which instance norm takes away again.
    return nn.ReflectionPad2d(kernel // 2), Conv2d(inputs, outputs, kernel, bias=False), nn.InstanceNorm2d(outputs)


def _resnet(config: CycleTranslatorConfig) -> nn.Module:
    """Johnson et al.'s network as Zhu et al. have it: down to a quarter, residual blocks, up again (appendix 7.2)."""
    channels, width = config.image_shape[0], config.width
    layers: list[nn.Module] = [*_convolution(channels, width, 7), nn.ReLU()]
    for inputs, outputs in pairwise((width, 2 * width, 4 * width)):
        down = Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        layers += [down, nn.InstanceNorm2d(outputs), nn.ReLU()]
    layers += [CycleBlock(4 * width) for _ in range(config.blocks)]
    for inputs, outputs in pairwise((4 * width, 2 * width, width)):
        up = ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=1, bias=False)
        layers += [up, nn.InstanceNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), Conv2d(width, channels, 7), nn.Tanh()).apply(dcgan_normal)


class CycleTranslator(Translator):
    """Two networks, one for each direction, which learn together."""

    Config = CycleTranslatorConfig

    def __init__(self, config: CycleTranslatorConfig) -> None:
        super().__init__(config)
        first, second = config.kinds
        shapes = config.image_shape, config.image_shape
        self.there, self.back_again = f"{first} to {second}", f"{second} to {first}"
        self.directions = {self.there: shapes, self.back_again: shapes}
        self.first_to_second, self.second_to_first = _resnet(config), _resnet(config)

    def forward(self, images: Tensor, direction: str) -> Tensor:
        network = self.first_to_second if direction == self.there else self.second_to_first
        translated: Tensor = network(images)
        return translated


class CycleDiscriminatorConfig(NetworkConfig):
    image_shape: HalvedShape
    width: Width = 64
    """Channels of the first maps; each that halves them has twice as many."""
    halvings: Annotated[int, Field(ge=1, le=3)] = 3
    """How often maps are halved: with three, a patch is 70×70 pixels, with two 34×34."""


class CycleDiscriminator(Network):
    """Two PatchGANs, one for each kind of pictures, which learn together (Isola et al. 2017; appendix 7.2)."""

    Config = CycleDiscriminatorConfig

    def __init__(self, config: CycleDiscriminatorConfig) -> None:
        super().__init__(config)
        self.first, self.second = _patch_judge(config), _patch_judge(config)

    def forward(self, images: Tensor, second: bool) -> Tensor:
        """One logit for each patch ``[N, P]`` of images that are said to be of the first or of the ``second`` kind."""
        logits: Tensor = (self.second if second else self.first)(images)
        return logits


def _patch_judge(config: CycleDiscriminatorConfig) -> nn.Module:
    layers: list[nn.Module] = [Conv2d(config.image_shape[0], config.width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    widths = [config.width * 2**level for level in range(config.halvings + 1)]
    for level, (inputs, outputs) in enumerate(pairwise(widths), 1):
        layers += [
            Conv2d(inputs, outputs, 4, stride=2 if level < config.halvings else 1, padding=1, bias=False),
            nn.InstanceNorm2d(outputs),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, Conv2d(widths[-1], 1, 4, padding=1), nn.Flatten()).apply(dcgan_normal)


def outlines(images: Tensor) -> Tensor:
    """White lines on black around whatever stands out from a black ground, as somebody might draw them.

    The inner morphological gradient (Rivest et al. 1993) of where ``[N, C, H, W]`` in [-1, 1] is not ``DARK``: all of
    it that has ground within one pixel, diagonally too; beyond the edge is ground.
    """
    inside = (images.amax(1, keepdim=True) > 2 * DARK - 1).to(images.dtype)
    near_ground = F.max_pool2d(F.pad(1 - inside, (1, 1, 1, 1), value=1.0), 3, stride=1)
    return (2 * inside * near_ground - 1).expand_as(images)


class CycleGame(Game):
    """A translator and two discriminators over pictures of two kinds (Zhu et al. 2017, eq. 3).

    The translator minimises, in both directions, what the discriminators make of its pictures, how far a picture is
    from itself after the way there and back (the mean absolute difference, eq. 2), and how far it is from itself where
    it is of the wanted kind already (section 5.2). Where the pictures are ``outlined``, the first kind is made of what
    is dealt: its outlines alone. The discriminators are shown translations through a pool of ``pool`` older ones each.
    """

    def __init__(
        self,
        translator: CycleTranslator,
        discriminator: CycleDiscriminator,
        *,
        outlined: bool,
        pool: int,
        cycle_weight: float,
        identity_weight: float,
    ) -> None:
        super().__init__()
        self.translator, self.discriminator, self.outlined = translator, discriminator, outlined
        self.cycle_weight, self.identity_weight, self.loss = cycle_weight, identity_weight, LeastSquares()
        self.players = {"discriminator": discriminator, "generator": translator}
        self.inputs = dict.fromkeys(self.players, ("real_a", "real_b"))
        shape = translator.directions[translator.there][0]
        self.pools = [ImagePool(pool, shape) for _ in range(2)]
        self.memory = nn.ModuleList(self.pools)

    def examples(self, batch: Batch) -> Mapping[str, Tensor]:
        first, second = self._pictures(batch)
        return {self.translator.there: first, self.translator.back_again: second}

    def turn(self, turn: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        first, second = self._pictures(batch)
        if turn == "generator":
            return self._generator_turn(first, second)
        with torch.no_grad():
            fakes = self._translated(second, there=False), self._translated(first, there=True)
        logits = [
            (self._judged(real, second=kind), self._judged(pool(fake), second=kind))
            for kind, real, fake, pool in zip((False, True), (first, second), fakes, self.pools, strict=True)
        ]
        loss = sum((self.loss.discriminator(real, fake) for real, fake in logits), first.new_zeros(()))
        real, fake = (torch.cat(kinds).detach() for kinds in zip(*logits, strict=True))
        return loss, judgement(real.flatten(), fake.flatten(), self.loss)

    def _generator_turn(self, first: Tensor, second: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        as_second, as_first = self._translated(first, there=True), self._translated(second, there=False)
        # Twice, for the paper's squares are not halved.
        loss = 2 * self.loss.generator(self._judged(as_second, second=True))
        loss = loss + 2 * self.loss.generator(self._judged(as_first, second=False))
        cycle = F.l1_loss(self._translated(as_second, there=False), first)
        cycle = cycle + F.l1_loss(self._translated(as_first, there=True), second)
        loss, reports = loss + self.cycle_weight * cycle, {"cycle": cycle.detach()}
        if self.identity_weight:
            identity = F.l1_loss(self._translated(second, there=True), second)
            identity = identity + F.l1_loss(self._translated(first, there=False), first)
            loss, reports = loss + self.identity_weight * identity, reports | {"identity": identity.detach()}
        return loss, reports

    def _pictures(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Those of the first kind, and of the second."""
        first = batch["real_a"]
        return outlines(first) if self.outlined else first, batch["real_b"]

    def _translated(self, images: Tensor, *, there: bool) -> Tensor:
        direction = self.translator.there if there else self.translator.back_again
        translated: Tensor = self.translator(images, direction)
        return translated.float()

    def _judged(self, images: Tensor, *, second: bool) -> Tensor:
        logits: Tensor = self.discriminator(images, second)
        return logits.float()


class CycleGAN(Recipe):
    """Pictures of two kinds, there and back: unpaired:PATH has both, of other sets one half is turned into outlines.

    The paper's pictures are 256×256, and its patches 70×70: at under 64×64 patches of 34×34 have to do.
    """

    name: ClassVar[str] = "cyclegan"
    title: ClassVar[str] = "CycleGAN"
    paper: ClassVar[str] = (
        "Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks (2017), "
        "https://arxiv.org/abs/1703.10593"
    )
    precise: ClassVar[bool] = True  # gradients pass through two deep networks in a row, with a norm at every layer

    data: DataConfig = DataConfig(dataset="fashion-mnist")
    """The pictures to learn from, of two kinds."""
    width: Width = 64
    """Channels of the widest pictures' maps, all networks."""
    blocks: PositiveInt = 6
    """Residual blocks of each of the two networks that translate."""
    cycle_weight: NonNegativeFloat = 10.0
    """Weight of coming back to where one was (λ)."""
    identity_weight: NonNegativeFloat = 5.0
    """Weight of leaving alone what is of the wanted kind already."""
    pool: NonNegativeInt = 50
    """Translations of each kind that are kept to be shown to the discriminators again."""
    lr: PositiveFloat = 2e-4
    """Adam's learning rate, all networks; it falls to nothing along the second half of the run."""
    beta1: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.5
    """Adam's decay of the mean gradient, all networks."""
    batch_size: PositiveInt = 1
    """Images of each kind in one batch, over all processes together."""
    steps: PositiveInt | None = 200_000
    """Generator steps to train for; takes precedence over epochs."""

    def game(self) -> Game:
        shape, apart = self.data.image_shape, bool(self.data.parts)
        kinds = ("A", "B") if apart else ("outlines", "pictures")
        return CycleGame(
            CycleTranslator(
                CycleTranslatorConfig(image_shape=shape, kinds=kinds, width=self.width, blocks=self.blocks)
            ),
            CycleDiscriminator(
                CycleDiscriminatorConfig(image_shape=shape, width=self.width, halvings=3 if min(shape[1:]) >= 64 else 2)
            ),
            outlined=not apart,
            pool=self.pool,
            cycle_weight=self.cycle_weight,
            identity_weight=self.identity_weight,
        )

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, self.beta1))

    def schedule(self) -> Schedule | None:
        return lambda done: min(1.0, 2 * (1 - done))
