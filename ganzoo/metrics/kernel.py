"""The kernel distance: how far two sets of features lie apart, whatever their shape."""

from torch import Tensor

from ganzoo.metrics.estimate import PARTS, Estimate, estimate
from ganzoo.metrics.features import check


def kernel_distance(one: Tensor, other: Tensor, *, seed: int = 0) -> Estimate:
    """Between two sets of features, float64 ``[N, D]``: ``squared_mmd`` over parts of them (Bińkowski et al. 2018).

    Its mean does not depend on how many samples there are. It may be negative, and between samples of one distribution
    it often is. ``seed`` says how the sets are parted. Raises ``MetricError`` for fewer samples than two a part, and
    for features that are not finite.
    """
    for features in (one, other):
        check(features, 2 * PARTS, "A kernel distance")
    return estimate(squared_mmd, one, other, seed=seed)


def squared_mmd(one: Tensor, other: Tensor) -> float:
    """The squared maximum mean discrepancy under k(x, y) = (x·y / D + 1)³, without bias (Gretton et al. 2012, eq. 3).

    E k(x, x') + E k(y, y') − 2 E k(x, y) of float64 ``[M, D]`` and ``[N, D]``, where no sample is paired with itself.
    """
    return _mean_kernel(one) + _mean_kernel(other) - 2 * float(_kernel(one, other).mean())


def _mean_kernel(samples: Tensor) -> float:
    count, kernel = len(samples), _kernel(samples, samples)
    return float(kernel.sum() - kernel.trace()) / (count * (count - 1))


def _kernel(one: Tensor, other: Tensor) -> Tensor:
    return (one @ other.T).div_(one.shape[1]).add_(1).pow_(3)
