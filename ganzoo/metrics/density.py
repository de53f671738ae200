"""Density and coverage: how close samples keep to real images, and of how many they come near."""

from dataclasses import dataclass

import torch

from ganzoo.metrics.features import check
from ganzoo.metrics.neighbours import Points, squared_distances

K = 5


@dataclass(frozen=True)
class DensityCoverage:
    density: float
    """In how many real images' neighbourhoods a sample is, over ``K``: 1 for real ones, more where these are dense."""
    coverage: float
    """The share of real images with a sample in their neighbourhood."""


def density_and_coverage(samples: Points, real: Points) -> DensityCoverage:
    """Of features (Naeem et al. 2020).

    A neighbourhood reaches from a real image to the ``K``-th nearest other. As many new real images cover 1 − 2⁻ᴷ of
    them, nearly; more samples cover more. Raises ``MetricError`` for no more than ``K`` points, and for features that
    are not finite.
    """
    for points in (samples, real):
        check(points.features, K + 1, "Density and coverage")
    reach = real.nearest_other(K)
    inside, covered = 0, torch.zeros(len(real), dtype=torch.bool)
    for _, squares in squared_distances(samples.features, real.features):
        near = squares <= reach
        inside += int(near.count_nonzero())
        covered |= near.any(0)
    return DensityCoverage(inside / (K * len(samples)), float(covered.double().mean()))
