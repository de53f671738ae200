"""Directions of a latent space along which pictures change: by PCA, by the first layer's weights, and by classes.

They are directions of ``ws``. Where the mapping is the identity that is z, and what stands beside the latent for the
class is left out; a style-based network has them in w, and all its layers are moved alike.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import get_ident
from typing import Any, Literal

import torch
from torch import Tensor, nn

from ganzoo.device import full_precision
from ganzoo.generator import Generator
from ganzoo.inference.batching import most_at_once
from ganzoo.inference.sampling import draw, evaluating, styles
from ganzoo.latents import inputs

Kind = Literal["pca", "sefa", "class"]

LARGEST = 512
"""Numbers in a latent at most: what is found takes the cube of them."""
SAMPLES = 512
"""Latents by which directions are found at least; twice as many as there are numbers in one, where that is more."""
FEATURES = 2048
"""Activations of one picture that PCA looks at at most."""
CANDIDATES = 16
"""Of the leading directions so many are ranked by how much they change pictures."""
JUDGES = 4
"""Seeds in whose pictures the change is measured: enough to rank by, for they agree with a hundred others."""

Find = Callable[[Generator, int], Tensor]
"""So many directions ``[K, D]`` of a generator, as ``pca`` and ``sefa``."""
Draw = Callable[[Generator, Tensor, Tensor], Tensor]
"""Images of styles and noise, as ``inference.draw``."""


@dataclass(frozen=True, eq=False)
class Directions:
    """Directions of one space, and how far a step along each goes and changes pictures."""

    vectors: Tensor
    """Of length 1, float32 ``[K, D]``."""
    spread: Tensor
    """The standard deviation of the latents along each, ``[K]``: one step."""
    change: Tensor
    """What one step changes in the mean pixel, as a share of the way from black to white, ``[K]``."""

    def at(self, places: Tensor) -> Tensor:
        """How far to move ``[N, D]``, in order to go ``places`` ``[N, K]``, in steps, along each."""
        return (places * self.spread) @ self.vectors

    def first(self, count: int) -> "Directions":
        """So many of them."""
        return Directions(self.vectors[:count], self.spread[:count], self.change[:count])


def moved(ws: Tensor, offsets: Tensor) -> Tensor:
    """Styles ``[N, num_ws, w_dim]`` moved by ``offsets`` ``[N, D]``, in every layer; what lies beyond D, as what stands
    for the class does, stays.
    """
    whole = ws.clone()
    whole[..., : offsets.shape[1]] += offsets[:, None].to(ws)
    return whole


def sefa(model: Generator, count: int) -> Tensor:
    """The ``count`` directions n of length 1 whose ‖A n‖ is largest, ``[count, D]``, A being the weights that ``ws``
    meet first: the eigenvectors of AᵀA (Shen & Zhou 2021, section 3), of a style-based network those of all its
    style's affine layers together.
    """
    a = first_weights(model)
    return oriented(torch.linalg.eigh(a.t() @ a).eigenvectors.t().flip(0)[:count])


def first_weights(model: Generator) -> Tensor:
    """A ``[F, D]``, float64, on the CPU: all that the entrances compute is A ws + b; without a class's part."""
    found = []
    device = next(model.parameters()).device
    with torch.inference_mode(), full_precision(), evaluating(model):
        for layer in model.entrances():
            transposed = isinstance(layer, nn.ConvTranspose2d)
            width: Any = layer.in_channels if transposed else layer.in_features
            basis = torch.eye(width, device=device)[: model.z_dim]
            basis = torch.cat([basis, torch.zeros_like(basis[:1])])
            answers = layer(basis[..., None, None] if transposed else basis).flatten(1).double().cpu()
            found.append((answers[:-1] - answers[-1]).t())
    return torch.cat(found)


def pca(model: Generator, count: int) -> Tensor:
    """The ``count`` principal directions ``[count, D]`` (Härkönen et al. 2020, GANSpace, section 2), at most.

    Of a style-based network they are the principal axes of w. N(0, I) has none that stands out, so of
    others they are those of what the first layer passes on to the second, regressed back to z: latents
    on the principal coordinates. The latents are made white, so that hundreds serve as the authors' million do.
    A class-conditional network's activations are compared within each class.
    """
    z, y, _ = inputs(samples(model), model.z_dim, model.num_classes)
    if model.num_ws > 1:
        axes = torch.linalg.svd(centred(styles(model, z, y)[:, 0].double().cpu(), y), full_matrices=False).Vh
        return oriented(axes[:count])
    white = torch.linalg.qr(centred(z.double(), y)).Q * len(z) ** 0.5
    seen = centred(activations(model, styles(model, white.float(), y)).double(), y)
    # Coordinates on the principal axes are eigenvectors of X Xᵀ; being uncorrelated, each has a regression of its own.
    coordinates = torch.linalg.eigh(seen @ seen.t()).eigenvectors.flip(1)[:, : min(count, model.z_dim)]
    return oriented(coordinates.t() @ white)


