"""The duplicate rate: how many samples have a twin."""

from ganzoo.metrics.features import MetricError, check
from ganzoo.metrics.neighbours import LEAST, Points, rare


def duplicate_rate(samples: Points, real: Points) -> float:
    """The share of samples that are as close to another sample as only ``RARE`` of real images are to another real one.

    So the data say what a duplicate is, on the scale of their own features: real images have a rate of ``RARE``, and a
    generator that repeats itself has up to 1. Where real images have twins too, an equal sample is still a duplicate.
    The more pictures there are, the nearer is the nearest, so there are as many real images as samples. Raises
    ``MetricError`` for unequal counts, for fewer than ``LEAST``, and for features that are not finite.
    """
    for points in (samples, real):
        check(points.features, LEAST, "A duplicate rate")
    if len(samples) != len(real):
        raise MetricError(
            f"A duplicate rate takes as many real images as samples: here are {len(real):,} and {len(samples):,}."
        )
    return float((samples.nearest_other(1) <= rare(real.nearest_other(1))).double().mean())
