"""Tours: closed ways through the pictures of many seeds, for films that loop."""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from ganzoo.generator import Generator
from ganzoo.inference.interpolation import angle, on_the_sphere
from ganzoo.inference.sampling import styles
from ganzoo.latents import inputs

Space = Literal["z", "w"]


def tour(
    model: Generator, seeds: Sequence[int], frames: int, space: Space = "z", truncation: float = 1.0
) -> tuple[Tensor, Tensor]:
    """The styles ``[frames, num_ws, w_dim]`` and the noise of a way through the seeds' pictures, and back to the first.

    In ``z`` it turns along the sphere, by the same angle from each frame to the next; in ``w`` it goes straight from
    style to style, by the same distance. A class-conditional model goes evenly from one seed's class to the next one's.
    The noise is the first seed's all the way, so that the grain stands still. Raises ``ValueError`` for less than two
    seeds or one frame, and as ``sample`` does.
    """
    if len(seeds) < 2 or frames < 1:
        raise ValueError("A tour leads through two seeds at least, in one frame at least.")
    z, y, noise = inputs(seeds, model.z_dim, model.num_classes, model.noise_dim)
    if space == "w":
        ws = styles(model, z, y, truncation)
        leg, share = _places((ws - ws.roll(-1, 0)).flatten(1).norm(dim=1).double().cpu(), frames)
        return torch.lerp(ws[leg], ws.roll(-1, 0)[leg], share[:, None, None].to(ws)), noise[:1].expand(frames, -1)
    onward = z.roll(-1, 0)
    leg, share = _places(torch.stack([angle(a, b) for a, b in zip(z, onward, strict=True)]), frames)
    path = torch.cat([on_the_sphere(z[i], onward[i], share[leg == i]) for i in range(len(z))]).float()
    if y is None:
        ws = styles(model, path, None, truncation)
    else:
        here, there = (styles(model, path, classes[leg], truncation) for classes in (y, y.roll(-1)))
        ws = torch.lerp(here, there, share[:, None, None].to(here))
    return ws, noise[:1].expand(frames, -1)


def _places(lengths: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Where frames at even distances lie on legs of these lengths: for each its leg, and the share of that leg."""
    ends = lengths.cumsum(0)
    positions = ends[-1] * torch.arange(frames, dtype=torch.float64) / frames
    leg = torch.searchsorted(ends, positions, right=True).clamp(max=len(lengths) - 1)
    share = (positions - (ends - lengths)[leg]) / lengths[leg]
    return leg, share.nan_to_num(0.0).clamp(0.0, 1.0)  # of a leg without a length every place is the same
