"""What a person watching a run sees: a live bar on a terminal, plain lines elsewhere."""

import os
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from tqdm import tqdm

from ganzoo.checkpoints.history import DISTANCE, QUALITY

PLAIN_LINES = 20
"""About how many lines a whole run prints where there is no terminal."""


def summary(line: Mapping[str, float], *, brief: bool = False) -> str:
    """One history line in words: losses, how often the discriminator is right, the Wasserstein estimate, the quality.

    The ``brief`` one fits beside a bar: ``D`` and ``G`` are the players' losses, ``W`` is the estimate.
    """
    losses = {
        player[0].upper(): line[key]
        for key in line
        if (player := key.removeprefix("loss/")) != key and "/" not in player  # after which penalties of its stand
    }
    if brief:
        parts = [f"{player} {loss:.3g}" for player, loss in losses.items()]
        if "accuracy/real" in line:
            parts.append(f"right {line['accuracy/real']:.0%}/{line['accuracy/fake']:.0%}")
        if "wasserstein" in line:
            parts.append(f"W {line['wasserstein']:.3g}")
        return " ".join(parts)
    parts = ["loss " + ", ".join(f"{player} {loss:.3f}" for player, loss in losses.items())]
    if "accuracy/real" in line:
        parts.append(f"right on real {line['accuracy/real']:.0%}, on fake {line['accuracy/fake']:.0%}")
    if "wasserstein" in line:
        parts.append(f"Wasserstein {line['wasserstein']:.3f}")
    if QUALITY + DISTANCE in line:
        parts.append(f"Fréchet classifier distance {line[QUALITY + DISTANCE]:.4g}")
    return ", ".join(parts)


class Progress:
    """Shows the steps of one run. ``images_per_step`` turns steps into images a second."""

    def __init__(self, total: int, start: int, images_per_step: int, *, quiet: bool = False) -> None:
        # Some containers give a terminal of no size, on which tqdm shows nothing.
        self.live = not quiet and sys.stderr.isatty() and min(os.get_terminal_size(sys.stderr.fileno())) > 0
        self.images_per_step = images_per_step
        self.quiet = quiet
        self._lines_shown = start * PLAIN_LINES // total
        self._bar = tqdm(
            total=total,
            initial=start,
            unit="step",
            disable=not self.live,
            dynamic_ncols=True,
            bar_format="{percentage:3.0f}% {bar:6} {n_fmt}/{total_fmt} [{elapsed}<{remaining}]{postfix}",
        )
        self._start, self._total = start, total

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def advance(self) -> None:
        """One more step is done."""
        self._bar.update()

    def show(self, step: int, seconds_here: float, line: Mapping[str, float]) -> None:
        """Tell the newest history line; ``seconds_here`` is how long this process has been training."""
        steps_a_second = (step - self._start) / seconds_here
        speed = f"{steps_a_second * self.images_per_step:,.0f} images/s"
        if self.live:
            self._bar.set_postfix_str(f"{summary(line, brief=True)} {speed}", refresh=False)
        elif not self.quiet and step * PLAIN_LINES // self._total > self._lines_shown:
            self._lines_shown = step * PLAIN_LINES // self._total
            left = tqdm.format_interval((self._total - step) / steps_a_second)
            print(f"step {step}/{self._total}: {summary(line)}, {speed}, {left} left", file=sys.stderr, flush=True)
