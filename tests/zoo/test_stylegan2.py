"""What is StyleGAN2's own: sizes, styles and their mean, noise, and turns that not every step has."""

import pytest
import torch
from torch import Tensor
from torch.optim import Adam

from ganzoo.data import ImagesInMemory
from ganzoo.game import Batch
from ganzoo.inference import draw, inputs, sample, styles
from ganzoo.penalties import path_lengths, zero_centred_penalties
from ganzoo.training.trainer import Trainer
from ganzoo.zoo.stylegan2 import (
    StyleDiscriminator,
    StyleDiscriminatorConfig,
    StyleGame,
    StyleGAN2,
    StyleGenerator,
    StyleGeneratorConfig,
    channels,
    sides,
)
from tests.cases import deal

CPU = torch.device("cpu")


def tiny(**fields: object) -> StyleGAN2:
    return StyleGAN2.model_validate({"width": 2, "z_dim": 6, "mapping_layers": 2, "batch_size": 4, **fields})


def game(**fields: object) -> StyleGame:
    torch.manual_seed(0)
    played = tiny(**fields).game()
    assert isinstance(played, StyleGame)
    return played


def noisy(strength: float = 1.0) -> StyleGenerator:
    """A generator in which noise counts."""
    torch.manual_seed(0)
    generator = StyleGenerator(StyleGeneratorConfig(image_shape=(1, 28, 28), z_dim=6, width=2))
    with torch.no_grad():
        for name, parameter in generator.named_parameters():
            if name.endswith("strength"):
                parameter.fill_(strength)
    return generator.eval()


@pytest.mark.parametrize(
    ("side", "maps", "widths"),
    [
        (28, [7, 14, 28], [64, 32, 16]),
        (32, [4, 8, 16, 32], [64, 64, 32, 16]),
        (64, [4, 8, 16, 32, 64], [64, 64, 64, 32, 16]),
        (12, [6, 12], [32, 16]),
    ],
)
def test_maps_double_up_to_the_picture_and_have_fewer_channels(side: int, maps: list[int], widths: list[int]) -> None:
    assert sides(side) == maps
    assert channels(16, side) == widths
    generator = StyleGenerator(StyleGeneratorConfig(image_shape=(3, side, side), z_dim=6, width=2))
    assert generator.num_ws == 2 * len(maps)  # one a convolution, and one for the last part of the picture
    assert generator.noise_dim == maps[0] ** 2 + 2 * sum(side**2 for side in maps[1:])
    images = generator(torch.randn(2, 6))
    assert images.shape == (2, 3, side, side)
    discriminator = StyleDiscriminator(StyleDiscriminatorConfig(image_shape=(3, side, side), width=2))
    assert discriminator(images).shape == (2,)


@pytest.mark.parametrize("shape", [(1, 28, 32), (1, 5, 5), (1, 30, 30), (1, 36, 36), (1, 128, 128)])
def test_other_sizes_are_refused(shape: tuple[int, int, int]) -> None:
    for config in (StyleGeneratorConfig, StyleDiscriminatorConfig):
        with pytest.raises(ValueError, match="this network is for"):
            config(image_shape=shape)


def test_noise_is_drawn_again_from_its_seed_and_new_in_training() -> None:
    generator = noisy()
    assert torch.equal(sample(generator, range(4)), sample(generator, range(4)))
    z, _, noise = inputs(range(4), 6, 0, generator.noise_dim)
    assert torch.equal(draw(generator, styles(generator, z), noise), sample(generator, range(4)))
    still = draw(generator, styles(generator, z))
    assert not torch.allclose(still, sample(generator, range(4)))
    torch.testing.assert_close(generator(z), still)  # nor is there any in evaluation
    generator.train()
    first, second = generator(z), generator(z)
    assert not torch.allclose(first, second)
    torch.testing.assert_close(generator(z, noise=noise), sample(generator, range(4)))


def test_each_layer_has_noise_of_its_own() -> None:
    generator = noisy()
    ws, noise = generator.mapping(torch.randn(1, 6)), torch.zeros(1, generator.noise_dim)
    still, start = generator.synthesis(ws, noise), 0
    for side in (7, 14, 14, 28, 28):
        part = noise.clone()
        part[:, start : start + side**2] = 1.0
        assert not torch.equal(generator.synthesis(ws, part), still)
        start += side**2
    assert start == generator.noise_dim


@pytest.mark.parametrize("style", ["modulated", "adain"])
def test_every_style_tells_in_the_picture(style: str) -> None:
    generator = game(style=style).generator.eval()
    a, b = generator.mapping(torch.randn(2, 6))[:, None]
    for layer in range(generator.num_ws):
        ws = a.clone()
        ws[:, layer] = b[:, layer]
        assert not torch.equal(generator.synthesis(ws), generator.synthesis(a))


