import sys
from pathlib import Path

import pytest

from benchmarks.contest import WARM_UP_STEPS, Contender, ContestError, Turn, contest

PLAYER = """
import sys
from benchmarks.contest import Player, take_turns

def build():
    print("some library's greeting")
    def step():
        open(sys.argv[2], "a").write(sys.argv[1])
        print("some library's warning")
        return 3
    return Player(step, wait=lambda: open(sys.argv[2], "a").write("."), gauges=lambda: {"who": sys.argv[1]})

take_turns(build)
"""
AT_ONCE = 1e-9
"""Seconds in which one step is played, for less is never played."""


def command(name: str, log: Path) -> list[str]:
    return [sys.executable, "-c", PLAYER, name, str(log)]


def test_contenders_play_in_turns_after_a_warm_up_each(tmp_path: Path) -> None:
    log = tmp_path / "log"
    results = contest({"a": command("A", log), "b": command("B", log)}, rounds=2, seconds=AT_ONCE)
    assert log.read_text() == f".{'A' * WARM_UP_STEPS}..{'B' * WARM_UP_STEPS}." + ".A..B." * 2
    assert len(results["a"].speeds) == 2
    assert min(results["a"].speeds) <= results["a"].speed <= max(results["a"].speeds)
    assert results["b"].gauges["who"] == "B"
    assert float(results["b"].gauges["memory_mib"]) > 1


def test_a_turn_tells_the_images_and_the_seconds(tmp_path: Path) -> None:
    with Contender("a", command("A", tmp_path / "log")) as contender:
        assert contender.play(AT_ONCE).images == 3 * WARM_UP_STEPS
        turn = contender.play(0.05)
    assert turn.seconds >= 0.05
    assert turn.images == 3 * ((tmp_path / "log").read_text().count("A") - WARM_UP_STEPS)


def test_the_warm_up_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([Turn(300, 33.0, {}), Turn(100, 1.0, {}), Turn(300, 1.0, {}), Turn(200, 2.0, {"told": "last"})])
    monkeypatch.setattr(Contender, "play", lambda contender, seconds: next(turns))
    result = contest({"a": [sys.executable, "-c", ""]}, rounds=3, seconds=1.0)["a"]
    assert list(result.speeds) == [100, 300, 100]
    assert result.speed == 100
    assert result.gauges == {"told": "last"}


def test_a_contender_that_gives_up_is_named(tmp_path: Path) -> None:
    commands = {"a": command("A", tmp_path / "log"), "the other": [sys.executable, "-c", "raise SystemExit(7)"]}
    with pytest.raises(ContestError, match=r"the other stopped before it answered \(exit status 7\)"):
        contest(commands, rounds=1, seconds=AT_ONCE)


@pytest.mark.parametrize(("rounds", "seconds"), [(0, 1.0), (1, 0.0), (1, float("nan")), (1, float("inf"))])
def test_a_contest_of_nothing_is_refused(rounds: int, seconds: float) -> None:
    with pytest.raises(ContestError, match="--rounds"):
        contest({}, rounds=rounds, seconds=seconds)
