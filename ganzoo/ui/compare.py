"""Compare: which variant is better, and in what?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count as count_up
from typing import Any

import gradio as gr
from torch import Tensor

from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.scores import Score
from ganzoo.data.held_out import HeldOut
from ganzoo.inference.pictures import Pixels
from ganzoo.ui import components, curves, duel, validation
from ganzoo.ui.drawing import Samples, Studio, common_size
from ganzoo.ui.facts import duration, training_length
from ganzoo.ui.models import Model, Models
from ganzoo.ui.permalink import Control
from ganzoo.ui.pictures import png_url, stacked
from ganzoo.ui.reality import Reality
from ganzoo.ui.sample import NEW_SEED, less, sheet_value
from ganzoo.ui.scores import card_score, entries, on_card, rankings
from ganzoo.ui.validation import MAX_TRUNCATION
from ganzoo.ui.wiring import DRAWING, PRIVATE, UNCHECKED, Redraw, told

SEED, COUNT, TRUNCATION, MOST_MODELS = 0, 8, 1.0, 4
"""What the tab opens with."""
MAX_ROWS = 64
MARGIN = 1
"""Pixels of the page around each picture."""
LOOK = (
    "Each row is one seed, each column one model. Look along a row for what they make of the same noise, and down a "
    "column for how much a model varies."
)
CAUTION = (
    "The models share the noise, not its meaning: the same seed is the same point in each model's own space, and two "
    "pictures side by side need not resemble each other. What a discriminator says is its own opinion too: two of them "
    "do not compare."
)


@dataclass(frozen=True)
class CompareTab:
    """What the rest of the page needs of the tab."""

    models: gr.CheckboxGroup
    controls: Mapping[str, Control]
    """By the names that links give them."""
    duels: duel.DuelTab


def build(studio: Studio, reality: Reality, opened: gr.JSON, notice: gr.HTML) -> CompareTab:
    """Lay the tab out. ``opened`` has the ids that the visitor opened, ``notice`` takes what went wrong."""
    with gr.Tabs():
        with gr.Tab("Side by side"):
            controls = _wall(studio, reality, notice)
        with gr.Tab("Blind duel"):
            duels = duel.build(studio, opened, notice)
    return CompareTab(controls["models"], controls, duels)


def _wall(studio: Studio, reality: Reality, notice: gr.HTML) -> dict[str, Any]:
    fetches = count_up(1)

    @told(3)
    def draw(ids: Any, seed: Any, count: Any, truncation: Any) -> tuple[Any, ...] | None:
        if seed is None:  # it is being typed
            return None
        if not ids:
            raise validation.RequestError("No model is ticked: tick those to compare.")
        drawn = studio.comparison(ids, seed, count, truncation, fewer=True)
        models = [samples.model for samples in drawn]
        alike = models[0] if learnt_alike(models) else None
        real = reality.of(alike, len(drawn[0].pixels)) if alike else None
        missing = alike if real is None else None
        wanted = f"Show real pictures of {missing.dataset}" if missing else ""
        return comparison(studio, drawn, real), curves.plots(models), gr.Button(wanted, visible=bool(missing))

    @told(1)
    def fetch(ids: Any) -> tuple[Any, ...]:
        reality.fetch(studio.models[validation.names(ids)[0]])
        return (next(fetches),)

    def remove(ids: Any, event: gr.EventData) -> list[str]:
        return [name for name in validation.opened(ids) if name != event._data.get("model")]

    components.quiet(LOOK)
    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            seed = gr.Number(SEED, label="Seed", info="Of the first row. Each next row has the next seed.")
            new_seed = gr.Button("New seed")
            count = gr.Slider(1, MAX_ROWS, COUNT, step=1, label="Seeds")
            truncation = gr.Slider(
                *(0.0, MAX_TRUNCATION, TRUNCATION), step=0.05, label="Truncation", info="Of all models alike."
            )
            ids = gr.CheckboxGroup(**choices(studio.models), label="Models")
            show_real = gr.Button(visible=False)
            fetched = gr.Number(visible=False)  # how often real pictures have come
        with gr.Column(elem_classes="gz-show"):
            components.quiet(CAUTION)
            sheets = components.comparison()
    plots = gr.HTML(apply_default_css=False, elem_classes="gz-under")

    redraw = Redraw(draw, [ids, seed, count, truncation], [sheets, plots, show_real, notice])
    redraw.on([sheets.expand, ids.change, seed.change, count.change, truncation.change, fetched.change])
    sheets.remove(remove, ids, ids, **PRIVATE, **UNCHECKED)
    show_real.click(fetch, ids, [fetched, notice], show_progress_on=sheets, **DRAWING)
    new_seed.click(None, None, seed, js=NEW_SEED, **PRIVATE)
    return {"models": ids, "seed": seed, "count": count, "truncation": truncation}


def choices(models: Models, opened: Sequence[str] = ()) -> dict[str, Any]:
    """Every model that can be ticked, also those ``opened`` on the Hub.

    Ticked at first are some that learnt from the same pictures, or else the first two.
    """
    known = models.able("sample")
    translators = {model.id for model in models.still_known(opened) if "sample" not in model.abilities}
    alike = [model.id for model in known if model.dataset == known[0].dataset][:MOST_MODELS]
    return {
        "choices": [*(model.id for model in known), *(name for name in opened if name not in translators)],
        "value": alike if len(alike) > 1 else [model.id for model in known[:2]],
    }


def follow(models: Models, tab: CompareTab, zoo: gr.Number, opened: gr.JSON) -> None:
    """Have the tab offer what there is in the ``zoo`` and ``opened``; of another zoo other models are ticked."""

    def tick(opened: Any) -> Any:
        return gr.CheckboxGroup(**choices(models, validation.opened(opened)))

    def offer(opened: Any) -> Any:
        return gr.CheckboxGroup(choices=choices(models, validation.opened(opened))["choices"])

    zoo.change(tick, opened, tab.models, **PRIVATE, **UNCHECKED)
    opened.change(offer, opened, tab.models, **PRIVATE, **UNCHECKED)
    duel.follow(models, tab.duels, zoo, opened)


def learnt_alike(models: Sequence[Model]) -> bool:
    """Whether all learnt from one published set, in one shape, so that the same real pictures can stand beside them."""
    return models[0].published_set is not None and len({(it.published_set, it.image_shape) for it in models}) == 1


def comparison(studio: Studio, drawn: Sequence[Samples], real: HeldOut | None) -> dict[str, Any]:
    """What models drew, what is known of it, and real pictures beside it, as the browser takes them."""
    laid_out = in_cells(common_size(samples.model for samples in drawn))
    columns: list[dict[str, Any]] = []
    scores: dict[str, Sequence[Score]] = {}
    for samples in drawn:
        remarks: list[str] = []
        scores[samples.model.id] = []
        with _remarked(remarks):
            remarks += judged(studio, samples, real)
        with _remarked(remarks):
            scores[samples.model.id] = studio.models.scores(samples.model)
        own = scores[samples.model.id]
        columns.append({**column(samples, laid_out, own), "remarks": remarks, **entries(own)})
    return {
        "columns": columns,
        "real": None if real is None else real_column(drawn[0].model, real.pictures, laid_out),
        "rankings": rankings(scores) if len(scores) > 1 else [],
    }


@contextmanager
def _remarked(remarks: list[str]) -> Iterator[None]:
    """What proves broken beside the pictures is told there, and keeps nobody from the pictures."""
    try:
        yield
    except CheckpointError as error:
        remarks.append(str(error))


def judged(studio: Studio, samples: Samples, real: HeldOut | None) -> list[str]:
    """What a model's discriminator, if it has one, says of what the model drew, and of real pictures, for people."""
    own = studio.judgement(samples.model, samples.pictures, samples.classes)
    if own is None:
        return []
    of_real = studio.judgement(samples.model, *real) if real is not None else None
    x = "x, y" if samples.classes else "x"
    name, form = (f"D({x})", ".2f") if own.probable else ("Critic’s score", ".3g")
    said = f"{name}: mean {own.values.mean():{form}} on its samples"
    return [f"{said}, {of_real.values.mean():{form}} on real pictures" if of_real else said]


