from statistics import fmean, stdev

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torchmetrics.image.kid import KernelInceptionDistance

from ganzoo.metrics import MetricError, kernel_distance
from ganzoo.metrics.kernel import squared_mmd

Points = list[tuple[float, float]]
points = st.lists(st.tuples(*[st.floats(-3, 3)] * 2), min_size=2, max_size=5)


def draw(count: int, seed: int, shift: float = 0.0) -> Tensor:
    return torch.randn(count, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)) + shift


@given(points, points)
def test_it_is_the_mean_over_all_pairs_of_different_samples(one: Points, other: Points) -> None:
    def kernel(x: tuple[float, float], y: tuple[float, float]) -> float:
        return ((x[0] * y[0] + x[1] * y[1]) / 2 + 1) ** 3

    def within(samples: Points) -> float:
        return fmean(kernel(x, y) for i, x in enumerate(samples) for j, y in enumerate(samples) if i != j)

    expected = within(one) + within(other) - 2 * fmean(kernel(x, y) for x in one for y in other)
    sets = [torch.tensor(samples, dtype=torch.float64) for samples in (one, other)]
    assert squared_mmd(*sets) == pytest.approx(expected, abs=1e-9)


@pytest.mark.filterwarnings("ignore:Metric .* will save all extracted features")
def test_torchmetrics_finds_the_same() -> None:
    one, other = draw(50, 0), draw(50, 1, shift=0.4)
    theirs = KernelInceptionDistance(feature=nn.Identity(), subsets=1, subset_size=50)
    theirs.update(one, real=True)
    theirs.update(other, real=False)
    assert squared_mmd(one, other) == pytest.approx(theirs.compute()[0].item())


def test_draws_of_one_distribution_are_zero_apart_and_the_standard_error_says_how_surely() -> None:
    found = [kernel_distance(draw(40, 2 * seed), draw(60, 2 * seed + 1)) for seed in range(300)]
    values = [distance.value for distance in found]
    assert abs(fmean(values)) < 2 * stdev(values) / 300**0.5
    assert min(values) < 0
    assert fmean(distance.standard_error for distance in found) == pytest.approx(stdev(values), rel=0.2)


def test_the_standard_error_holds_between_different_distributions() -> None:
    found = [kernel_distance(draw(100, 2 * seed), draw(100, 2 * seed + 1, shift=1.0)) for seed in range(100)]
    values = [distance.value for distance in found]
    assert min(values) > 0
    assert fmean(distance.standard_error for distance in found) == pytest.approx(stdev(values), rel=0.2)


def test_the_seed_alone_says_how_sets_are_parted() -> None:
    one, other = draw(100, 0), draw(100, 1)
    assert kernel_distance(one, other, seed=3) == kernel_distance(one, other, seed=3)
    assert kernel_distance(one, other, seed=3) != kernel_distance(one, other, seed=4)


def test_too_few_samples_are_refused() -> None:
    kernel_distance(draw(20, 0), draw(20, 1))
    for pair in ((draw(19, 0), draw(20, 1)), (draw(20, 0), draw(19, 1))):
        with pytest.raises(MetricError, match=r"at least 20 pictures of a kind and has 19"):
            kernel_distance(*pair)
