"""That our convolutions are PyTorch's, differentiated once and twice, whichever way they are computed."""

import pytest
import torch
from torch import Tensor, nn

from ganzoo.nn.convolution import Conv2d, ConvTranspose2d, Geometry

GATHERING = {
    "from few channels": (Conv2d(3, 6, 5, stride=2, padding=2), (12, 10)),
    "to few pixels": (Conv2d(5, 6, 4, stride=2, padding=1, bias=False), (8, 6)),
    "to one pixel": (Conv2d(5, 3, 4), (4, 4)),
    "one of many windows": (Conv2d(5, 3, 4), (5, 5)),
    "plain": (Conv2d(5, 6, 3, padding=1), (9, 9)),
    "with a rest": (Conv2d(5, 6, 4, stride=3, padding=1), (15, 16)),
    "oblong windows": (Conv2d(5, 6, (3, 2), stride=(1, 2), padding=(0, 1)), (9, 9)),
    "windows with gaps": (Conv2d(5, 6, 3, dilation=2), (9, 9)),
    "in groups": (Conv2d(4, 6, 3, groups=2), (9, 9)),
    "beyond a mirror": (Conv2d(5, 6, 3, padding=1, padding_mode="reflect"), (9, 9)),
    "to the same size": (Conv2d(5, 6, 3, padding="same"), (9, 9)),
}
SPREADING = {
    "to few channels": (ConvTranspose2d(6, 3, 5, stride=2, padding=2, output_padding=1), (6, 5)),
    "from few pixels": (ConvTranspose2d(6, 5, 4, stride=2, padding=1, bias=False), (4, 3)),
    "from one pixel": (ConvTranspose2d(3, 5, 4), (1, 1)),
    "plain": (ConvTranspose2d(6, 5, 5, padding=2), (9, 9)),
    "with a rest": (ConvTranspose2d(6, 5, 4, stride=3, padding=1, output_padding=2), (5, 6)),
    "unlike rests": (ConvTranspose2d(6, 5, 4, stride=3, padding=1, output_padding=(2, 1)), (5, 6)),
    "windows with gaps": (ConvTranspose2d(6, 5, 3, dilation=2), (5, 6)),
    "in groups": (ConvTranspose2d(6, 4, 3, groups=2), (5, 6)),
}
CASES = {
    **{f"gathering {name}": case for name, case in GATHERING.items()},
    **{f"spreading {name}": case for name, case in SPREADING.items()},
}
every_case = pytest.mark.parametrize(("layer", "size"), CASES.values(), ids=CASES.keys())
Layer = Conv2d | ConvTranspose2d


def theirs(layer: Layer) -> nn.Module:
    """PyTorch's layer with the same weights."""
    kind = nn.Conv2d if isinstance(layer, nn.Conv2d) else nn.ConvTranspose2d
    names = ("kernel_size", "stride", "padding", "dilation", "groups", "padding_mode")
    given = {name: getattr(layer, name) for name in names}
    if isinstance(layer, nn.ConvTranspose2d):
        given["output_padding"] = layer.output_padding
    other = kind(layer.in_channels, layer.out_channels, bias=layer.bias is not None, **given)
    other.load_state_dict(layer.state_dict())
    return other


def images(layer: Layer, size: tuple[int, int]) -> Tensor:
    random = torch.Generator().manual_seed(0)
    return torch.randn(3, layer.in_channels, *size, generator=random)


def derivatives(layer: nn.Module, given: Tensor) -> tuple[Tensor, ...]:
    """The maps, their gradients, and the gradients of the squared length of the images' gradient, as a penalty has."""
    given = given.clone().requires_grad_()
    parameters = list(layer.parameters())
    maps = layer(given)
    cost = maps.sin().sum()
    (gradient,) = torch.autograd.grad(cost, given, create_graph=True)
    first = torch.autograd.grad(cost, [given, *parameters], retain_graph=True)
    second = torch.autograd.grad(gradient.square().sum(), [given, *parameters])
    return maps, *first, *second


@every_case
def test_they_are_pytorch_s_and_so_are_their_derivatives(layer: Layer, size: tuple[int, int]) -> None:
    given = images(layer, size)
    for ours, expected in zip(derivatives(layer, given), derivatives(theirs(layer), given), strict=True):
        torch.testing.assert_close(ours, expected, rtol=1e-4, atol=1e-4)


@every_case
def test_autocast_makes_of_them_what_it_makes_of_pytorch_s(layer: Layer, size: tuple[int, int]) -> None:
    given = images(layer, size)
    with torch.autocast("cpu", torch.bfloat16):
        ours, expected = layer(given), theirs(layer)(given)
        gradients = torch.autograd.grad(ours.float().sum(), list(layer.parameters()))
    assert ours.dtype == expected.dtype == torch.bfloat16
    assert {gradient.dtype for gradient in gradients} == {torch.float32}
    torch.testing.assert_close(ours, expected, rtol=0.03, atol=0.03)


@every_case
def test_a_single_image_is_no_special_case(layer: Layer, size: tuple[int, int]) -> None:
    given = images(layer, size)
    torch.testing.assert_close(layer(given[:1]), theirs(layer)(given[:1]), rtol=1e-4, atol=1e-5)


def test_windows_are_what_the_small_map_s_pixels_see() -> None:
    large = torch.arange(16.0).view(1, 1, 4, 4)
    windows = Geometry((4, 4), kernel=2, stride=2, padding=0).windows(large)
    assert windows.tolist() == [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]
