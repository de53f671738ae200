"""Measuring a generator: what it draws, beside real pictures, by what an extractor sees in both."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal, Protocol, Self

import torch
from pydantic import JsonValue
from torch import Tensor

from ganzoo.checkpoints import Checkpoint
from ganzoo.checkpoints.scores import Score
from ganzoo.checkpoints.writing import weights_hash
from ganzoo.data import DataConfig, ImageSet, load_images, to_uint8
from ganzoo.data.rasters import reshaped
from ganzoo.device import describe_device
from ganzoo.generator import Generator
from ganzoo.inference import sample
from ganzoo.metrics.collapse import has_collapsed
from ganzoo.metrics.density import density_and_coverage
from ganzoo.metrics.duplicates import duplicate_rate
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.features import MetricError, Seen, sides
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.histogram import class_counts, class_histogram
from ganzoo.metrics.kernel import kernel_distance
from ganzoo.metrics.memorisation import measure_memorisation
from ganzoo.metrics.precision import precision_and_recall
from ganzoo.metrics.score import classifier_score, confident_share
from ganzoo.version import __version__

BATCH_SIZE = 250
Split = Literal["train", "test"]
Watch = Callable[[Iterable[Tensor], int, str], Iterable[Tensor]]
"""Shows somebody how far so many pictures, which come in batches, have got, and what they are."""


class Extractor(Protocol):
    """Whatever looks at pictures."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def hash(self) -> str:
        """The sha256 of its weights' file, in hexadecimal."""

    @property
    def image_shape(self) -> tuple[int, int, int] | None:
        """Channels, height and width of what it looks at; None where it takes any and scales them itself."""

    def look(self, batches: Iterable[Tensor]) -> Seen:
        """What it sees in uint8 pictures ``[B, C, H, W]``; raises ``MetricError``."""


@dataclass(frozen=True)
class Metric:
    """What is to be known of a metric to read its values."""

    better: Literal["lower", "higher"] | None
    version: int = 1
    """Another number whenever the same pictures come to another value."""
    beside: Literal["training", "all_training"] | None = None
    """Of a metric that is taken once: the real pictures that samples are held against, None where they are not."""


@dataclass(frozen=True)
class Value:
    """What came of a metric."""

    value: float
    standard_error: float | None = None
    counts: tuple[int, ...] | None = None
    """Samples of each class, where they were counted."""


def unwatched(batches: Iterable[Tensor], count: int, what: str) -> Iterable[Tensor]:
    """Show nobody anything."""
    return batches


