from typing import Any

import pytest
import torch
from torch import Tensor

from ganzoo.game import AdversarialGame, Batch, judgement
from ganzoo.generator import Discriminator, Generator
from ganzoo.losses import AdversarialLoss, LeastSquares, NonSaturating, Relativistic, Wasserstein
from ganzoo.nn.dcgan import Norm, dcgan_networks
from ganzoo.nn.mlp import mlp_networks
from ganzoo.penalties import gradient_penalty

SHAPE = (1, 28, 28)
N, Z_DIM = 6, 5


def networks() -> tuple[Generator, Discriminator]:
    torch.manual_seed(0)
    return mlp_networks(SHAPE, width=4, z_dim=Z_DIM)


def new_game(
    loss: AdversarialLoss | None = None, *, penalty_weight: float = 0.0, gamma: float = 0.0, r2: bool = True
) -> AdversarialGame:
    return AdversarialGame(*networks(), loss or NonSaturating(), penalty_weight=penalty_weight, gamma=gamma, r2=r2)


@pytest.fixture
def batch() -> Batch:
    random = torch.Generator().manual_seed(1)
    return {
        "real": torch.rand(N, *SHAPE, generator=random) * 2 - 1,
        "z": torch.randn(N, Z_DIM, generator=random),
        "epsilon": torch.rand(N, generator=random),
    }


def has_gradients(network: Generator | Discriminator) -> list[bool]:
    return [parameter.grad is not None for parameter in network.parameters()]


def test_players_move_in_order_and_say_what_they_are_dealt() -> None:
    game = new_game()
    assert list(game.players) == ["discriminator", "generator"]
    assert game.inputs == {"discriminator": ("real", "z"), "generator": ("z",)}
    assert new_game(penalty_weight=1.0).inputs["discriminator"] == ("real", "z", "epsilon")
    assert game.players["generator"] is game.generator


@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("penalty_weight", [0.0, 10.0])
def test_a_turn_gives_gradients_to_the_player_whose_turn_it_is(
    batch: Batch, player: str, penalty_weight: float
) -> None:
    game = new_game(penalty_weight=penalty_weight)
    loss, _ = game.turn(player, batch)
    assert loss.shape == ()
    loss.backward()
    gradients = [parameter.grad for parameter in game.players[player].parameters()]
    assert all(gradient is not None and gradient.abs().max() > 0 for gradient in gradients)


@pytest.mark.parametrize("penalty_weight", [0.0, 10.0])
def test_the_discriminator_s_turn_leaves_no_gradient_in_the_generator(batch: Batch, penalty_weight: float) -> None:
    game = new_game(penalty_weight=penalty_weight)
    game.turn("discriminator", batch)[0].backward()
    assert not any(has_gradients(game.generator))
    assert all(has_gradients(game.discriminator))


def test_the_generator_can_play_against_a_frozen_discriminator(batch: Batch) -> None:
    game = new_game()
    game.discriminator.requires_grad_(False)
    game.turn("generator", batch)[0].backward()
    assert all(has_gradients(game.generator))
    assert not any(has_gradients(game.discriminator))


def test_each_player_minimises_its_part_of_the_loss(batch: Batch) -> None:
    game, loss = new_game(), LeastSquares()
    game.loss = loss
    fake = game.generator(batch["z"])
    expected = loss.discriminator(game.discriminator(batch["real"]), game.discriminator(fake))
    torch.testing.assert_close(game.turn("discriminator", batch)[0], expected)
    torch.testing.assert_close(game.turn("generator", batch)[0], loss.generator(game.discriminator(fake)))


def test_a_step_down_each_loss_moves_the_logits_the_right_way(batch: Batch) -> None:
    game = new_game(Wasserstein())

    def estimate() -> Tensor:
        with torch.no_grad():
            real, fake = game.discriminator(batch["real"]), game.discriminator(game.generator(batch["z"]))
            distance: Tensor = real.mean() - fake.mean()
            return distance

    for player, direction in {"discriminator": 1.0, "generator": -1.0}.items():
        before = estimate()
        optimizer = torch.optim.SGD(game.players[player].parameters(), lr=1e-3)
        game.turn(player, batch)[0].backward()
        optimizer.step()
        for network in game.players.values():
            network.zero_grad()
        assert direction * (estimate() - before) > 0, player


