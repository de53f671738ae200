"""Precision and recall: how many samples look real, and how much of the real images is drawn."""

from dataclasses import dataclass

import torch

from ganzoo.metrics.features import check
from ganzoo.metrics.neighbours import Points, squared_distances

K = 3


@dataclass(frozen=True)
class PrecisionRecall:
    precision: float
    """The share of samples that lie among the real images."""
    recall: float
    """The share of real images that lie among the samples."""


def precision_and_recall(samples: Points, real: Points) -> PrecisionRecall:
    """Improved precision and recall (Kynkäänniemi et al. 2019, eq. 1 and 2), of features.

    A point lies among others if it is no further from one of them than that one's ``K``-th nearest neighbour is. One
    outlier has a wide reach, for which ``density_and_coverage`` is the cure. Both depend on the counts, equal ones as a
    rule. Raises ``MetricError`` for no more than ``K`` points, and for features that are not finite.
    """
    for points in (samples, real):
        check(points.features, K + 1, "Precision and recall")
    sample_reach, real_reach = samples.nearest_other(K), real.nearest_other(K)
    look_real, drawn = 0, torch.zeros(len(real), dtype=torch.bool)
    for part, squares in squared_distances(samples.features, real.features):
        look_real += int((squares <= real_reach).any(1).sum())
        drawn |= (squares <= sample_reach[part, None]).any(0)
    return PrecisionRecall(look_real / len(samples), float(drawn.double().mean()))
