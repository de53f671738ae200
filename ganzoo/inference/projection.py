"""Projection: the latent whose picture comes nearest to a given one, found by gradient descent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, repeat

import torch
from torch import Tensor
from torch.nn import functional as F

from ganzoo.device import full_precision
from ganzoo.generator import Generator
from ganzoo.inference.sampling import draw, evaluating, styles
from ganzoo.latents import inputs

STARTS = 128
"""Latents of which the best is where the descent starts."""
RATE = 0.1
"""Adam's learning rate."""
BETAS = (0.9, 0.99)
SCALES = (1, 2, 4)
"""Sides of the squares of pixels that are compared by their mean: lines drawn by hand lie a little beside."""
PULL = 0.2
"""Weight of ln² of the latent's length over √D, which keeps it where N(0, I) has its mass."""


@dataclass(frozen=True, eq=False)
class Place:
    """Where a descent has come to, and what it needs to go on as if it had never stopped."""

    z: Tensor
    """``[z_dim]``, float32, on the CPU."""
    y: int | None
    """The class that the picture is of; None where the model knows none. It stays."""
    step: int
    mean: Tensor
    """Adam's moving average of gradients, ``[z_dim]``."""
    square: Tensor
    """And of their squares."""


@dataclass(frozen=True, eq=False)
class Step:
    """A place, its picture, and how far that still is from what is looked for."""

    place: Place
    image: Tensor
    """``[C, H, W]`` in [-1, 1], on the CPU."""
    error: float
    """Root of the mean square of what pixels differ by, as a share of the way from black to white."""


def start(model: Generator, target: Tensor, y: int | None = None, *, count: int = STARTS) -> Step:
    """The best of the latents of so many seeds, from 0 on, for an image ``[C, H, W]``; of class ``y`` where given, else
    of each seed's own, so that a model that knows classes begins with the one that fits.
    """
    z, classes, _ = inputs(range(count), model.z_dim, model.num_classes, classes=y)
    images = draw(model, styles(model, z, classes))
    best = int(distance(images, target).argmin())
    nothing = torch.zeros(model.z_dim)
    place = Place(z[best], None if classes is None else int(classes[best]), 0, nothing, nothing)
    return Step(place, images[best], error(images[best], target))


def project(model: Generator, target: Tensor, place: Place) -> Iterator[Step]:
    """One step of Adam after the other from ``place`` towards the image ``[C, H, W]``, for as long as anyone asks.

    The latent moves in z, of a style-based network too, so that what is found is a latent like any other. The way does
    not depend on whether it is gone in pieces.
    """
    device = next(model.parameters()).device
    y = None if place.y is None else torch.tensor([place.y], device=device)
    target = target.to(device)
    for first in chain([True], repeat(False)):
        with torch.enable_grad(), full_precision(), evaluating(model):
            z = place.z[None].to(device).requires_grad_()
            images = model.synthesis(model.mapping(z, y))
            loss = distance(images, target).sum() + PULL * excess(z).sum()
            gradient = torch.autograd.grad(loss, z)[0][0].cpu()
        if not first:
            image = images[0].detach()
            yield Step(place, image.cpu(), error(image, target))
        place = stepped(place, gradient)


def stepped(place: Place, gradient: Tensor) -> Place:
    """One step of Adam (Kingma & Ba 2015, algorithm 1)."""
    first, second = BETAS
    step = place.step + 1
    mean, square = place.mean.lerp(gradient, 1 - first), place.square.lerp(gradient.square(), 1 - second)
    ahead = mean / (1 - first**step) / ((square / (1 - second**step)).sqrt() + 1e-8)
    return replace(place, z=place.z - RATE * ahead, step=step, mean=mean, square=square)


def distance(images: Tensor, target: Tensor) -> Tensor:
    """Of images ``[N, C, H, W]`` to one: the mean square of what they differ by, summed over some scales, ``[N]``."""
    differences = images - target
    return torch.stack([F.avg_pool2d(differences, side).square().mean((1, 2, 3)) for side in SCALES]).sum(0)


def excess(z: Tensor) -> Tensor:
    """How unlikely long or short latents ``[N, D]`` are: ln² (‖z‖ / √D)."""
    return (z.square().mean(1) + 1e-12).log().div(2).square()


def error(image: Tensor, target: Tensor) -> float:
    """As ``Step`` tells it."""
    return float((image - target).square().mean().sqrt() / 2)
