"""What the page and its endpoints answer with, before it is made into files: checked, drawn and timed."""

from collections.abc import Hashable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from math import isqrt
from time import perf_counter
from weakref import WeakSet

import torch
from torch import Tensor

from ganzoo import inference
from ganzoo.checkpoints import CheckpointError
from ganzoo.data import to_float, to_uint8
from ganzoo.generator import Generator
from ganzoo.inference import Batcher
from ganzoo.inference.interpolation import METHODS, Method, between
from ganzoo.inference.mixing import Part, mixture
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.inference.touring import Space
from ganzoo.latents import Inputs
from ganzoo.nn.resizing import bicubic, enlarges, shrunk
from ganzoo.ui import validation, zerogpu
from ganzoo.ui.found import called
from ganzoo.ui.models import Model, Models
from ganzoo.ui.recent import Recent
from ganzoo.ui.validation import RequestError, shown

REMEMBERED = 64_000_000
"""Bytes of pixels: about 1,200 grids of 64 images of 28×28."""
JUDGEMENTS = 256_000
"""Bytes of what discriminators said, which of the real pictures beside drawn ones is the same for every visitor."""


@dataclass(frozen=True)
class Cost:
    """What drawing took, for people."""

    seconds: float
    """Of all pictures, without loading the model or waiting for others."""
    device: str
    """What drew them."""
    remark: str | None = None
    """Why it drew them, where another was asked first."""
    ahead: int = 0
    """How many others had asked before."""
    waited: float = 0.0
    """Seconds in which these were drawn."""


@dataclass(frozen=True)
class Samples:
    """One image for each seed."""

    model: Model
    seeds: Sequence[int | None]
    """In a row; None of one image whose latent was told by its numbers."""
    asked: int
    """How many were asked for."""
    truncation: float
    classes: tuple[int, ...] | None
    """What each was asked to be of; None where the model knows no classes, or they are between two."""
    noise: bool
    """Whether there is noise in them, as far as the model knows any."""
    pixels: Pixels
    cost: Cost
    again: bool = False
    """Whether they had been drawn before, and ``cost`` is what it took then."""

    @property
    def pictures(self) -> Tensor:
        """The pixels as pictures are judged, uint8 ``[N, C, H, W]``."""
        return torch.from_numpy(self.pixels).permute(0, 3, 1, 2)

    @property
    def names(self) -> list[str]:
        """What each is called."""
        seeds = list(map(called, self.seeds))
        if self.classes is None:
            return seeds
        return [f"{seed}, {self.model.classes[y]}" for seed, y in zip(seeds, self.classes, strict=True)]

    @property
    def one_class(self) -> int | None:
        """The class that all are of."""
        return self.classes[0] if self.classes and len(set(self.classes)) == 1 else None


@dataclass(frozen=True)
class Walk:
    """Images on the way between those of two seeds."""

    model: Model
    seeds: tuple[int | None, int | None]
    """Of the ends; None of one that was told by its latent."""
    ends: Tensor
    """Their latents, ``[2, z_dim]``."""
    classes: tuple[int, int] | None
    """Of the ends; None where the model knows none."""
    asked: int
    method: Method
    pixels: Pixels
    cost: Cost
    again: bool = False


@dataclass(frozen=True)
class Mixture:
    """Each of some seeds with a part of the styles of each of some others.

    They lie in rows: first the model's mean and the others' own images, then for each seed its own and the mixed ones.
    """

    model: Model
    rows: range
    columns: range
    asked: int
    """How many pictures were asked for."""
    part: Part
    truncation: float
    pixels: Pixels
    cost: Cost
    again: bool = False


@dataclass(frozen=True)
class Judgement:
    """What a model's own discriminator says of pictures, one number each; high means real."""

    values: Tensor
    """float32 ``[N]``, probabilities or scores."""
    probable: bool
    """Whether each is a probability, the logit's sigmoid, that the picture is real; if not, a critic's bare score."""


@dataclass(frozen=True)
class Translation:
    """One picture, translated, and what stands beside it: pixels ``[H, W, C]``."""

    model: Model
    direction: str
    shown: Pixels
    """What the model was shown."""
    pixels: Pixels
    back: Pixels | None
    """The translation translated back, where there is a way."""
    bicubic: Pixels | None
    """What enlarging without any learning gives, where the model enlarges."""
    cost: Cost


@dataclass(frozen=True)
class Tour:
    """The frames of a way through the pictures of several seeds, and back to the first."""

    model: Model
    seeds: range
    space: Space
    frames_per_second: int
    pixels: Pixels


