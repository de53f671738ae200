"""What every recipe promises, whatever it is called: a new one is covered by its line in the registry."""

import copy
import subprocess
import sys
from collections.abc import Iterable

import pytest
import torch
from pydantic import ValidationError

from ganzoo.game import Game, player_of
from ganzoo.generator import Generator, Translator
from ganzoo.latents import Inputs, inputs
from ganzoo.recipe import Recipe
from ganzoo.zoo import ARCHITECTURES, RECIPES
from tests.cases import (
    GENERATORS,
    NETWORKS,
    OPTIONS,
    PAIRS,
    SHAPES,
    TRANSLATORS,
    Shape,
    data,
    deal,
    optimizers,
    play,
    tiny,
    update,
)

every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=["x".join(map(str, shape)) for shape in SHAPES])
every_option = pytest.mark.parametrize("case", OPTIONS)
every_network = pytest.mark.parametrize(("case", "shape"), NETWORKS.values(), ids=NETWORKS.keys())
every_generator = pytest.mark.parametrize(("case", "shape"), GENERATORS.values(), ids=GENERATORS.keys())
every_translator = pytest.mark.parametrize(("case", "shape"), TRANSLATORS.values(), ids=TRANSLATORS.keys())


WITHOUT_NUMBERS = """
import sys
import torch
from ganzoo.zoo import RECIPES

for name, recipe in RECIPES.items():
    with torch.device("meta"):
        recipe().game()
    assert "torch._dynamo" not in sys.modules, name
"""


def new_game(recipe: Recipe) -> Game:
    torch.manual_seed(0)
    return recipe.game()


def inputs_of(generator: Generator, seeds: Iterable[int]) -> Inputs:
    return inputs(seeds, generator.z_dim, generator.num_classes, generator.noise_dim)


def test_recipes_are_registered_under_their_own_names() -> None:
    assert {name: recipe.name for name, recipe in RECIPES.items()} == {name: name for name in RECIPES}


def test_to_build_networks_without_numbers_torch_does_not_import_its_compiler() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_NUMBERS], check=True)  # it takes seconds, before a visitor's eyes


def test_every_architecture_is_played_by_some_recipe() -> None:
    games = [tiny(case, shape).game() for case, shape in NETWORKS.values()]
    assert {type(network) for game in games for network in game.players.values()} == set(ARCHITECTURES.values())


@every_recipe
def test_says_what_it_is_and_cites_its_description(recipe: type[Recipe]) -> None:
    assert recipe.title
    assert recipe.__doc__ not in {None, *(base.__doc__ for base in recipe.__mro__[1:])}
    assert "https://" in recipe.paper


@every_recipe
def test_explains_every_field(recipe: type[Recipe]) -> None:
    assert [name for name, field in recipe.model_fields.items() if not field.description] == []


@every_recipe
def test_names_the_fields_that_other_defaults_follow(recipe: type[Recipe]) -> None:
    assert "data" in recipe.decisive
    assert set(recipe.decisive) <= set(recipe.model_fields)


