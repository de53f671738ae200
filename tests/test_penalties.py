from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from ganzoo.penalties import clip_weights, gradient_penalty, path_lengths, zero_centred_penalties

# No two of N, C, H, W are equal, so a norm over the wrong axes gives another number.
SHAPES = [(5, 3, 4, 2), (2, 3, 5, 7), (7, 1, 3, 4), (1, 2, 3, 4), (6, 11)]


class LinearCritic(nn.Module):
    """f(x) = <w, x>, whose gradient is w everywhere."""

    def __init__(self, sample: tuple[int, ...], norm: float) -> None:
        super().__init__()
        weight = torch.randn(sample, dtype=torch.float64)
        self.weight = nn.Parameter(weight * norm / weight.norm())

    def forward(self, images: Tensor) -> Tensor:
        return (images * self.weight).flatten(1).sum(1)


def pair(shape: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    return torch.randn(shape, dtype=torch.float64), torch.randn(shape, dtype=torch.float64)


def penalty_of(critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor) -> Tensor:
    return gradient_penalty(critic, real, fake, torch.rand(len(real), dtype=real.dtype))


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("norm", [0.25, 1.0, 3.0])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_penalty_of_a_linear_critic_is_its_weight_s_distance_to_one(shape: tuple[int, ...], norm: float) -> None:
    penalty = penalty_of(LinearCritic(shape[1:], norm), *pair(shape))
    assert penalty.shape == ()
    assert penalty.item() == pytest.approx((norm - 1) ** 2, abs=1e-12)


def test_zero_centred_penalties_of_a_linear_critic_are_its_weight_s_squared_norm() -> None:
    critic, (real, fake) = LinearCritic((3, 4, 2), norm=2.5), pair((5, 3, 4, 2))
    batches = real.requires_grad_(), fake.requires_grad_()
    found = zero_centred_penalties(critic(torch.cat(batches)), *batches)
    assert [penalty.item() for penalty in found] == pytest.approx([2.5**2] * 2)


def test_zero_centred_penalties_are_means_over_the_images_of_each_batch() -> None:
    real, fake = (batch.requires_grad_() for batch in pair((4, 3, 5, 2)))
    squares = torch.cat([real, fake]).flatten(1).square().sum(1)  # of 0.5 ‖x‖², whose gradient at x is x
    at_real, at_fake = zero_centred_penalties(0.5 * squares, real, fake)
    torch.testing.assert_close(at_real, squares[:4].mean())
    torch.testing.assert_close(at_fake, squares[4:].mean())
    assert at_real.requires_grad


def test_penalty_does_not_grow_with_the_batch() -> None:
    critic = LinearCritic((3, 4, 2), norm=2.5)
    penalties = [penalty_of(critic, *pair((n, 3, 4, 2))).item() for n in (1, 2, 9, 64)]
    assert penalties == pytest.approx([1.5**2] * 4)


def test_penalty_is_the_mean_over_images_not_of_their_mean() -> None:
    def critic(images: Tensor) -> Tensor:
        return 0.5 * images.flatten(1).square().sum(1)  # its gradient at x is x

    real, _ = pair((4, 3, 5, 2))
    scaled = real * torch.tensor([0.1, 0.5, 2.0, 7.0], dtype=real.dtype)[:, None, None, None]
    norms = scaled.flatten(1).norm(dim=1)
    penalty = penalty_of(critic, scaled, scaled)  # the line between an image and itself is the image
    torch.testing.assert_close(penalty, (norms - 1).square().mean())


def test_penalty_is_taken_between_each_real_image_and_its_fake() -> None:
    seen: list[Tensor] = []

    def critic(images: Tensor) -> Tensor:
        seen.append(images.detach())
        return images.flatten(1).sum(1)

    real, fake = pair((5, 2, 3, 4))
    epsilon = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0], dtype=real.dtype)
    gradient_penalty(critic, real, fake, epsilon)
    (between,) = seen
    share = epsilon[:, None, None, None]
    torch.testing.assert_close(between, share * real + (1 - share) * fake)