class Yardstick(ABC):
    """The real pictures of a data set, as an extractor sees them, and what is measured by that.

    As many of each split stand against the samples as there are samples, ``count``, or all if there are fewer: the
    training images by a fixed choice, test images from the first on. Each is looked at when it is first needed.
    """

    metrics: ClassVar[Mapping[str, Metric]]
    splits: ClassVar[Sequence[Split]] = ("test", "train")
    """Those that samples are compared with."""

    def __init__(
        self,
        extractor: Extractor,
        training: ImageSet,
        test: ImageSet,
        *,
        count: int = 10_000,
        watch: Watch = unwatched,
    ) -> None:
        self.extractor, self.training_set, self.test_set = extractor, training, test
        self.count, self._watch = count, watch

    @classmethod
    def of(cls, dataset: str, extractor: Extractor, root: Path, *, count: int, watch: Watch = unwatched) -> Self:
        """Of a published data set, which lies under the root or goes there. Raises ``DataError``."""
        data = DataConfig(dataset=dataset)
        training, test = (load_images(data, root, split=split) for split in ("train", "test"))
        return cls(extractor, training, test, count=count, watch=watch)

    @abstractmethod
    def compare(self, samples: Seen, real: Seen) -> dict[str, Value]:
        """What is measured against the training split, and against the test split; raises ``MetricError``."""

    @abstractmethod
    def examine(self, samples: Seen) -> dict[str, Value]:
        """What is measured once; raises ``MetricError``."""

    def resize(self, drawn_shape: tuple[int, int, int]) -> str:
        """How pictures that are drawn in a shape are brought to the extractor's, in words."""
        wanted = self.extractor.image_shape or drawn_shape
        return "none" if drawn_shape == wanted else f"{sides(drawn_shape)} to {sides(wanted)}, bilinear"

    def measure(self, generator: Generator) -> list[Score]:
        """All scores of what a generator draws of seeds 0 to ``count`` − 1, all of it. Raises ``MetricError``."""
        pictures = drawn(generator, self.count, self.extractor.image_shape)
        samples = self._look(pictures, self.count, "samples")
        found: dict[Split | None, dict[str, Value]] = {
            **{split: self.compare(samples, self._of(split)) for split in self.splits},
            None: self.examine(samples),
        }
        return [
            self._score(metric, value, split, generator.image_shape)
            for split, values in found.items()
            for metric, value in values.items()
        ]

    @cached_property
    def test(self) -> Seen:
        """What is seen in the test images."""
        return self._real(self.test_set, torch.arange(min(self.count, len(self.test_set))), "test images")

    @cached_property
    def training(self) -> Seen:
        """What is seen in the training images that were chosen."""
        return self._real(self.training_set, chosen(self.training_set, self.count), "training images")

    @cached_property
    def all_training(self) -> Seen:
        """What is seen in all training images."""
        return self._real(self.training_set, torch.arange(len(self.training_set)), "all training images")

    @cached_property
    def usual(self) -> Mapping[Split | None, Mapping[str, Value]]:
        """What comes of real pictures in the samples' place: of those of the other split, or else of test images."""
        others: Mapping[Split, Split] = {"test": "train", "train": "test"}
        return {
            **{split: self.compare(self._of(others[split]), self._of(split)) for split in self.splits},
            None: self.examine(self.test),
        }

    def _of(self, split: Split) -> Seen:
        return self.training if split == "train" else self.test

    def _real(self, images: ImageSet, indices: Tensor, what: str) -> Seen:
        batches = images.batches(iter(indices.split(BATCH_SIZE)), torch.device("cpu"))
        return self._look(batches, len(indices), what)

    def _look(self, batches: Iterable[Tensor], count: int, what: str) -> Seen:
        return self.extractor.look(self._watch(batches, count, what))

    def _score(self, name: str, value: Value, split: Split | None, drawn_shape: tuple[int, int, int]) -> Score:
        metric = self.metrics[name]
        beside = {"train": "training", "test": "test", None: metric.beside}[split]
        passport: dict[str, JsonValue] = {
            "metric_version": metric.version,
            "extractor": self.extractor.name,
            "extractor_sha256": self.extractor.hash,
            "real_set": self.training_set.name,
            "real_split": beside and (split or "train"),
            "real_count": beside and len(getattr(self, beside).features),
            "generated_count": self.count,
            "seeds": f"0 to {self.count - 1}",
            "truncation": 1.0,
            "resize": self.resize(drawn_shape),
            "quantisation": "8 bits",
            "number_type": "float32",
        }
        return Score(
            metric=name,
            value=value.value,
            better=metric.better,
            standard_error=value.standard_error,
            real=self.usual[split][name].value,
            counts=None if value.counts is None else list(value.counts),
            passport=passport,
        )


def chosen(images: ImageSet, count: int) -> Tensor:
    """Which ``count`` of the images stand for all, or all if there are fewer: a fixed choice, in their order."""
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    return order[:count].sort().values


def drawn(generator: Generator, count: int, image_shape: tuple[int, int, int] | None) -> Iterator[Tensor]:
    """Pictures of seeds 0 to ``count`` − 1, z ~ N(0, I), truncation 1, as people see them: uint8 ``[B, C, H, W]``.

    They are brought to ``image_shape``, if that is not None. Raises ``MetricError`` for values that are not finite,
    which 8 bits would hide.
    """
    for start in range(0, count, BATCH_SIZE):
        images = sample(generator, range(start, min(start + BATCH_SIZE, count)))
        if not images.isfinite().all():
            raise MetricError("The generator draws values that are not finite, so there is nothing to measure.")
        yield reshaped(to_uint8(images), image_shape or generator.image_shape)


