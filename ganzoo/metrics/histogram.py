"""The class histogram: which classes the samples are of, and which are missing."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ganzoo.metrics.features import MetricError, check

MISSING = 0.1
"""A class is missing that has less than this of its fair part: a few may be of another class, and misread."""
LEAST_PER_CLASS = 10
"""Fewer samples, and a class would be missing by chance."""


@dataclass(frozen=True)
class ClassHistogram:
    counts: tuple[int, ...]
    """Samples of each class, each sample being of the class that is most probable."""
    missing: int
    """Missing modes: classes with less than ``MISSING`` of what they would have if the samples were as the data are."""
    divergence: float
    """KL(samples ‖ data) of the two histograms, in nats, from 0, where they are alike."""


def class_histogram(probabilities: Tensor, data: Tensor) -> ClassHistogram:
    """Of samples, float64 ``[N, K]``, beside the ``class_counts`` of real images ``[K]``, found by the same classifier.

    Raises ``MetricError`` for fewer samples than ``LEAST_PER_CLASS``, for probabilities that are not finite, and for
    real images that lack a class.
    """
    check(probabilities, LEAST_PER_CLASS * len(data), "A class histogram")
    if not data.all():
        raise MetricError("The real images lack a class, so no class can be missed against them: take more of them.")
    counts = class_counts(probabilities)
    shares, fair = (histogram.double() / histogram.sum() for histogram in (counts, data))
    return ClassHistogram(
        counts=tuple(counts.tolist()),
        missing=int((shares < MISSING * fair).sum()),
        divergence=float(torch.special.xlogy(shares, shares / fair).sum().clamp(min=0)),
    )


def class_counts(probabilities: Tensor) -> Tensor:
    """How many rows of ``[N, K]`` have each class for their most probable one, int64 ``[K]``."""
    return most_probable(probabilities).bincount(minlength=probabilities.shape[1])


def most_probable(probabilities: Tensor) -> Tensor:
    """The class of each row of ``[N, K]``, int64 ``[N]``."""
    return probabilities.argmax(1)
