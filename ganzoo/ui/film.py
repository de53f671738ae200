"""Film: how did it learn?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import gradio as gr
import numpy as np

from ganzoo.checkpoints import CheckpointError, loss_curves, quality_curve
from ganzoo.checkpoints.film import Film
from ganzoo.inference.pictures import columns, grid
from ganzoo.ui import components, validation
from ganzoo.ui.curves import COLOURS
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Model, Models, Stamp
from ganzoo.ui.permalink import Control
from ganzoo.ui.pictures import data_url
from ganzoo.ui.plots import Line, plot
from ganzoo.ui.recent import Recent
from ganzoo.ui.validation import RequestError
from ganzoo.ui.wiring import PRIVATE, UNCHECKED, Redraw, keep_up, told

MOST = 4
"""Films that run side by side: so many colours their curves have."""
ROLES = ("first", "second", "third", "fourth")
KEPT = 64_000_000
"""Bytes of films as they are sent."""
MAX_IMAGES = 1e15
"""What is larger is no number of images, and would overflow where it is drawn."""
TICKS = 4
"""Moments that are marked on the curves' axis, its ends among them."""
AXIS = (
    "Along each axis are the real images seen. Moments of the films are equally far apart, so early learning has room."
)
LOOK = (
    "The same latents are drawn again and again while a model learns: watch when shapes come, when they settle, and in "
    "an exhibit when variety goes. Films run in step by the real images that the models have seen, and a run that is "
    "over stays at its last picture."
)


@dataclass(frozen=True)
class Run:
    """A film, and how many real images its model had seen at each of its moments."""

    model: Model
    film: Film
    images_per_step: float

    @property
    def images(self) -> list[int]:
        return [round(step * self.images_per_step) for step in self.film.steps]

    @property
    def shows(self) -> str:
        """What the tiles are, for people."""
        if self.film.directions:
            return f"translations ({', '.join(self.film.directions)}) by {self.model.id}"
        seeds = f", seeds {self.film.seeds[0]} to {self.film.seeds[-1]}" if self.film.seeds else ""
        return f"{self.film.rows**2} pictures by {self.model.id}{seeds}"


@dataclass(frozen=True)
class FilmTab:
    """What the rest of the page needs of the tab."""

    beside: gr.CheckboxGroup
    redraw: Redraw
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(studio: Studio, chosen: gr.HTML, notice: gr.HTML) -> FilmTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""
    sent: Recent[Stamp, str] = Recent(KEPT, len)

    def strip(run: Run) -> str:
        address = sent.get(run.model.stamp)
        if address is None:
            address = data_url(frames_together(run.film), "image/webp")
            sent.put(run.model.stamp, address)
        return address

    @told(2)
    def draw(name: Any, beside: Any) -> tuple[Any, ...] | None:
        if name is None:  # no model yet
            return None
        names = list(dict.fromkeys([name, *validation.opened(beside)]))
        if len(names) > MOST:
            raise RequestError(f"At most {MOST} films run side by side: take one away.")
        runs, remarks = runs_of(studio.models, names)
        return film_value(runs, remarks, [strip(run) for run in runs]), curves(runs)

    components.quiet(LOOK)
    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            beside = gr.CheckboxGroup(choices(studio.models), label="Beside the chosen model", elem_id="film-beside")
        with gr.Column(elem_classes="gz-show"):
            film = components.film()
            under = gr.HTML(apply_default_css=False, elem_id="film-curves")

    redraw = Redraw(draw, [chosen, beside], [film, under, notice])
    redraw.on([film.expand, chosen.select, beside.change])
    return FilmTab(beside, redraw, {"beside": beside})


def choices(models: Models, opened: Sequence[str] = ()) -> list[str]:
    """Whose films can run beside the chosen model's: translators' too, and those of models ``opened`` on the Hub."""
    return [*(model.id for model in models), *opened]


def follow(models: Models, tab: FilmTab, zoo: gr.Number, opened: gr.JSON) -> None:
    """Have the tab offer what there is in the ``zoo`` and ``opened``."""

    def offer(opened: Any, ticked: Any) -> Any:
        offered = choices(models, validation.opened(opened))
        return gr.CheckboxGroup(offered, value=[name for name in validation.opened(ticked) if name in offered])

    keep_up([zoo.change, opened.change], offer, [opened, tab.beside], tab.beside, **PRIVATE, **UNCHECKED)


