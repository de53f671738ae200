"""Explore: what do the directions mean?"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import gradio as gr

from ganzoo.inference.directions import CANDIDATES
from ganzoo.inference.pictures import Pixels, grid, picture
from ganzoo.ui import components
from ganzoo.ui.classes import Chooser, asked, chooser
from ganzoo.ui.drawing import Studio
from ganzoo.ui.explorer import LARGEST_WEIGHT, REACH, TILES, Explorer, Strips
from ganzoo.ui.found import latent, name
from ganzoo.ui.permalink import Control, Setting, number, one_of
from ganzoo.ui.pictures import png_url
from ganzoo.ui.sample import NEW_SEED
from ganzoo.ui.validation import RequestError, shown
from ganzoo.ui.wiring import PRIVATE, Redraw, told

SEED_A, SEED_B, SEED_C, KIND = 0, 1, 2, "pca"
"""What the tab opens with."""
KINDS = (("Most varied", "pca"), ("Strongest weights", "sefa"), ("Classes", "class"))
SHOWN = 6
"""Directions of a kind that has no classes."""
PLACES = {"A": [1.0, 0.0, 0.0], "B": [0.0, 1.0, 0.0], "C": [0.0, 0.0, 1.0], "sum": [1.0, -1.0, 1.0]}
"""The weights of the corners, and of A - B + C."""
ROUNDED = 0.02
"""How far three weights that are told in hundredths may be from adding up to 1."""
VIEWS = ("directions", "plane")
"""The tabs within the tab."""
DIRECTIONS = (
    "Each slider moves the latent one way, and its strip shows what that does. Nobody told the model what a direction "
    "means: look, and give it a name, which stays in your browser. The percentage is how much one step changes the "
    "mean pixel, of the way from black to white."
)
LEGEND = (
    "Along what varies most after the first layer, or in styles (GANSpace); what the first layer’s weights answer most "
    "(SeFa); where a classifier sees more of one class. A direction towards a class need not arrive at it."
)
PLANE = (
    "Three latents span a plane: drag the point through it, or move it with the arrow keys. Outside of the triangle "
    "what parts the corners is exaggerated; the latent keeps the length of those that it lies between."
)


@dataclass(frozen=True)
class ExploreTab:
    """What the rest of the page needs of the tab."""

    found: gr.JSON
    """A latent that is no seed, in A's place: ``{"model": …, "z": […]}``, or None."""
    kind: Chooser
    """Of the class that all pictures are to be of."""
    redraws: tuple[Redraw, Redraw]
    tab: gr.Tab
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(studio: Studio, chosen: gr.HTML, notice: gr.HTML) -> ExploreTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""
    explorer = Explorer(studio)
    with gr.Tab("Explore", id="explore") as tab, gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            a = gr.Number(SEED_A, label="Seed A", info="Where sliders start from.")
            with gr.Row(elem_classes="gz-two", visible=False) as others:  # which only the plane needs
                b = gr.Number(SEED_B, label="Seed B", min_width=96)
                c = gr.Number(SEED_C, label="Seed C", min_width=96)
            new_seeds = gr.Button("New seeds")
            kind = chooser(studio.models, "Class", "A’s own")
            found = gr.JSON(visible=False)
        with gr.Column(elem_classes="gz-show"), gr.Tabs() as views:
            with gr.Tab("Directions", id="directions") as directions_view:
                strips, steps = _directions(explorer, [chosen, a, found, kind.field], notice)
            with gr.Tab("Plane and arithmetic", id="plane") as plane_view:
                corners, place = _plane(explorer, [chosen, a, found, kind.field, b, c], notice)
        view = gr.Textbox(VIEWS[0], visible=False)
    for name_of, opened in zip(VIEWS, (directions_view, plane_view), strict=True):
        opened.select(None, None, view, js=f"() => '{name_of}'", **PRIVATE)
    view.change(lambda opened: gr.Row(visible=opened == "plane"), view, others, **PRIVATE)

    for redraw in (strips, corners):
        redraw.on([chosen.select, a.change, found.change, kind.field.change])
    corners.on([b.change, c.change])
    a.change(None, None, found, js="() => null", **PRIVATE)
    three = f"() => [({NEW_SEED})(), ({NEW_SEED})(), ({NEW_SEED})()]"
    new_seeds.click(None, None, [a, b, c], js=three, **PRIVATE)
    seeds: dict[str, Control] = {"a": a, "b": b, "c": c, "class": kind}
    controls = {**seeds, "open": Setting(view, [views], _view), "directions": steps, "plane": place}
    return ExploreTab(found, kind, (strips, corners), tab, controls)


