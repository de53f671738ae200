"""The loss curves that a checkpoint brings along."""

import json
from collections.abc import Sequence
from html import escape
from math import isfinite
from pathlib import Path

from ganzoo.checkpoints import CheckpointError, file_inside
from ganzoo.ui.models import Model
from ganzoo.ui.plots import Line, plot

MAX_BYTES = 16_000_000
POINTS = 240
PLAYERS = {"generator": "first", "discriminator": "second"}
"""Who is drawn, and in which colour."""

Curve = list[tuple[float, float]]
"""Steps and losses."""


def loss_curves(folder: Path) -> dict[str, Curve]:
    """For each player its losses along the run, averaged to at most ``POINTS``; empty where ``history.jsonl`` has none.

    Lines that are no history are passed over: the file is a stranger's, and only pictures depend on it.
    """
    try:
        with file_inside(folder, "history.jsonl").open("rb") as stream:
            lines = stream.read(MAX_BYTES).splitlines()
    except (CheckpointError, OSError):
        return {}
    curves: dict[str, Curve] = {player: [] for player in PLAYERS}
    for line in lines:
        try:
            row = json.loads(line)
            for player, curve in curves.items():
                step, loss = float(row["step"]), float(row[f"loss/{player}"])
                if isfinite(step) and isfinite(loss) and step >= 0:
                    curve.append((step, loss))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
    return {player: _thinned(sorted(curve)) for player, curve in curves.items() if len(curve) > 1}


def plots(models: Sequence[Model]) -> str:
    """The curves of several runs under one another, over the same steps, as HTML."""
    curves = [loss_curves(model.checkpoint.folder) for model in models]
    end = max((curve[-1][0] for run in curves for curve in run.values()), default=0.0)
    if not end:
        return '<p class="gz-quiet">These checkpoints bring no loss curves along.</p>'
    parts = []
    for model, run in zip(models, curves, strict=True):
        lines = [Line(player, PLAYERS[player], *zip(*curve, strict=True)) for player, curve in run.items()]
        title = f"{model.id}: loss of each player"
        none = f'<div class="gz-plot"><h4>{escape(model.id)}</h4><p class="gz-quiet">No history came along.</p></div>'
        parts.append(plot(title, lines, unit="steps", x_end=end) if lines else none)
    return f'<div class="gz-plots">{"".join(parts)}</div>'


def _thinned(curve: Curve) -> Curve:
    """The mean loss of each of equal shares of the points, at the share's last step."""
    share = -(-len(curve) // POINTS)
    groups = (curve[start : start + share] for start in range(0, len(curve), share))
    return [(group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups]
