import pytest
import torch
from torch import Tensor

from ganzoo.metrics import Memorisation, MetricError, Points, measure_memorisation


def memorised(samples: Tensor, training: Tensor, held_out: Tensor) -> Memorisation:
    return measure_memorisation(Points(samples), Points(training), Points(held_out))


def test_held_out_images_are_not_memorised(training: Tensor, held_out: Tensor) -> None:
    found = memorised(held_out[:100], training, held_out[100:])
    assert found.ratio == pytest.approx(1, abs=0.15)
    assert found.share < 0.05


def test_a_generator_that_returns_its_training_images_is_found(training: Tensor, held_out: Tensor) -> None:
    noise = 0.01 * torch.randn(300, 784, generator=torch.Generator().manual_seed(0)).double()
    copies = memorised(training[:300], training, held_out)
    assert (copies.ratio, copies.share) == (0, 1)
    nearly = memorised(training[:300] + noise, training, held_out)
    assert nearly.ratio < 0.1
    assert nearly.share == 1
    half = memorised(torch.cat([training[:100], held_out[:100]]), training, held_out)
    assert 0.5 <= half.share < 0.55


def test_distances_are_compared_not_their_squares(training: Tensor) -> None:
    axis = torch.zeros(1, 784).double()
    axis[0, 0] = 1.0
    found = memorised(training + 30_000 * axis, training, training + 10_000 * axis)
    assert found.ratio == pytest.approx(3, rel=1e-3)
    assert found.share == 0


def test_what_tells_nothing_is_refused(training: Tensor, held_out: Tensor) -> None:
    few = held_out[:99]
    for sets in ((few, training, held_out), (held_out, few, held_out), (held_out, training, few)):
        with pytest.raises(MetricError, match=r"at least 100 pictures of a kind and has 99"):
            memorised(*sets)
    with pytest.raises(MetricError, match=r"held-out images are training images"):
        memorised(held_out, training, training[:200])
