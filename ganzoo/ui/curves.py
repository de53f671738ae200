"""The loss curves of the models that are compared."""

from collections.abc import Sequence
from html import escape

from ganzoo.checkpoints import loss_curves
from ganzoo.ui.models import Model
from ganzoo.ui.plots import Line, plot

COLOURS = {"generator": "first", "discriminator": "second"}
"""The CSS class of each player."""


def plots(models: Sequence[Model]) -> str:
    """The curves of several runs under one another, over the same steps, as HTML."""
    curves = [loss_curves(model.checkpoint.folder) for model in models]
    end = max((curve[-1][0] for run in curves for curve in run.values()), default=0.0)
    if not end:
        return '<p class="gz-quiet">These checkpoints bring no loss curves along.</p>'
    parts = []
    for model, run in zip(models, curves, strict=True):
        lines = [Line(player, COLOURS[player], *zip(*curve, strict=True)) for player, curve in run.items()]
        title = f"{model.id}: loss of each player"
        none = f'<div class="gz-plot"><h4>{escape(model.id)}</h4><p class="gz-quiet">No history came along.</p></div>'
        parts.append(plot(title, lines, unit="steps", x_end=end) if lines else none)
    return f'<div class="gz-plots">{"".join(parts)}</div>'
