"""Looking at a run's generator every so often, and keeping it as it was at its best."""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import torch

from ganzoo.checkpoints.history import DISTANCE, QUALITY
from ganzoo.data import ImageSet, load_images
from ganzoo.generator import Generator, Model
from ganzoo.metrics import MetricError
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.glance import Glance
from ganzoo.nn.classifiers import classifier_file
from ganzoo.recipe import Recipe
from ganzoo.training.trainer import State, StateError


@dataclass(frozen=True, eq=False)
class Best:
    """A generator as it was when it was measured best."""

    generator: Generator
    step: int
    distance: float


class Observer:
    """Measures the published generator, by what it draws, after every so many steps."""

    def __init__(self, glance: Glance, every: int, *, keep_best: bool) -> None:
        self.every = every
        self.best: Best | None = None
        self._glance, self._keep_best = glance, keep_best

    def measure(self, step: int, generator: Model) -> dict[str, float]:
        """What is found at ``step``, by history key. Raises ``MetricError``."""
        assert isinstance(generator, Generator)  # find_glance refuses all others
        found = self._glance.measure(generator)
        distance = found[DISTANCE]
        if self._keep_best and (self.best is None or distance < self.best.distance):
            self.best = Best(_copy(generator), step, distance)
        return {QUALITY + metric: float(f"{value:.6g}") for metric, value in found.items()}

    def state(self) -> State:
        """What ``restore`` needs."""
        if self.best is None:
            return {}, {}
        tensors = {f"best/{key}": value for key, value in self.best.generator.state_dict().items()}
        return tensors, {"best_step": self.best.step, "best_distance": self.best.distance}

    def restore(self, state: State, generator: Model) -> None:
        """Go on with the best of ``state``, if it has one; ``generator`` is one of its kind. Raises ``StateError``."""
        tensors, numbers = state
        if "best_step" not in numbers:
            return
        assert isinstance(generator, Generator)
        best = _copy(generator)
        try:
            best.load_state_dict(
                {key.removeprefix("best/"): value for key, value in tensors.items() if key.startswith("best/")}
            )
            self.best = Best(best, int(numbers["best_step"]), float(numbers["best_distance"]))
        except (KeyError, RuntimeError) as error:
            raise StateError(str(error)) from error


def _copy(generator: Generator) -> Generator:
    return deepcopy(generator).requires_grad_(False).eval()


def find_glance(recipe: Recipe, training: ImageSet, data_root: Path, device: torch.device) -> Glance:
    """A glance by the classifier that ships for a data set, of which ``training`` are the images, perhaps reshaped.

    Raises ``MetricError`` for a recipe of translators and for a set that has no classifier, ``DataError`` where the
    images as they are cannot be had.
    """
    data = recipe.data
    if not recipe.draws:
        raise MetricError(
            f"What {recipe.name} learns draws nothing from seeds: train without --during and --keep-best."
        )
    if data.folder is not None:
        raise MetricError(f"No classifier knows the pictures of {data.name}: train without --during and --keep-best.")
    judge = load_classifier(classifier_file(data.dataset), device)
    if training.image_shape != judge.image_shape:
        training = load_images(data.model_copy(update={"resolution": None, "channels": None}), data_root)
    return Glance(judge, training)
