"""What a classifier sees in pictures, which every measure is taken of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from ganzoo.data import to_float
from ganzoo.device import full_precision
from ganzoo.inference.sampling import evaluating
from ganzoo.metrics.neighbours import Points
from ganzoo.nn.classifier import Classifier


class MetricError(Exception):
    """A measure that cannot be taken. Its message is one sentence for the person who asked."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What a classifier sees in N pictures, on the CPU."""

    features: Tensor
    """float64 ``[N, D]``."""
    probabilities: Tensor
    """Of each class, float64 ``[N, K]``; each row has the sum 1."""

    @cached_property
    def points(self) -> Points:
        """The features, with their distances, which are found once."""
        return Points(self.features)


def extract_features(classifier: Classifier, batches: Iterable[Tensor]) -> Seen:
    """Show a classifier uint8 pictures ``[B, C, H, W]``, in evaluation mode and whole precision, on its own device.

    Raises ``MetricError`` for no pictures, for pictures of another shape than the classifier's, and for features that
    are not finite.
    """
    device = next(classifier.parameters()).device

    def look(pixels: Tensor) -> tuple[Tensor, Tensor]:
        if pixels.shape[1:] != classifier.image_shape:
            shown, wanted = sides(pixels.shape[1:]), sides(classifier.image_shape)
            raise MetricError(f"The pictures are {shown} and this classifier takes {wanted}: choose its data set.")
        found = classifier.features(to_float(pixels.to(device)))
        return found, classifier.head(found)

    with evaluating(classifier):
        return collect(look, batches)


def collect(look: Callable[[Tensor], tuple[Tensor, Tensor]], batches: Iterable[Tensor]) -> Seen:
    """All that ``look`` finds, features and logits of every batch of pictures, in whole precision.

    Raises ``MetricError`` for no pictures, and for features that are not finite.
    """
    features, logits = [], []
    with torch.inference_mode(), full_precision():
        for pixels in batches:
            found, classes = look(pixels)
            features.append(found.cpu())
            logits.append(classes.cpu())
    if not features:
        raise MetricError("There are no pictures to measure.")
    seen = Seen(torch.cat(features).double(), torch.cat(logits).double().softmax(1))
    check_finite(seen.features)
    check_finite(seen.probabilities)
    return seen


def sides(shape: Sequence[int]) -> str:
    """A shape for people."""
    return "×".join(map(str, shape))


def check(values: Tensor, least: int, measure: str) -> None:
    """Raise ``MetricError`` for fewer rows than ``measure`` takes, and for values that are not finite."""
    if len(values) < least:
        raise MetricError(f"{measure} takes at least {least:,} pictures of a kind and has {len(values):,}: take more.")
    check_finite(values)


def check_finite(values: Tensor) -> None:
    """Raise ``MetricError`` for values of which LAPACK may die, and take the process along."""
    if not values.isfinite().all():
        raise MetricError(
            "What the classifier sees in some pictures is not finite, so nothing can be measured by it: "
            "its weights are broken, or the pictures are."
        )
