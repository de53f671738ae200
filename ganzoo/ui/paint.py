"""Paint: can it draw what I mean?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import gradio as gr

from ganzoo.inference.pictures import picture
from ganzoo.ui import components, sketch, validation
from ganzoo.ui.classes import Chooser, asked, chooser
from ganzoo.ui.copies import CopyCheck
from ganzoo.ui.critic import CriticTab
from ganzoo.ui.drawing import Studio
from ganzoo.ui.explore import ExploreTab
from ganzoo.ui.interpolate import InterpolateTab
from ganzoo.ui.painter import Found, Painter
from ganzoo.ui.painter import told as place_value
from ganzoo.ui.permalink import Control
from ganzoo.ui.pictures import png_url
from ganzoo.ui.reality import Reality
from ganzoo.ui.wiring import PRIVATE, REFUSALS, UNCHECKED, Redraw, told

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
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(
    studio: Studio,
    reality: Reality,
    chosen: gr.HTML,
    notice: gr.HTML,
    *,
    explore: ExploreTab,
    walk: InterpolateTab,
    copies: CopyCheck,
    critic: CriticTab,
    tabs: gr.Tabs,
) -> PaintTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``notice`` takes what went wrong.

    What is found can go on in the other ``tabs``.
    """
    painter, turns = Painter(studio), count()

    @told(1)
    def begin(model: Any, drawing: Any, kind: Any, together: Any) -> tuple[Any, ...] | None:
        if model is None or drawing is None:
            return None
        models = painter.alike(model) if together else [studio.models.asked(model, "sample")]
        begun = {
            "models": [it.id for it in models],
            "picture": drawing,
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
            model, drawing = wish.get("model"), wish.get("picture")
            if place is None:
                found = painter.begin(model, drawing, asked(studio.models[model], wish.get("kind")))
            else:
                found = painter.go_on(model, drawing, place)
        except REFUSALS as refusal:
            return gr.HTML(answer={**same, "refusal": str(refusal)})
        return gr.HTML(answer={**same, **answer(found)})

    def taken_to(tab: str, *settings: Any) -> Callable[[gr.EventData], tuple[Any, ...]]:
        def take(event: gr.EventData) -> tuple[Any, ...]:
            found = {"model": event._data.get("model"), "z": event._data.get("z")}
            of = event._data.get("class")
            return found, gr.skip() if of is None else of, *settings, gr.Tabs(selected=tab)

        return take

    @told(2)
    def put_before_critics(event: gr.EventData) -> tuple[Any, ...]:
        shape = studio.models.asked(event._data.get("model"), "sample").image_shape
        pixels = validation.pixels_for(validation.picture(event._data.get("src")), shape, shape)
        given = {"src": png_url(picture(pixels.permute(1, 2, 0).numpy())), "own": True, "turn": next(turns)}
        canvas = {"way": event._data.get("model"), "channels": shape[0], "size": shape[1:]}
        return gr.HTML(canvas=canvas, given=given), gr.Tabs(selected="critic")

    with gr.Tab("Paint", id="paint") as tab, gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            kind = chooser(studio.models, "Class", "the one that fits")
            together = gr.Checkbox(False, label="All models of these pictures", info="A few steps of each in turn.")
        with gr.Column(elem_classes="gz-show"):
            components.quiet(ABOUT)
            with gr.Row(elem_classes="gz-there"):
                drawing, redraw = sketch.build(studio, reality, chosen, notice, "sketch")
                painting = components.painting()

    begins = Redraw(begin, [chosen, drawing, kind.field, together], [painting, notice])
    begins.on([drawing.input, painting.expand, kind.field.change, together.change, chosen.select])
    painting.step(step, painting, painting, trigger_mode="multiple", **PRIVATE, **UNCHECKED)
    for ask, take, ends in (
        (painting.explore, taken_to("explore"), [explore.found, explore.kind.field]),
        (painting.interpolate, taken_to("interpolate"), [walk.found, walk.class_a.field]),
        # With another truncation it would be another picture.
        (painting.neighbours, taken_to("check", 1.0), [copies.found, copies.kind.field, copies.truncation]),
    ):
        ask(take, None, [*ends, tabs], **PRIVATE, **UNCHECKED)
    painting.criticise(put_before_critics, None, [critic.own, tabs, notice], **PRIVATE, **UNCHECKED)
    return PaintTab(kind, redraw, tab, {"class": kind, "together": together})


def answer(found: Found) -> dict[str, Any]:
    """Where a search has come to, as the browser takes it."""
    model, place = found.model, found.place
    of = "" if place.y is None else f", {model.classes[place.y]}"
    return {
        "place": place_value(place),
        "step": place.step,
        "error": found.error,
        "src": png_url(picture(found.pixels)),
        "alt": f"What {model.id} draws nearest to it{of}",
        "said": f"error {100 * found.error:.1f} %, step {place.step}{of}",
    }
