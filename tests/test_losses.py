import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from ganzoo.losses import (
    LOSSES,
    AdversarialLoss,
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    Relativistic,
    Wasserstein,
)

REAL = torch.tensor([-3.0, -0.4, 0.0, 0.7, 2.5])
FAKE = torch.tensor([-2.0, -1.0, 0.3, 1.0, 4.0])

every_loss = pytest.mark.parametrize("make", LOSSES.values(), ids=LOSSES.keys())


@pytest.mark.parametrize("loss", [Minimax(), NonSaturating()], ids=["minimax", "non-saturating"])
def test_an_undecided_discriminator_pays_two_ln_2(loss: AdversarialLoss) -> None:
    undecided = torch.zeros(7)
    assert loss.discriminator(undecided, undecided).item() == pytest.approx(2 * math.log(2))


@pytest.mark.parametrize("loss", [Minimax(), NonSaturating()], ids=["minimax", "non-saturating"])
def test_discriminator_pays_the_cross_entropy_of_real_and_fake(loss: AdversarialLoss) -> None:
    expected = cross_entropy(REAL, torch.ones(5)) + cross_entropy(FAKE, torch.zeros(5))
    torch.testing.assert_close(loss.discriminator(REAL, FAKE), expected)


@pytest.mark.parametrize("real_label", [0.9, 0.7, 1.0])
def test_smoothed_labels_are_targets_for_real_images_only(real_label: float) -> None:
    expected = cross_entropy(REAL, torch.full((5,), real_label)) + cross_entropy(FAKE, torch.zeros(5))
    torch.testing.assert_close(NonSaturating(real_label).discriminator(REAL, FAKE), expected)


def test_smoothed_labels_are_met_best_by_a_discriminator_that_is_that_sure() -> None:
    logit = torch.tensor([math.log(0.9 / 0.1)], requires_grad=True)  # sigmoid(logit) = 0.9
    NonSaturating(real_label=0.9).discriminator(logit, torch.zeros(1)).backward()
    assert logit.grad is not None
    assert logit.grad.item() == pytest.approx(0.0, abs=1e-7)


def test_smoothed_labels_leave_the_generator_alone() -> None:
    assert torch.equal(NonSaturating(real_label=0.9).generator(FAKE), NonSaturating().generator(FAKE))


def test_minimax_generator_minimises_log_of_one_minus_d() -> None:
    torch.testing.assert_close(Minimax().generator(FAKE), torch.log(1 - torch.sigmoid(FAKE)).mean())


def test_minimax_players_disagree_on_the_fakes_only() -> None:
    on_real = cross_entropy(REAL, torch.ones(5))
    torch.testing.assert_close(Minimax().discriminator(REAL, FAKE), on_real - Minimax().generator(FAKE))


def test_non_saturating_generator_minimises_minus_log_d() -> None:
    torch.testing.assert_close(NonSaturating().generator(FAKE), -torch.log(torch.sigmoid(FAKE)).mean())


def test_only_the_minimax_gradient_dies_where_the_discriminator_is_sure() -> None:
    def slope(loss: AdversarialLoss) -> float:
        fake = torch.tensor([-20.0], requires_grad=True)
        (gradient,) = torch.autograd.grad(loss.generator(fake), fake)
        return abs(gradient.item())

    assert slope(Minimax()) == pytest.approx(math.exp(-20), rel=1e-3)
    assert slope(NonSaturating()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("real", "fake", "expected"),
    [
        (1.0, -1.0, 0.0),  # both on the margin
        (5.0, -5.0, 0.0),  # both past it
        (0.0, 0.0, 2.0),
        (0.5, -1.0, 0.5),
        (1.0, 0.25, 1.25),
        (-2.0, 3.0, 7.0),
    ],
)
def test_hinge_costs_the_distance_to_the_margin(real: float, fake: float, expected: float) -> None:
    assert Hinge().discriminator(torch.tensor([real]), torch.tensor([fake])).item() == pytest.approx(expected)


