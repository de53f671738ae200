"""Critic: what does the judge see?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count as count_up
from typing import Any

import gradio as gr

from ganzoo.ui import components, opinions, validation
from ganzoo.ui.abilities import can
from ganzoo.ui.classes import Chooser, asked, chooser
from ganzoo.ui.drawing import Judgement, Studio
from ganzoo.ui.judges import Criticism, criticised, critics, of_real, worded
from ganzoo.ui.models import Model, Models
from ganzoo.ui.permalink import Choice, Control
from ganzoo.ui.pictures import heated
from ganzoo.ui.plots import Group, histograms
from ganzoo.ui.reality import Reality
from ganzoo.ui.sample import NEW_SEED, grid_value, seeds_of
from ganzoo.ui.validation import MAX_TRUNCATION
from ganzoo.ui.wiring import DRAWING, PRIVATE, REFUSALS, UNCHECKED, Redraw, keep_up, told

SEED, COUNT, MOST, TRUNCATION = 0, 36, 64, 1.0
"""What the tab opens with, and the most pictures of which each pixel's weight is found at once."""
OWN = ""
"""Stands for the model's own critic."""
INTRODUCTION = (
    "The critic is the other player of the game: it learnt to tell real pictures from drawn ones. Look at what it "
    "takes for real, and at the orange pixels: there a small change would change its mind most."
)


@dataclass(frozen=True)
class CriticTab:
    """What the rest of the page needs of the tab."""

    seed: gr.Number
    kind: Chooser
    truncation: gr.Slider
    own: gr.HTML
    """Takes a picture for all critics."""
    redraw: Redraw
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build(
    studio: Studio, reality: Reality, chosen: gr.HTML, zoo: gr.Number, opened: gr.JSON, notice: gr.HTML
) -> CriticTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""
    fetches = count_up(1)
    models = studio.models

    @told(3)
    def draw(
        model: Any, seed: Any, count: Any, kind: Any, truncation: Any, critic: Any, opened: Any
    ) -> tuple[Any, ...] | None:
        if model is None or seed is None:  # no model yet, or a field that is being typed in
            return None
        known = models[model]
        if not can(known, "judge"):
            return (
                {"refusal": f"{known.id} came without its critic: choose another model."},
                "",
                gr.Button(visible=False),
            )
        samples = studio.samples(model, seed, count, truncation, asked(known, kind), fewer=True)
        fits = critic in names(models, known, validation.opened(opened))
        criticism = criticised(studio, samples, critic if fits else None)
        real = reality.of(known, MOST)
        of_them = of_real(studio, criticism.critic, known, real) if real else None
        wanted = f"Show real pictures of {known.dataset}" if real is None and known.published_set else ""
        return criticism_value(criticism), plot(criticism, of_them), gr.Button(wanted, visible=bool(wanted))

    @told(1)
    def fetch(model: Any) -> tuple[Any, ...]:
        reality.fetch(models[model])
        return (next(fetches),)

    def offer(model: Any, opened: Any, critic: Any) -> Any:
        try:
            known = None if model is None else models[model]
        except REFUSALS:  # whoever draws is told
            return gr.skip()
        others = names(models, known, validation.opened(opened)) if known else []
        return gr.Dropdown(choices=choices(others), value=critic if critic in others else OWN)

    first = models.first
    components.quiet(INTRODUCTION)
    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            seed = gr.Number(SEED, label="Seed", info="Of the picture that is outlined; the others have the next ones.")
            new_seed = gr.Button("New seed")
            kind = chooser(models, "Class", "each its own")
            count = gr.Slider(1, MOST, COUNT, step=1, label="Pictures")
            truncation = gr.Slider(*(0.0, MAX_TRUNCATION, TRUNCATION), step=0.05, label="Truncation")
            critic = gr.Dropdown(
                choices(names(models, first) if first else []),
                value=OWN,
                label="Critic",
                info="Another model’s looks at the same pictures.",
                filterable=False,
            )
            show_real = gr.Button(visible=False)
            fetched = gr.Number(visible=False)  # how often real pictures have come
        with gr.Column(elem_classes="gz-show"):
            sheet = components.criticism()
            spread = gr.HTML(apply_default_css=False)

    fields: list[Any] = [seed, count, kind.field, truncation, critic]
    redraw = Redraw(draw, [chosen, *fields, opened], [sheet, spread, show_real, notice])
    redraw.on([sheet.expand, chosen.select, fetched.change, *(field.change for field in fields)])
    new_seed.click(None, None, seed, js=NEW_SEED, **PRIVATE)
    show_real.click(fetch, chosen, [fetched, notice], show_progress_on=sheet, **DRAWING)
    ways = [chosen.select, zoo.change, opened.change]
    keep_up(ways, offer, [chosen, opened, critic], critic, **PRIVATE, **UNCHECKED)
    own = opinions.build(studio, reality, chosen, zoo, opened, notice)
    of_model = Choice(critic, lambda model: choices(names(models, model)) if model else None)
    controls: dict[str, Control] = {
        "seed": seed,
        "class": kind,
        "count": count,
        "truncation": truncation,
        "critic": of_model,
    }
    return CriticTab(seed, kind, truncation, own, redraw, controls)


def names(models: Models, model: Model, opened: Sequence[str] = ()) -> list[str]:
    """The other models whose critics look at such pictures."""
    return [critic.id for critic in critics(models, model.image_shape, opened) if critic.id != model.id]


def choices(others: Sequence[str]) -> list[tuple[str, str]]:
    """As the list of critics has them."""
    return [("its own", OWN), *((name, name) for name in others)]


def criticism_value(criticism: Criticism) -> dict[str, Any]:
    """Samples in the critic's order, and what matters in each, as the browser takes them."""
    samples, order, values = criticism.samples, criticism.order, criticism.judgement.values.tolist()
    pixels, heat = samples.pixels[order], criticism.heat[order]
    own = criticism.critic.id == samples.model.id
    whose = "its own critic" if own else f"the critic of {criticism.critic.edition}"
    name, count = samples.model.id, len(order)
    return {
        **grid_value(pixels),
        "heat": grid_value(heated(pixels, heat))["src"],
        "alt": f"{count} pictures drawn by {name}, {seeds_of(samples)}, in the order of {whose}, most real first",
        "about": f"{count} pictures: arrows move, Enter chooses",
        "note": f"{samples.model.edition}, {seeds_of(samples)}, judged by {whose}: most real first, row by row",
        "file": f"{samples.model.file_name}_by-{criticism.critic.file_name}",
        "model": name,
        "critic": criticism.critic.id,
        "seed": samples.seeds[0],
        "seeds": [samples.seeds[i] for i in order],
        "labels": [f"{samples.names[i]}: {worded(values[i], criticism.judgement)}" for i in order],
        "most": [f"{criticism.saliency[i].max():.3g}" for i in order],
    }


def plot(criticism: Criticism, real: Judgement | None) -> str:
    """What was said of samples and of real pictures, as HTML."""
    probable = criticism.judgement.probable
    groups = [Group("drawn", "first", criticism.judgement.values.tolist())]
    if real is not None:
        groups.append(Group("real, held out", "real", real.values.tolist()))
    title = "D(x): the probability that a picture is real" if probable else "The critic’s score of a picture"
    return histograms(title, groups, unit="")
