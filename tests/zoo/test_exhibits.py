"""Recipes that are made to fail: what they change of the recipe that they break, and that they say so."""

import pytest

from ganzoo.recipe import Recipe
from ganzoo.zoo import RECIPES
from ganzoo.zoo.gan import GAN
from ganzoo.zoo.gan_minimax import GANMinimax
from ganzoo.zoo.wgan import WGAN

CHANGES: dict[str, tuple[type[Recipe], dict[str, object]]] = {
    "gan-collapsed": (GAN, {"width": 16, "lr": 1e-2, "beta1": 0.9, "steps": 1_000, "ema_decay": 0.99}),
    "gan-vanishing": (GANMinimax, {"width": 24, "lr": 1e-3, "n_discriminator": 5, "steps": 360}),
    "wgan-tight": (WGAN, {"width": 16, "clip": 1e-3, "lr": 5e-4, "steps": 2_000}),
}


def test_these_are_all_of_them() -> None:
    assert [name for name, recipe in RECIPES.items() if recipe.exhibit] == list(CHANGES)


@pytest.mark.parametrize(("name", "base", "changes"), [(name, *change) for name, change in CHANGES.items()])
def test_an_exhibit_is_a_sound_recipe_with_other_defaults(
    name: str, base: type[Recipe], changes: dict[str, object]
) -> None:
    exhibit, sound = RECIPES[name].model_validate({}), base.model_validate({})
    assert exhibit.model_dump() == sound.model_dump() | changes
    assert exhibit.game().players.keys() == sound.game().players.keys()
    assert type(exhibit).game is base.game
    assert base.exhibit is None


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_an_exhibit_tells_its_story_in_three_sentences(recipe: type[Recipe]) -> None:
    if recipe.exhibit is None:
        assert recipe.story is None
        return
    assert len(recipe.exhibit) <= 100  # what a checkpoint may hold
    assert recipe.story is not None
    assert recipe.story.endswith(".")
    assert recipe.story.count(". ") == 2
