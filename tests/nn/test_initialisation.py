import math

import pytest
import torch
from torch import nn

from ganzoo.nn.initialisation import dcgan_normal, glorot_uniform

LAYERS = [
    (nn.Linear(300, 200), 300 + 200),
    (nn.Conv2d(40, 30, 5), (40 + 30) * 25),
    (nn.ConvTranspose2d(40, 30, 5), (40 + 30) * 25),
]


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize(("layer", "fans"), LAYERS, ids=str)
def test_glorot_weights_are_uniform_within_their_bound(layer: nn.Conv2d, fans: int) -> None:
    layer.apply(glorot_uniform)
    bound = math.sqrt(6 / fans)
    assert 0.99 * bound < layer.weight.abs().max().item() <= bound
    assert layer.weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.02)
    assert layer.weight.mean().item() == pytest.approx(0, abs=0.02 * bound)
    assert layer.bias is not None
    assert not layer.bias.any()


@pytest.mark.parametrize("layer", [layer for layer, _ in LAYERS], ids=str)
def test_dcgan_weights_are_normal_with_deviation_two_hundredths(layer: nn.Conv2d) -> None:
    layer.apply(dcgan_normal)
    assert layer.weight.std().item() == pytest.approx(0.02, rel=0.02)
    assert layer.weight.mean().item() == pytest.approx(0, abs=4e-4)
    assert layer.weight.abs().max() > 0.06  # three deviations: not uniform, not truncated
    assert layer.bias is not None
    assert not layer.bias.any()


def test_dcgan_batch_norm_gains_scatter_around_one() -> None:
    norm = nn.BatchNorm2d(5000).apply(dcgan_normal)
    assert norm.weight.mean().item() == pytest.approx(1, abs=2e-3)
    assert norm.weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert not norm.bias.any()


@pytest.mark.parametrize("norm", [nn.BatchNorm1d(8), nn.BatchNorm2d(8)], ids=str)
def test_glorot_leaves_batch_norm_at_one_and_zero(norm: nn.BatchNorm2d) -> None:
    norm.apply(glorot_uniform)
    assert (norm.weight == 1).all()
    assert not norm.bias.any()


@pytest.mark.parametrize("initialise", [glorot_uniform, dcgan_normal])
def test_layers_without_bias_or_storage_are_fine(initialise: object) -> None:
    assert callable(initialise)
    nn.Conv2d(2, 2, 3, bias=False).apply(initialise)
    nn.Sequential(nn.Linear(2, 2, device="meta"), nn.BatchNorm1d(2, device="meta")).apply(initialise)
