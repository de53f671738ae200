from itertools import product
from math import sqrt

import pytest
import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance

from ganzoo.metrics import MetricError, frechet_distance

CORNERS = torch.tensor(list(product((-1.0, 1.0), repeat=3)), dtype=torch.float64)
"""Eight points whose mean is zero and whose covariance is exactly 8/7 of the identity."""


@pytest.fixture
def features() -> Tensor:
    return torch.randn(200, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def test_a_set_has_no_distance_from_itself(features: Tensor) -> None:
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-9)
    flat = features * torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0, 0.0])  # a covariance of rank 2
    assert frechet_distance(flat, flat.flip(0)) == pytest.approx(0, abs=1e-6)


def test_a_shift_is_as_far_as_its_square(features: Tensor) -> None:
    shift = torch.tensor([3.0, -4.0, 0.0, 0.0, 12.0, 0.0], dtype=torch.float64)
    assert frechet_distance(features + shift, features) == pytest.approx(13**2)


def test_diagonal_covariances_are_as_far_as_their_deviations() -> None:
    one, other = torch.tensor([1.0, 2.0, 0.0]).double(), torch.tensor([4.0, 2.0, 5.0]).double()
    expected = 8 / 7 * (3**2 + 5**2)
    assert frechet_distance(CORNERS * one, CORNERS * other) == pytest.approx(expected)
    rotation = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(0)).double()).Q
    turned = frechet_distance(CORNERS * one @ rotation, CORNERS * other @ rotation)
    assert turned == pytest.approx(expected)


def test_covariances_that_do_not_commute() -> None:
    # Of a 2 x 2 matrix with eigenvalues a², b²: (a + b)² is its trace and twice the root of its determinant.
    one = torch.tensor([[2.0, 1.0], [1.0, 3.0]]).double()
    other = torch.tensor([[5.0, -2.0], [-2.0, 1.0]]).double()
    shared = sqrt((one @ other).trace().item() + 2 * sqrt((one @ other).det().item()))
    points = CORNERS[:, :2] * sqrt(7 / 8)
    sets = [points @ torch.linalg.cholesky(covariance).T for covariance in (one, other)]
    assert frechet_distance(*sets) == pytest.approx(5 + 6 - 2 * shared)


def test_torchmetrics_finds_the_same(features: Tensor) -> None:
    other = features.flip(0)[:150] @ torch.randn(6, 6, generator=torch.Generator().manual_seed(1)).double() + 0.3
    as_they_are = nn.Identity()
    as_they_are.num_features = 6  # type: ignore[assignment]  # where torchmetrics looks for it
    theirs = FrechetInceptionDistance(feature=as_they_are)
    theirs.update(features, real=True)
    theirs.update(other, real=False)
    assert frechet_distance(other, features) == pytest.approx(theirs.compute().item())


def test_fewer_samples_than_span_the_space_are_refused(features: Tensor) -> None:
    assert frechet_distance(features[:7], features) > 0
    for pair in ((features[:6], features), (features, features[:6])):
        with pytest.raises(MetricError, match=r"6 dimensions takes at least 7 pictures of a kind and has 6"):
            frechet_distance(*pair)
