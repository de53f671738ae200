from itertools import chain

import pytest
import torch

from ganzoo.generator import Generator
from ganzoo.inference import mix, sample
from ganzoo.inference.mixing import Part, layers_of, mixed, mixture
from ganzoo.nn.mlp import mlp_networks
from ganzoo.zoo.stylegan2 import StyleGenerator, StyleGeneratorConfig


@pytest.fixture(scope="module")
def model() -> Generator:
    """A style-based generator in which noise counts, and whose mean is not zero."""
    torch.manual_seed(0)
    generator = StyleGenerator(StyleGeneratorConfig(image_shape=(1, 28, 28), z_dim=6, width=2))
    generator(torch.randn(64, 6))
    with torch.no_grad():
        for name, parameter in generator.named_parameters():
            if name.endswith("strength"):
                parameter.fill_(0.5)
    return generator.eval()


@pytest.mark.parametrize("count", [6, 8, 10, 14])
def test_the_three_parts_are_all_layers_once_from_the_coarsest_on(count: int) -> None:
    parts: tuple[Part, ...] = ("coarse", "middle", "fine")
    layers = [list(range(count))[layers_of(part, count)] for part in parts]
    assert list(chain(*layers)) == list(range(count))
    assert all(len(part) >= count // 4 for part in layers)


def test_styles_are_taken_by_layer() -> None:
    a, b = torch.zeros(2, 5, 3), torch.ones(2, 5, 3)
    assert mixed(a, b, slice(2, None))[..., 0].tolist() == [[0, 0, 1, 1, 1]] * 2  # the first two of a, the rest of b
    assert mixed(a[:, None], b, slice(0, 1)).shape == (2, 2, 5, 3)
    assert not a.any()


@pytest.mark.parametrize("part", ["coarse", "middle", "fine"])
def test_a_grid_has_the_sources_at_its_borders_and_the_mixtures_inside(model: Generator, part: Part) -> None:
    rows, columns = (3, 14, 15), (92, 65)
    images = mix(model, rows, columns, part, 0.8)
    assert images.shape == (4, 3, 1, 28, 28)
    torch.testing.assert_close(images[1:, 0], sample(model, rows, 0.8))
    torch.testing.assert_close(images[0, 1:], sample(model, columns, 0.8))
    ws, noise = (them.unflatten(0, (4, 3)) for them in mixture(model, rows, columns, part, 0.8))
    taken = torch.zeros(model.num_ws, dtype=torch.bool)
    taken[layers_of(part, model.num_ws)] = True
    for row in range(1, 4):
        for column in range(1, 3):
            assert torch.equal(ws[row, column, taken], ws[0, column, taken])
            assert torch.equal(ws[row, column, ~taken], ws[row, 0, ~taken])
            assert torch.equal(noise[row, column], noise[row, 0])
    assert torch.equal(ws[:1, 0], model.mean_ws())


def test_what_has_a_seed_s_styles_everywhere_is_the_seed_s_picture(model: Generator) -> None:
    images = mix(model, [7], [7], "middle")
    torch.testing.assert_close(images[1, 1], sample(model, [7])[0])
    torch.testing.assert_close(images[0, 1], sample(model, [7])[0])


def test_what_cannot_be_mixed_is_refused(model: Generator) -> None:
    with pytest.raises(ValueError, match="There is no part 'rough': choose coarse, middle or fine"):
        mix(model, [0], [1], "rough")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="A seed is a whole number"):
        mix(model, [0], [-1], "fine")
    plain, _ = mlp_networks((1, 28, 28), width=2, z_dim=3)
    with pytest.raises(ValueError, match="one style for the whole picture, so there is nothing to mix"):
        mix(plain, [0], [1], "coarse")
