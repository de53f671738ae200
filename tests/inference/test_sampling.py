import pytest
import torch
from torch import Tensor

from ganzoo.generator import Generator, NetworkConfig
from ganzoo.inference import draw, latents, sample
from ganzoo.nn.dcgan import dcgan_networks
from ganzoo.nn.mlp import MLPGenerator, MLPGeneratorConfig


class Echo(Generator):
    """Shows ``ws`` as pixels; its mean is not zero."""

    def __init__(self) -> None:
        super().__init__(NetworkConfig())
        self.z_dim, self.image_shape = 4, (1, 2, 2)
        self.centre = torch.nn.Parameter(torch.tensor([0.5, -0.5, 0.25, 0.0]))
        self.batches: list[int] = []

    def mapping(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        return (z + self.centre)[:, None]

    def mean_ws(self, y: Tensor | None = None) -> Tensor:
        return self.centre[None, None]

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        self.batches.append(len(ws))
        return ws.reshape(len(ws), *self.image_shape)


@pytest.fixture
def model() -> Generator:
    torch.manual_seed(0)
    model = dcgan_networks((1, 28, 28), width=4, z_dim=6)[0].eval()
    list(model.parameters())[-1].data.mul_(20)  # contrast, as training gives
    return model


def test_a_pixel_depends_on_its_seed_up_to_rounding(model: Generator) -> None:
    seeds = [5, 2**32 - 1, 0, 17, 5]
    together = sample(model, seeds)
    assert together.shape == (5, 1, 28, 28)
    assert together.dtype == torch.float32
    assert not together.requires_grad
    assert together.abs().max() <= 1
    for batch_size in (1, 2, 64):
        assert (sample(model, seeds, batch_size=batch_size) - together).abs().max() <= 2 / 255
    assert (together[0] - together[4]).abs().max() <= 2 / 255
    assert (together[0] - together[1]).abs().max() > 0.1


def test_images_can_be_trained_on(model: Generator) -> None:
    """They are ordinary tensors, not those of inference mode."""
    image = sample(model, [1])
    assert not image.is_inference()
    (gradient,) = torch.autograd.grad(image.requires_grad_().sum(), image)
    assert torch.equal(gradient, torch.ones_like(image))


def test_truncation_pulls_to_the_mean_of_ws() -> None:
    echo = Echo()
    z = latents(range(3), 4)
    centre = echo.centre.detach()
    for truncation in (0.0, 0.5, 1.0, 2.0):
        expected = (centre + truncation * z).view(3, 1, 2, 2)
        torch.testing.assert_close(sample(echo, range(3), truncation), expected)
    assert torch.equal(sample(echo, [1], 0), sample(echo, [2], 0))


def test_batches_are_no_larger_than_asked() -> None:
    echo = Echo()
    sample(echo, range(10), batch_size=4)
    assert echo.batches == [4, 4, 2]


def test_no_seeds_no_images(model: Generator) -> None:
    assert sample(model, []).shape == (0, 1, 28, 28)


@pytest.mark.parametrize("truncation", [-0.1, 2.01, float("nan"), float("inf"), 2**70_000, True], ids=type)
def test_truncation_out_of_range(truncation: float, model: Generator) -> None:
    with pytest.raises(ValueError, match=r"The truncation is a number from 0 to 2"):
        sample(model, [0], truncation)


def test_truncation_that_is_no_number(model: Generator) -> None:
    with pytest.raises(ValueError, match="The truncation is a number"):
        sample(model, [0], "1")  # type: ignore[arg-type]


def test_batch_size_out_of_range(model: Generator) -> None:
    with pytest.raises(ValueError, match="at least one image"):
        sample(model, [0], batch_size=0)


def test_a_seed_out_of_range(model: Generator) -> None:
    with pytest.raises(ValueError, match="A seed is a whole number"):
        sample(model, [-1])


def test_a_model_in_training_is_sampled_in_evaluation_and_left_as_it_was() -> None:
    torch.manual_seed(0)
    model = MLPGenerator(MLPGeneratorConfig(image_shape=(1, 4, 4), z_dim=3, hidden=(5, 5)))
    model.layers[2].eval()  # a frozen batch norm
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    images = sample(model, range(3))
    assert [module.training for module in model.modules()] == modes
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert torch.equal(images, sample(model.eval(), range(3)))


def test_modes_come_back_after_an_error() -> None:
    class Broken(Echo):
        def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
            raise RuntimeError("out of memory")

    model = Broken()
    with pytest.raises(RuntimeError, match="out of memory"):
        draw(model, latents([0], 4)[:, None])
    assert model.training