def test_the_penalty_is_weighted_into_the_loss_and_reported_without_its_weight(batch: Batch) -> None:
    plain, _ = new_game().turn("discriminator", batch)
    torch.manual_seed(2)
    penalised, reports = AdversarialGame(*networks(), NonSaturating(), penalty_weight=7.0).turn("discriminator", batch)
    assert reports["penalty"] > 0
    torch.testing.assert_close(penalised, plain + 7.0 * reports["penalty"])


@pytest.mark.parametrize("norm", ["batch", "layer", "none"])
@pytest.mark.parametrize("penalty_weight", [0.0, 10.0])
def test_real_and_fake_images_are_judged_as_if_each_kind_came_alone(norm: Norm, penalty_weight: float) -> None:
    torch.manual_seed(0)
    generator, discriminator = dcgan_networks((1, 32, 32), width=2, z_dim=Z_DIM, norm=norm)
    loss = NonSaturating()
    game = AdversarialGame(generator, discriminator, loss, penalty_weight=penalty_weight)
    real, z, epsilon = torch.rand(N, 1, 32, 32) * 2 - 1, torch.randn(N, Z_DIM), torch.rand(N)

    cost, _ = game.turn("discriminator", {"real": real, "z": z, "epsilon": epsilon})
    fake = generator(z).detach()
    apart = loss.discriminator(discriminator(real), discriminator(fake))
    apart = apart + penalty_weight * gradient_penalty(discriminator, real, fake, epsilon)

    parameters = list(discriminator.parameters())
    torch.testing.assert_close(cost, apart)
    torch.testing.assert_close(torch.autograd.grad(cost, parameters), torch.autograd.grad(apart, parameters))


@pytest.mark.parametrize(("norm", "sizes"), [("batch", [N, N]), ("none", [2 * N])])
def test_one_batch_of_both_kinds_where_nothing_mixes_them(norm: Norm, sizes: list[int]) -> None:
    game = AdversarialGame(*dcgan_networks((1, 32, 32), width=2, z_dim=Z_DIM, norm=norm), NonSaturating())
    seen: list[int] = []
    game.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    game.turn("discriminator", {"real": torch.zeros(N, 1, 32, 32), "z": torch.zeros(N, Z_DIM)})
    assert seen == sizes


def test_clipping_binds_the_discriminator_alone() -> None:
    game = AdversarialGame(*networks(), Wasserstein(), clip=0.01)
    before = [parameter.detach().clone() for parameter in game.generator.parameters()]
    game.project("generator")
    assert max(parameter.abs().max().item() for parameter in game.discriminator.parameters()) > 0.01
    game.project("discriminator")
    assert max(parameter.abs().max().item() for parameter in game.discriminator.parameters()) <= 0.01
    for parameter, old in zip(game.generator.parameters(), before, strict=True):
        assert torch.equal(parameter, old)


def test_without_clipping_nothing_is_projected() -> None:
    game = new_game()
    before = [parameter.detach().clone() for parameter in game.discriminator.parameters()]
    game.project("discriminator")
    assert all(torch.equal(a, b) for a, b in zip(game.discriminator.parameters(), before, strict=True))


def test_a_penalised_critic_may_be_convolutional() -> None:
    torch.manual_seed(0)
    game = AdversarialGame(
        *dcgan_networks((3, 32, 32), width=2, z_dim=Z_DIM, norm="layer"), Wasserstein(), penalty_weight=10.0
    )
    real, z = torch.rand(3, 3, 32, 32) * 2 - 1, torch.randn(3, Z_DIM)
    loss, _ = game.turn("discriminator", {"real": real, "z": z, "epsilon": torch.rand(3)})
    loss.backward()
    assert all(has_gradients(game.discriminator))


