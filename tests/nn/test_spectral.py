from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from ganzoo.checkpoints.weights import load_weights, weight_bytes
from ganzoo.nn.convolution import Conv2d
from ganzoo.nn.spectral import spectral_norm

LAYERS: dict[str, Callable[[], nn.Linear | nn.Conv2d]] = {
    "linear": lambda: nn.Linear(12, 7),
    "one output": lambda: nn.Linear(12, 1, bias=False),
    "convolution": lambda: Conv2d(5, 8, 3, padding=1),
}
INPUTS = {"linear": (4, 12), "one output": (4, 12), "convolution": (4, 5, 6, 6)}
U = "parametrizations.weight.0.u"
every_layer = pytest.mark.parametrize("kind", LAYERS)


def layer(kind: str, passes: int = 0) -> nn.Linear | nn.Conv2d:
    """A layer that has had so many passes in training."""
    torch.manual_seed(0)
    made = spectral_norm(LAYERS[kind]())
    for _ in range(passes):
        made(torch.randn(INPUTS[kind]))
    return made


def largest_singular_value(weight: Tensor) -> float:
    return float(torch.linalg.matrix_norm(weight.detach().flatten(1).double(), 2))


@every_layer
def test_the_weight_is_divided_by_its_largest_singular_value(kind: str) -> None:
    made = layer(kind, passes=200)
    original = made.get_parameter("parametrizations.weight.original")
    torch.testing.assert_close(made.weight, original / largest_singular_value(original), rtol=1e-4, atol=1e-6)
    assert largest_singular_value(made.weight) == pytest.approx(1, rel=1e-4)


def test_one_pass_in_training_is_one_step_of_the_power_iteration() -> None:
    made = layer("linear")
    matrix, u = made.get_parameter("parametrizations.weight.original").detach(), made.get_buffer(U).clone()
    made(torch.randn(INPUTS["linear"]))
    v = matrix.T @ u / (matrix.T @ u).norm()
    torch.testing.assert_close(made.get_buffer(U), matrix @ v / (matrix @ v).norm())


@every_layer
def test_outside_of_training_nothing_moves(kind: str) -> None:
    made, images = layer(kind, passes=3).eval(), torch.randn(INPUTS[kind])
    before = made.get_buffer(U).clone()
    once = made(images)
    assert torch.equal(made(images), once)
    assert torch.equal(made.get_buffer(U), before)


def test_the_gradient_keeps_the_singular_vectors_fixed() -> None:
    """Miyato et al. 2018, eq. 9 and after: dσ/dW = u vᵀ."""
    made = layer("linear", passes=200).eval()
    original = made.get_parameter("parametrizations.weight.original")
    direction = torch.randn(original.shape)
    (found,) = torch.autograd.grad((made.weight * direction).sum(), original)
    left, values, right = torch.linalg.svd(original.detach(), full_matrices=False)
    normed = original.detach() / values[0]
    expected = (direction - (direction * normed).sum() * torch.outer(left[:, 0], right[0])) / values[0]
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-5)


def test_bfloat16_products_leave_the_vectors_whole() -> None:
    exact, coarse = layer("convolution"), layer("convolution")
    exact(torch.zeros(INPUTS["convolution"]))
    with torch.autocast("cpu", torch.bfloat16):
        assert coarse(torch.zeros(INPUTS["convolution"])).dtype == torch.bfloat16
    assert torch.equal(coarse.get_buffer(U), exact.get_buffer(U))
    assert torch.equal(coarse.weight, exact.weight)


@every_layer
@pytest.mark.parametrize("half", [False, True])
def test_it_is_copied_and_stored_with_its_vector(kind: str, half: bool, tmp_path: Path) -> None:
    made = layer(kind, passes=3).eval()
    torch.testing.assert_close(deepcopy(made).weight, made.weight, rtol=0, atol=0)
    file = tmp_path / "layer.safetensors"
    file.write_bytes(weight_bytes(made, half=half))
    with torch.device("meta"):
        again = spectral_norm(LAYERS[kind]()).eval()
    load_weights(again, file)
    torch.testing.assert_close(again.weight, made.weight, rtol=0, atol=2e-3 if half else 0)


def test_it_can_be_compiled_whole() -> None:
    plain, made, numbers = layer("linear"), layer("linear"), torch.randn(INPUTS["linear"])
    compiled = torch.compile(made, fullgraph=True, backend="aot_eager")
    for _ in range(2):
        for one in (compiled, plain):
            one(numbers).square().sum().backward()
        for mine, other in zip(made.parameters(), plain.parameters(), strict=True):
            torch.testing.assert_close(mine.grad, other.grad)
        torch.testing.assert_close(made.get_buffer(U), plain.get_buffer(U))
