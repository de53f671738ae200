"""Mix: what does each layer decide?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import gradio as gr

from ganzoo.inference.mixing import Part
from ganzoo.inference.pictures import GAP, grid
from ganzoo.ui import components
from ganzoo.ui.drawing import Mixture, Studio
from ganzoo.ui.permalink import Control
from ganzoo.ui.pictures import png_url, without_gaps
from ganzoo.ui.sample import NEW_SEED, cost
from ganzoo.ui.validation import MAX_SIDE, MAX_TRUNCATION
from ganzoo.ui.wiring import PRIVATE, Redraw, told

ROW_SEED, COLUMN_SEED, COUNT, PART, TRUNCATION = 0, 100, 6, "coarse", 1.0
"""What the tab opens with."""
LOOK = (
    "Each picture has most of its styles from the seed at its left, and one part of them from the seed above it. Look "
    "down a column for what that part decides: coarse styles shape the whole, fine ones only shade it."
)


@dataclass(frozen=True)
class MixTab:
    """What the rest of the page needs of the tab."""

    redraw: Redraw
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(studio: Studio, chosen: gr.HTML, notice: gr.HTML) -> MixTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""

    @told(2)
    def draw(model: Any, row_seed: Any, column_seed: Any, *others: Any) -> tuple[Any, ...] | None:
        if model is None or row_seed is None or column_seed is None:  # no model yet, or a field that is being typed in
            return None
        if "style-mixing" not in studio.models[model].abilities:  # the tab is about to go
            return None
        mixture = studio.mixture(model, row_seed, column_seed, *others, fewer=True)
        return mixture_value(mixture), cost(mixture)

    components.quiet(LOOK)
    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            part = gr.Radio(
                list(get_args(Part)),
                value=PART,
                label="From the columns",
                info="Styles of small, middling or large maps.",
            )
            with gr.Row(elem_classes="gz-two"):
                row_seed = gr.Number(ROW_SEED, label="Row seed", min_width=96)
                column_seed = gr.Number(COLUMN_SEED, label="Column seed", min_width=96)
            new_seeds = gr.Button("New seeds")
            count = gr.Slider(1, MAX_SIDE, COUNT, step=1, label="Seeds a side")
            truncation = gr.Slider(
                *(0.0, MAX_TRUNCATION, TRUNCATION),
                step=0.05,
                label="Truncation",
                info="0 is the mean style, as in the corner.",
            )
            spent = gr.HTML(elem_classes="gz-quiet")
        with gr.Column(elem_classes="gz-show"):
            sheet = components.mixture()

    fields: list[Any] = [row_seed, column_seed, count, part, truncation]
    redraw = Redraw(draw, [chosen, *fields], [sheet, spent, notice])
    redraw.on([sheet.expand, chosen.select, *(field.change for field in fields)])
    new_seeds.click(None, None, [row_seed, column_seed], js=f"() => [({NEW_SEED})(), ({NEW_SEED})()]", **PRIVATE)
    names = ("rows", "columns", "count", "part", "truncation")
    return MixTab(redraw, dict(zip(names, fields, strict=True)))


def mixture_value(mixture: Mixture) -> dict[str, Any]:
    """A grid of mixed styles as the browser takes it."""
    count, height, width, _ = mixture.pixels.shape
    across = len(mixture.columns) + 1
    sheet = without_gaps(grid(mixture.pixels, across=across), count, (height, width), across)
    name, part = mixture.model.id, mixture.part
    rows, columns = (f"seeds {seeds[0]} to {seeds[-1]}" for seeds in (mixture.rows, mixture.columns))
    tops = ["the mean style", *(f"seed {seed}" for seed in mixture.columns)]
    return {
        "src": png_url(sheet),
        "alt": f"{rows} of {name}, each with {part} styles of {columns}, truncation {mixture.truncation:g}",
        "about": f"{count} pictures: arrows move, Enter chooses",
        "note": f"{mixture.model.edition}: at the left {rows}, at the top {columns}",
        "file": f"{mixture.model.file_name}_{mixture.rows[0]}-{mixture.columns[0]}_{part}",
        "model": name,
        "labels": tops
        + [
            label
            for seed in mixture.rows
            for label in (f"seed {seed}", *(f"seed {seed}, {part} of seed {other}" for other in mixture.columns))
        ],
        "across": across,
        "tile": [height, width],
        "gap": GAP,
    }