def test_accuracy_counts_the_logits_on_the_right_side_of_the_boundary() -> None:
    reports = judgement(torch.tensor([0.6, 0.4, 2.0, -1.0]), torch.tensor([0.5, 0.7, -3.0, 0.1]), LeastSquares())
    assert reports == {"accuracy/real": 0.5, "accuracy/fake": 0.75}


def test_an_undecided_discriminator_calls_everything_fake() -> None:
    assert judgement(torch.zeros(3), torch.zeros(3), NonSaturating()) == {"accuracy/real": 0.0, "accuracy/fake": 1.0}


def test_a_critic_is_judged_by_the_middle_between_its_means() -> None:
    real, fake = torch.tensor([103.0, 101.0, 99.0, 105.0]), torch.tensor([98.0, 96.0, 103.0, 95.0])
    reports = judgement(real, fake, Wasserstein())  # means 102 and 98, so the middle is 100
    assert reports == {"wasserstein": 4.0, "accuracy/real": 0.75, "accuracy/fake": 0.75}


def test_where_images_are_judged_in_pairs_the_better_of_each_pair_counts() -> None:
    real, fake = torch.tensor([3.0, -5.0, 1.0, 9.0]), torch.tensor([2.0, -6.0, 1.0, 10.0])
    assert judgement(real, fake, Relativistic()) == {"accuracy/real": 0.5, "accuracy/fake": 0.5}


def test_a_paired_loss_has_the_generator_dealt_real_images(batch: Batch) -> None:
    game = new_game(Relativistic())
    assert game.inputs["generator"] == ("real", "z")
    better = {**batch, "real": batch["real"].flip(0)}
    assert game.turn("generator", batch)[0] != game.turn("generator", better)[0]


def test_gamma_adds_half_of_both_zero_centred_penalties(batch: Batch) -> None:
    plain, _ = new_game(Relativistic()).turn("discriminator", batch)
    loss, reports = new_game(Relativistic(), gamma=3.0).turn("discriminator", batch)
    torch.testing.assert_close(
        loss.detach(), plain.detach() + 1.5 * (reports["penalty/real"] + reports["penalty/fake"])
    )
    assert not batch["real"].requires_grad


def test_formulas_tell_penalties_and_bounds() -> None:
    players = mlp_networks((1, 4, 4), width=4, z_dim=Z_DIM)
    wasserstein = "E[D(G(z))] − E[D(x)]"
    formulas: dict[str, Any] = {
        "": {},
        " + 0.5/2 E‖∇D(x)‖² + 0.5/2 E‖∇D(G(z))‖²": {"gamma": 0.5},
        " + 0.5/2 E‖∇D(x)‖²": {"gamma": 0.5, "r2": False},
        " + 10 E[(‖∇D(x̂)‖ − 1)²], x̂ between x and G(z)": {"penalty_weight": 10.0},
        ", no weight beyond ±0.01": {"clip": 0.01},
    }
    for added, options in formulas.items():
        told = AdversarialGame(*players, Wasserstein(), **options).formulas
        assert told == {"discriminator": wasserstein + added, "generator": "−E[D(G(z))]"}


def test_without_r2_gamma_adds_half_of_the_penalty_at_real_images(batch: Batch) -> None:
    plain, _ = new_game().turn("discriminator", batch)
    loss, reports = new_game(gamma=3.0, r2=False).turn("discriminator", batch)
    torch.testing.assert_close(loss.detach(), plain.detach() + 1.5 * reports["penalty/real"])


def test_a_critic_s_estimate_is_its_loss_with_the_sign_turned(batch: Batch) -> None:
    loss, reports = new_game(Wasserstein()).turn("discriminator", batch)
    torch.testing.assert_close(reports["wasserstein"], -loss.detach())


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_reports_hold_on_to_no_graph(batch: Batch, player: str) -> None:
    _, reports = new_game(Wasserstein(), penalty_weight=10.0).turn(player, batch)
    assert not any(value.requires_grad for value in reports.values())
    assert all(value.shape == () for value in reports.values())
