"""``history.jsonl``: how a checkpoint's players fared along the run, as far as it can be read."""

import json
from pathlib import Path

from ganzoo.checkpoints.config import CheckpointError
from ganzoo.checkpoints.reading import file_inside

HISTORY_FILE = "history.jsonl"
MAX_BYTES = 16_000_000
HIGHEST = 1e30
"""What is larger is no step and no loss, and would overflow where it is drawn."""
POINTS = 240
PLAYERS = ("generator", "discriminator")

Curve = list[tuple[float, float]]
"""Steps and losses."""


def loss_curves(folder: Path) -> dict[str, Curve]:
    """For each player its losses along the run, averaged to at most ``POINTS``; empty where ``history.jsonl`` has none.

    Lines that are no history are passed over: the file is a stranger's, and only pictures depend on it.
    """
    try:
        with file_inside(folder, HISTORY_FILE).open("rb") as stream:
            lines = stream.read(MAX_BYTES).splitlines()
    except (CheckpointError, OSError):
        return {}
    curves: dict[str, Curve] = {player: [] for player in PLAYERS}
    for line in lines:
        try:
            row = json.loads(line)
            for player, curve in curves.items():
                step, loss = float(row["step"]), float(row[f"loss/{player}"])
                if 0 <= step <= HIGHEST and abs(loss) <= HIGHEST:
                    curve.append((step, loss))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
    return {player: _thinned(sorted(curve)) for player, curve in curves.items() if len(curve) > 1}


def _thinned(curve: Curve) -> Curve:
    """The mean loss of each of equal shares of the points, at the share's last step."""
    share = -(-len(curve) // POINTS)
    groups = (curve[start : start + share] for start in range(0, len(curve), share))
    return [(group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups]
