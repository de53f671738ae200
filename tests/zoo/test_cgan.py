import pytest
import torch
from pydantic import ValidationError
from torch.nn import functional as F

from ganzoo.game import AdversarialGame
from ganzoo.zoo import RECIPES
from ganzoo.zoo.cgan import CGANDiscriminator, CGANGenerator
from tests.cases import SHAPES, Shape, data

every_shape = pytest.mark.parametrize("shape", SHAPES[::2], ids=str)


def game(shape: Shape = SHAPES[0]) -> AdversarialGame:
    torch.manual_seed(0)
    recipe = RECIPES["cgan"].model_validate({"data": data(shape), "width": 4, "z_dim": 6, "embedding_dim": 3})
    played = recipe.game()
    assert isinstance(played, AdversarialGame)
    return played


@every_shape
def test_the_generator_is_given_the_latent_and_its_class_s_embedding(shape: Shape) -> None:
    generator = game(shape).generator
    assert isinstance(generator, CGANGenerator)
    z, y = torch.randn(4, 6), torch.tensor([0, 9, 9, 3])
    ws = generator.mapping(z, y)
    assert ws.shape == (4, generator.num_ws, 9)
    assert torch.equal(ws[:, 0, :6], z)
    assert torch.equal(ws[:, 0, 6:], generator.embedding[y])
    centre = generator.mean_ws(y)
    assert not centre[..., :6].any()
    assert torch.equal(centre[..., 6:], ws[..., 6:])


def test_the_same_latent_is_another_picture_of_another_class() -> None:
    generator = game().generator.eval()
    z = torch.randn(1, 6).expand(2, -1)
    one, other = generator(z, torch.tensor([1, 2]))
    assert not torch.allclose(one, other, atol=1e-3)


@every_shape
def test_what_a_class_adds_to_a_logit_is_its_vector_times_the_summed_features(shape: Shape) -> None:
    discriminator = game(shape).discriminator.eval()
    assert isinstance(discriminator, CGANDiscriminator)
    torch.nn.init.normal_(discriminator.v)
    images = torch.rand(3, *shape) * 2 - 1
    phi = discriminator.phi(images)
    psi = F.linear(phi.flatten(1), discriminator.psi.weight, discriminator.psi.bias).squeeze(1)
    for y in range(10):
        logits = discriminator(images, torch.full((3,), y))
        torch.testing.assert_close(logits, psi + torch.einsum("nchw,c->n", phi, discriminator.v[y]))


def test_a_folder_has_no_classes() -> None:
    with pytest.raises(ValidationError, match=r"cgan needs classes.*choose mnist, fashion-mnist or cifar10"):
        RECIPES["cgan"].model_validate({"data": {"dataset": "folder:/somewhere"}})
