"""What Explore shows, checked and drawn: directions, places in a plane, and a latent that is no seed."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ganzoo import inference
from ganzoo.data import to_float
from ganzoo.generator import Generator
from ganzoo.inference.combining import combined
from ganzoo.inference.directions import (
    CANDIDATES,
    LARGEST,
    Directions,
    Find,
    Kind,
    measured,
    moved,
    pca,
    ranked,
    samples,
    sefa,
    towards_classes,
)
from ganzoo.inference.pictures import Pixels
from ganzoo.metrics.features import MetricError
from ganzoo.ui import validation
from ganzoo.ui.drawing import Studio
from ganzoo.ui.experts import expert_of
from ganzoo.ui.models import Model
from ganzoo.ui.recent import Recent
from ganzoo.ui.validation import RequestError, shown

REMEMBERED = 16_000_000
"""Bytes of directions: some thousand models' with latents of a hundred numbers."""
REACH = 4.0
"""Steps, each a standard deviation, that a slider goes in either way."""
LARGEST_WEIGHT = 8.0
"""Of a latent in a plane, of either sign."""
TILES = 7
"""Pictures of a strip, from one end of a slider to the other."""
LEAST = 1e-4
"""The probability under which, or as near to 1, log-odds say no more."""


@dataclass(frozen=True)
class Known:
    """Directions of a model, in the order in which they are shown."""

    model: Model
    kind: Kind
    directions: Directions
    classes: tuple[str, ...] | None
    """What lies in each of them, where that is known."""

    def __len__(self) -> int:
        return len(self.directions.vectors)

    def first(self, count: int) -> "Known":
        """The first of them."""
        return replace(self, directions=self.directions.first(count), classes=self.classes and self.classes[:count])


@dataclass(frozen=True)
class Strips:
    """What lies along each of some directions, pixels ``[K, TILES, H, W, C]``."""

    known: Known
    pixels: Pixels


