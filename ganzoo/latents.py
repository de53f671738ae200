"""What seeds stand for: latents, classes and noise."""

from collections.abc import Iterable
from operator import index
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

SEEDS = 2**32
"""Seeds are whole numbers from 0 up to, but not including, this."""


def latents(seeds: Iterable[int], z_dim: int) -> Tensor:
    """One latent of N(0, I) for each seed: ``[N, z_dim]``, float32, on the CPU.

    A latent depends on its seed and on ``z_dim`` only, bit for bit, on every machine: the stream of NumPy's legacy
    ``RandomState`` is frozen for ever. Raises ``ValueError`` for a seed that is no whole number from 0 to 2³² - 1.
    """
    random = np.random.RandomState(0)  # seeded again for each row: a new one would first ask the system for entropy
    rows = []
    for seed in seeds:
        random.seed(_whole(seed, SEEDS, "A seed"))
        rows.append(random.standard_normal(z_dim))
    return torch.from_numpy(np.array(rows, dtype=np.float32).reshape(-1, z_dim))


Classes = int | Iterable[int]
"""One for all, or one for each."""


class Inputs(NamedTuple):
    """What a generator draws pictures from."""

    z: Tensor
    """``[N, z_dim]``, of N(0, I)."""
    y: Tensor | None
    """Classes, int64 ``[N]``; None where the generator knows none."""
    noise: Tensor
    """``[N, noise_dim]``, of N(0, I)."""


def inputs(
    seeds: Iterable[int], z_dim: int, num_classes: int = 0, noise_dim: int = 0, classes: Classes | None = None
) -> Inputs:
    """What a generator of these sizes draws from for each seed.

    The noise goes on where the latent ends in the seed's stream of numbers. Where no ``classes`` are given, a seed's
    class is its remainder modulo the number of classes, so that seeds in a row show all of them, alike often. Raises
    ``ValueError`` as ``latents`` does, and for classes that are none of the generator's, or not as many as the seeds.
    """
    whole = list(seeds)
    z, noise = latents(whole, z_dim + noise_dim).split([z_dim, noise_dim], dim=1)
    if classes is not None:
        return Inputs(z, labels(classes, len(whole), num_classes), noise)
    return Inputs(z, torch.tensor(whole, dtype=torch.int64) % num_classes if num_classes else None, noise)


def labels(classes: Classes, count: int, num_classes: int) -> Tensor:
    """Classes, one for all or one for each, as int64 ``[count]``. Raises ``ValueError`` for what is none of them."""
    if num_classes == 0:
        raise ValueError("This model knows no classes: leave them out.")
    chosen = list(classes) if isinstance(classes, Iterable) else [classes] * count
    if len(chosen) != count:
        raise ValueError(f"Give one class for all or one for each: {len(chosen)} are not {count}.")
    return torch.tensor([_whole(one, num_classes, "A class") for one in chosen], dtype=torch.int64)


def _whole(value: int, end: int, what: str) -> int:
    try:
        whole = None if isinstance(value, bool) else index(value)
    except TypeError:
        whole = None
    if whole is None or not 0 <= whole < end:
        raise ValueError(f"{what} is a whole number from 0 to {end - 1:,}.")
    return whole
