import pytest
import torch
from pydantic import ValidationError

from ganzoo.nn.mlp import MLPDiscriminator, MLPDiscriminatorConfig, MLPGenerator, MLPGeneratorConfig

SHAPE = (3, 5, 7)


def test_pixels_keep_their_places() -> None:
    generator = MLPGenerator(MLPGeneratorConfig(image_shape=SHAPE, z_dim=2, hidden=(4,))).eval()
    z = torch.randn(6, 2)
    images = generator(z)
    assert images.shape == (6, *SHAPE)
    assert torch.equal(images.flatten(1), generator.layers[:-1](z))


def test_slope_zero_is_a_relu() -> None:
    config = MLPGeneratorConfig(image_shape=SHAPE, z_dim=2, hidden=(4,), slope=0.0, batch_norm=False)
    activation = MLPGenerator(config).layers[1]
    x = torch.tensor([-3.0, -0.5, 0.0, 2.0])
    assert torch.equal(activation(x), torch.relu(x))


def test_the_discriminator_sees_every_pixel() -> None:
    discriminator = MLPDiscriminator(MLPDiscriminatorConfig(image_shape=SHAPE, hidden=(8,)))
    images = torch.randn(2, *SHAPE, requires_grad=True)
    logits = discriminator(images)
    assert logits.shape == (2,)
    (gradient,) = torch.autograd.grad(logits.sum(), images)
    assert gradient.all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"hidden": [10**9]},
        {"hidden": [0]},
        {"hidden": []},
        {"hidden": [8] * 17},
        {"hidden": ["8"]},
        {"z_dim": 10**9},
        {"z_dim": 2.5},
        {"slope": -0.1},
        {"slope": 1.1},
        {"slope": None},
        {"batch_norm": 1},
        {"image_shape": [1, 28]},
        {"image_shape": [0, 28, 28]},
        {"image_shape": [1, 28, 10**6]},
        {"depth": 3},
    ],
    ids=str,
)
def test_a_hostile_configuration_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MLPGeneratorConfig.model_validate({"image_shape": (1, 28, 28), **wrong})
