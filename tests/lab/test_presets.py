"""That presets do what their stories say, from a fixed seed; the bounds are far from what was seen."""

from ganzoo.lab.presets import PRESETS
from ganzoo.lab.session import Session
from ganzoo.lab.toys import Modes


def played(name: str, steps: int) -> Session:
    session = Session(PRESETS[name].recipe)
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


def test_one_converges() -> None:
    modes = known_modes(played("Converge", 500))
    assert modes.hit >= 7
    assert modes.near > 0.35


def test_one_collapses() -> None:
    session = played("Collapse", 150)
    assert unsettled(session)
    assert session.drawn().flatten(1).std(0).max() < 0.5  # as wide as the ring is what is real


def test_one_oscillates_since_nothing_bounds_the_critic_s_slope() -> None:
    session = played("Oscillate", 100)
    assert unsettled(session)
    assert session.slopes().drawn > 2.5


def test_with_a_penalty_the_critic_s_slope_stays_bounded() -> None:
    assert 0.5 < played("Distance", 60).slopes().drawn < 2.5


def test_in_pairs_the_whole_grid_is_covered() -> None:
    assert known_modes(played("In pairs", 200)).hit >= 12


def test_pictures_become_less_unlike_real_ones() -> None:
    session = played("Pictures", 0)
    real = session.real.mean(0)
    before = (session.drawn().mean(0) - real).square().mean()
    session.play(100)
    assert (session.drawn().mean(0) - real).square().mean() < 0.5 * before