class Explorer:
    """Finds directions with the ``studio``'s models, remembers them, and draws what lies there.

    A latent is asked for by a seed or by its numbers; the latter has no noise. A class is that of all pictures, and
    where none is asked for the seed's own. Methods raise what those of ``Studio`` do.
    """

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._found: Recent[Hashable, Known] = Recent(REMEMBERED, lambda known: known.directions.vectors.nbytes)

    def directions(self, model: object, kind: object) -> Known:
        """Those of one kind: the leading ones by what they change, or one for each class that the model draws."""
        chosen, way = self.studio.models.asked(model, "sample"), validation.way(kind)
        key = chosen.stamp, way
        if before := self._found.get(key):
            return before
        generator = self.studio.generator(chosen)
        if generator.z_dim > LARGEST:
            raise RequestError(
                f"{shown(chosen.id)} has latents of {generator.z_dim} numbers: directions are found in up to {LARGEST}."
            )
        known = self._of_classes(chosen, generator) if way == "class" else self._leading(chosen, generator, way)
        self._found.put(key, known)
        return known

    def strips(self, model: object, latent: object, kind: object, count: object, of: object = None) -> Strips:
        """What lies along the first ``count`` directions from a latent, ``REACH`` steps both ways."""
        known = self.directions(model, kind)
        number = min(validation.whole_number(count, "The number of directions", 1, CANDIDATES), len(known))
        validation.fitting(TILES, [known.model.image_shape], fewer=False)
        number = validation.fitting(TILES * number, [known.model.image_shape], fewer=True) // TILES
        shown_ones = known.first(number)
        along = torch.linspace(-REACH, REACH, TILES)
        places = torch.einsum("ij,t->itj", torch.eye(number), along).flatten(0, 1)
        pixels = self._moved(shown_ones, latent, places, of)
        return Strips(shown_ones, pixels.reshape(number, TILES, *pixels.shape[1:]))

    def moved(self, model: object, latent: object, kind: object, places: object, of: object = None) -> Pixels:
        """The picture ``[H, W, C]`` so many steps along each of the first directions from a latent."""
        known = self.directions(model, kind)
        count = len(places) if isinstance(places, list) and 0 < len(places) <= len(known) else len(known)
        steps = validation.numbers(places, count, "The place", lowest=-REACH, highest=REACH)
        pixels: Pixels = self._moved(known.first(count), latent, steps[None], of)[0]
        return pixels

    def combined(self, model: object, latents: object, weights: object, of: object = None) -> Pixels:
        """Pictures ``[N, H, W, C]`` of three latents combined by each of ``weights``, lists of three numbers.

        All are of one class, the first latent's own where none is asked for, and have the first one's noise.
        """
        chosen = self.studio.models.asked(model, "sample")
        if not isinstance(latents, list) or len(latents) != 3 or not isinstance(weights, list):
            raise RequestError("A place in a plane is told by three latents and a weight of each.")
        validation.fitting(len(weights), [chosen.image_shape], fewer=False)
        bounds = {"lowest": -LARGEST_WEIGHT, "highest": LARGEST_WEIGHT}
        shares = [validation.numbers(one, 3, "A place in the plane", **bounds) for one in weights]
        generator = self.studio.generator(chosen)
        corners = [self.studio.inputs(generator, latent, of) for latent in latents]
        z = torch.stack([combined(torch.cat([corner.z for corner in corners]), share) for share in shares])
        y = None if corners[0].y is None else corners[0].y.expand(len(z))
        ws, noise = inference.styles(generator, z, y), corners[0].noise.expand(len(z), -1)
        return self.studio.draw(chosen, generator, ws, noise)[0]

    def _moved(self, known: Known, latent: object, places: Tensor, of: object) -> Pixels:
        """A picture for each of ``places`` ``[N, K]`` along the directions."""
        generator = self.studio.generator(known.model)
        z, y, noise = self.studio.inputs(generator, latent, of)
        ws = inference.styles(generator, z, y).expand(len(places), -1, -1)
        ws = moved(ws, known.directions.at(places))
        return self.studio.draw(known.model, generator, ws, noise.expand(len(places), -1))[0]

    def _leading(self, model: Model, generator: Generator, kind: Kind) -> Known:
        find: Find = {"pca": pca, "sefa": sefa}[kind]
        directions = ranked(self._measured(model, generator, find(generator, CANDIDATES)), CANDIDATES)
        return Known(model, kind, directions, None)

    def _of_classes(self, model: Model, generator: Generator) -> Known:
        if generator.num_classes:
            raise RequestError(
                f"{shown(model.id)} is told the class of each picture, so none of its directions is one."
            )
        try:
            expert = expert_of(model)
        except MetricError:
            raise RequestError(
                f"No classifier of {model.published_set} is here, so nobody knows its classes."
            ) from None
        if expert is None:
            raise RequestError(
                f"{shown(model.id)} did not learn from a published set, so nobody here knows its classes."
            )
        if expert.judge.image_shape != model.image_shape:
            raise RequestError(
                f"{shown(model.id)} draws pictures of another size than those that the classifier knows."
            )
        z, _, noise = inference.inputs(samples(generator), generator.z_dim, 0, generator.noise_dim)
        ws = inference.styles(generator, z)
        pictures = torch.from_numpy(self.studio.draw(model, generator, ws, noise)[0]).permute(0, 3, 1, 2)
        seen = expert.look(pictures).probabilities.clamp(LEAST, 1 - LEAST)
        vectors = towards_classes(ws[:, 0].cpu(), seen.logit())
        drawn = [number for number, vector in enumerate(vectors) if vector.any()]
        names = expert.classes
        if not drawn:
            raise RequestError(f"{shown(model.id)} draws one class only, so no direction leads to another.")
        directions = self._measured(model, generator, vectors[drawn])
        return Known(model, "class", directions, tuple(names[number] for number in drawn))

    def _measured(self, model: Model, generator: Generator, vectors: Tensor) -> Directions:
        def draw(generator: Generator, ws: Tensor, noise: Tensor) -> Tensor:
            pixels = self.studio.draw(model, generator, ws, noise)[0]
            return to_float(torch.from_numpy(pixels)).permute(0, 3, 1, 2)

        return measured(generator, vectors, draw=draw)