def samples(model: Generator) -> range:
    """Seeds of the latents by which directions are found."""
    return range(max(SAMPLES, 2 * model.z_dim))


def activations(model: Generator, ws: Tensor) -> Tensor:
    """What the first layer of the synthesis passes on to the second, ``[N, F]``, on the CPU: ``FEATURES`` at most,
    evenly chosen.
    """
    found = []
    with torch.inference_mode(), full_precision(), evaluating(model):
        for part in ws.split(64):
            with _second_layer(model) as given, suppress(_ReachedError):
                model.synthesis(part)
            flat = given[-1].flatten(1)
            found.append(flat[:, :: -(-flat.shape[1] // FEATURES)].cpu())
    return torch.cat(found)


class _ReachedError(Exception):
    """The pass has come to the layer that it was made for."""


@contextmanager
def _second_layer(model: Generator) -> Iterator[list[Tensor]]:
    """In the block, a pass of this thread ends when it comes to its second layer with weights, and what that is given
    is kept; other threads draw with the model as ever.
    """
    given: list[Tensor] = []
    here = get_ident()

    def keep(layer: nn.Module, taken: tuple[Tensor, ...]) -> None:
        if get_ident() != here:
            return
        given.append(taken[0])
        if len(given) == 2:
            raise _ReachedError

    layers = (one for one in model.modules() if isinstance(one, nn.Linear | nn.Conv2d | nn.ConvTranspose2d))
    hooks = [layer.register_forward_pre_hook(keep) for layer in layers]
    try:
        yield given
    finally:
        for hook in hooks:
            hook.remove()


def towards_classes(latents: Tensor, log_odds: Tensor) -> Tensor:
    """For each class the direction ``[K, D]`` in which its log-odds ``[N, K]`` rise most, as a ridge regression on
    ``latents`` ``[N, D]`` has it: the normal of the plane that parts the class from the rest (Shen et al. 2020).
    """
    x, y = centred(latents.double(), None), centred(log_odds.double(), None)
    gram = x.t() @ x
    ridge = 0.1 * gram.diagonal().mean() * torch.eye(len(gram), dtype=torch.float64)
    return unit(torch.linalg.solve(gram + ridge, x.t() @ y).t()).float()


def measured(model: Generator, vectors: Tensor, seeds: range = range(JUDGES), draw: Draw = draw) -> Directions:
    """Directions ``[K, D]`` with their steps, and what a step changes in the pictures of ``seeds``."""
    z, y, _ = inputs(samples(model), model.z_dim, model.num_classes)
    spread = (styles(model, z, y)[:, 0, : vectors.shape[1]].cpu() @ vectors.t()).std(0)
    z, y, noise = inputs(seeds, model.z_dim, model.num_classes, model.noise_dim)
    ws, steps = styles(model, z, y), vectors * spread[:, None]
    changes = []
    for some in torch.stack([-steps, steps], dim=1).split(max(1, most_at_once(model.image_shape) // (2 * len(ws)))):
        ends = some.flatten(0, 1)
        places = moved(ws.repeat(len(ends), 1, 1), ends.repeat_interleave(len(ws), dim=0))
        here, there = draw(model, places, noise.repeat(len(ends), 1)).unflatten(0, (len(some), 2, len(ws))).unbind(1)
        changes.append((there - here).abs().mean((1, 2, 3, 4)) / 4)  # two steps, and from -1 to 1 is 2
    return Directions(vectors, spread, torch.cat(changes))


def ranked(directions: Directions, count: int) -> Directions:
    """The ``count`` that change pictures most, those that change them more before those that change them less."""
    order = directions.change.argsort(descending=True, stable=True)[:count]
    return Directions(directions.vectors[order], directions.spread[order], directions.change[order])


def centred(rows: Tensor, classes: Tensor | None) -> Tensor:
    """Rows ``[N, D]`` without their mean, or without that of their class."""
    if classes is None:
        return rows - rows.mean(0)
    groups = torch.nn.functional.one_hot(classes).to(rows)
    means = (groups.t() @ rows) / groups.sum(0).clamp(min=1)[:, None]
    within: Tensor = rows - groups @ means
    return within


def oriented(vectors: Tensor) -> Tensor:
    """Of length 1, float32, and of the two that are opposite the one whose largest number is positive."""
    largest = vectors.gather(1, vectors.abs().argmax(1, keepdim=True))
    return unit(vectors * largest.sign()).float()


def unit(vectors: Tensor) -> Tensor:
    """Each of ``[K, D]`` at length 1; what is zero stays zero."""
    lengths: Tensor = torch.linalg.vector_norm(vectors, dim=1, keepdim=True)
    return vectors / lengths.clamp(min=1e-12)
