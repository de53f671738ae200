"""Compare: which variant is better, and in what?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ganzoo.ui import components, curves
from ganzoo.ui.drawing import Samples, Studio
from ganzoo.ui.facts import duration, training_length
from ganzoo.ui.models import Models
from ganzoo.ui.sample import NEW_SEED, less, sheet_value
from ganzoo.ui.validation import MAX_COUNT
from ganzoo.ui.wiring import PRIVATE, Redraw, told

SEED, COUNT, MOST_MODELS = 0, 16, 4
"""What the tab opens with."""
CAUTION = (
    "The models share the noise, not its meaning: the same seed is the same point in each model's own space, and two "
    "pictures side by side need not resemble each other."
)


@dataclass(frozen=True)
class CompareTab:
    """What the rest of the page needs of the tab."""

    models: gr.CheckboxGroup
    redraw: Redraw


def build(studio: Studio, notice: gr.HTML) -> CompareTab:
    """Lay the tab out. ``notice`` takes what went wrong."""

    @told(2)
    def draw(ids: Any, seed: Any, count: Any) -> tuple[Any, ...] | None:
        if not ids or seed is None:  # nothing is ticked, or a field is being typed in
            return None
        drawn = studio.comparison(ids, seed, count, fewer=True)
        return [column(samples) for samples in drawn], curves.plots([samples.model for samples in drawn])

    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            ids = gr.CheckboxGroup(**choices(studio.models), label="Models")
            seed = gr.Number(SEED, label="Seed", info="Of the first picture. Each next picture has the next seed.")
            new_seed = gr.Button("New seed")
            count = gr.Slider(1, MAX_COUNT, COUNT, step=1, label="Pictures of each")
        with gr.Column(elem_classes="gz-show"):
            gr.HTML(f"<p>{CAUTION}</p>", elem_classes="gz-quiet")
            sheets = components.comparison()
    plots = gr.HTML(apply_default_css=False, elem_classes="gz-under")

    redraw = Redraw(draw, [ids, seed, count], [sheets, plots, notice])
    redraw.on([ids.change, seed.change, count.change])
    new_seed.click(None, None, seed, js=NEW_SEED, **PRIVATE)
    return CompareTab(ids, redraw)


def choices(models: Models, opened: Sequence[str] = ()) -> dict[str, Any]:
    """Every model to tick, also those ``opened`` on the Hub.

    Ticked at first are some that learnt from the same pictures, or else the first two.
    """
    known = list(models)
    alike = [model.id for model in known if model.dataset == known[0].dataset][:MOST_MODELS]
    return {
        "choices": [*(model.id for model in known), *opened],
        "value": alike if len(alike) > 1 else [model.id for model in known[:2]],
    }


def column(samples: Samples) -> dict[str, Any]:
    """One model's samples, and what is known of it, as ``page.js`` takes them."""
    each = samples.seconds / len(samples.pixels)
    return {
        **sheet_value(samples),
        "facts": [
            f"{samples.model.checkpoint.parameters:,} parameters",
            training_length(samples.model),
            f"{duration(each)} a picture on this {samples.device}",
            *(remark for remark in (less(samples), samples.remark) if remark),
        ],
    }
