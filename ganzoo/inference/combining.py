"""Latents combined: points of the plane through three of them, and their arithmetic."""

import torch
from torch import Tensor


def combined(latents: Tensor, weights: Tensor) -> Tensor:
    """The latent ``[D]`` that lies in the direction of Σ wᵢ zᵢ, of latents ``[N, D]`` and weights ``[N]``.

    A sum of normal latents is longer or shorter than any that a generator was trained on, so only its direction counts:
    the length is the mean of the lengths, weighed by |wᵢ|. A weight of 1 among zeros gives that latent itself. Weights
    that sum to 1 are places in the plane through three latents; the place (1, -1, 1), the fourth corner of their
    parallelogram, is the a - b + c of Radford et al. 2016 (figure 7). Where the sum is zero it has no direction, and is
    what is given.
    """
    z, w = latents.double(), weights.double()
    total, lengths = w @ z, torch.linalg.vector_norm(z, dim=1)
    length = (w.abs() @ lengths) / w.abs().sum().clamp(min=1e-12)
    norm = torch.linalg.vector_norm(total)
    return (total * (length / norm) if norm > 1e-9 * length else torch.zeros_like(total)).to(latents)
