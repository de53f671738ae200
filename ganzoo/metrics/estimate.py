"""A number and how sure it is."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

import torch
from torch import Tensor

PARTS = 10


@dataclass(frozen=True)
class Estimate:
    value: float
    standard_error: float
    """Of the value, as the mean of its parts."""


def estimate(measure: Callable[..., float], *sets: Tensor, seed: int) -> Estimate:
    """The mean of a measure over ``PARTS`` parts of each set, and its standard error, σ / √PARTS.

    Parts are drawn at random and share no sample. Subsets that overlap, as are often drawn, depend on each other, and
    their spread makes a standard error that is too small.
    """
    random = torch.Generator().manual_seed(seed)
    shuffled = (samples[torch.randperm(len(samples), generator=random)] for samples in sets)
    values = [measure(*part) for part in zip(*(samples.tensor_split(PARTS) for samples in shuffled), strict=True)]
    return Estimate(fmean(values), stdev(values) / sqrt(PARTS))
