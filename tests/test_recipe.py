import json

import pytest
import torch
from pydantic import ValidationError
from torch import nn
from torch.optim import Adam

from ganzoo.data import DataConfig
from ganzoo.recipe import Recipe, adam
from ganzoo.zoo.cyclegan import CycleGAN
from ganzoo.zoo.dcgan import DCGAN
from ganzoo.zoo.gan import GAN
from ganzoo.zoo.wgan import WGAN
from ganzoo.zoo.wgan_gp import WGANGP

WASSERSTEIN = [WGAN, WGANGP]
SHAPES_28 = [DataConfig(), DataConfig(dataset="cifar10", resolution=28), DataConfig(channels=3)]
SHAPES_32_64 = [DataConfig(resolution=32), DataConfig(dataset="cifar10"), DataConfig(dataset="folder:pictures")]


def test_a_recipe_is_its_json() -> None:
    recipe = WGANGP(data=DataConfig(dataset="folder:my pictures", channels=1), network="dcgan", norm="none", steps=7)
    text = recipe.model_dump_json()
    assert WGANGP.model_validate_json(text) == recipe
    assert json.loads(text)["data"] == {
        **{"dataset": "folder:my pictures", "resolution": None, "channels": 1},
        **{"per_class": None, "choice": 0},
    }


def test_steps_take_precedence_over_epochs() -> None:
    assert GAN(steps=17, epochs=3).total_steps(60_000) == 17


@pytest.mark.parametrize(
    ("epochs", "images", "batch_size", "expected"),
    [(50, 60_000, 256, 11_719), (25, 50_000, 128, 9_766), (1, 64, 64, 1), (0.5, 1280, 64, 10), (1, 5, 64, 1)],
)
def test_epochs_become_steps(epochs: float, images: int, batch_size: int, expected: int) -> None:
    assert GAN(steps=None, epochs=epochs, batch_size=batch_size).total_steps(images) == expected


def test_images_are_counted_once_for_every_update_that_is_dealt_them() -> None:
    assert GAN(batch_size=8).images_a_step() == 8
    assert GAN(batch_size=8, n_discriminator=2).images_a_step() == 16
    assert WGAN(batch_size=8, n_critic=3).images_a_step() == 24
    assert CycleGAN(batch_size=8).images_a_step() == 32  # two kinds, to each of two players


def test_an_epoch_is_over_when_the_player_that_is_dealt_most_has_seen_every_image() -> None:
    assert WGAN(steps=None, epochs=1, batch_size=8, n_critic=3).total_steps(240) == 10


def test_an_epoch_of_two_kinds_is_over_when_every_image_was_dealt_once_to_each_turn() -> None:
    assert CycleGAN(steps=None, epochs=2, batch_size=8).total_steps(160) == 20


def test_a_recipe_says_how_long_to_train() -> None:
    with pytest.raises(ValidationError, match="one of steps and epochs must say how long to train"):
        GAN(steps=None)


@pytest.mark.parametrize("length", [{"steps": 10**12 + 1}, {"epochs": 1e308}])
def test_a_run_has_an_end(length: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="at most 1,000,000,000,000 steps or epochs: choose fewer"):
        GAN.model_validate(length)


def test_an_average_that_is_not_kept_cannot_be_published() -> None:
    with pytest.raises(ValidationError, match="choose published raw"):
        GAN(ema_decay=None)
    assert GAN(ema_decay=None, published="raw").ema_decay is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"lr": 0.0},
        {"lr": float("nan")},
        {"lr": float("inf")},
        {"beta1": 1.0},
        {"beta1": -0.1},
        {"batch_size": 0},
        {"batch_size": 1},
        {"steps": 0},
        {"steps": 1.5},
        {"epochs": -1},
        {"ema_decay": 1.0},
        {"width": 0},
        {"width": 10**9},
        {"z_dim": 10**9},
        {"loss": "wasserstein"},
        {"n_discriminator": 0},
        {"data": {"dataset": "mnist", "resolution": 10**9}},
    ],
    ids=str,
)
def test_numbers_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        GAN.model_validate(wrong)
    assert caught.value.error_count() == 1
    assert set(caught.value.errors()[0]["loc"]) >= set(wrong) - {"data"}