class Studio:
    """Draws with ``models`` for all visitors, together where they ask at once, and remembers what it drew last.

    Its methods raise ``RequestError`` for what cannot be asked, ``CheckpointError`` for a model that proves broken, and
    ``BusyError``. Where the pictures are so large that one answer does not hold all of them, ``fewer`` has it hold the
    first of them, a walk of fewer steps, or fewer seeds mixed.
    """

    def __init__(self, models: Models) -> None:
        self.models = models
        self._batcher = Batcher()
        self._warm: WeakSet[Generator] = WeakSet()
        self._samples: Recent[Hashable, Samples] = Recent(REMEMBERED // 2, _bytes)
        self._walks: Recent[Hashable, Walk] = Recent(REMEMBERED // 4, _bytes)
        self._mixtures: Recent[Hashable, Mixture] = Recent(REMEMBERED // 4, _bytes)
        self._judgements: Recent[Hashable, Judgement] = Recent(JUDGEMENTS, lambda judgement: judgement.values.nbytes)
        zerogpu.place(models.able("sample"))

    def samples(
        self,
        model: object,
        seed: object,
        count: object,
        truncation: object,
        class_a: object = None,
        class_b: object = None,
        mix: object = 0.0,
        *,
        noise: object = True,
        fewer: bool = False,
    ) -> Samples:
        """One image for each of ``count`` seeds from ``seed``; without ``noise``, as their styles alone have them.

        Of a class-conditional model each is of its seed's own class, or all are of ``class_a``; and as far from there
        to ``class_b``, where that is given, as ``mix`` says.
        """
        chosen = self.models.asked(model, "sample")
        asked = validation.seed_range(seed, count)
        seeds = asked[: validation.fitting(len(asked), [chosen.image_shape], fewer=fewer)]
        strength = validation.truncation(truncation)
        a, b = (validation.class_of(one, chosen.num_classes) for one in (class_a, class_b))
        share = 0.0 if b is None else validation.mix(mix)
        noisy = bool(noise) or not chosen.checkpoint.noise_dim
        key = chosen.stamp, seeds, strength, a, b, share, noisy
        if before := self._samples.get(key):
            return replace(before, model=chosen, asked=len(asked), again=True)
        generator = self.generator(chosen)
        z, y, grain = inference.inputs(seeds, generator.z_dim, generator.num_classes, generator.noise_dim, a)
        ws = inference.styles(generator, z, y, strength)
        if y is not None and b is not None:
            ws = ws.lerp(inference.styles(generator, z, torch.full_like(y, b), strength), share)
        classes = None if y is None or share else tuple(y.tolist())
        painted = self.draw(chosen, generator, ws, grain if noisy else torch.zeros_like(grain))
        drawn = Samples(chosen, seeds, len(asked), strength, classes, noisy, *painted)
        self._samples.put(key, drawn)
        return drawn

    def sample(self, model: object, latent: object, truncation: object = 1.0, of: object = None) -> Samples:
        """The image of one latent, which is told as ``inputs`` takes it; of the class ``of``, or of the seed's own."""
        if not isinstance(latent, list):
            return self.samples(model, latent, 1, truncation, of)
        chosen = self.models.asked(model, "sample")
        validation.fitting(1, [chosen.image_shape], fewer=False)
        strength, generator = validation.truncation(truncation), self.generator(chosen)
        z, y, noise = self.inputs(generator, latent, of)
        painted = self.draw(chosen, generator, inference.styles(generator, z, y, strength), noise)
        classes = None if y is None else tuple(y.tolist())
        return Samples(chosen, (None,), 1, strength, classes, not chosen.checkpoint.noise_dim, *painted)

    def walk(
        self,
        model: object,
        latent_a: object,
        latent_b: object,
        steps: object,
        method: object,
        class_a: object = None,
        class_b: object = None,
        *,
        fewer: bool = False,
    ) -> Walk:
        """Images of ``steps`` latents from that of one seed, or from one told by its numbers, to another.

        A class-conditional model goes from one class to the other too: from and to the seeds' own where none is given.
        """
        chosen = self.models.asked(model, "interpolate")
        asked = validation.whole_number(steps, "The number of steps", 2, validation.MAX_STEPS)
        number = validation.fitting(asked, [chosen.image_shape], fewer=fewer)
        way = validation.method(method)
        generator = self.generator(chosen)
        a, b = self.inputs(generator, latent_a, class_a), self.inputs(generator, latent_b, class_b)
        y = None if a.y is None or b.y is None else torch.cat([a.y, b.y])
        ends = Inputs(torch.cat([a.z, b.z]), y, torch.cat([a.noise, b.noise]))
        seed_a, seed_b = (
            None if isinstance(one, list) else validation.seed_range(one, 1).start for one in (latent_a, latent_b)
        )
        classes = None if y is None else (int(y[0]), int(y[1]))
        key = chosen.stamp, seed_a, seed_b, ends.z.numpy().tobytes(), classes, number, way
        if before := self._walks.get(key):
            return replace(before, model=chosen, asked=asked, again=True)
        styled = between(generator, ends, number, way)
        drawn = Walk(chosen, (seed_a, seed_b), ends.z, classes, asked, way, *self.draw(chosen, generator, *styled))
        self._walks.put(key, drawn)
        return drawn

    def mixture(
        self,
        model: object,
        row_seed: object,
        column_seed: object,
        count: object,
        part: object,
        truncation: object,
        *,
        fewer: bool = False,
    ) -> Mixture:
        """``count`` seeds from ``row_seed``, each with a part of the styles of as many from ``column_seed``."""
        chosen = self.models.asked(model, "sample")
        if chosen.checkpoint.num_ws == 1:
            raise RequestError(f"{shown(chosen.id)} has one style for the whole picture, so there is nothing to mix.")
        asked = (validation.mixing_side(count) + 1) ** 2
        validation.fitting(4, [chosen.image_shape], fewer=False)  # one seed, another, the mean and the mixed one
        side = isqrt(validation.fitting(asked, [chosen.image_shape], fewer=fewer)) - 1
        rows, columns = (validation.seed_range(seed, side) for seed in (row_seed, column_seed))
        third, strength = validation.part(part), validation.truncation(truncation)
        key = chosen.stamp, rows, columns, third, strength
        if before := self._mixtures.get(key):
            return replace(before, model=chosen, asked=asked, again=True)
        generator = self.generator(chosen)
        styled = mixture(generator, rows, columns, third, strength)
        drawn = Mixture(chosen, rows, columns, asked, third, strength, *self.draw(chosen, generator, *styled))
        self._mixtures.put(key, drawn)
        return drawn

    def tour(
        self, model: object, seed: object, stops: object, seconds: object, frames_per_second: object, space: object
    ) -> Tour:
        """A round through ``stops`` seeds from ``seed``, of so many seconds."""
        chosen = self.models.asked(model, "interpolate")
        number = validation.whole_number(stops, "The number of pictures on the way", 2, validation.MAX_STOPS)
        seeds = validation.seed_range(seed, number)
        length = validation.whole_number(seconds, "The length in seconds", 1, validation.MAX_SECONDS)
        most = validation.MAX_FRAMES_PER_SECOND
        rate = validation.whole_number(frames_per_second, "The number of frames a second", 1, most)
        frames = validation.fitting(length * rate, [chosen.image_shape], fewer=False)
        way = validation.space(space)
        generator = self.generator(chosen)
        pixels, _ = self.draw(chosen, generator, *inference.tour(generator, seeds, frames, way))
        return Tour(chosen, seeds, way, rate, pixels)

    def comparison(
        self, ids: object, seed: object, count: object, truncation: object = 1.0, *, fewer: bool = False
    ) -> list[Samples]:
        """The same seeds by each of several models.

        All take the room of the largest, as which they are shown side by side.
        """
        chosen = [self.models.asked(name, "sample") for name in validation.names(ids)]
        asked = validation.seed_range(seed, count)
        strength = validation.truncation(truncation)
        height, width = common_size(chosen)
        shapes = [(model.image_shape[0], height, width) for model in chosen]
        number = validation.fitting(len(asked), shapes, fewer=fewer)
        drawn = [self.samples(model.id, asked.start, number, strength) for model in chosen]
        return [replace(samples, asked=len(asked)) for samples in drawn]

    def translation(self, model: object, direction: object, picture: object) -> Translation:
        """A picture, sent as text, in one of the model's directions.

        Raises ``CheckpointError`` also for a translator that answers with what is no picture.
        """
        chosen = self.models.asked(model, "translate")
        way = validation.direction(direction, chosen.directions)
        taken, given = chosen.directions[way]
        drawn = to_float(validation.pixels_for(validation.picture(picture), taken, given))[None]
        shown = to_float(to_uint8(shrunk(drawn, taken[1:])))
        translator = self.models.translator(chosen)
        with self.alone():
            start = perf_counter()
            images = inference.translate(translator, shown, way)
            seconds = perf_counter() - start
            back = translator.back(way)
            returned = inference.translate(translator, images, back) if back else None
        if not images.isfinite().all():
            raise CheckpointError(f"The translator of {chosen.id} answers with numbers that are not finite.")
        enlarged = bicubic(shown, given[1:]) if enlarges(taken, given) else None
        return Translation(
            chosen,
            way,
            shown=to_pixels(shown)[0],
            pixels=to_pixels(images)[0],
            back=None if returned is None else to_pixels(returned)[0],
            bicubic=None if enlarged is None else to_pixels(enlarged)[0],
            cost=Cost(seconds, self.device),
        )

    def judgement(self, model: Model, pictures: Tensor, classes: Iterable[int] | None) -> Judgement | None:
        """What the model's discriminator says of ``pictures``, uint8 ``[N, C, H, W]``; None where it has none.

        One that is told classes is told these, one for each. Raises ``CheckpointError`` also for one that answers with
        what is no number.
        """
        discriminator = self.models.discriminator(model)
        if discriminator is None:
            return None
        told = None if classes is None else tuple(classes)
        key = model.stamp, sha256(pictures.numpy().tobytes()).digest(), told
        if before := self._judgements.get(key):
            return before
        with self.alone():
            logits = inference.judge(discriminator, to_float(pictures), told)
        judgement = _judgement(model, logits)
        self._judgements.put(key, judgement)
        return judgement

    def explanation(
        self, model: Model, pictures: Tensor, classes: Iterable[int] | None
    ) -> tuple[Judgement, Tensor] | None:
        """As ``judgement``, and how much each pixel of the pictures matters to it, float32 ``[N, H, W]``."""
        discriminator = self.models.discriminator(model)
        if discriminator is None:
            return None
        with self.alone():
            logits, saliency = inference.explain(discriminator, to_float(pictures), classes)
        if not saliency.isfinite().all():
            raise CheckpointError(f"The discriminator of {model.id} has slopes that are not finite.")
        return _judgement(model, logits), saliency

    def inputs(self, generator: Generator, latent: object, of: object = None) -> Inputs:
        """What the generator draws from for one latent, which is told by a seed, or by its numbers: then without noise.

        Of the class ``of``; where that is None, of the seed's own.
        """
        y = validation.class_of(of, generator.num_classes)
        if not isinstance(latent, list):
            seeds = validation.seed_range(latent, 1)
            return inference.inputs(seeds, generator.z_dim, generator.num_classes, generator.noise_dim, y)
        z = validation.latent(latent, generator.z_dim)[None]
        classes = torch.tensor([y or 0]) if generator.num_classes else None
        return Inputs(z, classes, torch.zeros(1, generator.noise_dim))

    def draw(self, model: Model, generator: Generator, ws: Tensor, noise: Tensor) -> tuple[Pixels, Cost]:
        """The pictures of these styles, and what they took."""
        remark = None
        try:
            if lent := zerogpu.draw(model.stamp, generator, ws, noise):
                return to_pixels(lent[0]), Cost(lent[1], "ZeroGPU")
        except zerogpu.NotLentError as refusal:
            remark = str(refusal)
        images, seconds, ahead, waited = self._batcher.draw(generator, ws, noise)
        return to_pixels(images), Cost(seconds, self.device, remark, ahead, waited)

    @property
    def device(self) -> str:
        """What draws here, for people."""
        return self.models.device.type.upper()

    def alone(self) -> AbstractContextManager[None]:
        """Keeps every pass waiting while something else is computed: for what is short."""
        return self._batcher.alone()

    def generator(self, model: Model) -> Generator:
        """Its generator, which has drawn already: a first pass finds nothing ready, and would be timed with that."""
        generator = self.models.generator(model)
        if generator not in self._warm:
            z, y, _ = inference.inputs((0,), generator.z_dim, generator.num_classes)
            self._batcher.draw(generator, inference.styles(generator, z, y))
            self._warm.add(generator)
        return generator


def common_size(models: Iterable[Model]) -> tuple[int, int]:
    """The height and the width that hold a picture of each model."""
    heights, widths = zip(*(model.image_shape[1:] for model in models), strict=True)
    return max(heights), max(widths)


def norms(ends: Tensor, steps: int) -> dict[Method, list[float]]:
    """‖z‖ along both ways between two latents, ``[2, z_dim]``."""
    a, b = ends
    return {name: torch.linalg.vector_norm(way(a, b, steps), dim=1).tolist() for name, way in METHODS.items()}


def _judgement(model: Model, logits: Tensor) -> Judgement:
    """What logits of the model's discriminator say. Raises ``CheckpointError`` where they are not finite."""
    probable = model.judges_in_log_odds
    values = logits.sigmoid() if probable else logits
    if not values.isfinite().all():
        raise CheckpointError(f"The discriminator of {model.id} answers with numbers that are not finite.")
    return Judgement(values, probable)


def _bytes(drawn: Samples | Walk | Mixture) -> int:
    return drawn.pixels.nbytes
