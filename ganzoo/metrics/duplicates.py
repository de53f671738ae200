"""The duplicate rate: how many samples have a twin."""

from torch import Tensor

from ganzoo.metrics.features import MetricError, check
from ganzoo.metrics.neighbours import LEAST, nearest_other, rare


def duplicate_rate(samples: Tensor, real: Tensor) -> float:
    """The share of samples that are as close to another sample as only ``RARE`` of real images are to another real one.

    So the data say what a duplicate is, on the scale of their own features: real images have a rate of ``RARE``, and a
    generator that repeats itself has up to 1. Where real images have twins too, an equal sample is still a duplicate.
    The more pictures there are, the nearer is the nearest, so there are as many real images as samples; the features of
    each are float64 ``[N, D]``. Raises ``MetricError`` for unequal counts, for fewer than ``LEAST``, and for features
    that are not finite.
    """
    for features in (samples, real):
        check(features, LEAST, "A duplicate rate")
    if len(samples) != len(real):
        raise MetricError(
            f"A duplicate rate takes as many real images as samples: here are {len(real):,} and {len(samples):,}."
        )
    return float((nearest_other(samples, 1) <= rare(nearest_other(real, 1))).double().mean())
