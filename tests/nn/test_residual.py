import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ganzoo.nn.residual import DownBlock, UpBlock


def silenced(block: nn.Module) -> None:
    """What the block adds becomes nothing, so that only the way around is left."""
    last = [layer for layer in block.get_submodule("layers").modules() if isinstance(layer, nn.Conv2d)][-1]
    for parameter in last.parameters():
        parameter.data.zero_()


def test_the_way_around_enlarges_by_a_convolution_of_what_is_enlarged() -> None:
    """The paper enlarges first: the two commute."""
    torch.manual_seed(0)
    block, maps = UpBlock(3, 5).eval(), torch.randn(2, 3, 4, 4)
    silenced(block)
    convolution = block.way_around[0]
    torch.testing.assert_close(block(maps), convolution(F.interpolate(maps, scale_factor=2)))


@pytest.mark.parametrize("first", [False, True])
def test_the_way_around_halves_by_the_mean_of_a_convolution(first: bool) -> None:
    torch.manual_seed(0)
    block, maps = DownBlock(3, 5, down=True, first=first).eval(), torch.randn(2, 3, 4, 4)
    with torch.no_grad():
        added = block.layers(maps)
        torch.testing.assert_close(block(maps) - added, F.avg_pool2d(block.way_around[1](maps), 2))


def test_a_block_that_changes_no_shape_goes_around_with_nothing_in_the_way() -> None:
    block, maps = DownBlock(5, 5, down=False).eval(), torch.randn(2, 5, 4, 4)
    with torch.no_grad():
        torch.testing.assert_close(block(maps), maps + block.layers(maps))


def test_only_the_first_block_lets_negative_pixels_through() -> None:
    dark = -torch.rand(2, 3, 4, 4)
    first, later = (DownBlock(3, 5, down=True, first=first).eval() for first in (True, False))
    with torch.no_grad():
        assert not torch.equal(first.layers(dark), first.layers(torch.zeros_like(dark)))
        assert torch.equal(later.layers(dark), later.layers(torch.zeros_like(dark)))
