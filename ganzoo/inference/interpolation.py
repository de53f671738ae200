"""Walks between two latents."""

from collections.abc import Callable, Mapping
from typing import Literal

import torch
from torch import Tensor

from ganzoo.generator import Generator, Model
from ganzoo.inference.sampling import draw, drawing, styles
from ganzoo.latents import Classes, Inputs, inputs

Method = Literal["slerp", "lerp"]


def interpolate(
    model: Model,
    seed_a: int,
    seed_b: int,
    steps: int = 24,
    method: Method = "slerp",
    classes: Classes | None = None,
    *,
    batch_size: int = 64,
) -> Tensor:
    """Images of ``steps`` latents evenly spaced from seed a's to seed b's: ``[steps, C, H, W]`` in [-1, 1], on the CPU.

    The first and the last are the images of the two seeds. A class-conditional model goes evenly from one end's class
    to the other's on the straight line between their styles; ``classes`` is one for the whole walk, or one for each
    end, and where not given the seeds' own. Raises ``ValueError`` for a seed or class out of range, less than two
    steps, an unknown method and a translator.
    """
    if method not in METHODS:
        raise ValueError(f"There is no interpolation method {str(method)[:40]!r}: choose slerp or lerp.")
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 2:
        raise ValueError("An interpolation has a whole number of steps, at least 2.")
    generator = drawing(model)
    ends = inputs((seed_a, seed_b), generator.z_dim, generator.num_classes, generator.noise_dim, classes)
    return draw(generator, *between(generator, ends, steps, method), batch_size=batch_size)


def between(model: Generator, ends: Inputs, steps: int, method: Method) -> tuple[Tensor, Tensor]:
    """The styles ``[steps, num_ws, w_dim]`` and the noise ``[steps, noise_dim]`` of a walk between two ``ends``."""
    z, y, noise = ends
    path, grain = (METHODS[method](start, end, steps) for start, end in (z, noise))
    if y is None:
        return styles(model, path), grain
    ws_a, ws_b = (styles(model, path, end.expand(steps)) for end in y)
    return torch.lerp(ws_a, ws_b, torch.linspace(0.0, 1.0, steps, device=ws_a.device)[:, None, None]), grain


def lerp(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """``steps`` points evenly spaced on the straight line from ``a`` to ``b``, both ``[D]``; exact at both ends."""
    t = torch.linspace(0.0, 1.0, steps, dtype=torch.float64)[:, None]
    return _with_exact_ends(torch.lerp(a.double(), b.double(), t), a, b)


def slerp(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """``steps`` points from ``a`` to ``b``, both ``[D]``, whose direction turns evenly; exact at both ends.

    The norm goes evenly from one end's to the other's, so that the points stay where N(0, I) has its mass (Shoemake
    1985; White 2016). Opposite latents are joined through one fixed direction at right angles to them. A latent of zero
    has no direction: the path is then the straight line, as it is in one dimension.
    """
    return _with_exact_ends(on_the_sphere(a, b, torch.linspace(0.0, 1.0, steps, dtype=torch.float64)), a, b)


def on_the_sphere(a: Tensor, b: Tensor, shares: Tensor) -> Tensor:
    """The points of ``slerp`` at shares of its way, ``[N]``, float64: ``[N, D]``, float64."""
    t, start, end = shares[:, None], a.double(), b.double()
    start_norm, end_norm = start.norm(), end.norm()
    if start_norm == 0 or end_norm == 0 or len(a) == 1:
        return torch.lerp(start, end, t)
    u, v = start / start_norm, end / end_norm
    turn, sideways = angle(a, b), v - (u @ v) * u
    if sideways.norm() < 1e-9:
        sideways = torch.zeros_like(u)
        sideways[u.abs().argmin()] = 1.0
    sideways -= (u @ sideways) * u
    sideways /= sideways.norm()
    directions = torch.cos(turn * t) * u + torch.sin(turn * t) * sideways
    points: Tensor = torch.lerp(start_norm, end_norm, t) * directions
    return points


def angle(a: Tensor, b: Tensor) -> Tensor:
    """Between two vectors ``[D]`` that are not zero, in radians, float64: 0 to π."""
    u, v = a.double() / a.double().norm(), b.double() / b.double().norm()
    return torch.atan2((v - (u @ v) * u).norm(), u @ v)  # right to the last digit where acos is not: near 0 and near π


def _with_exact_ends(path: Tensor, a: Tensor, b: Tensor) -> Tensor:
    path = path.to(a.dtype)
    path[0], path[-1] = a, b
    return path


METHODS: Mapping[Method, Callable[[Tensor, Tensor, int], Tensor]] = {"slerp": slerp, "lerp": lerp}
