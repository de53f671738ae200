"""Interpolate: what lies between two pictures?"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import gradio as gr

from ganzoo.inference.animation import FRAMES_PER_SECOND, MAKERS, Kind, there_and_back, webp
from ganzoo.inference.pictures import GAP, grid, picture
from ganzoo.ui import components
from ganzoo.ui.classes import Chooser, asked, chooser
from ganzoo.ui.drawing import Studio, Walk, norms
from ganzoo.ui.found import called, latent
from ganzoo.ui.permalink import Control
from ganzoo.ui.pictures import data_url, png_url, without_gaps
from ganzoo.ui.plots import Line, plot
from ganzoo.ui.sample import cost
from ganzoo.ui.validation import MAX_FRAMES_PER_SECOND, MAX_SECONDS, MAX_STEPS, MAX_STOPS
from ganzoo.ui.wiring import DRAWING, PRIVATE, Redraw, told

SEED_A, SEED_B, STEPS, METHOD = 3, 14, 24, "slerp"
"""What the tab opens with."""
LOOK = (
    "Look whether the picture changes a little at every step: a generator that has understood its data draws something "
    "plausible all along the way. One that knows examples by heart stays with one of them, and then jumps to the next."
)
ACROSS = 12
"""Frames in one row of the strip: twelve small ones fit a phone."""
STOPS, SECONDS, RATE = 6, 8, 24
"""What a film has if nobody chooses."""
MIME: Mapping[Kind, str] = {"webp": "image/webp", "gif": "image/gif", "mp4": "video/mp4"}


@dataclass(frozen=True)
class InterpolateTab:
    """What the rest of the page needs of the tab."""

    seed_a: gr.Number
    seed_b: gr.Number
    class_a: Chooser
    class_b: Chooser
    found: gr.JSON
    """A latent that is no seed, in A's place: ``{"model": …, "z": […]}``, or None."""
    redraw: Redraw
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(studio: Studio, chosen: gr.HTML, download: gr.HTML, notice: gr.HTML) -> InterpolateTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``download`` takes files, ``notice`` what went wrong."""

    def walked(
        model: Any, seed_a: Any, seed_b: Any, steps: Any, method: Any, class_a: Any, class_b: Any, found: Any
    ) -> Walk:
        of_a, of_b = (asked(studio.models[model], kind) for kind in (class_a, class_b))
        return studio.walk(model, latent(model, seed_a, found), seed_b, steps, method, of_a, of_b, fewer=True)

    @told(3)
    def draw(model: Any, seed_a: Any, seed_b: Any, *others: Any) -> tuple[Any, ...] | None:
        if model is None or seed_a is None or seed_b is None:  # no model yet, or a field that is being typed in
            return None
        walk = walked(model, seed_a, seed_b, *others)
        return walk_value(walk), norm_plot(walk), cost(walk)

    kinds = [kind for kind in MAKERS if kind != "mp4" or find_spec("imageio_ffmpeg")]

    def saver(kind: Kind) -> Any:
        @told(1)
        def save(*choices: Any) -> tuple[Any, ...]:
            walk = walked(*choices)
            moving = MAKERS[kind](there_and_back(walk.pixels), FRAMES_PER_SECOND)
            return ({"name": f"{file_name(walk)}.{kind}", "src": data_url(moving, MIME[kind])},)

        return save

    def film_saver(kind: Kind) -> Any:
        @told(1)
        def save(*choices: Any) -> tuple[Any, ...]:
            tour = studio.tour(*choices)
            name = f"{tour.model.file_name}_{tour.seeds[0]}-to-{tour.seeds[-1]}_{tour.space}.{kind}"
            return ({"name": name, "src": data_url(MAKERS[kind](tour.pixels, tour.frames_per_second), MIME[kind])},)

        return save

    components.quiet(LOOK)
    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            with gr.Row(elem_classes="gz-two"):
                seed_a = gr.Number(SEED_A, label="Seed A", min_width=96)
                seed_b = gr.Number(SEED_B, label="Seed B", min_width=96)
            with gr.Row(elem_classes="gz-two"):
                class_a, class_b = (chooser(studio.models, f"Class {end}", "its own") for end in "AB")
            found = gr.JSON(visible=False)
            steps = gr.Slider(2, MAX_STEPS, STEPS, step=1, label="Steps")
            method = gr.Radio(["slerp", "lerp"], value=METHOD, label="Path", info="Along the sphere, or straight.")
            with gr.Row(elem_classes="gz-two"):
                buttons = {kind: gr.Button(f"Save {kind.upper()}", min_width=96) for kind in kinds if kind != "webp"}
            spent = gr.HTML(elem_classes="gz-quiet")
            with gr.Accordion("A film through more pictures", open=False):
                gr.HTML("<p>From seed A on through the seeds after it, and back, at constant speed.</p>")
                stops = gr.Slider(2, MAX_STOPS, STOPS, step=1, label="Pictures on the way")
                seconds = gr.Slider(1, MAX_SECONDS, SECONDS, step=1, label="Seconds")
                rate = gr.Slider(1, MAX_FRAMES_PER_SECOND, RATE, step=1, label="Frames a second")
                space = gr.Radio(["z", "w"], value="z", label="Space", info="Along the sphere, or from style to style.")
                with gr.Row(elem_classes="gz-two"):
                    film_buttons = {kind: gr.Button(f"Film as {kind.upper()}", min_width=96) for kind in kinds}
        with gr.Column(elem_classes="gz-show"):
            walk = components.walk()
    norm = gr.HTML(apply_default_css=False, elem_classes="gz-under")

    inputs = [chosen, seed_a, seed_b, steps, method, class_a.field, class_b.field, found]
    redraw = Redraw(draw, inputs, [walk, norm, spent, notice])
    changes = [seed_a.change, seed_b.change, steps.change, method.change, class_a.field.change, class_b.field.change]
    redraw.on([walk.expand, chosen.select, found.change, *changes])
    seed_a.change(None, None, found, js="() => null", **PRIVATE)
    for kind, button in buttons.items():
        button.click(saver(kind), inputs, [download, notice], **DRAWING)
    for form, button in film_buttons.items():
        film = [chosen, seed_a, stops, seconds, rate, space]
        button.click(film_saver(form), film, [download, notice], show_progress_on=button, **DRAWING)
    ends: dict[str, Control] = {"a": seed_a, "b": seed_b, "class-a": class_a, "class-b": class_b}
    return InterpolateTab(seed_a, seed_b, class_a, class_b, found, redraw, {**ends, "steps": steps, "path": method})


def walk_value(walk: Walk) -> dict[str, Any]:
    """A walk as the browser takes it."""
    steps, height, width, _ = walk.pixels.shape
    across = min(steps, ACROSS)
    strip = without_gaps(grid(walk.pixels, across=across), steps, (height, width), across)
    a, b = ("" if walk.classes is None else f", {walk.model.classes[end]}," for end in walk.classes or (0, 0))
    from_a, to_b = map(called, walk.seeds)
    way = f"from {from_a}{a} to {to_b}{b} by {walk.method}"
    return {
        "src": png_url(strip),
        "loop": data_url(webp(there_and_back(walk.pixels)), "image/webp"),
        "still": png_url(picture(walk.pixels[0])),
        "alt": f"{steps} pictures by {walk.model.id} {way}",
        "about": f"{steps} pictures {way}: arrows move, Enter chooses",
        "note": f"{walk.model.edition}, {way}",
        "file": file_name(walk),
        "model": walk.model.id,
        "labels": [f"step {step + 1} of {steps}" for step in range(steps)],
        "across": across,
        "tile": [height, width],
        "gap": GAP,
    }


def norm_plot(walk: Walk) -> str:
    """‖z‖ along both paths, as HTML, and why it matters."""
    steps = len(walk.pixels)
    lines = [
        Line(name, role, range(steps), lengths)
        for (name, lengths), role in zip(norms(walk.ends, steps).items(), ("first", "second"), strict=True)
    ]
    z_dim = walk.ends.shape[1]
    text = (
        f"Latents of {z_dim} normal numbers nearly all have a length close to √{z_dim} ≈ "
        f"{z_dim**0.5:.1f}. "
        "The straight path cuts through the inside, where the generator was hardly ever asked to draw; slerp does not."
    )
    curves = plot("Length of the latent along the path, ‖z‖", lines, unit="steps", x_end=steps - 1, y_from=0.0)
    return f'{curves}<p class="gz-quiet">{text}</p>'


def file_name(walk: Walk) -> str:
    """For downloads, without the ending."""
    of = "" if walk.classes is None else "_classes-{}-{}".format(*walk.classes)
    a, b = ("found" if seed is None else seed for seed in walk.seeds)
    return f"{walk.model.file_name}_{a}-{b}{of}_{walk.method}"
