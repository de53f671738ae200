from pathlib import Path

import pytest
import torch

from ganzoo.checkpoints import read_checkpoint, save_checkpoint
from ganzoo.zoo import RECIPES
from tests.cases import deal, optimizers, update


def test_learning_rates_go_evenly_to_nothing() -> None:
    schedule = RECIPES["sngan"].model_validate({}).schedule()
    assert schedule is not None
    assert [schedule(done) for done in (0.0, 0.25, 0.75)] == [1.0, 0.75, 0.25]


@pytest.mark.parametrize("turns", [0, 3])
def test_the_discriminator_comes_back_from_its_checkpoint(turns: int, tmp_path: Path) -> None:
    torch.manual_seed(0)
    recipe = RECIPES["sngan"].model_validate({"width": 4, "z_dim": 6, "batch_size": 4})
    played, random = recipe.game(), torch.Generator().manual_seed(0)
    moves = optimizers(recipe, played)
    for _ in range(turns):
        for player in played.players:
            update(played, player, deal(recipe, random), moves[player])
    save_checkpoint(tmp_path / "model", networks=played.players, recipe={"variant": "sngan"}, training={})
    again = read_checkpoint(tmp_path / "model").load_discriminator("cpu")
    assert again is not None
    images = torch.randn(8, 1, 28, 28)
    expected = played.players["discriminator"].eval()(images)
    assert (again(images) - expected).abs().max() < 0.02 * expected.std() + 1e-3
