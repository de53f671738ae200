import pytest
import torch
from pydantic import ValidationError

from ganzoo.zoo.r3gan import R3GAN, R3GANDiscriminatorConfig, R3GANGeneratorConfig, Resampling, ResidualBlock


def test_a_residual_block_begins_as_nothing_and_can_leave_that() -> None:
    block, maps = ResidualBlock(8, group_width=4, depth=3), torch.randn(2, 8, 6, 6)
    assert torch.equal(block(maps), maps)
    (block(maps) - maps.roll(1)).square().sum().backward()
    last = block.layers[-1].weight
    assert isinstance(last, torch.nn.Parameter)
    assert last.grad is not None
    assert last.grad.any()


def test_halving_is_the_bilinear_way_of_where_it_is_the_mean_of_four() -> None:
    maps = torch.randn(2, 3, 8, 6)
    bilinear = torch.nn.functional.interpolate(maps, scale_factor=0.5, mode="bilinear")
    torch.testing.assert_close(Resampling(3, 3, 0.5)(maps), bilinear)


@pytest.mark.parametrize(("side", "smallest"), [(28, 7), (32, 4), (64, 4), (30, 15)])
def test_stages_go_down_to_small_maps_and_widen_up_to_four_times(side: int, smallest: int) -> None:
    recipe = R3GAN.model_validate({"data": {"dataset": "mnist", "resolution": side}, "width": 8})
    config = recipe.game().generator.config
    assert isinstance(config, R3GANGeneratorConfig)
    assert config.smallest == smallest
    assert config.widths[-1] == 8
    assert max(config.widths) <= 32


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"widths": (8, 8, 8, 8)}, "4 stages cannot end at 28×28"),
        ({"group_width": 5}, "no whole number of groups"),
        ({"image_shape": (1, 1024, 1024), "widths": (16, 16)}, "a layer would make more than 16,777,216 numbers"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        R3GANDiscriminatorConfig.model_validate({"image_shape": (1, 28, 28), "widths": (16, 8), **given})


def test_weights_give_back_what_the_activation_takes() -> None:
    torch.manual_seed(0)
    block = ResidualBlock(64, group_width=16, depth=1)
    maps = torch.randn(4, 64, 16, 16)
    inner = block.layers[:4](maps)
    assert inner.square().mean().item() == pytest.approx(1.0, abs=0.25)
