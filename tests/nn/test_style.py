import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from ganzoo.nn.style import (
    AdaINConv2d,
    EqualizedConv2d,
    EqualizedLinear,
    MinibatchDeviation,
    ModulatedConv2d,
    ResidualBlock,
    StyledConv2d,
    ToImage,
    blur,
    demodulation,
    mixed,
    pixel_norm,
)

W_DIM = 6
ways = pytest.mark.parametrize("up", [False, True], ids=["level", "up"])


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("inputs", [16, 256])
@pytest.mark.parametrize("gain", [1.0, 2.0])
def test_equalised_layers_give_the_variance_of_their_gain_whatever_their_width(inputs: int, gain: float) -> None:
    dense = EqualizedLinear(inputs, 64, gain=gain)(torch.randn(512, inputs))
    maps = EqualizedConv2d(inputs, 64, 3, gain=gain)(torch.randn(64, inputs, 5, 5))
    for numbers in (dense, maps):
        assert numbers.var().item() == pytest.approx(gain**2, rel=0.15)


def test_equalised_weights_are_of_variance_one_and_scaled_where_they_are_used() -> None:
    layer = EqualizedLinear(64, 64, bias=0.5, gain=2.0)
    assert layer.weight.var().item() == pytest.approx(1.0, rel=0.1)
    vectors = torch.randn(3, 64)
    torch.testing.assert_close(layer(vectors), vectors @ (layer.weight.t() * 2 / 8) + 2 * 0.5)


def test_a_learning_rate_multiplier_slows_learning_and_changes_nothing_else() -> None:
    layer, vectors = EqualizedLinear(64, 64, bias=1.0, lr_multiplier=0.01), torch.randn(512, 64)
    before = layer(vectors)
    assert before.mean().item() == pytest.approx(1.0, abs=0.05)
    assert before.var().item() == pytest.approx(1.0, rel=0.15)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.add_(1.0)
    assert (layer(vectors) - before).abs().max() < 0.1


def test_pixel_norm_leaves_the_direction_and_takes_the_length() -> None:
    vectors = 7 * torch.randn(5, 8)
    normed = pixel_norm(vectors)
    torch.testing.assert_close(normed.square().mean(1), torch.ones(5))
    torch.testing.assert_close(F.cosine_similarity(vectors, normed), torch.ones(5))


def zeros_between(maps: Tensor) -> Tensor:
    count, channels, height, width = maps.shape
    spread = maps.new_zeros(count, channels, 2 * height, 2 * width)
    spread[..., ::2, ::2] = maps
    return spread


def test_blurring_is_bilinear_on_the_way_up_and_down() -> None:
    maps = torch.randn(2, 3, 6, 6)
    up = 4 * blur(F.pad(zeros_between(maps), (2, 1, 2, 1)), padding=0)
    inside = (..., slice(1, -1), slice(1, -1))
    torch.testing.assert_close(up[inside], F.interpolate(maps, scale_factor=2, mode="bilinear")[inside])
    down = blur(maps, padding=1)[..., ::2, ::2]
    theirs = F.interpolate(maps, scale_factor=0.5, mode="bilinear", antialias=True)
    torch.testing.assert_close(down[inside], theirs[inside])


@pytest.mark.parametrize("padding", [0, 1, 2])
def test_blurring_can_be_differentiated_twice(padding: int) -> None:
    maps = torch.randn(2, 2, 5, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda it: blur(it, padding), maps)
    assert torch.autograd.gradgradcheck(lambda it: blur(it, padding).square(), maps)


def test_demodulated_weights_have_unit_norm_for_every_picture() -> None:
    weight, styles = torch.randn(5, 4, 3, 3), 3 * torch.randn(2, 4)
    modulated = weight * styles[:, None, :, None, None]
    demodulated = modulated * demodulation(weight, styles)[..., None, None, None]
    torch.testing.assert_close(demodulated.square().sum((2, 3, 4)), torch.ones(2, 5))


@pytest.mark.parametrize("size", [0.01, 1.0, 100.0])
def test_maps_of_unit_variance_keep_it_whatever_the_styles(size: float) -> None:
    weight, styles, maps = torch.randn(32, 24, 3, 3), size * torch.randn(8, 24), torch.randn(8, 24, 12, 12)
    scaled = F.conv2d(maps * styles[..., None, None], weight) * demodulation(weight, styles)[..., None, None]
    assert scaled.var().item() == pytest.approx(1.0, rel=0.05)


@ways
def test_scaling_maps_is_scaling_the_weights_of_each_picture(up: bool) -> None:
    layer, maps, w = ModulatedConv2d(4, 5, W_DIM, up=up), torch.randn(3, 4, 6, 6), torch.randn(3, W_DIM)
    styles = layer.affine(w)
    expected = []
    for picture, style in zip(maps, styles, strict=True):
        weight = layer.weight * style[:, None, None]
        weight = weight / weight.square().sum((1, 2, 3), keepdim=True).sqrt()
        if up:
            one = 4 * blur(F.conv_transpose2d(picture[None], weight.transpose(0, 1), stride=2), padding=1)
        else:
            one = F.conv2d(picture[None], weight, padding=1)
        expected.append(2**0.5 * F.leaky_relu(one, 0.2))
    torch.testing.assert_close(layer(maps, w, None), torch.cat(expected), rtol=1e-4, atol=1e-5)


