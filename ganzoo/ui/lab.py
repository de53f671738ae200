"""Lab: why is training so hard?"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, get_args

import gradio as gr
from torch import Tensor

from ganzoo.inference.pictures import to_pixels
from ganzoo.lab.presets import PRESETS
from ganzoo.lab.recipe import Constraint, LabRecipe, Loss
from ganzoo.lab.session import GameOverError, Session
from ganzoo.lab.toys import Toy
from ganzoo.ui import components, validation
from ganzoo.ui.games import Games
from ganzoo.ui.permalink import Control
from ganzoo.ui.sample import grid_value
from ganzoo.ui.validation import MAX_CRITIC_STEPS
from ganzoo.ui.wiring import DRAWING, PRIVATE, REFUSALS, UNCHECKED, keep_up

INTRODUCTION = (
    "Two tiny networks play here and now, by the code that trained the models above. Watch whether the drawn points "
    "come to lie on the real ones, and how the colours move under them: what the discriminator finds real is all that "
    "the generator learns from."
)
MOMENT = 0.2
"""Seconds that a game goes on for before its visitor is told and others have their turn."""
TILES = 64
"""Pictures that are shown of those that are drawn."""
RATES = (1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 1e-2, 3e-2)
"""Learning rates to choose from."""


@dataclass(frozen=True)
class LabTab:
    """What the rest of the page needs of the tab."""

    tab: gr.Tab
    controls: Mapping[str, Control]
    """By the names that links give them."""


def build() -> LabTab:
    """Lay the tab out."""
    games, turns = Games(), count()
    preset, *_ = PRESETS
    chosen = settings(PRESETS[preset].recipe)

    def begin(*asked: Any) -> Any:
        try:
            with games.unplayed(validation.lab_recipe(*asked)) as session:
                told = {**beginning(session), **standing(session)}
        except REFUSALS as error:
            told = {"over": str(error)}
        return gr.HTML(begun={**told, "turn": next(turns)})

    def go_on(value: Any, *asked: Any) -> Any:
        ticket, anew = validation.lab_ticket(value)
        try:
            if ticket and anew:
                games.end(ticket)
            if anew:
                ticket = games.begin(validation.lab_recipe(*asked))
            with games.resumed(ticket) as session:
                session.play_for(MOMENT)
                told = {**standing(session), "ticket": ticket}
        except (*REFUSALS, GameOverError) as error:
            told = {"over": str(error)}
        return gr.HTML(seen={**told, "turn": next(turns)})

    def fill(name: Any) -> list[Any]:
        if not isinstance(name, str) or name not in PRESETS:
            return [gr.skip()] * len(fields)
        return settings(PRESETS[name].recipe)

    def recognise(*asked: Any) -> tuple[str | None, str]:
        known = (name for name, it in PRESETS.items() if settings(it.recipe) == list(asked))
        name = next(known, None)
        return name, PRESETS[name].story if name else ""

    tab = gr.Tab("Lab", id="lab")
    with tab:
        components.quiet(INTRODUCTION)
        with gr.Row(elem_classes="gz-stage"):
            with gr.Column(elem_classes="gz-controls"):
                presets = gr.Radio(list(PRESETS), value=preset, label="Examples")
                story = gr.HTML(PRESETS[preset].story, elem_classes="gz-quiet", apply_default_css=False)
                fields: list[Any] = [
                    gr.Dropdown(list(get_args(Toy)), value=chosen[0], label="Data"),
                    gr.Dropdown(list(get_args(Loss)), value=chosen[1], label="Loss"),
                    gr.Dropdown(
                        list(get_args(Constraint)),
                        value=chosen[2],
                        label="Penalty or constraint",
                        info="Keeps the discriminator’s slope in bounds: About says how.",
                    ),
                    gr.Slider(
                        *(1, MAX_CRITIC_STEPS, chosen[3]),
                        step=1,
                        label="Discriminator updates",
                        info="For each of the generator’s.",
                    ),
                ]
                with gr.Row(elem_classes="gz-two"):
                    fields += [
                        gr.Dropdown(list(RATES), value=chosen[4], label="Its rate", min_width=96),
                        gr.Dropdown(list(RATES), value=chosen[5], label="Generator’s rate", min_width=96),
                    ]
                fields.append(gr.Checkbox(chosen[6], label="Average", info="Show the generator’s moving average."))
            with gr.Column(elem_classes="gz-show"):
                lab = components.lab()

    lab.expand(begin, fields, lab, **DRAWING)
    lab.input(go_on, [lab, *fields], lab, **PRIVATE, **UNCHECKED)
    presets.input(fill, presets, fields, **PRIVATE, **UNCHECKED)
    changes = [field.change for field in fields]
    keep_up(changes, begin, fields, lab, **DRAWING)
    keep_up(changes, recognise, fields, [presets, story], **PRIVATE, **UNCHECKED)
    names = ("data", "loss", "penalty", "updates", "rate", "generator-rate", "average")
    return LabTab(tab, dict(zip(names, fields, strict=True)))


def settings(recipe: LabRecipe) -> list[Any]:
    """A game as the fields show it, in the order in which ``validation.lab_recipe`` takes them."""
    return [
        *(recipe.toy, recipe.loss, recipe.constraint, recipe.n_discriminator),
        *(recipe.lr_discriminator, recipe.lr_generator, recipe.ema_decay is not None),
    ]


def beginning(session: Session) -> dict[str, Any]:
    """What stays as it is while a game is played, as the browser takes it."""
    recipe = session.recipe
    judge = "critic" if recipe.loss == "wasserstein" else "discriminator"
    real = {"points": flat(session.real)} if recipe.planar else {"sheet": sheet(session.real)}
    return {"real": real, "judge": judge, "probable": recipe.adversarial_loss.log_odds}


def standing(session: Session) -> dict[str, Any]:
    """How a game stands, as the browser takes it."""
    drawn, slopes, modes = session.drawn(), session.slopes(), session.modes()
    picture = {"points": flat(drawn), "surface": surface(session)} if session.recipe.planar else {"sheet": sheet(drawn)}
    return {
        **picture,
        "step": session.step,
        "modes": modes and {"hit": modes.hit, "known": modes.known, "near": modes.near},
        "slopes": [slopes.real, slopes.drawn],
        "lines": [[line.step, line.generator, line.discriminator] for line in session.lines()],
    }


def flat(points: Tensor) -> list[float]:
    """x, y, x, y and so on."""
    return [round(number, 3) for number in points.flatten().tolist()]


def surface(session: Session) -> dict[str, Any]:
    """The discriminator over the plane: probabilities where it tells any, else scores; from 0, the lowest, to 255."""
    logits = session.surface()
    values = logits.sigmoid() if session.recipe.adversarial_loss.log_odds else logits
    low, high = (0.0, 1.0) if values is not logits else (float(values.min()), float(values.max()))
    levels = (255 * (values - low) / (high - low or 1.0)).round().int()
    return {"levels": levels.flatten().tolist(), "across": len(levels), "low": low, "high": high}


def sheet(images: Tensor) -> str:
    """The first pictures, side by side."""
    return str(grid_value(to_pixels(images[:TILES]))["src"])