def runs_of(models: Models, names: Sequence[str]) -> tuple[list[Run], list[str]]:
    """The films of these models, and for each that has none the sentence that says so."""
    runs: list[Run] = []
    remarks: list[str] = []
    for name in names:
        model = models[name]
        try:
            film = models.film(model)
        except CheckpointError as error:
            remarks.append(str(error))
            continue
        each = images_per_step(model)
        if film is None:
            remarks.append(f"{model.id} came without a film.")
        elif each is None:
            remarks.append(f"{model.id} does not tell how many images it learnt from, so its film has no time.")
        else:
            runs.append(Run(model, film, each))
    return runs, remarks


def images_per_step(model: Model) -> float | None:
    """How many real images it saw in a step, as far as its checkpoint tells."""
    steps, images = (model.training(fact) for fact in ("steps", "images"))
    if not isinstance(steps, int) or not isinstance(images, int) or not 0 < steps <= images <= MAX_IMAGES:
        return None
    return images / steps


def frames_together(film: Film) -> bytes:
    """All frames of a film in one picture, in rows, as lossless WebP."""
    stream = BytesIO()
    grid(film.frames, gap=0).save(stream, "WEBP", lossless=True, quality=0, method=0)
    return stream.getvalue()


def moments(runs: Sequence[Run]) -> list[int]:
    """After how many images any of the films has a frame."""
    return sorted({images for run in runs for images in run.images})


def film_value(runs: Sequence[Run], remarks: Sequence[str], sources: Sequence[str]) -> dict[str, Any]:
    """Films in step as the browser takes them; ``sources`` are the addresses of each one's frames."""
    time = moments(runs)
    return {
        "moments": time,
        "remarks": list(remarks),
        "runs": [
            {
                "model": run.model.id,
                "exhibit": run.model.checkpoint.config.exhibit,
                "shows": run.shows,
                "src": src,
                "across": columns(len(run.film.frames)),
                "tile": list(run.film.frames.shape[1:3]),
                "steps": list(run.film.steps),
                "frames": (np.searchsorted(run.images, time, "right") - 1).clip(0).tolist(),
                "end": time.index(run.images[-1]),
            }
            for run, src in zip(runs, sources, strict=True)
        ],
    }


def curves(runs: Sequence[Run]) -> str:
    """How the runs' losses and distances went, over the films' own time, as HTML.

    Each moment has the same room, so that early learning shows and a cursor goes as evenly as the slider.
    """
    time = moments(runs)
    if not time:
        return ""
    end = len(time) - 1
    marked = sorted({round(end * tick / (TICKS - 1)) for tick in range(TICKS)})
    ticks = [(place, f"{time[place]:,}") for place in marked]
    axis: dict[str, Any] = {"unit": "images", "x_end": max(1, end), "ticks": ticks}

    def places(images: Sequence[float]) -> list[float]:
        found: list[float] = np.interp(images, time, range(len(time))).tolist()
        return found

    parts = []
    measured: dict[str, list[Line]] = {}
    for run, role in zip(runs, ROLES, strict=False):
        folder = run.model.checkpoint.folder
        lines = [
            Line(
                player,
                COLOURS[player],
                places([step * run.images_per_step for step, _ in curve]),
                [it for _, it in curve],
            )
            for player, curve in loss_curves(folder).items()
        ]
        if lines:
            parts.append(plot(f"{run.model.id}: loss of each player", lines, **axis))
        found = [look for look in quality_curve(folder) if look.distance > 0]
        if found:
            ys = [look.distance for look in found]
            line = Line(run.model.id, role, places([look.images for look in found]), ys)
            measured.setdefault(run.model.dataset, []).append(line)
    # Each set has a classifier of its own to measure with, so distances of different sets do not compare.
    distances = [
        plot(
            f"Fréchet classifier distance to training pictures of {dataset}, less is better, logarithmic",
            lines,
            logarithmic=True,
            **axis,
        )
        for dataset, lines in measured.items()
    ]
    if not (parts := [*distances, *parts]):
        return '<p class="gz-quiet">No curves came along.</p>'
    return f'<div class="gz-plots"><p class="gz-quiet">{AXIS}</p>{"".join(parts)}</div>'
