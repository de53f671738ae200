"""The lab's games, which visitors play side by side: a bounded number, each known by a ticket."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_urlsafe
from threading import BoundedSemaphore, Lock
from time import monotonic

from ganzoo.inference import BusyError
from ganzoo.lab.recipe import LabRecipe
from ganzoo.lab.session import GameOverError, Session
from ganzoo.ui.validation import RequestError

PLACES = 4
"""Games that are kept at once."""
IDLE = 30.0
"""Seconds after which a game that nobody asked for is forgotten."""
WAITING = 16
"""Requests that wait for their turn at most, the one whose turn it is among them."""


@dataclass(eq=False)
class _Game:
    session: Session
    asked: float
    """When somebody asked for it last."""


class Games:
    """Plays one game at a time, each for a moment, so that none keeps the others waiting.

    There is no thread of its own: a game goes on while its visitor asks for it, and is forgotten if that ends. Methods
    raise ``BusyError`` where there is no room, and ``RequestError`` for a ticket that stands for no game.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._games: dict[str, _Game] = {}
        self._lock = Lock()
        self._room = BoundedSemaphore(WAITING)

    @contextmanager
    def unplayed(self, recipe: LabRecipe) -> Iterator[Session]:
        """A game before its first step, which takes no place."""
        with self._turn():
            yield Session(recipe)

    def begin(self, recipe: LabRecipe) -> str:
        """The ticket of a new game."""
        with self._turn():
            if len(self._games) >= PLACES:
                raise BusyError(f"{PLACES} games are being played already: try again in half a minute.")
            ticket = token_urlsafe()
            self._games[ticket] = _Game(Session(recipe), self._clock())
            return ticket

    @contextmanager
    def resumed(self, ticket: str) -> Iterator[Session]:
        """The ticket's game, for its turn. One that is over is forgotten."""
        with self._turn():
            game = self._games.get(ticket)
            if game is None:
                raise RequestError(
                    f"Nobody asked for this game for {IDLE:g} seconds, so it is gone: Reset begins anew."
                )
            try:
                yield game.session
            except GameOverError:
                del self._games[ticket]
                raise
            game.asked = self._clock()

    def end(self, ticket: str) -> None:
        """Forget the ticket's game, if there is one."""
        with self._turn():
            self._games.pop(ticket, None)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise BusyError("Too many visitors are in the lab just now: try again in a moment.")
        try:
            with self._lock:
                self._forget_idle()
                yield
        finally:
            self._room.release()

    def _forget_idle(self) -> None:
        now = self._clock()
        self._games = {ticket: game for ticket, game in self._games.items() if now - game.asked <= IDLE}
