from itertools import islice
from math import lcm

import pytest
import torch

from benchmarks.counting import flops_a_step
from benchmarks.tuned import tuned
from ganzoo.data import ImagesInMemory
from ganzoo.recipe import GeneratorRecipe, Recipe
from ganzoo.zoo import RECIPES


def tiny(variant: str, **fields: object) -> Recipe:
    return RECIPES[variant].model_validate({"width": 4, "z_dim": 5, "batch_size": 8, **fields})


@pytest.mark.parametrize("variant", [name for name, kind in RECIPES.items() if issubclass(kind, GeneratorRecipe)])
def test_the_tuned_way_plays_every_recipe_of_generators_and_is_dealt_what_is_counted(variant: str) -> None:
    recipe = tiny(variant)
    images = ImagesInMemory("noise", torch.randint(0, 256, (40, 1, 28, 28), dtype=torch.uint8), licence="none")
    steps = tuned(recipe, images, torch.device("cpu"))
    dealt = list(islice(steps, lcm(2, *recipe.intervals().values())))  # all kinds of steps
    assert round(sum(dealt) / len(dealt)) == recipe.images_a_step()


def test_the_operations_of_a_step_are_the_closed_form() -> None:
    generator = [(5, 4), (4, 8), (8, 16), (16, 784)]
    discriminator = [(784, 8), (8, 4), (4, 1)]

    def products(layers: list[tuple[int, int]]) -> int:
        return sum(inputs * outputs for inputs, outputs in layers)

    forward = products(generator) + 2 * products(discriminator)
    backward = 2 * products(discriminator) + 2 * products(discriminator[1:])  # weights; inputs, but for the images
    theirs = products(generator) + products(discriminator)
    back_to_z = products(discriminator) + products(generator) + products(generator[1:])
    assert flops_a_step(tiny("gan")) == 2 * 8 * (forward + backward + theirs + back_to_z)


def test_the_operations_of_a_gradient_penalty_are_counted() -> None:
    without, with_ = tiny("wgan-gp", penalty_weight=0.0), tiny("wgan-gp")
    assert flops_a_step(with_) > flops_a_step(without)
