from collections.abc import Sequence

import pytest
import torch

from ganzoo.generator import Generator
from ganzoo.inference import draw, sample, tour
from ganzoo.nn.mlp import mlp_networks


@pytest.fixture(scope="module")
def model() -> Generator:
    torch.manual_seed(0)
    return mlp_networks((1, 8, 8), width=8, z_dim=6)[0].eval()


@pytest.mark.parametrize("space", ["z", "w"])
def test_a_tour_begins_at_the_first_seed_and_closes_at_its_own_pace(space: str, model: Generator) -> None:
    ws, noise = tour(model, [3, 1, 4], 90, space)  # type: ignore[arg-type]
    torch.testing.assert_close(draw(model, ws[:1], noise[:1]), sample(model, [3]), atol=2 / 255, rtol=0)
    paces = (ws - ws.roll(1, 0)).flatten(1).norm(dim=1)  # the first one is that from the last frame back
    assert paces.max() < 3 * paces.median()


def test_on_the_sphere_every_frame_turns_as_far() -> None:
    generator, _ = mlp_networks((1, 8, 8), width=8, z_dim=100)
    ws, _ = tour(generator.eval(), range(5), 200)
    directions = torch.nn.functional.normalize(ws[:, 0], dim=1)
    turns = (directions * directions.roll(1, 0)).sum(1).clamp(-1, 1).acos()
    inside = turns < turns.median() * 0.999  # corners are cut by the frames on both sides of them
    assert inside.sum() <= 5
    torch.testing.assert_close(turns[~inside], turns.median().expand(int((~inside).sum())), rtol=5e-3, atol=1e-3)


def test_in_w_every_frame_goes_as_far() -> None:
    generator, _ = mlp_networks((1, 8, 8), width=8, z_dim=100)
    ws, _ = tour(generator.eval(), range(3), 300, "w")
    paces = (ws - ws.roll(1, 0)).flatten(1).norm(dim=1)
    assert ((paces - paces.median()).abs() < 1e-3 * paces.median()).sum() >= 297


def test_pictures_that_are_the_same_make_a_still_film(model: Generator) -> None:
    for space in ("z", "w"):
        ws, _ = tour(model, [2, 2], 5, space)
        assert ws.isfinite().all()
        torch.testing.assert_close(ws, ws[:1].expand(5, -1, -1))


@pytest.mark.parametrize(("seeds", "frames"), [([1], 10), ([], 10), ([1, 2], 0)])
def test_less_than_a_tour_is_refused(seeds: Sequence[int], frames: int, model: Generator) -> None:
    with pytest.raises(ValueError, match="two seeds at least, in one frame at least"):
        tour(model, seeds, frames)