def _directions(explorer: Explorer, base: list[Any], notice: gr.HTML) -> tuple[Redraw, Setting]:
    """The sliders and their picture. ``base`` holds the model's id, A's seed, what stands in its place, the class."""
    turns = count()

    @told(1)
    def know(model: Any, seed: Any, found: Any, kind: Any, way: Any) -> tuple[Any, ...] | None:
        if model is None or seed is None:  # no model yet, or a field that is being typed in
            return None
        most = CANDIDATES if way == "class" else SHOWN
        of = asked(explorer.studio.models[model], kind)
        strips = explorer.strips(model, latent(model, seed, found), way, most, of)
        return (gr.HTML(known=strips_value(strips, name(model, seed, found))),)

    @told(1)
    def move(model: Any, seed: Any, found: Any, kind: Any, place: Any) -> tuple[Any, ...] | None:
        if model is None or seed is None or not isinstance(place, dict):
            return None
        of = asked(explorer.studio.models[model], kind)
        pixels = explorer.moved(model, latent(model, seed, found), place.get("kind"), place.get("at"), of)
        alt = f"{name(model, seed, found)} of {model}, moved along its directions"
        return (gr.HTML(moved=picture_value(pixels, alt)),)

    components.quiet(DIRECTIONS)
    way = gr.Radio(list(KINDS), value=KIND, label="Directions", info=LEGEND)
    directions = components.directions()
    strips = Redraw(know, [*base, way], [directions, notice])
    strips.on([directions.expand, way.change])
    Redraw(move, [*base, directions], [directions, notice]).on([directions.input])

    def place(model: str | None, told: str) -> tuple[Any, ...]:
        of, at = steps_told(told)
        return of, gr.HTML(placed={"model": model, "kind": of, "at": at, "turn": next(turns)})

    steps = Setting(gr.JSON(visible=False), [way, directions], place)
    directions.input(None, directions, steps.field, js="({kind, at}) => `${kind}:${at}`", **PRIVATE)
    return strips, steps


def _plane(explorer: Explorer, corners: list[Any], notice: gr.HTML) -> tuple[Redraw, Setting]:
    """The square, its picture and the sum. ``corners`` holds what ``base`` does, and the seeds of B and C."""
    turns = count()

    @told(1)
    def know(model: Any, a: Any, found: Any, kind: Any, *others: Any) -> tuple[Any, ...] | None:
        if None in (model, a, *others):
            return None
        of = asked(explorer.studio.models[model], kind)
        pixels = explorer.combined(model, [latent(model, a, found), *others], list(PLACES.values()), of)
        labels = [name(model, a, found), *(f"Seed {seed}" for seed in others), "A − B + C"]
        ends = zip(PLACES, labels, pixels, strict=True)
        known = [{"name": end, "label": label, **picture_value(one, f"{label} of {model}")} for end, label, one in ends]
        return (gr.HTML(known=known),)

    @told(1)
    def move(model: Any, a: Any, found: Any, kind: Any, *others: Any) -> tuple[Any, ...] | None:
        *seeds, place = others
        if None in (model, a, *seeds, place):
            return None
        of = asked(explorer.studio.models[model], kind)
        (pixels,) = explorer.combined(model, [latent(model, a, found), *seeds], [place], of)
        shares = ", ".join(f"{share:.2f} of {end}" for share, end in zip(place, "ABC", strict=True))
        return (gr.HTML(moved=picture_value(pixels, f"{shares}, by {model}")),)

    components.quiet(PLANE)
    plane = components.plane()
    known = Redraw(know, corners, [plane, notice])
    known.on([plane.expand])
    Redraw(move, [*corners, plane], [plane, notice]).on([plane.input])

    def put(model: str | None, told: str) -> tuple[Any, ...]:
        return (gr.HTML(placed={"at": place_told(told), "turn": next(turns)}),)

    place = Setting(gr.JSON(visible=False), [plane], put)
    plane.input(None, plane, place.field, js="(weights) => String(weights)", **PRIVATE)
    return known, place


def _view(model: str | None, told: str) -> tuple[Any, ...]:
    return (gr.Tabs(selected=one_of("open", told, [(view, view) for view in VIEWS])),)


def steps_told(told: str) -> tuple[str, list[float]]:
    """The kind of directions and the steps along each, which a link tells as ``KIND:STEP,STEP…``.

    Raises ``RequestError`` for what sliders cannot be set to.
    """
    kind, _, steps = told.partition(":")
    way = one_of("directions", kind, KINDS)
    at = [number("directions", step, -REACH, REACH) for step in steps.split(",")]
    if len(at) > CANDIDATES:
        raise RequestError(f"The link moves along {len(at)} directions, of which there are at most {CANDIDATES}.")
    return way, at


def place_told(told: str) -> list[float]:
    """The weights of a place in the plane, which a link tells as ``A,B,C``.

    Raises ``RequestError`` for what are no weights of three.
    """
    at = [number("plane", weight, -LARGEST_WEIGHT, LARGEST_WEIGHT) for weight in told.split(",")]
    if len(at) != 3 or abs(sum(at) - 1) > ROUNDED:
        raise RequestError(f"The link has {shown(told)} as its plane, which is no place in it.")
    return at


def picture_value(pixels: Pixels, alt: str) -> dict[str, Any]:
    """One picture as the browser takes it."""
    return {"src": png_url(picture(pixels)), "alt": alt}


def strips_value(strips: Strips, base: str) -> dict[str, Any]:
    """Directions with their strips, as the browser takes them. ``base`` is what they start from."""
    known = strips.known
    return {
        "model": known.model.id,
        "kind": known.kind,
        "reach": REACH,
        "note": f"{base} of {known.model.edition}; a step is one standard deviation",
        "file": f"{known.model.file_name}_moved",
        "directions": [
            {
                "label": known.classes[i] if known.classes else f"Direction {i + 1}",
                "change": f"{100 * known.directions.change[i].item():.1f} % a step",
                "src": png_url(grid(row, across=TILES)),
                "alt": f"{TILES} pictures along it, from {-REACH:g} to {REACH:g} steps",
            }
            for i, row in enumerate(strips.pixels)
        ],
    }
