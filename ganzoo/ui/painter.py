"""What Paint does, checked: some steps at a time towards a picture, from where the one who asks has come to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from threading import BoundedSemaphore
from typing import Any

from torch import Tensor

from ganzoo.data import to_float
from ganzoo.generator import Generator
from ganzoo.inference import BusyError
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.inference.projection import STARTS, Place, Step, project, start
from ganzoo.ui import validation
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Model
from ganzoo.ui.validation import RequestError

AT_ONCE = 2
"""Searches that take some steps at the same time."""
STEPS = 5
"""Of one turn, which then takes about as long as a pass; an answer to the page has one turn, a part of a second."""
MAX_STEPS = 200
"""Of one answer to a program."""
MOST = 10_000
"""Steps of one search, which has long stopped getting nearer by then."""


@dataclass(frozen=True)
class Found:
    """Where a search has come to."""

    model: Model
    place: Place
    pixels: Pixels
    """``[H, W, C]``."""
    error: float
    """Of the picture, as ``projection.Step`` tells it."""


class Painter:
    """Searches with the ``studio``'s models for the latents of pictures, and keeps nothing: who asks holds the place.

    Others who draw are let through after each ``STEPS`` of them. Methods raise what those of ``Studio`` do.
    """

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._searching = BoundedSemaphore(AT_ONCE)

    def alike(self, model: object) -> list[Model]:
        """The models that learnt from the same pictures in the same shape, this one first."""
        chosen = self.studio.models.asked(model, "sample")
        others = self.studio.models.able("sample")
        return [chosen, *(it for it in others if it.id != chosen.id and it.draws_as(chosen))]

    def begin(self, model: object, picture: object, of: object = None) -> Found:
        """The best of many seeds for a picture, sent as text; of the class ``of``, or of any where none is given."""
        chosen, target = self._asked(model, picture)
        count = validation.fitting(STARTS, [chosen.image_shape], fewer=True)
        with self._search(chosen) as generator:
            y = validation.class_of(of, generator.num_classes)
            with self.studio.alone():
                return _found(chosen, start(generator, target, y, count=count))

    def go_on(self, model: object, picture: object, place: object, steps: object = STEPS) -> Found:
        """So many steps on from a place as ``told`` tells it."""
        chosen, target = self._asked(model, picture)
        number = validation.whole_number(steps, "The number of steps", 1, MAX_STEPS)
        with self._search(chosen) as generator:
            way = project(generator, target, _place(place, generator.z_dim, generator.num_classes))
            for first in range(0, number, STEPS):
                with self.studio.alone():
                    *_, step = islice(way, min(STEPS, number - first))
        return _found(chosen, step)

    def _asked(self, model: object, picture: object) -> tuple[Model, Tensor]:
        chosen = self.studio.models.asked(model, "sample")
        shape = chosen.image_shape
        return chosen, to_float(validation.pixels_for(validation.picture(picture), shape, shape))

    @contextmanager
    def _search(self, model: Model) -> Iterator[Generator]:
        if not self._searching.acquire(blocking=False):
            raise BusyError("Too many pictures are being searched for just now: go on in a moment.")
        try:
            yield self.studio.generator(model)
        finally:
            self._searching.release()


def _found(model: Model, step: Step) -> Found:
    return Found(model, step.place, to_pixels(step.image[None])[0], step.error)


def told(place: Place) -> dict[str, Any]:
    """A place as the one who asked holds it."""
    return {
        "z": place.z.tolist(),
        "class": place.y,
        "step": place.step,
        "mean": place.mean.tolist(),
        "square": place.square.tolist(),
    }


def _place(value: object, z_dim: int, num_classes: int) -> Place:
    """A place that was told; raises ``RequestError`` for what is none of this model's."""
    if not isinstance(value, dict):
        raise RequestError("A search goes on from a place: begin anew.")
    y = validation.class_of(value.get("class"), num_classes)
    return Place(
        z=validation.latent(value.get("z"), z_dim),
        y=(y or 0) if num_classes else None,
        step=validation.whole_number(value.get("step"), "The step", 0, MOST),
        mean=validation.numbers(value.get("mean"), z_dim, "The mean slope", lowest=-1e6, highest=1e6),
        square=validation.numbers(value.get("square"), z_dim, "The mean square slope", lowest=0.0, highest=1e12),
    )
