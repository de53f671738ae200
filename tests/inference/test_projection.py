from itertools import islice
from pathlib import Path

import pytest
import torch

import ganzoo
from ganzoo.generator import Generator
from ganzoo.inference.projection import Place, distance, error, excess, project, start, stepped
from ganzoo.inference.sampling import draw, drawing, styles
from ganzoo.latents import inputs

EVERY = ["alpha", "beta", "delta", "sigma"]


@pytest.fixture(params=EVERY)
def model(request: pytest.FixtureRequest, zoo: Path, conditional: Path, styled: Path) -> Generator:
    folder = {"delta": conditional, "sigma": styled}.get(request.param, zoo)
    return drawing(ganzoo.load(folder / request.param, "cpu"))


def test_the_start_is_the_best_of_many_seeds(model: Generator) -> None:
    target = ganzoo.sample(model, [1000])[0]
    begun = start(model, target, count=32)
    z, y, _ = inputs(range(32), model.z_dim, model.num_classes)
    images = draw(model, styles(model, z, y))
    best = int(distance(images, target).argmin())
    assert (begun.place.z == z[best]).all()
    assert begun.place.y == (None if y is None else int(y[best]))
    assert torch.allclose(begun.image, images[best], atol=1e-5)


def test_a_picture_of_the_model_s_own_is_found_much_nearer_than_the_start(model: Generator) -> None:
    (z, y, _), own = inputs([1000], model.z_dim, model.num_classes), 1000 % (model.num_classes or 1)
    target = draw(model, styles(model, z, y))[0]
    begun = start(model, target, own if model.num_classes else None)
    *_, found = islice(project(model, target, begun.place), 150)
    assert found.error < 0.6 * begun.error
    assert found.place.step == 150
    again = found.place.z[None], None if y is None else y
    assert torch.allclose(draw(model, styles(model, *again))[0], found.image, atol=1e-4)


def test_in_pieces_the_way_is_the_same(model: Generator) -> None:
    target = ganzoo.sample(model, [7])[0]
    begun = start(model, target, count=8)
    at_once = list(islice(project(model, target, begun.place), 6))
    half = list(islice(project(model, target, begun.place), 3))
    rest = list(islice(project(model, target, half[-1].place), 3))
    for one, other in zip(at_once, half + rest, strict=True):
        assert torch.allclose(one.place.z, other.place.z, atol=1e-6)
        assert one.error == pytest.approx(other.error, abs=1e-6)


def test_a_class_that_is_asked_for_stays(conditional: Path) -> None:
    model = drawing(ganzoo.load(conditional / "delta", "cpu"))
    begun = start(model, torch.zeros(1, 28, 28), 8, count=4)
    assert begun.place.y == 8
    assert next(project(model, torch.zeros(1, 28, 28), begun.place)).place.y == 8


def test_a_step_is_adam_s() -> None:
    torch.manual_seed(0)
    z, gradients = torch.randn(5), torch.randn(4, 5)
    parameter = z.clone().requires_grad_()
    adam = torch.optim.Adam([parameter], lr=0.1, betas=(0.9, 0.99))
    place = Place(z, None, 0, torch.zeros(5), torch.zeros(5))
    for gradient in gradients:
        parameter.grad = gradient
        adam.step()
        place = stepped(place, gradient)
    assert torch.allclose(place.z, parameter, atol=1e-6)


def test_distances_and_errors_are_what_they_say() -> None:
    white, black = torch.ones(1, 4, 4), -torch.ones(1, 4, 4)
    assert error(white, black) == 1.0
    assert distance(white[None], black).item() == 12.0  # 4 at each of three scales
    checks = torch.tensor([1.0, -1.0]).repeat(8).view(1, 4, 4)
    assert distance(checks[None], torch.zeros(1, 4, 4)).item() == 1.0  # from afar they are grey
    long = torch.full((1, 9), 2.0)
    assert excess(long).item() == pytest.approx(0.4805, abs=1e-4)  # ln² 2
    assert excess(long / 2).item() == pytest.approx(0.0, abs=1e-6)