def in_cells(size: tuple[int, int]) -> Callable[[Pixels], dict[str, Any]]:
    """Lays pictures one under another, so that columns have their rows in common. ``size`` holds each of all models."""
    height, width = (side + 2 * MARGIN for side in size)

    def laid_out(pixels: Pixels) -> dict[str, Any]:
        src = png_url(stacked(pixels, (height, width)))
        return {"src": src, "across": 1, "tile": [height, width], "gap": 0}

    return laid_out


def real_column(model: Model, pictures: Tensor, laid_out: Callable[[Pixels], dict[str, Any]]) -> dict[str, Any]:
    """Real pictures, as the browser takes them; ``model`` is one that learnt from such."""
    return {
        **laid_out(pictures.permute(0, 2, 3, 1).numpy()),
        "alt": f"{len(pictures)} real pictures of {model.dataset}",
        "about": "",
        "labels": [],
        "model": "Real pictures",
        "brief": [f"of no seed, from {model.dataset}"],
        "facts": [
            f"from the test split of {model.dataset}",
            "held back: no model learnt from them",
            "the same for every discriminator",
        ],
    }


def column(samples: Samples, laid_out: Callable[[Pixels], dict[str, Any]], scores: Sequence[Score]) -> dict[str, Any]:
    """One model's samples, its size and its times, as the browser takes them; ``brief`` stays in sight."""
    each, exhibit = samples.cost.seconds / len(samples.pixels), samples.model.checkpoint.config.exhibit
    return {
        **sheet_value(samples, laid_out),
        "brief": [*([on_card(score)] if (score := card_score(scores)) else []), *([exhibit] if exhibit else [])],
        "facts": [
            f"{samples.model.checkpoint.parameters:,} parameters",
            training_length(samples.model),
            f"{duration(each)} a picture on this {samples.cost.device}",
            *(remark for remark in (less(samples), samples.cost.remark) if remark),
            *([f"kept to show: {exhibit}"] if exhibit else []),
        ],
    }
