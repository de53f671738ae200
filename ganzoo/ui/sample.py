"""Sample: what can it draw?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from time import perf_counter
from typing import Any

import gradio as gr

from ganzoo.inference.pictures import GAP, Pixels, columns, grid, picture
from ganzoo.ui import components
from ganzoo.ui.abilities import can
from ganzoo.ui.classes import Chooser, asked, chooser
from ganzoo.ui.drawing import Cost, Mixture, Samples, Studio, Walk
from ganzoo.ui.facts import duration
from ganzoo.ui.found import called
from ganzoo.ui.permalink import Control
from ganzoo.ui.pictures import png_url, without_gaps
from ganzoo.ui.validation import MAX_COUNT, MAX_TRUNCATION
from ganzoo.ui.wiring import DRAWING, PRIVATE, Redraw, told

SEED, COUNT, TRUNCATION = 0, 64, 1.0
"""What the page opens with."""
LOOK = (
    "Look for variety before beauty: does every kind appear, or the same few again and again? Choose another model, "
    "pull the truncation down and watch variety go, or choose a picture to see it large."
)
NEW_SEED = "() => Math.floor(Math.random() * 1000000)"
"""Run in the browser. Seeds of six digits can be told to a friend."""


@dataclass(frozen=True)
class SampleTab:
    """What the rest of the page needs of the tab."""

    sheet: gr.HTML
    """Its tiles have the events ``save``, ``use_a``, ``use_b``, ``neighbours`` and ``critic``, which tell a seed, and
    ``interpolate``.
    """
    kind: Chooser
    """Of the class that all pictures are to be of."""
    truncation: gr.Slider
    noise: gr.Checkbox
    redraw: Redraw
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(studio: Studio, chosen: gr.HTML, download: gr.HTML, notice: gr.HTML) -> SampleTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``download`` takes files, ``notice`` what went wrong."""

    @told(2)
    def draw(model: Any, seed: Any, count: Any, truncation: Any, kind: Any, noise: Any) -> tuple[Any, ...] | None:
        if model is None or seed is None:  # no model yet, or a field that is being typed in
            return None
        of = asked(studio.models[model], kind)
        samples = studio.samples(model, seed, count, truncation, of, noise=noise, fewer=True)
        return sheet_value(samples), cost(samples)

    @told(1)
    def save(model: Any, truncation: Any, kind: Any, noise: Any, event: gr.EventData) -> tuple[Any, ...]:
        seed, of = event._data.get("seed"), asked(studio.models[model], kind)
        samples = studio.samples(model, seed, 1, truncation, of, noise=noise)
        name = f"{file_name(samples)}.png"
        src = png_url(picture(samples.pixels[0]))
        return ({"name": name, "src": src, "view": {"seed": seed, "count": 1}},)

    components.quiet(LOOK)
    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            seed = gr.Number(SEED, label="Seed", info="Of the first picture. Each next picture has the next seed.")
            new_seed = gr.Button("New seed")
            kind = chooser(studio.models, "Class", "each its own")
            count = gr.Slider(1, MAX_COUNT, COUNT, step=1, label="Pictures")
            truncation = gr.Slider(
                *(0.0, MAX_TRUNCATION, TRUNCATION),
                step=0.05,
                label="Truncation",
                info="1 is as trained; less is safer, and duller.",
            )
            noise = gr.Checkbox(
                True,
                label="Noise",
                info="Grain that no style decides; each seed has its own.",
                visible=can(studio.models.first, "noise"),
            )
            spent = gr.HTML(elem_classes="gz-quiet")
        with gr.Column(elem_classes="gz-show"):
            sheet = components.picture()

    redraw = Redraw(draw, [chosen, seed, count, truncation, kind.field, noise], [sheet, spent, notice])
    changes = [seed.change, count.change, truncation.change, kind.field.change, noise.change]
    redraw.on([sheet.expand, chosen.select, *changes])
    new_seed.click(None, None, seed, js=NEW_SEED, **PRIVATE)
    sheet.save(save, [chosen, truncation, kind.field, noise], [download, notice], **DRAWING)
    controls: dict[str, Control] = {
        "seed": seed,
        "class": kind,
        "count": count,
        "truncation": truncation,
        "noise": noise,
    }
    return SampleTab(sheet, kind, truncation, noise, redraw, controls)