def test_a_width_too_large_for_its_networks_is_refused_before_it_is_built() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 8192"):
        GAN(width=8192)  # the third layer has four times as many


@pytest.mark.parametrize("data", SHAPES_28, ids=str)
def test_dcgan_follows_the_tutorial_at_28(data: DataConfig) -> None:
    recipe = DCGAN.model_validate({"data": data})
    assert (recipe.width, recipe.batch_size, recipe.epochs, recipe.steps) == (64, 256, 50, None)
    assert (recipe.lr, recipe.beta1, recipe.eps) == (1e-4, 0.9, 1e-7)


@pytest.mark.parametrize("data", SHAPES_32_64, ids=str)
def test_dcgan_follows_the_paper_at_32_and_64(data: DataConfig) -> None:
    recipe = DCGAN.model_validate({"data": data})
    assert (recipe.width, recipe.batch_size, recipe.epochs, recipe.steps) == (128, 128, 25, None)
    assert (recipe.lr, recipe.beta1, recipe.eps) == (2e-4, 0.5, 1e-8)


@pytest.mark.parametrize("data", [SHAPES_28[0], SHAPES_32_64[0]], ids=str)
def test_what_is_given_stays(data: DataConfig) -> None:
    recipe = DCGAN(data=data, width=8, lr=1.0, beta1=0.1, eps=0.5, batch_size=2, epochs=3, steps=9)
    assert (recipe.width, recipe.lr, recipe.beta1, recipe.eps) == (8, 1.0, 0.1, 0.5)
    assert (recipe.batch_size, recipe.epochs, recipe.steps) == (2, 3, 9)


@pytest.mark.parametrize("recipe", WASSERSTEIN, ids=lambda recipe: recipe.name)
@pytest.mark.parametrize(
    ("network", "resolution", "expected"),
    [("mlp", 28, 256), ("mlp", 32, 256), ("dcgan", 28, 64), ("dcgan", 32, 128), ("dcgan", 64, 128)],
)
def test_the_width_follows_the_network(recipe: type[Recipe], network: str, resolution: int, expected: int) -> None:
    given = {"network": network, "data": {"resolution": resolution}}
    assert recipe.model_validate(given).width == expected
    assert recipe.model_validate({**given, "width": 8}).width == 8


@pytest.mark.parametrize("resolution", [4, 27, 48, 128])
@pytest.mark.parametrize(
    ("recipe", "given"),
    [(DCGAN, {}), (WGAN, {"network": "dcgan"}), (WGANGP, {"network": "dcgan"})],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_size_without_a_description_is_refused(recipe: type[Recipe], given: dict[str, str], resolution: int) -> None:
    with pytest.raises(ValidationError) as caught:
        recipe.model_validate({**given, "data": {"resolution": resolution}})
    (error,) = caught.value.errors()
    sentence = f"DCGAN draws images of 28×28, 32×32 or 64×64 pixels, not {resolution}×{resolution}"
    assert error["msg"].endswith(sentence)


@pytest.mark.parametrize("resolution", [4, 27, 48])
def test_perceptrons_take_any_size(resolution: int) -> None:
    game = GAN.model_validate({"data": {"resolution": resolution}, "width": 2}).game()
    assert game.generator(torch.randn(2, 100)).shape == (2, 1, resolution, resolution)


def test_adam_gets_all_of_its_numbers() -> None:
    optimizer = adam(0.1, 0.2, 0.3, eps=0.4)(nn.Linear(2, 2).parameters())
    assert isinstance(optimizer, Adam)
    (group,) = optimizer.param_groups
    assert (group["lr"], group["betas"], group["eps"], group["weight_decay"]) == (0.1, (0.2, 0.3), 0.4, 0)
