from typing import get_args

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn

from ganzoo.generator import NetworkConfig
from ganzoo.nn.dcgan import (
    DCGAN28DiscriminatorConfig,
    DCGAN28GeneratorConfig,
    DCGANDiscriminatorConfig,
    DCGANGeneratorConfig,
    Norm,
    dcgan_networks,
    normalisation,
)

NORMS: tuple[Norm, ...] = get_args(Norm)
SHAPES = [(1, 28, 28), (1, 32, 32), (3, 64, 64)]
CONFIGS_28 = [DCGAN28GeneratorConfig, DCGAN28DiscriminatorConfig]
CONFIGS_32_64 = [DCGANGeneratorConfig, DCGANDiscriminatorConfig]


@pytest.mark.parametrize(("norm", "axes"), [("batch", (0, 2, 3)), ("layer", (1, 2, 3)), ("instance", (2, 3))], ids=str)
def test_a_norm_standardises_over_its_own_axes(norm: Norm, axes: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    result: Tensor = nn.Sequential(*normalisation(norm, 4))(3 + 5 * torch.randn(6, 4, 8, 9))
    torch.testing.assert_close(result.mean(axes), torch.zeros(result.mean(axes).shape), atol=1e-5, rtol=0)
    torch.testing.assert_close(result.var(axes, correction=0), torch.ones(result.mean(axes).shape), atol=1e-4, rtol=0)


def test_no_norm_is_nothing() -> None:
    assert normalisation("none", 4) == []


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("norm", NORMS)
def test_only_batch_norm_ties_the_images_of_a_batch(norm: Norm, shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    _, discriminator = dcgan_networks(shape, width=4, z_dim=3, norm=norm, dropout=0.0)
    images = torch.rand(3, *shape, requires_grad=True)
    (gradient,) = torch.autograd.grad(discriminator.train()(images)[0], images)
    assert gradient[0].any()
    assert bool(gradient[1:].any()) == (norm == "batch")


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_discriminator_sees_every_pixel(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    _, discriminator = dcgan_networks(shape, width=4, z_dim=3, norm="none", dropout=0.0)
    images = torch.rand(2, *shape, requires_grad=True)
    (gradient,) = torch.autograd.grad(discriminator(images).sum(), images)
    assert gradient.all()


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_only_a_deeper_discriminator_judges_how_distant_places_go_together(depth: int) -> None:
    torch.manual_seed(0)
    _, discriminator = dcgan_networks((1, 28, 28), width=4, z_dim=3, dropout=0.0, depth=depth)
    images = torch.zeros(2, 1, 28, 28)
    images[1, 0, 4, 4] = 9.0
    images.requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(images).sum(), images)
    assert torch.equal(gradient[0, 0, 22, 22], gradient[1, 0, 22, 22]) == (depth == 2)


def test_drop_out_is_drawn_in_training_only() -> None:
    torch.manual_seed(0)
    _, discriminator = dcgan_networks((1, 28, 28), width=4, z_dim=3, dropout=0.5)
    images = torch.rand(2, 1, 28, 28)
    assert not torch.equal(discriminator.train()(images), discriminator(images))
    assert torch.equal(discriminator.eval()(images), discriminator(images))


@pytest.mark.parametrize("config", CONFIGS_28, ids=lambda config: config.__name__)
@pytest.mark.parametrize("size", [(32, 32), (28, 32), (27, 28)], ids=str)
def test_the_tutorial_s_networks_are_for_28(config: type[NetworkConfig], size: tuple[int, int]) -> None:
    with pytest.raises(ValidationError, match=f"this network is for 28×28 images, not {size[0]}×{size[1]}"):
        config.model_validate({"image_shape": (1, *size)})


@pytest.mark.parametrize("config", CONFIGS_32_64, ids=lambda config: config.__name__)
@pytest.mark.parametrize("size", [(28, 28), (32, 64), (128, 128), (16, 16)], ids=str)
def test_the_paper_s_networks_are_for_32_and_64(config: type[NetworkConfig], size: tuple[int, int]) -> None:
    with pytest.raises(ValidationError, match=f"this network is for 32×32 or 64×64 images, not {size[0]}×{size[1]}"):
        config.model_validate({"image_shape": (1, *size)})


@pytest.mark.parametrize("size", [(28, 32), (48, 48), (128, 128)], ids=str)
def test_other_sizes_have_no_pair(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=f"28×28, 32×32 or 64×64 pixels, not {size[0]}×{size[1]}"):
        dcgan_networks((1, *size), width=4, z_dim=3)


@pytest.mark.parametrize(
    "wrong", [{"width": 10**9}, {"width": "64"}, {"width": 0}, {"norm": "group"}, {"dropout": 0.3}, {"slope": 0.2}]
)
def test_a_hostile_configuration_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DCGANDiscriminatorConfig.model_validate({"image_shape": (1, 32, 32), **wrong})
