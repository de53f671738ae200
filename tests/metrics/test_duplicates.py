import pytest
import torch
from torch import Tensor

from ganzoo.metrics import MetricError, Points, duplicate_rate


def rate(samples: Tensor, real: Tensor) -> float:
    return duplicate_rate(Points(samples), Points(real))


def test_real_images_are_no_duplicates(training: Tensor, held_out: Tensor) -> None:
    assert rate(held_out, training[:200]) < 0.05
    assert rate(training[200:600], training[600:]) < 0.05
    assert rate(training[:600], training[:600]) == pytest.approx(0.01)


def test_repeated_images_are(training: Tensor, held_out: Tensor) -> None:
    assert rate(held_out[:1].repeat(200, 1), training[:200]) == 1
    repeated = torch.cat([held_out[:150], held_out[:50]])  # fifty twice, a hundred once
    assert 0.5 <= rate(repeated, training[:200]) < 0.55
    assert rate(repeated.flip(0), training[:200]) == rate(repeated, training[:200])


def test_so_are_images_that_hardly_differ(training: Tensor, held_out: Tensor) -> None:
    noise = torch.randn(200, 784, generator=torch.Generator().manual_seed(0)).double()
    assert rate(held_out[:1] + 0.01 * noise, training[:200]) == 1


def test_no_scale_of_features_matters(training: Tensor, held_out: Tensor) -> None:
    samples = torch.cat([held_out[:150], held_out[:50]])
    for scale in (1e-6, 1e6):
        assert rate(scale * samples, scale * training[:200]) == rate(samples, training[:200])


def test_where_real_images_have_twins_equal_ones_still_count(training: Tensor, held_out: Tensor) -> None:
    twins = training[:100].repeat(2, 1)
    assert rate(held_out, twins) == 0
    assert rate(held_out[:100].repeat(2, 1), twins) == 1


def test_counts_that_do_not_compare_are_refused(training: Tensor, held_out: Tensor) -> None:
    with pytest.raises(MetricError, match=r"at least 100 pictures of a kind and has 99"):
        rate(held_out[:99], training[:99])
    with pytest.raises(MetricError, match=r"as many real images as samples: here are 1,000 and 200"):
        rate(held_out, training)
