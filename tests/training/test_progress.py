import os
import pty
import subprocess
import sys

import pytest

from ganzoo.training.progress import PLAIN_LINES, Progress, summary

LINE = {
    "step": 10,
    "loss/discriminator": 1.25,
    "loss/generator": 0.5,
    "accuracy/real": 0.75,
    "accuracy/fake": 1.0,
    "wasserstein": 2.0,
}


def test_a_line_in_words() -> None:
    words = "loss D 1.250, G 0.500, right on real 75%, on fake 100%, Wasserstein 2.000"
    assert summary(LINE) == words
    assert summary(LINE, brief=True) == "D 1.25 G 0.5 right 75%/100% W 2"
    assert summary({"loss/generator": 0.5}) == "loss G 0.500"
    assert summary({"loss/discriminator": 1.25, "loss/discriminator/r1": 0.125}) == "loss D 1.250"
    measured = {"loss/generator": 0.5, "quality/frechet-classifier-distance": 12.345, "quality/missing-modes": 1}
    assert summary(measured) == "loss G 0.500, Fréchet classifier distance 12.35"


def test_without_a_terminal_a_few_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(total=1000, start=0, images_per_step=64) as progress:
        for step in range(1, 1001):
            progress.advance()
            progress.show(step, seconds_here=step / 100, line=LINE)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == PLAIN_LINES
    assert lines[0] == f"step 50/1000: {summary(LINE)}, 6,400 images/s, 00:09 left"


def test_on_a_terminal_a_bar_with_losses_speed_and_time_left() -> None:
    code = f"""
from ganzoo.training.progress import Progress
with Progress(total=4, start=0, images_per_step=64) as progress:
    for step in range(1, 5):
        progress.show(step, seconds_here=step, line={LINE})
        progress.advance()
"""
    parent, child = pty.openpty()
    subprocess.run(["stty", "cols", "100", "rows", "40"], stdin=child, check=True)
    subprocess.run([sys.executable, "-c", code], stderr=child, check=True)
    os.close(child)
    shown = os.read(parent, 100_000).decode()
    os.close(parent)
    last = [drawn for drawn in shown.splitlines() if drawn.strip()][-1].strip()
    assert last.startswith("100%")
    assert "4/4" in last
    assert "D 1.25 G 0.5 right 75%/100% W 2 64 images/s" in last