def test_penalty_s_gradient_reaches_the_critic() -> None:
    critic = LinearCritic((3, 4, 2), norm=3.0)
    penalty_of(critic, *pair((5, 3, 4, 2))).backward()
    weight = critic.weight.detach()
    assert critic.weight.grad is not None
    torch.testing.assert_close(critic.weight.grad, 2 * (3.0 - 1.0) * weight / 3.0)  # ∇(|w| - 1)² = 2 (|w| - 1) w/|w|


def test_penalty_reaches_every_weight_that_shapes_the_gradient() -> None:
    hidden, last = nn.Linear(24, 8), nn.Linear(8, 1)
    critic = nn.Sequential(nn.Flatten(), hidden, nn.Tanh(), last).double()
    penalty_of(critic, *pair((5, 3, 4, 2))).backward()
    for weight in (hidden.weight, hidden.bias, last.weight):
        assert weight.grad is not None
        assert weight.grad.abs().max() > 0


def test_penalty_leaves_the_images_alone() -> None:
    real, fake = pair((5, 3, 4, 2))
    before = real.clone(), fake.clone()
    penalty_of(LinearCritic((3, 4, 2), norm=3.0), real, fake)
    assert not real.requires_grad
    assert not fake.requires_grad
    assert torch.equal(real, before[0])
    assert torch.equal(fake, before[1])


def test_a_flat_critic_pays_one_and_gets_no_nan() -> None:
    critic = LinearCritic((3, 4, 2), norm=1.0)
    with torch.no_grad():
        critic.weight.zero_()
    penalty = penalty_of(critic, *pair((5, 3, 4, 2)))
    penalty.backward()
    assert penalty.item() == 1.0
    assert critic.weight.grad is not None
    assert critic.weight.grad.isfinite().all()


def test_path_lengths_of_a_linear_generator_are_those_of_what_its_matrix_makes_of_the_noise() -> None:
    matrix = torch.randn(2 * 5, 3 * 4 * 7, dtype=torch.float64)  # of two layers' w of five numbers, to C, H, W
    ws = torch.randn(6, 2, 5, dtype=torch.float64, requires_grad=True)
    images = (ws.flatten(1) @ matrix).view(6, 3, 4, 7)
    torch.manual_seed(1)
    lengths = path_lengths(images, ws)
    torch.manual_seed(1)
    noise = torch.randn_like(images).flatten(1) / (4 * 7) ** 0.5
    layers = (noise @ matrix.t()).view(6, 2, 5)
    torch.testing.assert_close(lengths, layers.square().sum(2).mean(1).sqrt())


def test_path_lengths_reach_the_generator_s_weights() -> None:
    weight = torch.randn(5, 12, dtype=torch.float64, requires_grad=True)
    ws = torch.randn(3, 1, 5, dtype=torch.float64, requires_grad=True)
    path_lengths((ws[:, 0] @ weight).view(3, 1, 3, 4), ws).sum().backward()
    assert weight.grad is not None
    assert weight.grad.abs().max() > 0


def test_a_generator_that_does_not_listen_has_paths_of_no_length_and_no_nan() -> None:
    weight = torch.zeros(5, 12, requires_grad=True)
    ws = torch.randn(3, 1, 5, requires_grad=True)
    lengths = path_lengths((ws[:, 0] @ weight).view(3, 1, 3, 4), ws)
    lengths.sum().backward()
    assert not lengths.any()
    assert weight.grad is not None
    assert weight.grad.isfinite().all()


def test_clipping_bounds_every_parameter_and_moves_no_other() -> None:
    critic = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 1))
    before = [parameter.detach().clone() for parameter in critic.parameters()]
    clip_weights(critic, 0.05)
    for parameter, old in zip(critic.parameters(), before, strict=True):
        assert torch.equal(parameter, old.clamp(-0.05, 0.05))
        assert parameter.requires_grad
    assert max(parameter.abs().max().item() for parameter in critic.parameters()) == pytest.approx(0.05)
