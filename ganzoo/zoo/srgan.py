"""SRGAN: pictures enlarged four times, with details that a discriminator takes for real ones."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import torch
from pydantic import AfterValidator, Field, NonNegativeFloat, PositiveFloat, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from ganzoo.data import DataConfig
from ganzoo.data.config import PUBLISHED
from ganzoo.game import Batch, Game, judgement
from ganzoo.generator import Discriminator, ImageShape, NetworkConfig, Translator, Width
from ganzoo.losses import AdversarialLoss, NonSaturating
from ganzoo.nn.classifier import Classifier
from ganzoo.nn.classifiers import ClassifierError, classifier_file, read_classifier
from ganzoo.nn.convolution import Conv2d
from ganzoo.nn.resizing import fitted, shrunk
from ganzoo.recipe import BatchSize, OptimizerFactory, Recipe, Schedule, adam

SCALE = 4
ENLARGE = "enlarge"
Blocks = Annotated[int, Field(ge=1, le=64)]
LARGEST = 256
"""Pixels of a side: there is memory for wide maps of so many."""


def _can_be_shrunk(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    _, height, width = shape
    if max(height, width) > LARGEST:
        raise ValueError(f"pictures of {height}×{width} are too large: sides of {LARGEST} are the most")
    if height % SCALE or width % SCALE:
        raise ValueError(f"pictures of {height}×{width} are not {SCALE} times as large as any: take a multiple")
    return shape


EnlargedShape = Annotated[ImageShape, AfterValidator(_can_be_shrunk)]


class SRTranslatorConfig(NetworkConfig):
    image_shape: EnlargedShape
    """Of what it gives: four times as high and as wide as what it takes."""
    width: Width = 64
    """Channels of every map, but four times as many where pixels are made of them."""
    blocks: Blocks = 16


class SRBlock(nn.Module):
    """Two 3×3 convolutions with batch norm, and a way around them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.PReLU(),
            Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, maps: Tensor) -> Tensor:
        deeper: Tensor = maps + self.layers(maps)
        return deeper


