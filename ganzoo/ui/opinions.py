"""A picture of the visitor's own before all critics of such pictures."""

from itertools import count
from typing import Any

import gradio as gr

from ganzoo.inference.pictures import picture, png
from ganzoo.ui import components, validation
from ganzoo.ui.drawing import Studio
from ganzoo.ui.judges import critics, opinion
from ganzoo.ui.models import Model
from ganzoo.ui.pictures import data_url
from ganzoo.ui.reality import Reality
from ganzoo.ui.wiring import DRAWING, Redraw, told

INTRODUCTION = """
<h2>What do they say of yours?</h2>
<p class="gz-quiet">Draw something, drop a picture or choose one: every critic of such pictures judges it. Two
probabilities compare; bare scores of different critics do not.</p>"""


def build(studio: Studio, reality: Reality, chosen: gr.HTML, zoo: gr.Number, opened: gr.JSON, notice: gr.HTML) -> None:
    """Lay it out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""
    turns = count()

    @told(1)
    def ask(name: Any, drawing: Any, opened: Any) -> tuple[Any, ...] | None:
        if name is None or drawing is None:  # no model yet, or nothing to judge
            return None
        known = critics(studio.models, studio.models[name].image_shape, validation.opened(opened))
        return ([opinion(studio, critic, drawing) for critic in known],)

    @told(1)
    def set_up(name: Any) -> tuple[Any, ...] | None:
        return None if name is None else (gr.HTML(canvas=canvas(studio.models[name])),)

    @told(1)
    def give(name: Any) -> tuple[Any, ...] | None:
        if name is None:
            return None
        turn = next(turns)
        return (gr.HTML(given={"src": example(studio, reality, studio.models[name], turn), "turn": turn}),)

    gr.HTML(INTRODUCTION, elem_classes="gz-part", apply_default_css=False)
    first = studio.models.first
    with gr.Row(elem_classes="gz-there"):
        pad = components.pad(canvas(first) if first else None, "own")
        said = components.opinions()

    Redraw(ask, [chosen, pad, opened], [said, notice]).on([pad.input, chosen.select, zoo.change, opened.change])
    gr.on([chosen.select, zoo.change], set_up, chosen, [pad, notice], **DRAWING)
    pad.expand(give, chosen, [pad, notice], **DRAWING)


def canvas(model: Model) -> dict[str, Any]:
    """What is drawn on, as the browser takes it."""
    channels, height, width = model.image_shape
    return {"way": "", "channels": channels, "size": [height, width]}


def example(studio: Studio, reality: Reality, model: Model, number: int) -> str:
    """The address of a real picture, held out, such as the model learnt from, or else of one that it draws."""
    real = reality.of(model, 1 + number % reality.COUNT)
    if real is None:
        pixels = studio.samples(model.id, number, 1, 1.0).pixels[0]
    else:
        pixels = real.pictures[-1].permute(1, 2, 0).numpy()
    return data_url(png(picture(pixels)), "image/png")
