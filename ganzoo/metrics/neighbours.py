"""Distances between many points, a few rows at a time."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

CHUNK = 2**22
"""Distances that are in memory at once: 32 MiB are few enough to be cached, and enough for products to be fast."""


def squared_distances(rows: Tensor, columns: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """From every row to every column, ``[N, D]`` of one type: some rows, and theirs as ``[rows, columns]``, in turn.

    They are |x|² − 2 x·y + |y|², which is much faster than |x − y|² by coordinates. What rounding leaves of no distance
    at all is 0, so that equal points are always found to be equal. The next part takes the place of the one before.
    """
    centre = columns.mean(0)  # near which the squares are small, and so is their rounding
    rows, columns = rows - centre, columns - centre
    row_squares, column_squares = rows.square().sum(1), columns.square().sum(1)
    precision = torch.finfo(rows.dtype).eps * rows.shape[1]
    rounding = float(precision * (row_squares.max() + column_squares.max()))
    step = max(1, CHUNK // len(columns))
    place = rows.new_empty(step, len(columns))  # one for all: freed and taken anew, it would leave gigabytes of gaps
    for start in range(0, len(rows), step):
        part = slice(start, min(start + step, len(rows)))
        squares = place[: part.stop - part.start]
        torch.addmm(column_squares, rows[part], columns.T, alpha=-2, out=squares).add_(row_squares[part, None])
        yield part, F.threshold(squares, rounding, 0.0, inplace=True)


def nearest(points: Tensor, others: Tensor) -> Tensor:
    """The squared distance of each point ``[N, D]`` from the nearest of the others ``[M, D]``, float64 ``[N]``."""
    return torch.cat([squares.amin(1) for _, squares in squared_distances(points, others)])


def nearest_other(points: Tensor, k: int) -> Tensor:
    """The squared distance of each point ``[N, D]`` from the ``k``-th nearest other, float64 ``[N]``; N is above k."""
    found = []
    for part, squares in squared_distances(points, points):
        squares.diagonal(part.start).fill_(torch.inf)  # itself
        found.append(squares.topk(k, largest=False).values[:, -1])
    return torch.cat(found)


def nearest_few(points: Tensor, others: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The ``k`` nearest of the others ``[M, D]`` to each point ``[N, D]``, in order; M is at least k.

    Their squared distances, and where they stand among the others, int64: ``[N, k]`` each.
    """
    found = [squares.topk(k, largest=False) for _, squares in squared_distances(points, others)]
    return torch.cat([few.values for few in found]), torch.cat([few.indices for few in found])


class Points:
    """Points, float64 ``[N, D]``, that remember their distances: real ones stand beside many generators' samples."""

    def __init__(self, features: Tensor) -> None:
        self.features = features
        self._known: dict[object, Tensor] = {}

    def __len__(self) -> int:
        return len(self.features)

    def first(self, count: int) -> "Points":
        """The first of them; these themselves, with what they remember, where there are no more."""
        return self if count >= len(self) else Points(self.features[:count])

    def nearest(self, others: "Points") -> Tensor:
        """As the function of this name."""
        return self._once(others, lambda: nearest(self.features, others.features))

    def nearest_other(self, k: int) -> Tensor:
        """As the function of this name."""
        return self._once(k, lambda: nearest_other(self.features, k))

    def _once(self, which: object, find: Callable[[], Tensor]) -> Tensor:
        if which not in self._known:
            self._known[which] = find()
        return self._known[which]


RARE = 0.01
LEAST = 100
"""Of fewer pictures, a share of ``RARE`` is less than one."""


def rare(distances: Tensor) -> Tensor:
    """How near only ``RARE`` of those are that have these distances ``[N]``, squared or not; N is ``LEAST`` or more."""
    return distances.quantile(RARE)
