"""CycleGAN's own: what is made of the pictures, what is minimised, and what the discriminators are shown."""

from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn

from ganzoo.data import DataConfig
from ganzoo.data.held_out import read_sprite, sprite_file
from ganzoo.data.pixels import to_float
from ganzoo.zoo.cyclegan import (
    CycleDiscriminator,
    CycleDiscriminatorConfig,
    CycleGame,
    CycleGAN,
    CycleTranslatorConfig,
    outlines,
)


def game(**fields: Any) -> CycleGame:
    torch.manual_seed(0)
    played = CycleGAN.model_validate({"width": 2, "blocks": 1, "batch_size": 3, **fields}).game()
    assert isinstance(played, CycleGame)
    return played


@pytest.fixture
def batch() -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(1)
    return {name: torch.rand(3, 1, 28, 28, generator=random) * 2 - 1 for name in ("real_a", "real_b")}


class Mirror(nn.Module):
    """Turns images upside down, which undoes itself, times a factor."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))

    def forward(self, images: Tensor) -> Tensor:
        return images.flip(2) * self.factor


def mirrors(played: CycleGame, there: float, back: float) -> CycleGame:
    played.translator.first_to_second, played.translator.second_to_first = Mirror(there), Mirror(back)
    return played


def test_maps_that_undo_each_other_lose_nothing_on_the_way_there_and_back(batch: dict[str, Tensor]) -> None:
    _, reports = mirrors(game(), 1.0, 1.0).turn("generator", batch)
    assert reports["cycle"] == 0
    _, reports = mirrors(game(), 0.5, 2.0).turn("generator", batch)
    assert reports["cycle"] == 0
    assert reports["identity"] > 0
    _, reports = mirrors(game(), 0.5, 1.0).turn("generator", batch)
    first, second = outlines(batch["real_a"]), batch["real_b"]
    torch.testing.assert_close(reports["cycle"], (first.abs().mean() + second.abs().mean()) / 2)


def test_the_translator_minimises_the_weighted_sum_of_its_losses(batch: dict[str, Tensor]) -> None:
    played = game(cycle_weight=7.0, identity_weight=3.0)
    loss, reports = played.turn("generator", batch)
    first, second = outlines(batch["real_a"]), batch["real_b"]
    there, back = played.translator.first_to_second, played.translator.second_to_first
    assert isinstance(there, nn.Module)
    adversarial = (played.discriminator(there(first), True) - 1).square().mean()
    adversarial = adversarial + (played.discriminator(back(second), False) - 1).square().mean()
    cycle = (back(there(first)) - first).abs().mean() + (there(back(second)) - second).abs().mean()
    identity = (there(second) - second).abs().mean() + (back(first) - first).abs().mean()
    torch.testing.assert_close(loss, adversarial + 7 * cycle + 3 * identity)
    torch.testing.assert_close(reports, {"cycle": cycle.detach(), "identity": identity.detach()})
    assert set(game(identity_weight=0.0).turn("generator", batch)[1]) == {"cycle"}


def test_each_discriminator_judges_pictures_of_its_own_kind(batch: dict[str, Tensor]) -> None:
    played = game(pool=0)
    loss, _ = played.turn("discriminator", batch)
    first, second = outlines(batch["real_a"]), batch["real_b"]
    there, back = played.translator.first_to_second, played.translator.second_to_first
    expected = torch.zeros(())
    for real, fake, kind in ((first, back(second), False), (second, there(first), True)):
        expected = expected + (played.discriminator(real, kind) - 1).square().mean() / 2
        expected = expected + played.discriminator(fake, kind).square().mean() / 2
    torch.testing.assert_close(loss, expected)


def test_discriminators_are_shown_translations_of_earlier_turns_too(batch: dict[str, Tensor]) -> None:
    played = game(pool=6)
    seen: list[Tensor] = []  # by the judge of the second kind: in each turn real pictures, then translations
    played.discriminator.second.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))

    def each(images: Tensor) -> set[bytes]:
        return {image.numpy().tobytes() for image in images}

    drawn: set[bytes] = set()
    older = 0
    for turn in range(10):
        dealt = {name: images.roll(turn, 3) for name, images in batch.items()}
        played.turn("discriminator", dealt)
        with torch.no_grad():
            own = each(played.translator(outlines(dealt["real_a"]), played.translator.there))
        drawn |= own
        shown = each(seen[2 * turn + 1])
        assert shown <= drawn
        assert shown == own or turn > 1  # there is room for two turns
        older += len(shown - own)
    assert older > 3


def test_the_translator_s_turn_leaves_the_pool_alone(batch: dict[str, Tensor]) -> None:
    played = game()
    played.turn("generator", batch)
    assert [int(pool.seen) for pool in played.pools] == [0, 0]
    assert set(played.memory.state_dict()) == {"0.images", "0.seen", "1.images", "1.seen"}


def test_outlines_are_lines_of_one_pixel_around_what_stands_out() -> None:
    square = torch.full((1, 1, 8, 8), -1.0)
    square[..., 2:7, 2:7] = 0.3
    square[..., 4, 4] = 0.9  # what is inside does not matter
    expected = torch.full((1, 1, 8, 8), -1.0)
    expected[..., 2:7, 2:7] = 1.0
    expected[..., 3:6, 3:6] = -1.0
    assert torch.equal(outlines(square), expected)
    assert torch.equal(outlines(torch.full((1, 3, 5, 5), -0.85)), torch.full((1, 3, 5, 5), -1.0))  # dark, so ground
    full = outlines(torch.ones(1, 3, 5, 5))  # the edge of the picture is an edge
    assert torch.equal(full[..., 1:4, 1:4], torch.full((1, 3, 3, 3), -1.0))
    assert (full[..., 0, :] == 1).all()


def test_outlines_of_garments_are_thin() -> None:
    garments = to_float(read_sprite(sprite_file("fashion-mnist")).pictures)
    share = (outlines(garments) > 0).float().mean()
    assert 0.05 < share < 0.25


@pytest.mark.parametrize("dataset", ["fashion-mnist", "unpaired:somewhere"])
def test_what_the_kinds_are_depends_on_the_data(dataset: str) -> None:
    played = game(data={"dataset": dataset, "resolution": 28, "channels": 1})
    apart = dataset.startswith("unpaired")
    assert list(played.translator.directions) == (
        ["A to B", "B to A"] if apart else ["outlines to pictures", "pictures to outlines"]
    )
    image = torch.zeros(1, 1, 28, 28)
    shown = played.examples({"real_a": image, "real_b": image})
    assert [torch.equal(it, image) for it in shown.values()] == [apart, True]


@pytest.mark.parametrize(("side", "halvings", "patches"), [(28, 2, 25), (32, 2, 36), (64, 3, 36)])
def test_discriminators_judge_patches(side: int, halvings: int, patches: int) -> None:
    played = game(data={"resolution": side})
    assert played.discriminator.config == CycleDiscriminatorConfig(
        image_shape=(1, side, side), width=2, halvings=halvings
    )
    assert played.discriminator(torch.zeros(2, 1, side, side), False).shape == (2, patches)


def test_a_patch_of_the_paper_s_is_70_pixels() -> None:
    torch.manual_seed(0)
    judge = CycleDiscriminator(CycleDiscriminatorConfig(image_shape=(1, 128, 128), width=2)).first
    for module in judge.modules():  # which would let every pixel see every other
        if isinstance(module, nn.InstanceNorm2d):
            module.forward = lambda input: input  # type: ignore[method-assign]
    image = torch.rand(1, 1, 128, 128, requires_grad=True)
    (gradient,) = torch.autograd.grad(judge(image).view(14, 14)[7, 7], image)
    rows, columns = (gradient[0, 0].abs().sum(way).nonzero().flatten() for way in (1, 0))
    assert int(rows[-1] - rows[0]) == int(columns[-1] - columns[0]) == 69


@pytest.mark.parametrize("side", [8, 30, 300])
def test_sizes_that_cannot_be_are_refused(side: int) -> None:
    with pytest.raises(ValidationError, match="sides are multiples of 4 from 16 to 256"):
        game(data=DataConfig(resolution=side))


def test_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="two kinds of pictures have different names"):
        CycleTranslatorConfig(image_shape=(1, 28, 28), kinds=("A", "A"))


def test_the_paper_s_settings() -> None:
    recipe = CycleGAN()
    assert (recipe.width, recipe.batch_size, recipe.lr, recipe.beta1, recipe.pool) == (64, 1, 2e-4, 0.5, 50)
    assert (recipe.cycle_weight, recipe.identity_weight) == (10.0, 5.0)
    schedule = recipe.schedule()
    assert schedule is not None
    assert [schedule(done) for done in (0.0, 0.5, 0.75, 1.0)] == [1.0, 1.0, 0.5, 0.0]
    with torch.device("meta"):
        played = recipe.game()
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    there, back = (
        [
            (layer.out_channels, layer.kernel_size[0], layer.stride[0])
            for layer in way.modules()
            if isinstance(layer, kinds)
        ]
        for way in played.players["generator"].children()
    )
    residual = [(256, 3, 1)] * 12
    assert there == back == [(64, 7, 1), (128, 3, 2), (256, 3, 2), *residual, (128, 3, 2), (64, 3, 2), (1, 7, 1)]
