import pytest
import torch

from ganzoo.inference import BusyError
from ganzoo.lab.recipe import LabRecipe
from ganzoo.lab.session import GameOverError
from ganzoo.ui.games import IDLE, PLACES, WAITING, Games
from ganzoo.ui.validation import RequestError

TINY = LabRecipe(width=4, batch_size=4, steps=3)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timed() -> tuple[Games, Clock]:
    clock = Clock()
    return Games(clock), clock


def test_a_ticket_leads_to_the_same_game_again_and_to_no_other() -> None:
    games = Games()
    one, other = games.begin(TINY), games.begin(TINY)
    assert one != other
    with games.resumed(one) as session:
        session.play(2)
    with games.resumed(one) as session:
        assert session.step == 2
    with games.resumed(other) as session:
        assert session.step == 0


def test_there_are_so_many_places_and_no_more_until_one_is_left() -> None:
    games = Games()
    tickets = [games.begin(TINY) for _ in range(PLACES)]
    with pytest.raises(BusyError, match="being played already"):
        games.begin(TINY)
    with games.unplayed(TINY) as session:  # to look takes no place
        assert session.step == 0
    games.end(tickets[0])
    games.begin(TINY)


def test_a_game_is_forgotten_when_nobody_asks_for_it(timed: tuple[Games, Clock]) -> None:
    games, clock = timed
    kept, left = games.begin(TINY), games.begin(TINY)
    clock.now = 0.9 * IDLE
    with games.resumed(kept):
        pass
    clock.now = 1.5 * IDLE
    with games.resumed(kept):
        pass
    with pytest.raises(RequestError, match="it is gone: Reset begins anew"), games.resumed(left):
        pass
    assert len(games._games) == 1


def test_games_that_nobody_asks_for_give_their_places_to_others(timed: tuple[Games, Clock]) -> None:
    games, clock = timed
    for _ in range(PLACES):
        games.begin(TINY)
    clock.now = 1.1 * IDLE
    games.begin(TINY)
    assert len(games._games) == 1


def test_a_game_that_is_over_leaves_its_place() -> None:
    games = Games()
    ticket = games.begin(TINY)
    with pytest.raises(GameOverError, match="3 steps"), games.resumed(ticket) as session:
        session.play(4)
    with pytest.raises(RequestError), games.resumed(ticket):
        pass


def test_so_many_wait_and_no_more() -> None:
    games = Games()
    for _ in range(WAITING):
        assert games._room.acquire(blocking=False)
    with pytest.raises(BusyError, match="Too many visitors"):
        games.begin(TINY)


def test_what_goes_wrong_in_one_turn_leaves_room_for_the_next() -> None:
    games = Games()
    ticket = games.begin(TINY)
    for _ in range(WAITING + 1):
        with pytest.raises(ZeroDivisionError), games.resumed(ticket):
            raise ZeroDivisionError
    with games.resumed(ticket) as session:
        assert torch.isfinite(session.drawn()).all()
