"""Style mixing: pictures some of whose layers have the style of another seed."""

from collections.abc import Sequence
from typing import Literal, get_args

import torch
from torch import Tensor

from ganzoo.generator import Generator, Model
from ganzoo.inference.sampling import draw, drawing, styles
from ganzoo.latents import inputs

Part = Literal["coarse", "middle", "fine"]


def layers_of(part: Part, num_ws: int) -> slice:
    """The places of ``ws`` that decide what is coarse, middle or fine: a third of them, from the smallest maps on.

    Raises ``ValueError`` for an unknown part and for less than three places.
    """
    if part not in get_args(Part):
        raise ValueError(f"There is no part {str(part)[:40]!r}: choose coarse, middle or fine.")
    if num_ws < 3:
        raise ValueError("This model has one style for the whole picture, so there is nothing to mix.")
    number = get_args(Part).index(part)
    return slice(round(number * num_ws / 3), round((number + 1) * num_ws / 3))


def mixed(ws: Tensor, others: Tensor, layers: slice) -> Tensor:
    """Styles ``ws`` with those of ``layers`` from ``others``, both ``[..., num_ws, w_dim]`` of shapes that broadcast.

    So ``mixed(a, b, slice(k, None))`` has the first k of a and the rest of b.
    """
    ws, others = torch.broadcast_tensors(ws, others)
    whole = ws.clone()
    whole[..., layers, :] = others[..., layers, :]
    return whole


def mix(
    model: Model,
    rows: Sequence[int],
    columns: Sequence[int],
    part: Part,
    truncation: float = 1.0,
    *,
    batch_size: int = 64,
) -> Tensor:
    """Images of each row's seed with ``part`` of its styles from each column's seed, in [-1, 1], on the CPU:
    ``[rows + 1, columns + 1, C, H, W]``.

    The first column and the first row are the seeds' own images, and the corner is the model's mean style, which
    truncation pulls towards. Noise is the row's. Raises ``ValueError`` as ``sample`` and ``layers_of`` do.
    """
    generator = drawing(model)
    ws, noise = mixture(generator, rows, columns, part, truncation)
    images: Tensor = draw(generator, ws, noise, batch_size=batch_size).unflatten(0, (len(rows) + 1, len(columns) + 1))
    return images


def mixture(
    model: Generator, rows: Sequence[int], columns: Sequence[int], part: Part, truncation: float = 1.0
) -> tuple[Tensor, Tensor]:
    """The styles ``[N, num_ws, w_dim]`` and the noise ``[N, noise_dim]`` of what ``mix`` draws, row by row."""
    layers, ends = layers_of(part, model.num_ws), (len(rows), len(columns))
    z, y, noise = inputs((*rows, *columns), model.z_dim, model.num_classes, model.noise_dim)
    (own, others), (grain, others_grain) = styles(model, z, y, truncation).split(ends), noise.split(ends)
    with torch.inference_mode():
        mean = model.mean_ws(None if y is None else y[:1].to(own.device))
        top = torch.cat([mean, others])
        below = torch.cat([own[:, None], mixed(own[:, None], others, layers)], dim=1)
    top_grain = torch.cat([torch.zeros(1, model.noise_dim), others_grain])
    below_grain = grain[:, None].expand(-1, len(columns) + 1, -1)
    return torch.cat([top[None], below]).flatten(0, 1), torch.cat([top_grain[None], below_grain]).flatten(0, 1)
