from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from ganzoo.generator import Generator, NetworkConfig
from ganzoo.inference import directions
from ganzoo.inference.directions import (
    Directions,
    centred,
    first_weights,
    measured,
    moved,
    pca,
    ranked,
    sefa,
    towards_classes,
)
from ganzoo.inference.sampling import styles
from ganzoo.latents import latents
from ganzoo.nn.dcgan import DCGANGenerator, DCGANGeneratorConfig
from ganzoo.zoo.cgan import CGANGenerator, CGANGeneratorConfig
from ganzoo.zoo.stylegan2 import StyleGenerator, StyleGeneratorConfig


class Linear(Generator):
    """Pictures of 4×4 that are linear in z, through two layers of which the first has known singular vectors."""

    Config = NetworkConfig
    z_dim, image_shape = 6, (1, 4, 4)

    def __init__(self, singular: Tensor) -> None:
        super().__init__(NetworkConfig())
        torch.manual_seed(0)
        left, right = (torch.linalg.qr(torch.randn(size, 6)).Q for size in (12, 6))
        self.axes = right.t()
        """The right singular vectors, in rows."""
        self.first, self.second = nn.Linear(6, 12), nn.Linear(12, 16, bias=False)
        self.first.weight.data = left * singular @ right.t()
        self.second.weight.data = torch.linalg.qr(torch.randn(16, 12)).Q / 100

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        images: Tensor = self.second(self.first(ws[:, 0])).unflatten(1, self.image_shape)
        return images


SINGULAR = torch.tensor([7.0, 5.0, 4.0, 3.0, 2.0, 1.0])


def same(found: Tensor, expected: Tensor) -> bool:
    """Whether they are the same lines: which of the two ways a direction points says nothing."""
    return bool(torch.allclose((found * expected).sum(1).abs(), torch.ones(len(found)), atol=1e-4))


@pytest.mark.parametrize("find", [sefa, pca])
def test_of_a_linear_generator_they_are_its_right_singular_vectors(find: directions.Find) -> None:
    model = Linear(SINGULAR)
    found = find(model, 4)
    assert found.shape == (4, 6)
    assert same(found, model.axes[:4])


def test_the_first_layer_s_weights_are_all_that_it_does() -> None:
    torch.manual_seed(0)
    convolutional = DCGANGenerator(DCGANGeneratorConfig(image_shape=(3, 32, 32), z_dim=5, width=2))
    told = CGANGenerator(CGANGeneratorConfig(image_shape=(1, 28, 28), num_classes=3, z_dim=5, width=2))
    z = torch.randn(2, 5)
    for model, ws in ((convolutional, z), (told, torch.cat([z, torch.zeros(2, 50)], dim=1))):
        (layer,) = model.entrances()
        given = layer(ws[..., None, None] if isinstance(layer, nn.ConvTranspose2d) else ws).flatten(1)
        assert torch.allclose((z.double() @ first_weights(model).t()).float(), given, atol=1e-5)


def test_of_a_style_based_network_they_are_those_of_all_that_styles_enter() -> None:
    torch.manual_seed(0)
    model = StyleGenerator(StyleGeneratorConfig(image_shape=(1, 28, 28), z_dim=16, width=4))
    affine = [layer.affine for layer in (*model.layers, *model.to_images)]
    assert set(model.entrances()) == set(affine)
    weights = torch.cat([layer.weight * layer.weight_scale for layer in affine]).double()
    assert first_weights(model).square().sum() == pytest.approx(weights.square().sum().item(), rel=1e-5)
    assert same(sefa(model, 3), torch.linalg.svd(weights.detach(), full_matrices=False).Vh[:3].float())
    w = styles(model, latents(range(512), 16))[:, 0]
    axes = torch.linalg.svd(w - w.mean(0), full_matrices=False).Vh[:3]
    assert same(pca(model, 3), axes)


def test_others_draw_with_a_model_while_its_activations_are_looked_at() -> None:
    model, z = Linear(SINGULAR), latents(range(2), 6)
    images = model(z)
    with directions._second_layer(model) as given, ThreadPoolExecutor(1) as others:
        assert torch.equal(others.submit(model, z).result(), images)
    assert not given


def test_pca_compares_within_classes() -> None:
    torch.manual_seed(0)
    rows, classes = torch.randn(9, 4), torch.arange(9) % 3
    within = centred(rows + 100 * classes[:, None], classes)
    for one in range(3):
        assert torch.allclose(within[classes == one], rows[classes == one] - rows[classes == one].mean(0), atol=1e-4)
    model = CGANGenerator(CGANGeneratorConfig(image_shape=(1, 28, 28), num_classes=3, z_dim=5, width=2))
    found = pca(model, 5)
    assert found.shape == (5, 5)
    assert torch.allclose(found.norm(dim=1), torch.ones(5))


def test_a_step_is_a_standard_deviation_and_its_change_is_measured() -> None:
    model = Linear(SINGULAR)
    found = measured(model, model.axes)
    assert torch.allclose(found.spread, torch.ones(6), atol=0.1)
    ends = [model(way * found.spread[0] * model.axes[:1]) for way in (-1, 1)]
    assert found.change[0].item() == pytest.approx((ends[1] - ends[0]).abs().mean().item() / 4, rel=1e-4)
    first = ranked(found, 3)
    assert first.vectors.shape == (3, 6)
    assert all(more >= less for more, less in pairwise(first.change.tolist()))
    assert first.change[0] == found.change.max()


def test_steps_along_directions_add_up_and_leave_the_class_alone() -> None:
    found = Directions(torch.eye(5)[:2], torch.tensor([1.0, 2.0]), torch.ones(2))
    offsets = found.at(torch.tensor([[3.0, 0.5]]))
    assert offsets.tolist() == [[3.0, 1.0, 0.0, 0.0, 0.0]]
    ws = torch.zeros(1, 2, 8)
    assert moved(ws, offsets).tolist() == [[[3.0, 1.0, 0, 0, 0, 0, 0, 0]] * 2]
    assert not ws.any()


def test_towards_a_class_its_log_odds_rise_most() -> None:
    z = latents(range(400), 10)
    normals = torch.linalg.qr(torch.randn(10, 10, generator=torch.Generator().manual_seed(0))).Q[:3]
    log_odds = z @ normals.t() * torch.tensor([1.0, 5.0, 0.0])
    found = towards_classes(z, log_odds)
    assert (found[:2] * normals[:2]).sum(1).min() > 0.99  # and it points there, not away
    assert not found[2].any()  # of what never changes there is no direction