@every_recipe
def test_refuses_unknown_fields_and_changes(recipe: type[Recipe]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        recipe.model_validate({"learning_rate": 1e-3})
    with pytest.raises(ValidationError, match="frozen"):
        recipe.model_validate({}).width = 3


@every_recipe
@every_shape
def test_defaults_are_complete_and_survive_json(recipe: type[Recipe], shape: Shape) -> None:
    default = recipe.model_validate({"data": data(shape)})
    assert default.total_steps(60_000) > 0
    assert recipe.model_validate_json(default.model_dump_json()) == default


@every_option
def test_choices_survive_json(case: str) -> None:
    recipe = tiny(case)
    assert type(recipe).model_validate_json(recipe.model_dump_json()) == recipe


@every_option
def test_reading_a_recipe_draws_no_random_numbers(case: str) -> None:
    before = torch.get_rng_state()
    tiny(case)
    assert torch.equal(torch.get_rng_state(), before)


@every_option
def test_every_player_has_an_optimiser_its_updates_and_a_deal(case: str) -> None:
    recipe = tiny(case)
    game = recipe.game()
    assert list(game.players) == list(dict.fromkeys(map(player_of, recipe.updates())))
    assert set(game.players) == set(recipe.optimizers())
    assert set(game.inputs) == set(recipe.updates()) >= set(recipe.intervals())
    assert game.model is game.players["generator"]
    assert recipe.updates()["generator"] == 1  # or a step would not be a generator step


@every_option
def test_losses_and_reports_are_finite_scalars(case: str) -> None:
    recipe = tiny(case)
    game, batch = new_game(recipe), deal(recipe, torch.Generator().manual_seed(0))
    for turn in game.inputs:
        loss, reports = game.turn(turn, batch)
        for value in (loss, *reports.values()):
            assert value.shape == ()
            assert value.isfinite()
    assert {"accuracy/real", "accuracy/fake"} <= game.turn("discriminator", batch)[1].keys()


@every_generator
def test_images_and_logits_have_their_shape_and_range(case: str, shape: Shape) -> None:
    game = new_game(tiny(case, shape))
    z, y, noise = inputs_of(game.generator, range(4))
    images = game.generator(z, y, noise)
    assert game.generator.image_shape == shape
    assert images.shape == (4, *shape)
    assert images.dtype == torch.float32
    assert images.abs().max() <= 1
    assert game.players["discriminator"](images, y).shape == (4,)


@every_generator
def test_generating_is_mapping_then_synthesis(case: str, shape: Shape) -> None:
    generator = new_game(tiny(case, shape)).generator.eval()
    z, y, noise = inputs_of(generator, range(3))
    ws = generator.mapping(z, y)
    assert ws.shape[:2] == (3, generator.num_ws)
    assert torch.equal(generator.synthesis(ws, noise), generator(z, y, noise))
    truncated = generator.synthesis(torch.lerp(generator.mean_ws(y), ws, 0.5), noise)
    assert truncated.shape == (3, *shape)


@every_generator
def test_a_finished_generator_draws_each_latent_by_itself(case: str, shape: Shape) -> None:
    generator = new_game(tiny(case, shape)).generator
    generator(*inputs_of(generator, range(8)))  # moves running statistics away from where they start
    together = generator.eval()(*inputs_of(generator, range(3)))
    torch.testing.assert_close(together[1:2], generator.eval()(*inputs_of(generator, [1])), rtol=0, atol=1e-4)


def new_translator(case: str, shape: Shape) -> Translator:
    model = new_game(tiny(case, shape)).model
    assert isinstance(model, Translator)
    return model


@every_translator
def test_translations_have_their_shape_and_range(case: str, shape: Shape) -> None:
    translator = new_translator(case, shape)
    assert len(translator.directions) in {1, 2}
    for direction, (taken, given) in translator.directions.items():
        images = translator(torch.rand(4, *taken) * 2 - 1, direction)
        assert images.shape == (4, *given)
        assert images.dtype == torch.float32
        assert images.abs().max() <= 1
        if back := translator.back(direction):
            assert translator.directions[back] == (given, taken)
            assert translator.back(back) == direction


@every_translator
def test_a_finished_translator_translates_each_image_by_itself(case: str, shape: Shape) -> None:
    translator = new_translator(case, shape)
    for direction, (taken, _) in translator.directions.items():
        images = torch.rand(8, *taken) * 2 - 1
        translator.train()(images, direction)  # moves running statistics away from where they start
        translator.eval()
        alone = translator(images[1:2], direction)
        torch.testing.assert_close(translator(images[:3], direction)[1:2], alone, rtol=0, atol=1e-4)


@every_translator
def test_examples_are_what_a_translator_takes_and_come_of_the_images_alone(case: str, shape: Shape) -> None:
    recipe = tiny(case, shape)
    game, batch = new_game(recipe), deal(recipe, torch.Generator().manual_seed(0))
    with torch.device("meta"):
        weightless = recipe.game()
    examples, model = game.examples(batch), game.model
    assert isinstance(model, Translator)
    assert examples.keys() == model.directions.keys()
    for direction, (taken, _) in model.directions.items():
        assert examples[direction].shape == (recipe.batch_size, *taken)
        assert examples[direction].abs().max() <= 1
        assert torch.equal(weightless.examples(batch)[direction], examples[direction])


@every_network
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_an_update_moves_its_own_player_and_nobody_else(case: str, shape: Shape, player: str) -> None:
    recipe = tiny(case, shape)
    game = new_game(recipe)
    before = {name: copy.deepcopy(list(network.parameters())) for name, network in game.players.items()}
    update(game, player, deal(recipe, torch.Generator().manual_seed(0)), optimizers(recipe, game)[player])
    for name, network in game.players.items():
        for parameter, old in zip(network.parameters(), before[name], strict=True):
            if name != player:
                assert torch.equal(parameter, old)
                continue
            assert parameter.grad is not None, "a parameter takes no part in its player's loss"
            if parameter.grad.any():
                assert not torch.equal(parameter, old)


@every_network
def test_networks_are_registered_and_built_again_from_their_configuration(case: str, shape: Shape) -> None:
    for network in new_game(tiny(case, shape)).players.values():
        assert type(network) in ARCHITECTURES.values()
        config = type(network).Config.model_validate_json(network.config.model_dump_json())
        assert config == network.config
        again = type(network)(config)
        again.load_state_dict(network.state_dict())  # strict: the same names and shapes
        assert list(again.state_dict()) == list(network.state_dict())


@pytest.mark.parametrize(("case", "shape"), PAIRS.values(), ids=PAIRS.keys())
def test_the_same_seed_gives_the_same_losses_bit_for_bit(case: str, shape: Shape) -> None:
    recipe = tiny(case, shape)
    losses = play(recipe, 1, seed=1)
    assert play(recipe, 1, seed=1) == losses
    assert play(recipe, 1, seed=2) != losses