class SRTranslator(Translator):
    """SRResNet: residual blocks on the small map, which sub-pixel convolutions enlarge (Ledig et al. 2017, figure 4).

    A tanh, which the paper does not have, keeps images in [-1, 1].
    """

    Config = SRTranslatorConfig

    def __init__(self, config: SRTranslatorConfig) -> None:
        super().__init__(config)
        channels, height, width = config.image_shape
        self.directions = {ENLARGE: ((channels, height // SCALE, width // SCALE), config.image_shape)}
        maps = config.width
        self.first = nn.Sequential(Conv2d(channels, maps, 9, padding=4), nn.PReLU())
        self.blocks = nn.Sequential(
            *(SRBlock(maps) for _ in range(config.blocks)),
            Conv2d(maps, maps, 3, padding=1, bias=False),
            nn.BatchNorm2d(maps),
        )
        self.enlarging = nn.Sequential(
            *(
                layer
                for _ in range(2)
                for layer in (Conv2d(maps, 4 * maps, 3, padding=1), nn.PixelShuffle(2), nn.PReLU())
            )
        )
        self.last = nn.Sequential(Conv2d(maps, channels, 9, padding=4), nn.Tanh())

    def forward(self, images: Tensor, direction: str) -> Tensor:
        maps = self.first(images)
        enlarged: Tensor = self.last(self.enlarging(maps + self.blocks(maps)))
        return enlarged


class SRDiscriminatorConfig(NetworkConfig):
    image_shape: ImageShape
    width: Width = 64
    """Channels of the first maps; those of the last have eight times as many."""


class SRDiscriminator(Discriminator):
    """Eight convolutions, every other of which halves the map, then two dense layers (Ledig et al. 2017, figure 4)."""

    Config = SRDiscriminatorConfig

    def __init__(self, config: SRDiscriminatorConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape
        channels, height, width = config.image_shape
        layers: list[nn.Module] = [Conv2d(channels, config.width, 3, padding=1), nn.LeakyReLU(0.2)]
        maps = config.width
        for outputs, stride in ((1, 2), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (8, 2)):
            layers += [
                Conv2d(maps, outputs * config.width, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(outputs * config.width),
                nn.LeakyReLU(0.2),
            ]
            maps = outputs * config.width
            height, width = -(-height // stride), -(-width // stride)
        self.layers = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Linear(maps * height * width, 16 * config.width),
            nn.LeakyReLU(0.2),
            nn.Linear(16 * config.width, 1),
        )

    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        logits: Tensor = self.layers(images)
        return logits.squeeze(1)


class ContentLoss(nn.Module):
    """How far images are from others in what a classifier sees where: the mean square between its last maps (eq. 5)."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, images: Tensor, others: Tensor) -> Tensor:
        ours, theirs = (
            self.classifier.maps(fitted(it, self.classifier.image_shape)).float() for it in (images, others)
        )
        return F.mse_loss(ours, theirs)


class EnlargingGame(Game):
    """A translator is shown real images made small, and is to give back what they were (Ledig et al. 2017, eq. 3).

    It minimises the sum of three losses: how far it is from the real images in pixels (eq. 4) and in ``content``
    (eq. 5), each a mean square, and what the discriminator makes of it (eq. 6).
    """

    def __init__(
        self,
        translator: Translator,
        discriminator: Discriminator,
        loss: AdversarialLoss,
        *,
        content: ContentLoss | None,
        pixel_weight: float,
        content_weight: float,
        adversarial_weight: float,
    ) -> None:
        super().__init__()
        self.translator, self.discriminator, self.loss, self.content = translator, discriminator, loss, content
        self.weights = {"pixels": pixel_weight, "content": content_weight, "adversarial": adversarial_weight}
        self.players = {"discriminator": discriminator, "generator": translator}
        self.inputs = {"discriminator": ("real",), "generator": ("real",)}

    def settle(self, device: torch.device) -> None:
        super().settle(device)
        if self.content is not None:
            self.content.to(device)

    def examples(self, batch: Batch) -> Mapping[str, Tensor]:
        (taken, _) = self.translator.directions[ENLARGE]
        return {ENLARGE: shrunk(batch["real"], taken[1:])}

    def turn(self, turn: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        real, small = batch["real"], self.examples(batch)[ENLARGE]
        if turn == "generator":
            enlarged = self.translator(small, ENLARGE).float()
            losses = {"pixels": F.mse_loss(enlarged, real)}
            if self.content is not None:
                losses["content"] = self.content(enlarged, real)
            reports = {name: value.detach() for name, value in losses.items()}
            losses["adversarial"] = self.loss.generator(self.discriminator(enlarged).float())
            return sum((self.weights[name] * value for name, value in losses.items()), real.new_zeros(())), reports
        with torch.no_grad():
            enlarged = self.translator(small, ENLARGE).float()
        # Each kind by itself, for its batch norm has statistics of its own.
        real_logits, fake_logits = (self.discriminator(images).float() for images in (real, enlarged))
        loss = self.loss.discriminator(real_logits, fake_logits)
        return loss, judgement(real_logits.detach(), fake_logits.detach(), self.loss)


class SRGAN(Recipe):
    """A residual network enlarges pictures four times; a classifier of their set says what is worth keeping of them."""

    name: ClassVar[str] = "srgan"
    title: ClassVar[str] = "SRGAN"
    paper: ClassVar[str] = (
        "Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network (2017), "
        "https://arxiv.org/abs/1609.04802"
    )

    data: DataConfig = DataConfig(dataset="fashion-mnist")
    """The pictures to learn from, four times as large as what it will take."""
    width: Width = 64
    """Channels of the narrowest map, both networks."""
    blocks: PositiveInt = 16
    """Residual blocks of the translator."""
    pixel_weight: NonNegativeFloat = 1.0
    """Weight of the mean square between pixels."""
    content_weight: NonNegativeFloat = 1.0
    """Weight of the mean square between what the set's classifier sees; 0 for a set that has none."""
    adversarial_weight: NonNegativeFloat = 1e-3
    """Weight of the adversarial loss."""
    lr: PositiveFloat = 1e-4
    """Adam's learning rate, both players; a tenth of it in the second half of the run."""
    batch_size: BatchSize = 16
    """Images in one batch, over all processes together."""
    steps: PositiveInt | None = 200_000
    """Generator steps to train for; takes precedence over epochs."""

    def game(self) -> Game:
        shape = self.data.image_shape
        translator = SRTranslator(SRTranslatorConfig(image_shape=shape, width=self.width, blocks=self.blocks))
        content = None
        if self.content_weight and not next(translator.parameters()).is_meta:  # where nothing is computed
            if self.data.dataset not in PUBLISHED:
                raise ClassifierError("There is no classifier to look at these pictures: choose --content-weight 0.")
            content = ContentLoss(read_classifier(classifier_file(self.data.dataset))[0])
        return EnlargingGame(
            translator,
            SRDiscriminator(SRDiscriminatorConfig(image_shape=shape, width=self.width)),
            NonSaturating(),
            content=content,
            pixel_weight=self.pixel_weight,
            content_weight=self.content_weight,
            adversarial_weight=self.adversarial_weight,
        )

    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), adam(self.lr, beta1=0.9))

    def schedule(self) -> Schedule | None:
        return lambda done: 1.0 if done < 0.5 else 0.1
