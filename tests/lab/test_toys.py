from math import exp
from typing import get_args

import pytest
import torch

from ganzoo.data import to_float
from ganzoo.lab.toys import CENTRES, DEVIATION, NEAR, RADIUS, SIDE, Toy, image_set, modes, points

MODAL: list[Toy] = ["ring", "grid"]


def test_the_ring_has_eight_modes_at_one_radius_and_the_grid_twenty_five_in_rows() -> None:
    ring, grid = CENTRES["ring"](), CENTRES["grid"]()
    assert torch.allclose(ring.norm(dim=1), torch.full((8,), RADIUS))
    assert len(ring) == 8
    assert len(grid) == 25
    assert len(set(grid[:, 0].tolist())) == len(set(grid[:, 1].tolist())) == 5


@pytest.mark.parametrize("toy", MODAL)
def test_no_point_is_near_two_modes(toy: Toy) -> None:
    apart = torch.pdist(CENTRES[toy]()).min()
    assert apart > 2 * NEAR * DEVIATION


@pytest.mark.parametrize("toy", MODAL)
def test_of_what_is_real_all_modes_are_hit_and_as_many_are_near_as_of_a_gaussian(toy: Toy) -> None:
    found = modes(toy, points(toy, 20_000, seed=1))
    assert found is not None
    assert found.hit == found.known == len(CENTRES[toy]())
    assert found.near == pytest.approx(1 - exp(-(NEAR**2) / 2), abs=0.005)  # Rayleigh's distribution


def test_a_mode_is_hit_by_a_quarter_of_its_fair_share_and_no_less() -> None:
    first, second, *_ = CENTRES["ring"]()
    for count, hit in ((16, 2), (15, 1)):  # of 512 points a fair share is 64
        found = modes("ring", torch.stack([second] * count + [first] * (512 - count)))
        assert found is not None
        assert found.hit == hit


def test_the_edge_of_a_mode_is_at_three_deviations() -> None:
    (centre, *_) = CENTRES["ring"]()
    for away, near in ((0.99, 1.0), (1.01, 0.0)):
        found = modes("ring", (centre + torch.tensor([away * NEAR * DEVIATION, 0.0]))[None])
        assert found is not None
        assert found.near == near


def test_a_spiral_has_no_modes() -> None:
    assert modes("spiral", points("spiral", 10, seed=0)) is None


def test_points_depend_on_the_seed_alone_and_fit_what_a_generator_can_draw() -> None:
    for toy in ("ring", "grid", "spiral"):
        torch.manual_seed(0)
        before = points(toy, 4096, seed=3)
        torch.manual_seed(1)
        assert torch.equal(points(toy, 4096, seed=3), before)
        assert not torch.equal(points(toy, 4096, seed=4), before)
        assert (before.abs() < 1).all(), toy


@pytest.mark.parametrize("toy", get_args(Toy))
def test_a_trainer_is_dealt_images_in_range(toy: Toy) -> None:
    images = to_float(image_set(toy).pixels)
    assert images.shape[1:] == ((1, SIDE, SIDE) if toy == "digits" else (2, 1, 1))
    assert images.abs().max() <= 1


def test_points_as_images_are_the_points() -> None:
    images = to_float(image_set("ring").pixels)
    assert torch.allclose(images.flatten(1), points("ring", len(images), seed=0), atol=1e-6)
