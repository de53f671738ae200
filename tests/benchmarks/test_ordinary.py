from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from benchmarks.layers import with_plain_layers
from benchmarks.ordinary import LOOPS, batches, ordinary
from ganzoo.data import load_images, to_float
from ganzoo.game import AdversarialGame
from ganzoo.recipe import Recipe
from ganzoo.zoo import RECIPES
from tests.cases import deal, optimizers, update

CPU = torch.device("cpu")


def tiny(variant: str, resolution: int) -> Recipe:
    data = {"dataset": "fashion-mnist", "resolution": resolution}
    return RECIPES[variant].model_validate({"data": data, "width": 4, "z_dim": 5, "batch_size": 8})


def pictures(recipe: Recipe) -> Iterator[Tensor]:
    random = torch.Generator().manual_seed(1)
    while True:
        yield deal(recipe, random)["real"]


def play_plainly(recipe: Recipe, game: AdversarialGame, real: Iterator[Tensor]) -> dict[str, float]:
    """One step of the package's own game."""
    moves = optimizers(recipe, game)
    for _ in range(recipe.updates()["discriminator"]):
        batch = {"real": next(real), "z": torch.randn(recipe.batch_size, game.generator.z_dim)}
        if "epsilon" in game.inputs["discriminator"]:
            batch["epsilon"] = torch.rand(recipe.batch_size)
        judged = update(game, "discriminator", batch, moves["discriminator"])
    forged = update(game, "generator", {"z": torch.randn(recipe.batch_size, game.generator.z_dim)}, moves["generator"])
    return {"discriminator": judged.item(), "generator": forged.item()}


@pytest.mark.parametrize(
    ("variant", "resolution"), [("gan", 28), ("wgan", 28), ("wgan-gp", 28), ("dcgan", 28), ("dcgan", 32), ("dcgan", 64)]
)
def test_the_ordinary_loop_takes_the_step_of_the_package_s_game(variant: str, resolution: int) -> None:
    recipe = tiny(variant, resolution)
    games = []
    for _ in range(2):
        torch.manual_seed(0)
        game = recipe.game()
        assert isinstance(game, AdversarialGame)
        for module in game.discriminator.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # the two draw what they drop in another order
        games.append(game)
    ordinary_game, plain_game = games
    start = [parameter.detach().clone() for parameter in parameters(plain_game)]

    torch.manual_seed(2)
    step = next(LOOPS[variant](recipe, ordinary_game, pictures(recipe), CPU))
    torch.manual_seed(2)
    losses = play_plainly(recipe, plain_game, pictures(recipe))

    assert step.images == recipe.batch_size * recipe.updates()["discriminator"]
    assert step.discriminator_loss == pytest.approx(losses["discriminator"], rel=1e-4, abs=1e-6)
    assert step.generator_loss == pytest.approx(losses["generator"], rel=1e-4, abs=1e-6)
    for first, ours, theirs in zip(start, parameters(plain_game), parameters(ordinary_game), strict=True):
        moved = ours - first
        assert torch.linalg.vector_norm(theirs - ours) <= 1e-3 * torch.linalg.vector_norm(moved)


def parameters(game: AdversarialGame) -> list[Tensor]:
    return [parameter for network in game.players.values() for parameter in network.parameters()]


@pytest.mark.parametrize("resolution", [28, 32])
def test_it_has_pytorch_s_own_layers(resolution: int) -> None:
    recipe = tiny("dcgan", resolution)
    game = recipe.game()
    before = game.generator(torch.ones(2, 5))
    layers = [layer for network in game.players.values() for layer in with_plain_layers(network).modules()]
    assert {type(layer) for layer in layers if isinstance(layer, nn.Conv2d)} == {nn.Conv2d}
    assert {type(layer) for layer in layers if isinstance(layer, nn.ConvTranspose2d)} == {nn.ConvTranspose2d}
    assert {type(layer) for layer in layers if isinstance(layer, nn.Dropout)} <= {nn.Dropout}
    torch.testing.assert_close(game.generator(torch.ones(2, 5)), before)


def test_it_ends_with_its_batches() -> None:
    recipe = tiny("gan", 28)
    assert [step.images for step in ordinary(recipe, chain(repeat(next(pictures(recipe)), 2)), CPU)] == [8, 8]


@pytest.mark.parametrize("resolution", [28, 32])
def test_it_sees_the_pictures_that_we_see(resolution: int, sample_root: Path) -> None:
    recipe = tiny("dcgan", resolution).model_copy(update={"batch_size": 300})
    theirs = batches(recipe, sample_root, workers=0)
    epoch = torch.cat([next(theirs) for _ in range(4)])  # the last is smaller
    ours = load_images(recipe.data, sample_root)
    pixels = next(ours.batches(iter([torch.arange(len(ours))]), CPU))
    assert epoch.shape == pixels.shape
    torch.testing.assert_close(sorted_rows(epoch), sorted_rows(to_float(pixels)), rtol=0, atol=1e-6)


def sorted_rows(images: Tensor) -> Tensor:
    """In an order that does not depend on how they were shuffled."""
    flat = images.flatten(1).double()
    return flat[torch.argsort(flat @ torch.arange(flat.shape[1], dtype=torch.float64))]