class ClassifierYardstick(Yardstick):
    """By a classifier of the same data set."""

    metrics: ClassVar[Mapping[str, Metric]] = {
        "frechet-classifier-distance": Metric("lower"),
        "kernel-classifier-distance": Metric("lower"),
        "precision": Metric("higher"),
        "recall": Metric("higher"),
        "density": Metric(None),
        "coverage": Metric("higher"),
        "classifier-score": Metric("higher"),
        "confident-share": Metric("higher"),
        "missing-modes": Metric("lower", beside="training"),
        "class-divergence": Metric("lower", beside="training"),
        "duplicate-rate": Metric("lower", beside="training"),
        "collapsed": Metric("lower", beside="training"),
        "memorisation-ratio": Metric(None, beside="all_training"),
        "memorisation-share": Metric("lower", beside="all_training"),
    }

    def compare(self, samples: Seen, real: Seen) -> dict[str, Value]:
        manifolds = precision_and_recall(samples.points, real.points)
        neighbourhoods = density_and_coverage(samples.points, real.points)
        return {
            "frechet-classifier-distance": Value(frechet_distance(samples.features, real.features)),
            "kernel-classifier-distance": estimated(kernel_distance(samples.features, real.features)),
            "precision": Value(manifolds.precision),
            "recall": Value(manifolds.recall),
            "density": Value(neighbourhoods.density),
            "coverage": Value(neighbourhoods.coverage),
        }

    def examine(self, samples: Seen) -> dict[str, Value]:
        histogram = class_histogram(samples.probabilities, class_counts(self.training.probabilities))
        confident = confident_share(samples.probabilities)
        duplicates = duplicate_rate(samples.points, self.training.points.first(len(samples.points)))
        copied = measure_memorisation(samples.points, self.all_training.points, self.test.points)
        return {
            "classifier-score": estimated(classifier_score(samples.probabilities)),
            "confident-share": Value(confident),
            "missing-modes": Value(histogram.missing, counts=histogram.counts),
            "class-divergence": Value(histogram.divergence),
            "duplicate-rate": Value(duplicates),
            "collapsed": Value(float(has_collapsed(histogram, duplicates, confident))),
            "memorisation-ratio": Value(copied.ratio),
            "memorisation-share": Value(copied.share),
        }


def estimated(estimate: Estimate) -> Value:
    """As it comes of a metric."""
    return Value(estimate.value, estimate.standard_error)


def evaluate(checkpoint: Checkpoint, yardstick: Yardstick, device: torch.device) -> list[Score]:
    """Measure a checkpoint: its scores, whose passports tell the circumstances too.

    Raises ``MetricError``, and ``CheckpointError`` for weights that cannot be loaded.
    """
    which = {"weights": checkpoint.config.training.get("weights"), "weights_sha256": weights_hash(checkpoint.folder)}
    return measured(checkpoint.load_generator(device.type), yardstick, which)


def measured(generator: Generator, yardstick: Yardstick, which: Mapping[str, JsonValue]) -> list[Score]:
    """The scores of a generator; their passports tell ``which`` weights it has, and the other circumstances.

    Of a class-conditional one they tell which class each seed was drawn as. That is no part of the protocol, or it
    could not be ranked beside others. Raises ``MetricError``.
    """
    began, day = time.perf_counter(), datetime.now(UTC)
    scores = yardstick.measure(generator)
    circumstances: dict[str, JsonValue] = {
        **which,
        **({"classes": f"the seed modulo {generator.num_classes}"} if generator.num_classes else {}),
        "date": day.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - began, 1),
        "hardware": describe_device(next(generator.parameters()).device),
        "versions": {"ganzoo": __version__, "torch": str(torch.__version__)},
    }
    return [score.model_copy(update={"passport": score.passport | circumstances}) for score in scores]
