"""The runs of a study: trained and measured where no result of theirs is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import ClassVar, get_args

import torch
from pydantic import JsonValue, ValidationError

from ganzoo.checkpoints import Quality, quality_curve
from ganzoo.checkpoints.config import Strict
from ganzoo.checkpoints.scores import Score
from ganzoo.files import sha256, written_whole
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.evaluation import ClassifierYardstick, Value, Watch, Yardstick, measured, unwatched
from ganzoo.metrics.features import Seen
from ganzoo.metrics.histogram import class_counts, class_histogram
from ganzoo.nn.classifiers import classifier_file
from ganzoo.recipe import Recipe
from ganzoo.training.run_folder import RunFolder, TrainingError
from ganzoo.training.series import completed, steps_published
from ganzoo.training.trainer import StateError, generators_of
from train.study.arms import CONTENDERS, Weights

COUNT = 10_000
"""Samples that each generator is measured by."""
FACTS = ("steps", "images", "seconds", "hardware", "execution", "versions", "command")
"""Of a run's training, which its result tells."""


@dataclass(frozen=True)
class Job:
    """One run of the study, which may be over."""

    contender: str
    dataset: str
    seed: int
    recipe: Recipe
    folder: RunFolder
    result_file: Path

    def __str__(self) -> str:
        return f"{self.contender}, {self.dataset}, seed {self.seed}"

    @property
    def images(self) -> int:
        """How many real images the whole run is dealt."""
        return self.recipe.images_a_step() * self.steps

    @property
    def steps(self) -> int:
        assert self.recipe.steps is not None
        return self.recipe.steps

    @property
    def steps_done(self) -> int:
        """All of them where a result is kept, or else how far it got before it was last stopped in good order."""
        return self.steps if self.result() else steps_published(self.folder)

    def result(self) -> "Result | None":
        """What came of it, if that is kept, and training and measuring it would be the same today."""
        try:
            result = Result.model_validate_json(self.result_file.read_bytes())
            same = (
                (result.contender, result.dataset, result.seed) == (self.contender, self.dataset, self.seed)
                and type(self.recipe).model_validate(result.recipe) == self.recipe
                and result.is_measured_as_today()
            )
        except (OSError, ValidationError):  # there is none, or no classifier to measure by
            return None
        return result if same else None


class Result(Strict):
    """What came of a job: all that the report is made of."""

    contender: str
    dataset: str
    seed: int
    recipe: dict[str, JsonValue]
    training: dict[str, JsonValue]
    """``FACTS``."""
    scores: list[Score]
    """Of both weights, which their passports tell."""
    curve: list[Quality]
    """Along the run."""

    @property
    def seconds(self) -> float:
        """Of training alone."""
        seconds = self.training["seconds"]
        assert isinstance(seconds, int | float)
        return float(seconds)

    def score(self, metric: str, weights: Weights) -> Score:
        """Of one of the generators, by a metric of ``StudyYardstick``."""
        (found,) = (it for it in self.scores if (it.metric, it.passport["weights"]) == (metric, weights))
        return found

    def is_measured_as_today(self) -> bool:
        """Whether all that is shown is there, and would be measured in the same way if it were measured now."""
        extractor = sha256(classifier_file(self.dataset))
        shown = {(metric, weights) for metric in StudyYardstick.metrics for weights in get_args(Weights)}
        return shown == {(score.metric, score.passport.get("weights")) for score in self.scores} and all(
            tuple(map(score.passport.get, ("metric_version", "extractor_sha256", "generated_count")))
            == (StudyYardstick.metrics[score.metric].version, extractor, COUNT)
            for score in self.scores
        )


class StudyYardstick(ClassifierYardstick):
    """Leaves out what no table shows: the training split, and all training images, which take longer than the rest."""

    splits: ClassVar = ("test",)

    metrics: ClassVar = {
        name: ClassifierYardstick.metrics[name]
        for name in (
            "frechet-classifier-distance",
            "kernel-classifier-distance",
            "precision",
            "recall",
            "density",
            "coverage",
            "missing-modes",
        )
    }

    def examine(self, samples: Seen) -> dict[str, Value]:
        histogram = class_histogram(samples.probabilities, class_counts(self.training.probabilities))
        return {"missing-modes": Value(histogram.missing, counts=histogram.counts)}


def find_yardstick(dataset: str, device: torch.device, data_root: Path, watch: Watch = unwatched) -> Yardstick:
    """The real pictures of a data set. Raises ``DataError``, and ``MetricError`` where it has no classifier."""
    judge = load_classifier(classifier_file(dataset), device)
    return StudyYardstick.of(dataset, judge, data_root, count=COUNT, watch=watch)


def subfolder(images: int) -> Path:
    """Of all runs, and of all results: where those are that are dealt so many images."""
    return Path(f"{images}-images")


def jobs(
    contenders: Iterable[str],
    datasets: Iterable[str],
    seeds: Iterable[int],
    images: int,
    runs_dir: Path,
    results: Path,
    device: torch.device,
) -> Iterator[Job]:
    """All runs; those of the first seed come first, so that a study that is cut short has a whole table of it."""
    for seed, dataset, name in product(seeds, datasets, contenders):
        run = subfolder(images) / f"{name}-{dataset}-seed-{seed}"
        folder, result_file = RunFolder(runs_dir / run), (results / run).with_suffix(".json")
        yield Job(name, dataset, seed, CONTENDERS[name].recipe(dataset, images, device), folder, result_file)


def finish(job: Job, yardstick: Yardstick, device: torch.device, data_root: Path) -> Result:
    """Train it, as far as that has not been done, measure it, and keep what came of it.

    Raises ``KeyboardInterrupt`` where somebody stops it, after it was saved, and ``CheckpointError``, ``DataError``,
    ``MetricError`` or ``TrainingError``.
    """
    checkpoint = completed(
        job.recipe,
        job.folder,
        yardstick.training_set,
        seed=job.seed,
        device=device,
        data_root=data_root,
        during=True,
    )
    result = Result(
        contender=job.contender,
        dataset=job.dataset,
        seed=job.seed,
        recipe=job.recipe.model_dump(mode="json"),
        training={fact: checkpoint.config.training.get(fact) for fact in FACTS},
        scores=scores(job, yardstick, device),
        curve=quality_curve(checkpoint.folder),
    )
    try:
        with written_whole(job.result_file) as path:
            path.write_text(result.model_dump_json(indent=1, exclude_defaults=True) + "\n", encoding="utf-8")
    except OSError as error:
        raise TrainingError(f"cannot write {job.result_file} ({error.strerror or error}): make room") from None
    return result


def scores(job: Job, yardstick: Yardstick, device: torch.device) -> list[Score]:
    """Of both generators of a run that is over."""
    state = job.folder.last_state()
    if state is None:
        raise TrainingError(f"{job.folder.path} has lost its resume state, by which it is measured: move it away")
    try:
        generators = generators_of(job.recipe, state, device)
    except StateError:
        raise TrainingError(f"the resume state in {job.folder.path} does not fit its recipe: move it away") from None
    return [
        score
        for weights, generator in generators.items()
        for score in measured(generator, yardstick, {"weights": weights})
    ]
