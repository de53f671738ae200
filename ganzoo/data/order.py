"""The order in which images are drawn, as a function of the seed alone."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor


def index_stream(size: int, batch_size: int, seed: int, start: int = 0) -> Iterator[Tensor]:
    """Endless batches of indices, int64 ``[batch_size]``, into a set of ``size`` images.

    The images come in epochs, each a permutation of its own; a batch may run across the end of one. The order is a
    function of the seed (not negative) and holds no other state, so that a stream from ``start`` images onwards
    continues exactly what a stream from the beginning would have drawn.
    """
    if size < 1 or batch_size < 1 or start < 0:
        raise ValueError(f"no batches of {batch_size} can be drawn from {size} images, starting at {start}")
    epoch, position = divmod(start, size)
    order = _permutation(size, seed, epoch)
    while True:
        parts: list[Tensor] = []
        missing = batch_size
        while missing:
            if position == size:
                epoch, position = epoch + 1, 0
                order = _permutation(size, seed, epoch)
            parts.append(order[position : position + missing])
            position += len(parts[-1])
            missing -= len(parts[-1])
        yield torch.cat(parts)


def _permutation(size: int, seed: int, epoch: int) -> Tensor:
    # SeedSequence mixes the pair into one number, so that (seed, epoch + 1) is not (seed + 1, epoch).
    (mixed,) = np.random.SeedSequence([seed, epoch]).generate_state(1)
    return torch.randperm(size, generator=torch.Generator().manual_seed(int(mixed)))
