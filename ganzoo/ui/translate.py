"""Translate: can it turn this into that?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import gradio as gr

from ganzoo.data import to_float
from ganzoo.inference.pictures import Pixels, picture, to_pixels
from ganzoo.ui import components, validation
from ganzoo.ui.drawing import Studio, Translation
from ganzoo.ui.facts import duration
from ganzoo.ui.models import Model, Models
from ganzoo.ui.permalink import Choice, Control
from ganzoo.ui.pictures import png_url
from ganzoo.ui.reality import Reality
from ganzoo.ui.validation import RequestError
from ganzoo.ui.wiring import DRAWING, PRIVATE, UNCHECKED, Redraw, told

LOOK = (
    "Look at what it keeps of your picture, and at what it makes up: all that it adds comes from the pictures it has "
    "learnt from. Where there is a way back, see whether it ends where you began, for that is what the game asks."
)
BETWEEN = ": "
"""Stands between a model's id and a direction, in which it never stands."""


@dataclass(frozen=True)
class TranslateTab:
    """What the rest of the page needs of the tab."""

    tab: gr.Tab
    ways: gr.Radio
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(studio: Studio, reality: Reality, notice: gr.HTML) -> TranslateTab:
    """Lay the tab out, which is there where something translates. ``notice`` takes what went wrong."""
    turns = count()

    @told(2)
    def draw(way: Any, drawing: Any) -> tuple[Any, ...] | None:
        if way is None or drawing is None:  # no translator, or nothing to translate yet
            return None
        translation = studio.translation(*parted(way), drawing)
        return translation_value(translation), cost(translation)

    @told(1)
    def set_up(way: Any) -> tuple[Any, ...] | None:
        return None if way is None else (gr.HTML(canvas=canvas(studio.models, way)),)

    @told(1)
    def give(way: Any) -> tuple[Any, ...] | None:
        if way is None:
            return None
        name, direction = parted(way)
        turn = next(turns)
        pixels = example(reality, studio.models.asked(name, "translate"), direction, turn)
        return (gr.HTML(given={"src": png_url(picture(pixels)), "turn": turn}),)

    known = choices(studio.models)
    visible = bool(known)
    with gr.Tab("Translate", id="translate", visible=visible) as tab:
        components.quiet(LOOK)
        with gr.Row(elem_classes="gz-stage"):
            with gr.Column(elem_classes="gz-controls"):
                ways = gr.Radio(known, value=known[0] if known else None, label="Model and direction")
                spent = gr.HTML(elem_classes="gz-quiet")
            with gr.Column(elem_classes="gz-show"), gr.Row(elem_classes="gz-there"):
                pad = components.pad(canvas(studio.models, known[0]) if known else None, "pad")
                translation = components.translation()

    redraw = Redraw(draw, [ways, pad], [translation, spent, notice])
    redraw.on([pad.input, ways.change, tab.select])
    ways.change(set_up, ways, [pad, notice], **DRAWING)
    pad.expand(give, ways, [pad, notice], **DRAWING)
    way = Choice(ways, lambda model: [(one, one) for one in choices(studio.models)])
    return TranslateTab(tab, ways, {"way": way})


def follow(models: Models, tab: TranslateTab, zoo: gr.Number, opened: gr.JSON) -> None:
    """Have the tab offer the translators that there are, also those ``opened``, of which the newest is chosen."""

    def update(opened: Any, way: Any, wanted: Any) -> Any:
        ways = choices(models, validation.opened(opened))
        seen = wanted is not None
        there = gr.skip() if seen == bool(ways) else gr.Tab(visible=bool(ways))  # which makes all that is in it anew
        if wanted == way and way in ways:  # not sent back: a link may have chosen another meanwhile
            return gr.Radio(choices=ways), there
        return gr.Radio(choices=ways, value=wanted if wanted in ways else next(iter(ways), None)), there

    def offer(opened: Any, way: Any) -> Any:
        return update(opened, way, way)

    def take_newest(opened: Any, way: Any) -> Any:
        newest = choices(models, validation.opened(opened)[-1:])[len(choices(models)) :]
        return update(opened, way, next(iter(newest), way))

    inputs, outputs = [opened, tab.ways], [tab.ways, tab.tab]
    zoo.change(offer, inputs, outputs, **PRIVATE, **UNCHECKED)
    opened.change(take_newest, inputs, outputs, **PRIVATE, **UNCHECKED)


def choices(models: Models, opened: Sequence[str] = ()) -> list[str]:
    """Every translator with each of its directions, also of those ``opened`` on the Hub."""
    known = [*models.able("translate"), *models.still_known(opened)]
    return [f"{model.id}{BETWEEN}{direction}" for model in known for direction in model.directions]


def parted(way: Any) -> tuple[str, str]:
    """The model's id and the direction of one of the ``choices``."""
    name, _, direction = validation.text(way, "A model with its direction").rpartition(BETWEEN)
    return name, direction


def canvas(models: Models, way: str) -> dict[str, Any]:
    """What is drawn on, as the browser takes it: as large as what is taken or given, whichever is larger."""
    name, direction = parted(way)
    model = models.asked(name, "translate")
    taken, given = model.directions[validation.direction(direction, model.directions)]
    return {"way": way, "channels": taken[0], "size": [max(pair) for pair in zip(taken[1:], given[1:], strict=True)]}


def example(reality: Reality, model: Model, direction: str, number: int) -> Pixels:
    """One of the pictures ``[H, W, C]`` that the model was made for, as it is drawn: none of them has it learnt from.

    Where it takes less than what is drawn on, this is the picture of which that would be made. Raises ``RequestError``
    where no such pictures are known.
    """
    found = reality.of(model, 1 + number % reality.COUNT)
    if found is None or model.game is None:
        raise RequestError(f"No examples for {model.id} are here: draw something, or choose a picture.")
    real = to_float(found.pictures[-1:])
    wanted = {name for dealt in model.game.inputs.values() for name in dealt}
    shown = model.game.examples(dict.fromkeys(wanted, real)).get(direction, real)
    pixels: Pixels = to_pixels(shown if shown.shape == real.shape else real)[0]
    return pixels


def translation_value(translation: Translation) -> dict[str, Any]:
    """A translation as the browser takes it."""
    model, direction = translation.model, translation.direction
    named = {
        "What it is shown": translation.shown if translation.shown.shape != translation.pixels.shape else None,
        f"{direction[0].upper()}{direction[1:]}": translation.pixels,
        "And back": translation.back,
        "Bicubic interpolation": translation.bicubic,
    }
    return {
        "pictures": [
            {
                "name": f"{name}, {pixels.shape[1]} × {pixels.shape[0]}",
                "src": png_url(picture(pixels)),
                "alt": f"{name}: {model.id}",
                "saved": pixels is translation.pixels,
            }
            for name, pixels in named.items()
            if pixels is not None
        ],
        "file": f"{model.file_name}_{direction.replace(' ', '-')}",
    }


def cost(translation: Translation) -> str:
    """Where and how fast it was translated, for people."""
    return f"{translation.cost.device}: one picture in {duration(translation.cost.seconds)}"
