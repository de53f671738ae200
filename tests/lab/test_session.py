import math
from collections.abc import Mapping
from typing import Any

import pytest
import torch

from ganzoo.data import to_float
from ganzoo.game import AdversarialGame
from ganzoo.lab.recipe import CONSTRAINTS, LabRecipe
from ganzoo.lab.session import PLANE, RECORD_EVERY, GameOverError, Session
from ganzoo.lab.toys import image_set
from ganzoo.training.trainer import Trainer

SMALL: Mapping[str, Any] = {"width": 8, "batch_size": 8}


def weights(trainer: Trainer) -> torch.Tensor:
    players = trainer.game.players.values()
    return torch.cat([parameter.detach().flatten() for player in players for parameter in player.parameters()])


@pytest.mark.parametrize("loss", ["minimax", "non-saturating", "least-squares", "hinge", "wasserstein", "relativistic"])
@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_a_session_plays_what_the_trainer_plays(loss: str, constraint: str) -> None:
    recipe = LabRecipe.model_validate({**SMALL, "loss": loss, "constraint": constraint, "n_discriminator": 2})
    session = Session(recipe, seed=5)
    session.play(3)
    trainer = Trainer(recipe, image_set("ring"), seed=5, device=torch.device("cpu"))
    for _ in range(3):
        trainer.play()
    assert session.step == 3
    assert torch.equal(weights(session.trainer), weights(trainer))


def test_the_first_discriminator_turn_is_a_step_of_adam_on_the_game_s_own_loss() -> None:
    recipe = LabRecipe(**SMALL, constraint="R1", lr_discriminator=3e-3)
    session = Session(recipe)
    torch.manual_seed(0)
    game = recipe.game()
    assert isinstance(game, AdversarialGame)
    trainer = Trainer(recipe, image_set("ring"), seed=0, device=torch.device("cpu"))
    batch = trainer._deal("discriminator")
    loss, _ = game.turn("discriminator", {**batch, "real": to_float(batch["real"])})
    gradients = torch.autograd.grad(loss, list(game.discriminator.parameters()))
    before = [parameter.detach().clone() for parameter in game.discriminator.parameters()]
    session.play(1)
    for old, gradient, new in zip(
        before, gradients, session.trainer.game.players["discriminator"].parameters(), strict=True
    ):
        moved = gradient.abs() > 1e-6  # Adam's first step is as long for any gradient that is not tiny
        assert torch.allclose((new - old)[moved], -3e-3 * gradient[moved].sign(), rtol=0.02)


def test_games_side_by_side_are_games_alone_and_leave_torch_s_random_numbers() -> None:
    recipe = LabRecipe(**SMALL)
    alone = Session(recipe)
    alone.play(4 * RECORD_EVERY)
    torch.manual_seed(99)
    state = torch.get_rng_state()
    pair = Session(recipe), Session(LabRecipe(**SMALL, toy="grid"))
    for _ in range(4):
        for session in pair:
            session.play(RECORD_EVERY)
        pair[0].slopes()
    assert torch.equal(torch.get_rng_state(), state)
    assert pair[0].lines() == alone.lines()
    assert torch.equal(pair[0].drawn(), alone.drawn())
    assert not torch.equal(pair[1].drawn(), alone.drawn())


def test_lines_of_the_history_are_told_once() -> None:
    session = Session(LabRecipe(**SMALL))
    session.play(2 * RECORD_EVERY + 1)
    assert [line.step for line in session.lines()] == [RECORD_EVERY, 2 * RECORD_EVERY]
    assert session.lines() == []


def test_however_short_the_time_a_game_goes_on() -> None:
    session = Session(LabRecipe(**SMALL))
    session.play_for(0.0)
    assert session.step == 1


def test_the_surface_has_x_along_its_rows_and_y_up_its_columns() -> None:
    session = Session(LabRecipe(**SMALL))
    surface = session.surface()
    corner = torch.tensor([1.0, -1.0]).view(1, 2, 1, 1)  # right, below
    assert surface.shape == (PLANE, PLANE)
    assert surface[0, -1].item() == pytest.approx(session.discriminator(corner).item(), abs=1e-6)


def test_slopes_are_the_gradients_of_the_discriminator() -> None:
    session = Session(LabRecipe(**SMALL))
    flat = torch.nn.Flatten()
    linear = torch.nn.Linear(2, 1)
    session.discriminator.layers = torch.nn.Sequential(flat, linear)
    slope = linear.weight.norm().item()
    found = session.slopes()
    assert [found.real, found.drawn] == pytest.approx([slope, slope], rel=1e-5)


def test_an_average_is_looked_at_where_one_is_kept() -> None:
    session = Session(LabRecipe(**SMALL, ema_decay=0.99, published="averaged"))
    session.play(5)
    assert session.trainer.average is not None
    z = session.latents
    assert torch.equal(session.drawn(), session.trainer.average.generator(z))
    assert not torch.equal(session.drawn(), session.trainer.game.generator(z))


def test_clipped_weights_stay_within_their_limit() -> None:
    clipped = Session(LabRecipe(**SMALL, constraint="clipping"))
    clipped.play(2)
    limit = CONSTRAINTS["clipping"]["clip"]
    assert all(parameter.abs().max() <= limit for parameter in clipped.discriminator.parameters())


def test_a_game_that_blows_up_says_so() -> None:
    session = Session(LabRecipe(**SMALL))
    with torch.no_grad():
        next(iter(session.discriminator.parameters())).fill_(math.nan)
    with pytest.raises(GameOverError, match="blew up"):
        session.play(1)


def test_a_game_has_an_end() -> None:
    session = Session(LabRecipe(**SMALL, steps=3))
    session.play(3)
    with pytest.raises(GameOverError, match="has had its 3 steps"):
        session.play(1)


def test_digits_are_drawn_as_small_pictures_and_have_no_modes() -> None:
    session = Session(LabRecipe(**SMALL, toy="digits"))
    session.play(1)
    assert session.drawn().shape[1:] == session.real.shape[1:] == (1, 8, 8)
    assert session.modes() is None
