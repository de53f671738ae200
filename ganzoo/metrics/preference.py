"""Who is preferred, where people compare two at a time and never all at once: the Bradley–Terry model."""

import torch
from torch import Tensor

ROUNDS = 2_000
PRECISION = 1e-9


def bradley_terry(wins: Tensor) -> Tensor:
    """How strong each of K competitors is, float64 ``[K]``, so that i beats j with probability pᵢ / (pᵢ + pⱼ).

    ``wins`` ``[K, K]`` counts how often i was preferred to j; a tie is half a win for either. The strengths are the
    most likely ones (Bradley and Terry 1952) if besides each has drawn one match, with all the others in equal parts:
    so who has won everything stays finite, and those that never met compare. Their geometric mean is 1. Found by the MM
    algorithm of Hunter (2004), equation 3, each round of which raises the likelihood.
    """
    count = len(wins)
    drawn = (1 - torch.eye(count, dtype=torch.float64)) / max(1, count - 1)
    results = wins.double() + drawn / 2
    won, met = results.sum(1), results + results.T
    strengths = torch.ones(count, dtype=torch.float64)
    for _ in range(ROUNDS if count > 1 else 0):
        before, raised = strengths, won / (met / (strengths[:, None] + strengths)).sum(1)
        strengths = raised / raised.log().mean().exp()
        if torch.allclose(strengths, before, rtol=PRECISION, atol=0):
            break
    return strengths
