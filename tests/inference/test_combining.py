import pytest
import torch

from ganzoo.inference.combining import combined
from ganzoo.latents import latents

Z = latents(range(3), 100)
LENGTHS = torch.linalg.vector_norm(Z, dim=1)


@pytest.mark.parametrize("corner", range(3))
def test_at_a_corner_lies_the_latent_itself(corner: int) -> None:
    assert torch.allclose(combined(Z, torch.eye(3)[corner]), Z[corner], atol=1e-6)


@pytest.mark.parametrize("weights", [(0.5, 0.5, 0.0), (0.2, 0.3, 0.5), (1.0, -1.0, 1.0), (-0.5, 2.0, -0.5)])
def test_between_them_the_direction_is_the_sum_s_and_the_length_theirs(weights: tuple[float, ...]) -> None:
    w = torch.tensor(weights)
    found, plain = combined(Z, w), w @ Z
    assert torch.cosine_similarity(found, plain, dim=0) == pytest.approx(1.0, abs=1e-6)
    assert found.norm().item() == pytest.approx(((w.abs() @ LENGTHS) / w.abs().sum()).item(), rel=1e-5)


def test_what_has_no_direction_is_zero() -> None:
    assert not combined(Z[[0, 0]], torch.tensor([1.0, -1.0])).any()
    assert not combined(Z, torch.zeros(3)).any()
