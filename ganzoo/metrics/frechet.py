"""The Fréchet distance: how far two sets of features lie apart as Gaussians."""

import torch
from torch import Tensor

from ganzoo.metrics.features import check


def frechet_distance(one: Tensor, other: Tensor) -> float:
    """Between two sets of features, float64 ``[N, D]``, taken for Gaussians (Dowson & Landau 1982), squared as usual.

    d² = |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½). Few samples make it larger, so only distances of equal counts compare.
    Raises ``MetricError`` for fewer than D + 1 samples, whose covariance is singular, and for features that are not
    finite.
    """
    for features in (one, other):
        check(features, features.shape[1] + 1, f"A Fréchet distance in {features.shape[1]} dimensions")
    shift = one.mean(dim=0) - other.mean(dim=0)
    covariances = one.T.cov(), other.T.cov()
    # Σ₁ Σ₂ is not symmetric, but Σ₁^½ Σ₂ Σ₁^½ is, and has the same eigenvalues. Rounding may leave them below zero.
    values, vectors = torch.linalg.eigh(covariances[0])
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    shared = torch.linalg.eigvalsh(root @ covariances[1] @ root).clamp(min=0).sqrt().sum()
    total = shift.square().sum() + covariances[0].trace() + covariances[1].trace() - 2 * shared
    return float(total.clamp(min=0))
