"""One forward pass for all who ask at once."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from threading import Condition
from time import perf_counter
from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.generator import Generator
from ganzoo.inference.sampling import draw

PASS = 256
"""Images of one forward pass at most."""
VALUES = PASS * 3 * 64**2
"""Numbers that the images of one pass consist of at most, unless a single image does of more."""
SHARE = 128
"""Of which one request has this many at most, so that a large one lets the others through."""
WAITING = 64
"""Requests that wait at most; together they ask for no more than as many passes could hold."""


class BusyError(RuntimeError):
    """Too many wait already. Its text is one sentence for the one who asked."""


class Answer(NamedTuple):
    """Images as ``inference.draw`` gives them, and what became of the time."""

    images: Tensor
    seconds: float
    """What drawing took, of a shared pass in proportion."""
    ahead: int = 0
    """Requests that were there first and not yet answered."""
    waited: float = 0.0
    """Seconds in which others were drawn."""


@dataclass(eq=False)
class _Request:
    generator: Generator
    ws: Tensor
    noise: Tensor
    images: Tensor
    drawn: int = 0
    seconds: float = 0.0
    error: Exception | None = None

    @property
    def answered(self) -> bool:
        return self.drawn == len(self.ws) or self.error is not None

    @property
    def next(self) -> slice:
        """The rows that it would have of a pass of its own."""
        return slice(self.drawn, min(self.drawn + min(SHARE, most_at_once(self.generator.image_shape)), len(self.ws)))


@dataclass(eq=False)
class _Alone:
    """The place in the queue of what is computed with no pass beside it."""


class Batcher:
    """Draws for several threads, one forward pass at a time: what waits for the same generator is drawn together.

    There is no thread of its own: of those that wait, one runs the next pass, for itself and for others. Turns go
    round, so that each request gets its share of every pass until it is answered, and who computes alone has a turn
    like any other.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Request | _Alone] = deque()
        self._changed = Condition()
        self._drawing = 0  # requests that are being answered

    def draw(self, generator: Generator, ws: Tensor, noise: Tensor | None = None) -> Answer:
        """As ``inference.draw``. Raises ``BusyError``, and what drawing raises for this request."""
        if not len(ws):
            return Answer(draw(generator, ws), 0.0)
        asked_at = perf_counter()
        noise = torch.zeros(len(ws), generator.noise_dim) if noise is None else noise
        with self._changed:
            ahead = self._drawing + len(self._waiting)
            request = _Request(generator, ws, noise, torch.empty(len(ws), *generator.image_shape))
            asked = sum(one.images.numel() for one in (*self._requests(), request))
            if len(self._waiting) >= WAITING or (self._waiting and asked > WAITING * VALUES):
                raise BusyError("Too many pictures are being drawn for others just now: try again in a moment.")
            self._waiting.append(request)
            while True:
                self._changed.wait_for(lambda: request.answered or self._passes_next())
                if request.answered:
                    break
                together = self._next()
                self._drawing = len(together)
                self._changed.release()
                try:
                    _draw_together(together)
                finally:
                    self._changed.acquire()
                    self._drawing = 0
                    self._waiting.extend(one for one in together if not one.answered)
                    self._changed.notify_all()
        if request.error:
            raise request.error
        return Answer(request.images, request.seconds, ahead, perf_counter() - asked_at - request.seconds)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every pass waiting while something else is computed, after those that were there first."""
        place = _Alone()
        with self._changed:
            self._waiting.append(place)
            self._changed.wait_for(lambda: not self._drawing and self._waiting[0] is place)
            self._waiting.popleft()
            self._drawing = 1
        try:
            yield
        finally:
            with self._changed:
                self._drawing = 0
                self._changed.notify_all()

    def _requests(self) -> list[_Request]:
        return [one for one in self._waiting if isinstance(one, _Request)]

    def _passes_next(self) -> bool:
        """Whether the next turn is a pass's, and has come."""
        return not self._drawing and isinstance(self._waiting[0], _Request)

    def _next(self) -> Sequence[_Request]:
        """Take those whose turn it is from the queue: who waits longest, and others of the same generator that fit."""
        together: list[_Request] = []
        waiting = self._requests()
        generator = waiting[0].generator
        room = most_at_once(generator.image_shape)
        for request in [one for one in waiting if one.generator is generator]:
            room -= request.next.stop - request.next.start
            if room < 0:
                break
            together.append(request)
        for request in together:
            self._waiting.remove(request)
        return together


def most_at_once(image_shape: tuple[int, int, int]) -> int:
    """Images of this shape that one pass has at most."""
    return max(1, min(PASS, VALUES // prod(image_shape)))


def _draw_together(requests: Sequence[_Request]) -> None:
    """One pass for all of them; if that fails, one for each, so that an error is told only to whom it belongs."""
    try:
        ws, noise = ([getattr(request, part)[request.next] for request in requests] for part in ("ws", "noise"))
        sizes = [len(part) for part in ws]
        start = perf_counter()
        images = draw(requests[0].generator, torch.cat(ws), torch.cat(noise), batch_size=PASS)
        seconds = perf_counter() - start
        for request, drawn in zip(requests, images.split(sizes), strict=True):
            request.images[request.next] = drawn
            request.seconds += seconds * len(drawn) / len(images)
            request.drawn += len(drawn)
    except Exception as error:
        if len(requests) == 1:
            requests[0].error = error
        else:
            for request in requests:
                _draw_together([request])
