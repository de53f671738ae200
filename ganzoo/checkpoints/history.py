"""``history.jsonl``: how a checkpoint's players fared along the run, as far as it can be read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ganzoo.checkpoints.config import CheckpointError
from ganzoo.checkpoints.reading import file_inside

HISTORY_FILE = "history.jsonl"
MAX_BYTES = 16_000_000
HIGHEST = 1e30
"""What is larger is no step and no loss, and would overflow where it is drawn."""
POINTS = 240
PLAYERS = ("generator", "discriminator")
QUALITY = "quality/"
"""What the keys begin with of what was measured along the run; the metric's name follows."""
DISTANCE = "frechet-classifier-distance"
"""The metric among them that a curve is drawn of, and that the best weights are chosen by."""

Curve = list[tuple[float, float]]
"""Steps and losses."""


class Quality(NamedTuple):
    """What a look at the generator found along the run."""

    step: float
    images: float
    """Real images seen so far."""
    seconds: float
    """Of training so far."""
    distance: float
    """Fréchet classifier distance to training images."""


def loss_curves(folder: Path) -> dict[str, Curve]:
    """For each player its losses along the run, averaged to at most ``POINTS``; empty where ``history.jsonl`` has none.

    Lines that are no history are passed over: the file is a stranger's, and only pictures depend on it.
    """
    found = _columns(folder, {player: ("step", f"loss/{player}") for player in PLAYERS})
    return {player: [(step, loss) for step, loss in rows] for player, rows in found.items() if len(rows) > 1}


def quality_curve(folder: Path) -> list[Quality]:
    """What was measured along the run, averaged to at most ``POINTS``; empty where ``history.jsonl`` has none."""
    keys = ("step", "images", "seconds", QUALITY + DISTANCE)
    return [Quality(*row) for row in _columns(folder, {"quality": keys})["quality"]]


def _columns(folder: Path, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, list[tuple[float, ...]]]:
    """For each of ``wanted`` the values of its keys, of which the first is the step, line by line, and thinned."""
    try:
        with file_inside(folder, HISTORY_FILE).open("rb") as stream:
            lines = stream.read(MAX_BYTES).splitlines()
    except (CheckpointError, OSError):
        lines = []
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in wanted}
    for line in lines:
        try:
            row = json.loads(line)
            for name, keys in wanted.items():
                values = tuple(float(row[key]) for key in keys)
                if values[0] >= 0 and all(abs(value) <= HIGHEST for value in values):
                    found[name].append(values)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
    return {name: _thinned(sorted(rows)) for name, rows in found.items()}


def _thinned(rows: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """The mean last value of each of equal shares of the rows, with the others of the share's last row."""
    share = max(1, -(-len(rows) // POINTS))
    groups = (rows[start : start + share] for start in range(0, len(rows), share))
    return [(*group[-1][:-1], sum(row[-1] for row in group) / len(group)) for group in groups]
