"""Paint: can it draw what I mean?"""

from dataclasses import dataclass
from itertools import count
from typing import Any

import gradio as gr

from ganzoo.data import to_float
from ganzoo.inference.pictures import Pixels, picture, png, to_pixels
from ganzoo.ui import components
from ganzoo.ui.classes import Chooser, asked, chooser
from ganzoo.ui.drawing import Studio
from ganzoo.ui.explore import ExploreTab
from ganzoo.ui.painter import Found, Painter
from ganzoo.ui.painter import told as place_value
from ganzoo.ui.pictures import data_url
from ganzoo.ui.reality import Reality
from ganzoo.ui.wiring import DRAWING, PRIVATE, REFUSALS, UNCHECKED, Redraw, told

FIRST = 1000
"""Seed of the first example that a model draws itself: none of those that searches start from."""
ABOUT = (
    "Draw what the model knows, or drop a picture: from the best of 128 seeds its latent moves towards yours, step by "
    "step down the slope of the error. What a model cannot draw stays away, and shows what it has not learnt."
)


@dataclass(frozen=True)
class PaintTab:
    """What the rest of the page needs of the tab."""

    kind: Chooser
    """Of the class that is searched in."""
    redraw: Redraw
    tab: gr.Tab


def build(
    studio: Studio, reality: Reality, chosen: gr.HTML, notice: gr.HTML, explore: ExploreTab, tabs: gr.Tabs
) -> PaintTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``notice`` takes what went wrong.

    What is found can go on in ``explore``, one of ``tabs``.
    """
    painter, turns = Painter(studio), count()

    @told(1)
    def set_up(model: Any) -> tuple[Any, ...] | None:
        if model is None:
            return None
        channels, *size = studio.models.asked(model, "sample").image_shape
        return (gr.HTML(canvas={"way": model, "channels": channels, "size": size}),)

    @told(1)
    def give(model: Any) -> tuple[Any, ...] | None:
        if model is None:
            return None
        turn = next(turns)
        pixels = example(studio, reality, model, turn)
        return (gr.HTML(given={"src": data_url(png(picture(pixels)), "image/png"), "turn": turn}),)

    @told(1)
    def begin(model: Any, sketch: Any, kind: Any, together: Any) -> tuple[Any, ...] | None:
        if model is None or sketch is None:
            return None
        models = painter.alike(model) if together else [studio.models.asked(model, "sample")]
        begun = {
            "models": [it.id for it in models],
            "picture": sketch,
            "kind": asked(models[0], kind),
            "file": f"{models[0].file_name}_found",
            "turn": next(turns),
        }
        return (gr.HTML(begun=begun),)

    def step(wish: Any) -> Any:
        wish = wish if isinstance(wish, dict) else {}
        same = {name: wish.get(name) for name in ("turn", "asked")}  # by which the browser knows what was answered
        try:
            place = wish.get("place")
            model, sketch = wish.get("model"), wish.get("picture")
            if place is None:
                found = painter.begin(model, sketch, asked(studio.models[model], wish.get("kind")))
            else:
                found = painter.go_on(model, sketch, place)
        except REFUSALS as refusal:
            return gr.HTML(answer={**same, "refusal": str(refusal)})
        return gr.HTML(answer={**same, **answer(found)})

    def hand_over(event: gr.EventData) -> tuple[Any, ...]:
        found = {"model": event._data.get("model"), "z": event._data.get("z")}
        of = event._data.get("class")
        return found, gr.skip() if of is None else of, gr.Tabs(selected="explore")

    with gr.Tab("Paint", id="paint") as tab, gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            kind = chooser(studio.models, "Class", "the one that fits")
            together = gr.Checkbox(False, label="All models of these pictures", info="A few steps of each in turn.")
        with gr.Column(elem_classes="gz-show"):
            gr.HTML(f"<p>{ABOUT}</p>", elem_classes="gz-quiet")
            with gr.Row(elem_classes="gz-there"):
                sketch = components.pad(None, "sketch")
                painting = components.painting()

    redraw = Redraw(set_up, [chosen], [sketch, notice])
    redraw.on([sketch.expand, chosen.select])
    sketch.expand(give, chosen, [sketch, notice], **DRAWING)
    begins = Redraw(begin, [chosen, sketch, kind.field, together], [painting, notice])
    begins.on([sketch.input, painting.expand, kind.field.change, together.change, chosen.select])
    painting.step(step, painting, painting, trigger_mode="multiple", **PRIVATE, **UNCHECKED)
    there = [explore.found, explore.kind.field, tabs]
    painting.explore(hand_over, None, there, **PRIVATE, **UNCHECKED)
    return PaintTab(kind, redraw, tab)


def example(studio: Studio, reality: Reality, model: Any, number: int) -> Pixels:
    """A picture ``[H, W, C]`` such as the model learnt from, none of which it has seen; its own where none is here."""
    found = reality.of(studio.models.asked(model, "sample"), 1 + number % reality.COUNT)
    drawn = to_pixels(to_float(found.pictures)) if found else studio.samples(model, FIRST + number, 1, 1.0).pixels
    pixels: Pixels = drawn[-1]
    return pixels


def answer(found: Found) -> dict[str, Any]:
    """Where a search has come to, as the browser takes it."""
    model, place = found.model, found.place
    of = "" if place.y is None else f", {model.classes[place.y]}"
    return {
        "place": place_value(place),
        "step": place.step,
        "error": found.error,
        "src": data_url(png(picture(found.pixels)), "image/png"),
        "alt": f"What {model.id} draws nearest to it{of}",
        "said": f"error {100 * found.error:.1f} %, step {place.step}{of}",
    }
