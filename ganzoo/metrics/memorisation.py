"""Memorisation: whether samples are nearer to the training images than other real images are."""

from dataclasses import dataclass
from math import sqrt

from ganzoo.metrics.features import MetricError, check
from ganzoo.metrics.neighbours import LEAST, Points, rare


@dataclass(frozen=True)
class Memorisation:
    ratio: float
    """The samples' median distance from the nearest training image, over that of held-out images; 0 for copies."""
    share: float
    """The share of samples that are as near to a training image as only ``RARE`` of held-out images; 1 for copies."""


def measure_memorisation(samples: Points, training: Points, held_out: Points) -> Memorisation:
    """By features of samples, of the images trained on, and of real images not trained on.

    Samples like new real images have a ratio near 1 and a share near ``RARE``. A lower ratio alone proves nothing:
    samples that are more ordinary than real images are nearer to the training images too. Raises ``MetricError`` for
    fewer than ``LEAST`` of any, for held-out images that were trained on, and for features that are not finite.
    """
    for points in (samples, training, held_out):
        check(points.features, LEAST, "Memorisation")
    found, usual = samples.nearest(training), held_out.nearest(training)
    if not usual.median():
        raise MetricError("Most held-out images are training images: hold out others to tell memorisation.")
    return Memorisation(
        ratio=sqrt(found.median() / usual.median()),
        share=float((found <= rare(usual)).double().mean()),
    )
