"""A pad for what the visitor sets beside the chosen model's pictures: a drawing, a picture of their own, an example."""

from itertools import count
from typing import Any

import gradio as gr

from ganzoo.data import to_float
from ganzoo.inference.pictures import Pixels, picture, to_pixels
from ganzoo.ui import components
from ganzoo.ui.drawing import Studio
from ganzoo.ui.pictures import png_url
from ganzoo.ui.reality import Reality
from ganzoo.ui.wiring import DRAWING, Redraw, told

FIRST = 1000
"""Seed of the first example that a model draws itself: none of those that the page opens with or searches from."""


def build(studio: Studio, reality: Reality, chosen: gr.HTML, notice: gr.HTML, elem_id: str) -> tuple[gr.HTML, Redraw]:
    """Lay a pad out, with an example on it until the visitor puts something there; and what brings it to size.

    ``chosen`` holds the model's id, ``notice`` takes what went wrong.
    """
    turns = count()

    @told(1)
    def set_up(model: Any) -> tuple[Any, ...] | None:
        if model is None:
            return None
        channels, *size = studio.models[model].image_shape
        return (gr.HTML(canvas={"way": model, "channels": channels, "size": size}),)

    @told(1)
    def give(model: Any) -> tuple[Any, ...] | None:
        if model is None:
            return None
        turn = next(turns)
        return (gr.HTML(given={"src": png_url(picture(example(studio, reality, model, turn))), "turn": turn}),)

    pad = components.pad(None, elem_id)
    redraw = Redraw(set_up, [chosen], [pad, notice])
    redraw.on([pad.expand, chosen.select])
    pad.expand(give, chosen, [pad, notice], **DRAWING)
    return pad, redraw


def example(studio: Studio, reality: Reality, model: Any, number: int) -> Pixels:
    """A picture ``[H, W, C]`` such as the model learnt from, none of which it has seen; its own where none is here."""
    found = reality.of(studio.models.asked(model, "sample"), 1 + number % reality.COUNT)
    drawn = to_pixels(to_float(found.pictures)) if found else studio.samples(model, FIRST + number, 1, 1.0).pixels
    pixels: Pixels = drawn[-1]
    return pixels
