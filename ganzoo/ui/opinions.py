"""A picture of the visitor's own before all critics of such pictures."""

from typing import Any

import gradio as gr
from torch import Tensor

from ganzoo.ui import components, sketch, validation
from ganzoo.ui.drawing import Studio
from ganzoo.ui.judges import critics, opinion
from ganzoo.ui.models import Model
from ganzoo.ui.reality import Reality
from ganzoo.ui.wiring import REFUSALS, Redraw, told

INTRODUCTION = """
<h2>What do they say of yours?</h2>
<p class="gz-quiet">Draw something, drop a picture or choose one: every critic of such pictures judges it. Two
probabilities compare; bare scores of different critics do not.</p>"""


def build(
    studio: Studio, reality: Reality, chosen: gr.HTML, zoo: gr.Number, opened: gr.JSON, notice: gr.HTML
) -> gr.HTML:
    """Lay it out: the pad. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""

    @told(1)
    def ask(name: Any, drawing: Any, opened: Any) -> tuple[Any, ...] | None:
        if name is None or drawing is None:  # no model yet, or nothing to judge
            return None
        shape = studio.models[name].image_shape
        own = validation.pixels_for(validation.picture(drawing), shape, shape)
        known = critics(studio.models, shape, validation.opened(opened))
        return ([heard(studio, critic, own) for critic in known],)

    gr.HTML(INTRODUCTION, elem_classes="gz-part", apply_default_css=False)
    with gr.Row(elem_classes="gz-there"):
        pad, redraw = sketch.build(studio, reality, chosen, notice, "own")
        said = components.opinions()

    Redraw(ask, [chosen, pad, opened], [said, notice]).on([pad.input, chosen.select, zoo.change, opened.change])
    redraw.on([zoo.change])
    return pad


def heard(studio: Studio, critic: Model, picture: Tensor) -> dict[str, Any]:
    """As ``opinion``; of a critic that cannot judge it, why: the others are heard all the same."""
    try:
        return opinion(studio, critic, picture)
    except REFUSALS as error:
        return {"critic": critic.id, "said": str(error), "share": 0.0}
