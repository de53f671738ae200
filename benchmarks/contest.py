"""Contests of speed between processes, of which one plays at a time.

Every contender is a process of its own, so that its memory is its own and no two pools of threads meet. It lives
through all rounds, so that what is paid once, such as compiling, is paid once. Told on its standard input for how many
seconds to play, it plays and answers on its standard output with one line of JSON. Only the standard library is
imported here: a contender may live in an environment that has nothing else of ours.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from statistics import median
from time import perf_counter
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]
WARM_UP_STEPS = 3
"""The least that the first turn plays: what is made when a step is first met, or recurs, is then made."""
PATIENCE = 10.0
"""Seconds that a contender has to leave when there is nothing more to play."""


class ContestError(Exception):
    """A contest that cannot be held, or a contender that gave up. Its message is one sentence for who asked."""


@dataclass(frozen=True)
class Player:
    """What a contender does when it is its turn."""

    step: Callable[[], int]
    """Plays one step, and says how many real images it was dealt."""
    wait: Callable[[], object]
    """Returns when the device has done all that it was asked to."""
    gauges: Callable[[], Mapping[str, float | str]] = dict
    """What else there is to tell, by name."""


@dataclass(frozen=True)
class Turn:
    """What a contender answers."""

    images: int
    seconds: float
    gauges: Mapping[str, float | str]


def take_turns(build: Callable[[], Player]) -> None:
    """Be a contender: play whenever standard input says for how long, until it ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever libraries print is no answer
    player = build()
    steps = WARM_UP_STEPS
    for line in sys.stdin:
        images, seconds = _play(player, float(line), steps)
        turn = Turn(images, seconds, {"memory_mib": peak_memory(), **player.gauges()})
        print(json.dumps(asdict(turn)), file=answers)
        steps = 1


def _play(player: Player, seconds: float, steps: int) -> tuple[int, float]:
    """Play for so long, and at least so many steps; images dealt, and seconds until the device was done."""
    player.wait()
    images = 0
    began = perf_counter()
    while steps > 0 or perf_counter() - began < seconds:
        images += player.step()
        steps -= 1
    player.wait()
    return images, perf_counter() - began


def peak_memory() -> float:
    """The most memory that this process has held so far, in MiB; its children's is not in it."""
    told = memory("VmHWM")  # where getrusage also counts what the process was before it became this program
    if told is not None:
        return told
    import resource  # which Windows does not have

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes, on macOS


def memory(figure: str, process: int | str = "self") -> float | None:
    """One of the figures in MiB that Linux tells of a process's memory; None where it is gone, and elsewhere."""
    status = Path(f"/proc/{process}/status")
    found = re.search(rf"{figure}:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 2**10 if found else None


def apart(module: str, order: Mapping[str, Any], who: str) -> dict[str, Any]:
    """Let a process of its own, ``python -m module ORDER``, carry an order out; its answer. Both are JSON.

    Raises ``ContestError`` where that fails, and says that it was ``who``.
    """
    command = [sys.executable, "-m", module, json.dumps(order)]
    # In a session of its own, for Ctrl-C is for the process that decides: it ends this one.
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, start_new_session=True)
    if done.returncode:
        raise ContestError(f"{who} stopped before they had asked (exit status {done.returncode})")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


class Contender:
    """A contender seen from outside. Raises ``ContestError`` when its process has ended before it answered."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,  # Ctrl-C is for the process that decides, and what a contender starts ends with it
        )

    def play(self, seconds: float) -> Turn:
        """Let it play for so long; its answer. The first turn is the warm-up."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{seconds}\n")
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise ContestError(f"{self.name} stopped before it answered (exit status {self._process.wait()})")
        return Turn(**json.loads(answer))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(subprocess.TimeoutExpired):
            if error is None:
                self._process.communicate(timeout=PATIENCE)  # closes its input, upon which it leaves
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


@dataclass(frozen=True)
class Result:
    """How one contender did."""

    speeds: tuple[float, ...]
    """Images a second, one number a round."""
    gauges: Mapping[str, float | str]
    """What it told last, ``memory_mib`` among it."""

    @property
    def speed(self) -> float:
        """The median over the rounds."""
        return median(self.speeds)


def contest(commands: Mapping[str, Sequence[str]], *, rounds: int, seconds: float) -> dict[str, Result]:
    """Warm every contender up, then play rounds of so many seconds each: A B C, A B C, and so on.

    ``commands`` are what starts each, by name. Raises ``ContestError`` where one gives up.
    """
    if rounds < 1 or not 0 < seconds < inf:
        raise ContestError("a contest has at least one round, of more than no seconds: mend --rounds or --seconds")
    with ExitStack() as stack:
        contenders: dict[str, Contender] = {}
        turns: dict[str, list[Turn]] = {}
        for name, command in commands.items():  # one after the other: a start is work too
            contenders[name] = stack.enter_context(Contender(name, command))
            contenders[name].play(seconds)
            turns[name] = []
        for _ in range(rounds):
            for name, contender in contenders.items():
                turns[name].append(contender.play(seconds))
    return {
        name: Result(tuple(turn.images / turn.seconds for turn in played), played[-1].gauges)
        for name, played in turns.items()
    }
