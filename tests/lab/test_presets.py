"""That presets do what their stories say, and not from one seed alone; the bounds are far from what was seen."""

import pytest

from ganzoo.lab.presets import PRESETS
from ganzoo.lab.session import Session
from ganzoo.lab.toys import Modes

SEEDS = pytest.mark.parametrize("seed", range(3))


def played(name: str, steps: int, seed: int = 0) -> Session:
    session = Session(PRESETS[name].recipe, seed)
    session.play(steps)
    return session


def known_modes(session: Session) -> Modes:
    modes = session.modes()
    assert modes is not None
    return modes


def unsettled(session: Session) -> bool:
    """Whether what is drawn wanders, and is never at more than two modes, as the session goes on."""
    centres = []
    for _ in range(5):
        session.play(20)
        centres.append(session.drawn().flatten(1).mean(0))
        if known_modes(session).hit > 2:
            return False
    return any((a - b).norm() > 0.5 for a in centres for b in centres)


@SEEDS
def test_one_converges(seed: int) -> None:
    modes = known_modes(played("Converge", 500, seed))
    assert modes.hit >= 7
    assert modes.near > 0.35


@SEEDS
def test_one_collapses(seed: int) -> None:
    session = played("Collapse", 250, seed)
    assert session.drawn().flatten(1).std(0).max() < 0.5  # as wide as the ring is what is real
    assert unsettled(session)


@SEEDS
def test_one_oscillates_since_nothing_bounds_the_critic_s_slope(seed: int) -> None:
    session, slopes = played("Oscillate", 0, seed), []
    for _ in range(10):
        session.play(20)
        slopes.append(session.slopes().drawn)
    assert max(slopes) > 2
    assert unsettled(session)


@SEEDS
def test_with_a_penalty_the_critic_s_slope_stays_bounded(seed: int) -> None:
    assert 0.5 < played("Distance", 60, seed).slopes().drawn < 2.5


@SEEDS
def test_in_pairs_the_whole_grid_is_covered(seed: int) -> None:
    assert known_modes(played("In pairs", 200, seed)).hit >= 12


def test_pictures_become_less_unlike_real_ones() -> None:
    session = played("Pictures", 0)
    real = session.real.mean(0)
    before = (session.drawn().mean(0) - real).square().mean()
    session.play(100)
    assert (session.drawn().mean(0) - real).square().mean() < 0.5 * before