def sheet_value(samples: Samples, laid_out: Callable[[Pixels], dict[str, Any]] | None = None) -> dict[str, Any]:
    """Samples as the browser takes them: in a grid, or ``laid_out`` otherwise."""
    start = perf_counter()
    count, sheet = len(samples.pixels), (laid_out or grid_value)(samples.pixels)
    spent = {"draw": 0.0 if samples.again else samples.cost.seconds, "encode": perf_counter() - start}
    name, seeds = samples.model.id, seeds_of(samples)
    pictures = "one picture" if count == 1 else f"{count} pictures"
    noiseless = "" if samples.noise else ", without noise"
    return {
        **sheet,
        "alt": f"{pictures} drawn by {name}, {seeds}, truncation {samples.truncation:g}{noiseless}",
        "about": f"{pictures}: arrows move, Enter chooses",
        "note": f"{samples.model.edition}, {seeds}{noiseless}, row by row",
        "file": file_name(samples),
        "model": name,
        "seeds": list(samples.seeds),
        "labels": samples.names,
        "judged": "judge" in samples.model.abilities,
        "milliseconds": {part: round(1000 * seconds, 2) for part, seconds in spent.items()},
    }


def seeds_of(samples: Samples) -> str:
    """Which they are, for people."""
    first, last = samples.seeds[0], samples.seeds[-1]
    seeds = called(first) if first == last else f"seeds {first} to {last}"
    of = samples.one_class
    return seeds if of is None else f"{seeds}, {samples.model.classes[of]}"


def file_name(samples: Samples) -> str:
    """For downloads, without the ending."""
    first, last = samples.seeds[0], samples.seeds[-1]
    one = "found" if first is None else f"seed-{first}"
    seeds = one if first == last else f"seeds-{first}-to-{last}"
    of = samples.one_class
    return f"{samples.model.file_name}_{seeds}{'' if of is None else f'_class-{of}'}"


def grid_value(pixels: Pixels) -> dict[str, Any]:
    """A picture of many, and where each lies in it."""
    count, height, width, _ = pixels.shape
    across = columns(count)
    src = png_url(without_gaps(grid(pixels), count, (height, width), across))
    return {"src": src, "across": across, "tile": [height, width], "gap": GAP}


def cost(drawn: Samples | Walk | Mixture) -> str:
    """Where and how fast something was drawn, for people, as HTML."""
    count = len(drawn.pixels)
    pictures = "one picture" if count == 1 else f"{count} pictures"
    remarks = [less(drawn)]
    if drawn.again:
        spent = "drawn before"
    else:
        spent = took(drawn.cost, count)
        remarks.append(drawn.cost.remark)
    return f"{drawn.cost.device}: {pictures} {spent}{''.join(f' ({escape(remark)})' for remark in remarks if remark)}"


def took(cost: Cost, count: int) -> str:
    """How long so many pictures took: in all, each, and for those of others that came first."""
    each = "" if count == 1 else f", {duration(cost.seconds / count)} each"
    others = "another request" if cost.ahead == 1 else f"{cost.ahead} other requests"
    before = f", after {others} ({duration(cost.waited)})" if cost.ahead else ""
    return f"in {duration(cost.seconds)}{each}{before}"


def less(drawn: Samples | Walk | Mixture) -> str | None:
    """Why there are not as many as were asked for, for people; None where there are."""
    count = len(drawn.pixels)
    return f"{count} instead of {drawn.asked}, to spare memory" if count < drawn.asked else None
