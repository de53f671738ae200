"""The runs of a study: trained where they are not over, scored where their scores are not kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import ClassVar, get_args

import torch

from ganzoo.checkpoints import Checkpoint, CheckpointError, Quality, quality_curve
from ganzoo.checkpoints.scores import SCORES_FILE, Score, dump_scores, read_scores
from ganzoo.files import written_whole
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


@dataclass(frozen=True)
class Job:
    """One run of the study, which may be over."""

    contender: str
    dataset: str
    seed: int
    recipe: Recipe
    folder: RunFolder

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
        """How far it got before it was last stopped in good order."""
        return steps_published(self.folder)


@dataclass(frozen=True)
class Result:
    """What came of a job."""

    job: Job
    checkpoint: Checkpoint
    scores: Sequence[Score]
    """Of both weights, which their passports tell."""
    curve: Sequence[Quality]

    @property
    def seconds(self) -> float:
        """Of training alone."""
        seconds = self.checkpoint.config.training["seconds"]
        assert isinstance(seconds, int | float)
        return float(seconds)

    @property
    def hardware(self) -> str:
        return str(self.checkpoint.config.training["hardware"])

    def score(self, metric: str, weights: Weights) -> Score:
        """Against the test split, where it is measured against a split at all."""
        found = {
            score.passport["real_split"]: score
            for score in self.scores
            if score.metric == metric and score.passport["weights"] == weights
        }
        return found.get("test") or found["train"]


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


def jobs(
    contenders: Sequence[str],
    datasets: Sequence[str],
    seeds: Sequence[int],
    images: int,
    runs_dir: Path,
    device: torch.device,
) -> Iterator[Job]:
    """All runs; those of the first seed come first, so that a study that is cut short has a whole table of it."""
    for seed, dataset, name in product(seeds, datasets, contenders):
        folder = RunFolder(runs_dir / f"{images}-images" / f"{name}-{dataset}-seed-{seed}")
        yield Job(name, dataset, seed, CONTENDERS[name].recipe(dataset, images, device), folder)


def finish(job: Job, yardstick: Yardstick, device: torch.device, data_root: Path) -> Result:
    """Train it and measure it, as far as that has not been done.

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
    return Result(job, checkpoint, scores(job, yardstick, device), quality_curve(checkpoint.folder))


def scores(job: Job, yardstick: Yardstick, device: torch.device) -> list[Score]:
    """Those that lie in the run folder, if they were taken as they would be now; or else they are taken, and kept."""
    if kept := _kept(job.folder, yardstick):
        return kept
    state = job.folder.last_state()
    assert state is not None  # a run that is over was saved
    try:
        generators = generators_of(job.recipe, state, device)
    except StateError:
        raise TrainingError(f"the resume state in {job.folder.path} does not fit its recipe: move it away") from None
    found = [
        score
        for weights, generator in generators.items()
        for score in measured(generator, yardstick, {"weights": weights})
    ]
    try:
        with written_whole(job.folder.path / SCORES_FILE) as path:
            path.write_bytes(dump_scores(found))
    except OSError as error:
        raise TrainingError(f"cannot write to {job.folder.path} ({error.strerror or error}): make room") from None
    return found


def _kept(folder: RunFolder, yardstick: Yardstick) -> list[Score]:
    """Those that lie there, if the yardstick takes the same ones and would take each as it was; or else none."""
    try:
        found = read_scores(folder.path)
    except CheckpointError:
        return []
    taken = {(score.metric, score.passport.get("weights")) for score in found}
    whole = taken == set(product(yardstick.metrics, get_args(Weights)))
    return found if whole and all(_taken_by(yardstick, score) for score in found) else []


def _taken_by(yardstick: Yardstick, score: Score) -> bool:
    """Whether the yardstick would take the score, of a metric of its own, in the same way today."""
    today = {
        "metric_version": yardstick.metrics[score.metric].version,
        "extractor_sha256": yardstick.extractor.hash,
        "generated_count": yardstick.count,
    }
    return score.passport | today == score.passport
