"""What the lab learns from: points in the plane, or very small pictures, and how many modes of them are drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import pi
from typing import Literal

import torch
from torch import Tensor

from ganzoo.data import ImagesInMemory
from ganzoo.data.held_out import read_sprite, sprite_file

Toy = Literal["ring", "grid", "spiral", "digits"]

POINTS = 8192
"""Of one set."""
DEVIATION = 0.05
"""Standard deviation of every Gaussian, and of the spiral's arm, in both directions; the plane is [-1, 1]²."""
RADIUS = 0.7
"""Of the ring."""
SPACING = 0.4
"""Between neighbours of the grid."""
TURNS = 1.5
"""Of the spiral, from the centre to its end."""
NEAR = 3.0
"""Standard deviations within which a point counts as drawn from a mode (Srivastava et al. 2017, section 4.1)."""
FAIR = 0.25
"""A mode is hit by at least this share of the points that would fall to it if all modes had equally many."""
SIDE = 8
"""Pixels of a digit's side."""


def ring() -> Tensor:
    """Centres ``[8, 2]`` of eight Gaussians on a circle."""
    angles = torch.arange(8) * (2 * pi / 8)
    return RADIUS * torch.stack([angles.cos(), angles.sin()], dim=1)


def grid() -> Tensor:
    """Centres ``[25, 2]`` of five rows of five Gaussians."""
    ticks = SPACING * torch.arange(-2.0, 3.0)
    return torch.cartesian_prod(ticks, ticks)


CENTRES: Mapping[str, Callable[[], Tensor]] = {"ring": ring, "grid": grid}
"""Of the sets that have modes."""


def points(toy: Toy, count: int, seed: int) -> Tensor:
    """Points ``[count, 2]`` of a set in the plane, a function of the seed alone."""
    random = torch.Generator().manual_seed(seed)
    if toy in CENTRES:
        centres = CENTRES[toy]()
        along = centres[torch.randint(len(centres), (count,), generator=random)]
    else:
        far = torch.rand(count, generator=random).sqrt()  # so that the arm is about as dense everywhere
        angles = 2 * pi * TURNS * far
        along = 0.75 * far[:, None] * torch.stack([angles.cos(), angles.sin()], dim=1)
    return along + DEVIATION * torch.randn(count, 2, generator=random)


@cache
def image_set(toy: Toy) -> ImagesInMemory:
    """The set as a trainer is given it. A point is an image of two channels and one pixel, x and y.

    Its levels lie in [0, 255] as those of other images do, but need not be whole.
    """
    if toy == "digits":
        return ImagesInMemory(toy, read_sprite(sprite_file(toy)).pictures, licence="CC BY 4.0")
    levels = (points(toy, POINTS, seed=0) + 1) * 127.5
    return ImagesInMemory(toy, levels.view(POINTS, 2, 1, 1), licence="none needed")


@dataclass(frozen=True)
class Modes:
    """How many modes of a set some points were drawn from."""

    hit: int
    known: int
    near: float
    """The share of the points that are near any mode: high quality, where other points lie between modes."""


def modes(toy: Toy, drawn: Tensor) -> Modes | None:
    """Of points ``[N, 2]``; None where the set has no modes."""
    if toy not in CENTRES:
        return None
    centres = CENTRES[toy]()
    distances, nearest = torch.cdist(drawn, centres).min(dim=1)
    near = distances <= NEAR * DEVIATION
    counts = torch.bincount(nearest[near], minlength=len(centres))
    enough = FAIR * len(drawn) / len(centres)
    return Modes(hit=int((counts >= enough).sum()), known=len(centres), near=float(near.float().mean()))