def test_hinge_generator_raises_the_mean_logit() -> None:
    torch.testing.assert_close(Hinge().generator(FAKE), -FAKE.mean())


def test_least_squares_are_half_the_squared_distances_to_one_and_zero() -> None:
    expected = 0.5 * ((REAL - 1) ** 2).mean() + 0.5 * (FAKE**2).mean()
    torch.testing.assert_close(LeastSquares().discriminator(REAL, FAKE), expected)
    torch.testing.assert_close(LeastSquares().generator(FAKE), 0.5 * ((FAKE - 1) ** 2).mean())


def test_a_relativistic_loss_looks_at_the_difference_of_each_pair_alone() -> None:
    loss = Relativistic()
    torch.testing.assert_close(loss.discriminator(REAL, FAKE), -torch.log(torch.sigmoid(REAL - FAKE)).mean())
    torch.testing.assert_close(loss.generator(FAKE, REAL), -torch.log(torch.sigmoid(FAKE - REAL)).mean())
    torch.testing.assert_close(loss.discriminator(REAL + 7, FAKE + 7), loss.discriminator(REAL, FAKE))
    assert loss.paired


def test_wasserstein_critic_minimises_minus_the_distance() -> None:
    torch.testing.assert_close(Wasserstein().discriminator(REAL, FAKE), -(REAL.mean() - FAKE.mean()))
    torch.testing.assert_close(Wasserstein().generator(FAKE), -FAKE.mean())


@every_loss
def test_logits_are_called_log_odds_where_the_best_discriminator_says_those(
    make: Callable[[], AdversarialLoss],
) -> None:
    """Of pictures four in five of which are real, it then says log 4, and gains nothing by saying more or less."""
    loss = make()
    real, fake = (torch.tensor([math.log(4)], requires_grad=True) for _ in range(2))
    on_real, on_fake = torch.autograd.grad(loss.discriminator(real, fake), (real, fake))
    assert loss.log_odds is (abs(4 * on_real.item() + on_fake.item()) < 1e-6)


@every_loss
def test_generator_gains_where_fakes_look_more_real(make: Callable[[], AdversarialLoss]) -> None:
    fake = torch.tensor([-3.0, -0.5, 0.0, 0.6], requires_grad=True)
    (gradient,) = torch.autograd.grad(make().generator(fake), fake)
    assert (gradient < 0).all()


@every_loss
def test_discriminator_gains_where_it_tells_them_apart(make: Callable[[], AdversarialLoss]) -> None:
    real, fake = torch.full((4,), 0.2, requires_grad=True), torch.full((4,), 0.2, requires_grad=True)
    on_real, on_fake = torch.autograd.grad(make().discriminator(real, fake), (real, fake))
    assert (on_real < 0).all()
    assert (on_fake > 0).all()


@every_loss
def test_losses_are_means_over_the_batch(make: Callable[[], AdversarialLoss]) -> None:
    loss = make()
    torch.testing.assert_close(loss.generator(FAKE.repeat(3)), loss.generator(FAKE))
    torch.testing.assert_close(loss.discriminator(REAL.repeat(3), FAKE), loss.discriminator(REAL, FAKE))
    assert loss.generator(FAKE).shape == loss.discriminator(REAL, FAKE).shape == ()


@every_loss
@pytest.mark.parametrize("logit", [-1e4, 1e4])
def test_extreme_logits_stay_finite(make: Callable[[], AdversarialLoss], logit: float) -> None:
    def finite(loss: Tensor, *logits: Tensor) -> bool:
        gradients = torch.autograd.grad(loss, logits)
        return all(bool(value.isfinite().all()) for value in (loss, *gradients))

    real, fake = torch.tensor([logit], requires_grad=True), torch.tensor([logit], requires_grad=True)
    assert finite(make().generator(fake), fake)
    assert finite(make().discriminator(real, fake), real, fake)