def test_training_keeps_the_mean_w_and_truncation_pulls_to_it() -> None:
    generator = game().generator
    for _ in range(2000):
        generator.mapping(torch.randn(64, 6))
    generator.eval()
    z = torch.randn(4096, 6)
    mean = generator.mean_ws()
    assert mean.shape == (1, generator.num_ws, 6)
    torch.testing.assert_close(mean, generator.mapping(z).mean(0, keepdim=True), rtol=0, atol=0.05)
    far, half = styles(generator, z) - mean, styles(generator, z, truncation=0.5) - mean
    torch.testing.assert_close(half, far / 2)
    average = draw(generator, mean)
    torch.testing.assert_close(sample(generator, range(3), truncation=0.0), average.expand(3, -1, -1, -1))


def test_pictures_of_a_training_batch_mix_the_styles_of_two_latents(monkeypatch: pytest.MonkeyPatch) -> None:
    played = game(mixing=1.0)
    seen: list[Tensor] = []
    synthesis = played.generator.synthesis

    def watched(ws: Tensor, noise: Tensor | None = None) -> Tensor:
        seen.append(ws)
        return synthesis(ws, noise)

    monkeypatch.setattr(played.generator, "synthesis", watched)
    batch = {"z": torch.randn(4, 6), "epsilon": torch.tensor([0.0, 0.3, 0.6, 0.9])}
    played.turn("generator", batch)
    (ws,), own = seen, played.generator.mapping(batch["z"])
    is_own = (ws == own).all(2)
    assert is_own.sum(1).tolist() == [1, 2, 4, 5]
    assert torch.equal(ws[~is_own], own.roll(1, 0)[~is_own])


def test_r1_is_the_squared_gradient_at_real_images_for_all_the_steps_it_is_left_out() -> None:
    recipe = tiny(gamma=3.0, r1_interval=8)
    played = game(gamma=3.0, r1_interval=8)
    real = deal(recipe, torch.Generator().manual_seed(0))["real"]
    loss, reports = played.turn("discriminator/r1", {"real": real})
    (penalty,) = zero_centred_penalties(played.discriminator(real.requires_grad_()), real)
    torch.testing.assert_close(loss, 3.0 / 2 * 8 * penalty)
    torch.testing.assert_close(reports["penalty/real"], penalty)


def test_paths_are_held_against_the_moving_average_of_their_lengths() -> None:
    recipe = tiny(path_length_weight=3.0, path_length_interval=5, mixing=0.0)
    played = game(path_length_weight=3.0, path_length_interval=5, mixing=0.0)
    batch = deal(recipe, torch.Generator().manual_seed(0))
    z, mean = batch["z"][:2], 0.0
    for turn in range(3):
        torch.manual_seed(turn)
        ws = played.generator.mapping(z)
        lengths = path_lengths(played.generator.synthesis(ws), ws)
        mean += 0.01 * (lengths.mean().item() - mean)
        torch.manual_seed(turn)
        loss, reports = played.turn("generator/path-length", batch)
        assert reports["path-length"].item() == pytest.approx(mean)
        torch.testing.assert_close(loss, 3.0 * 5 * (lengths - mean).square().mean())


def test_lazy_turns_come_every_so_often_and_their_players_take_smaller_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = tiny(r1_interval=3, path_length_interval=2)
    noise = torch.randint(0, 256, (8, 1, 28, 28), dtype=torch.uint8)
    trainer = Trainer(recipe, ImagesInMemory("noise", noise, licence="none"), seed=0, device=CPU)
    played: list[str] = []
    turn = trainer.game.turn

    def watched(kind: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        played.append(kind)
        return turn(kind, batch)

    monkeypatch.setattr(trainer.game, "turn", watched)
    for _ in range(6):
        trainer.play()
    assert played[:4] == ["discriminator", "discriminator/r1", "generator", "generator/path-length"]
    assert [played.count(turn) for turn in played[:4]] == [6, 2, 6, 3]
    assert trainer.images_seen == (6 + 2) * 4
    for player, interval in {"discriminator": 3, "generator": 2}.items():
        optimizer, share = trainer.optimizers[player], interval / (interval + 1)
        assert isinstance(optimizer, Adam)
        assert optimizer.defaults["lr"] == pytest.approx(0.002 * share)
        assert optimizer.defaults["betas"] == pytest.approx((0.0, 0.99**share))


def test_penalties_can_be_left_out() -> None:
    recipe = tiny(gamma=0.0, path_length_weight=0.0)
    assert recipe.updates() == {"discriminator": 1, "generator": 1}
    assert recipe.intervals() == {}
    assert recipe.game().inputs.keys() == {"discriminator", "generator"}
    assert {make([torch.nn.Parameter(torch.ones(1))]).defaults["lr"] for make in recipe.optimizers().values()} == {2e-3}
    assert not [formula for formula in game(gamma=0.0, path_length_weight=0.0).formulas.values() if "steps" in formula]


def test_formulas_tell_what_some_steps_add() -> None:
    told = game(gamma=3.0, r1_interval=8, path_length_weight=2.0, path_length_interval=4).formulas
    assert told["discriminator"].endswith(", in some steps 12 E‖∇D(x)‖²")
    assert told["generator"].endswith(", in some steps 8 E[(‖J_wᵀ y‖ − a)²]")