def test_an_instance_s_mean_and_deviation_are_what_the_style_says() -> None:
    layer, w = AdaINConv2d(4, 5, W_DIM, up=False), torch.randn(3, W_DIM)
    maps = layer(10 + 3 * torch.randn(3, 4, 6, 6), w, None)
    y_s, y_b = layer.affine(w).chunk(2, dim=1)
    torch.testing.assert_close(maps.mean((2, 3)), y_b, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(maps.std((2, 3), correction=0), (1 + y_s).abs(), rtol=1e-4, atol=1e-5)


@ways
@pytest.mark.parametrize("kind", [ModulatedConv2d, AdaINConv2d])
def test_noise_counts_as_much_as_its_strength(kind: type[ModulatedConv2d] | type[AdaINConv2d], up: bool) -> None:
    layer: StyledConv2d = kind(4, 5, W_DIM, up=up)
    maps, w = torch.randn(3, 4, 6, 6), torch.randn(3, W_DIM)
    noise = torch.randn(3, *[12 if up else 6] * 2)
    still = layer(maps, w, None)
    assert still.shape == (3, 5, *noise.shape[1:])
    assert torch.equal(layer(maps, w, noise), still)  # its strength is zero at first
    with torch.no_grad():
        layer.strength.fill_(0.1)
    moved = layer(maps, w, noise)
    assert not torch.allclose(moved, still)
    torch.testing.assert_close(layer(maps, w, torch.zeros_like(noise)), still)


def test_a_part_of_the_picture_is_a_modulated_convolution_of_one_pixel() -> None:
    layer, maps, w = ToImage(4, 3, W_DIM), torch.randn(2, 4, 5, 5), torch.randn(2, W_DIM)
    with torch.no_grad():
        layer.bias.copy_(torch.tensor([1.0, 2.0, 3.0]))
    styled = maps * layer.affine(w)[..., None, None]
    expected = F.conv2d(styled, layer.weight[..., None, None] / 2, layer.bias)
    torch.testing.assert_close(layer(maps, w), expected, rtol=1e-4, atol=1e-5)


def test_a_residual_block_halves_the_side_and_keeps_the_size_of_numbers() -> None:
    even = torch.randn(64, 16, 1, 1).expand(-1, -1, 14, 14)  # so that there is nothing to blur
    maps = ResidualBlock(16, 32)(even)
    assert maps.shape == (64, 32, 7, 7)
    assert maps[..., 2:-2, 2:-2].square().mean().item() == pytest.approx(1.0, abs=0.2)


def test_the_deviation_of_a_batch_is_added_as_a_map() -> None:
    layer, maps = MinibatchDeviation(), torch.randn(4, 3, 2, 5)
    added = layer(maps)
    assert torch.equal(added[:, :3], maps)
    expected = maps.std(0, correction=0).mean()
    torch.testing.assert_close(added[:, 3], expected.expand(4, 2, 5), rtol=1e-4, atol=1e-5)
    alike = layer(maps[:1].expand(4, -1, -1, -1))
    assert alike[:, 3].max() < 1e-3


def test_in_evaluation_no_picture_is_judged_by_the_others() -> None:
    layer, told = MinibatchDeviation(), 1.0
    for scale in (1.0, 2.0, 5.0):
        maps = scale * torch.randn(4, 3, 2, 2)
        told += 0.01 * (layer(maps)[0, 3, 0, 0].item() - told)
    layer.eval()
    maps = torch.randn(4, 3, 2, 2)
    assert layer.mean.item() == pytest.approx(told)
    assert (layer(maps)[:, 3] == layer.mean).all()
    assert torch.equal(layer(maps)[1:2], layer(maps[1:2]))


def test_mixing_changes_from_the_own_styles_to_the_next_sample_s_at_one_layer() -> None:
    ws = torch.arange(5.0)[:, None, None].expand(5, 4, 2)
    shares = torch.tensor([0.0, 0.31, 0.61, 0.89, 0.95])  # of 0.9: three layers to change at, or none
    styles = mixed(ws, shares, 0.9)[..., 0].tolist()
    assert styles == [[0, 4, 4, 4], [1, 1, 0, 0], [2, 2, 2, 1], [3, 3, 3, 2], [4, 4, 4, 4]]
    assert torch.equal(mixed(ws, shares, 0.0), ws)
    assert (mixed(ws, shares, 1.0)[:, -1] == ws.roll(1, 0)[:, -1]).all()


def test_every_layer_is_as_likely_to_be_where_styles_change() -> None:
    ws = torch.eye(2)[torch.arange(8000) % 2][:, None].expand(8000, 5, 2)
    own = (mixed(ws, torch.rand(8000), 0.8) == ws).all(2).sum(1)
    shares = torch.bincount(own, minlength=6)[1:] / 8000
    torch.testing.assert_close(shares, torch.full((5,), 0.2), rtol=0, atol=0.02)
