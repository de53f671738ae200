"""Blind duel: which is better, when nobody says whose it is?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import gradio as gr
import numpy as np
import torch

from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.scores import IncomparableError, Score, rank
from ganzoo.metrics.preference import bradley_terry
from ganzoo.ui import components, validation
from ganzoo.ui.drawing import Samples, Studio
from ganzoo.ui.models import Models
from ganzoo.ui.sample import NEW_SEED, grid_value
from ganzoo.ui.scores import card_score, named
from ganzoo.ui.validation import Pick, RequestError, shown
from ganzoo.ui.wiring import DRAWING, PRIVATE, UNCHECKED, Redraw, keep_up, told

COUNT = 16
LOOK = (
    "Two models drew these from the same seeds, and nobody says which is which: choose the set that you would rather "
    "take for real. Look at all of a set and not at its best picture, for a model that always draws the same may draw "
    "it well."
)


@dataclass(frozen=True)
class Duel:
    """What two models drew of the same seeds. Who is on the left was decided by the first seed."""

    among: Sequence[str]
    left: Samples
    right: Samples


@dataclass(frozen=True)
class DuelTab:
    """What the rest of the page needs of the tab."""

    dataset: gr.Radio


def build(studio: Studio, opened: gr.JSON, notice: gr.HTML) -> DuelTab:
    """Lay the tab out. ``opened`` has the ids that the visitor opened, ``notice`` takes what went wrong."""

    @told(1)
    def draw(seed: Any, dataset: Any, opened: Any) -> tuple[Any, ...] | None:
        if seed is None or dataset is None:  # no duel was asked for, or there is none
            return None
        among = contestants(studio.models, validation.opened(opened)).get(str(dataset), [])
        return (duel_value(hold(studio, among, seed, COUNT, fewer=True)),)

    @told(1)
    def reveal(event: gr.EventData) -> tuple[Any, ...]:
        asked = event._data
        among = validation.names(asked.get("among"))
        (seed,) = validation.seed_range(asked.get("seed"), 1)
        left, right = pairing(among, seed)
        picks = validation.picks([*validation.items(asked.get("earlier")), [left, right, asked.get("choice")]])
        return (gr.HTML(revealed={"seed": seed, "pick": picks[-1], **standing(studio, among, picks)}),)

    sets = list(contestants(studio.models))
    components.quiet(LOOK)
    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            dataset = gr.Radio(sets, value=next(iter(sets), None), label="Pictures of")
            seed = gr.Number(label="Seed", visible=False)  # of the duel that is shown
        with gr.Column(elem_classes="gz-show"):
            arena = components.duel()

    redraw = Redraw(draw, [seed, dataset, opened], [arena, notice])
    redraw.on([seed.change, dataset.change])
    for ask in (arena.expand, arena.another):
        ask(None, None, seed, js=NEW_SEED, **PRIVATE)
    arena.pick(reveal, None, [arena, notice], **DRAWING)
    return DuelTab(dataset)


def follow(models: Models, tab: DuelTab, zoo: gr.Number, opened: gr.JSON) -> None:
    """Have the tab offer the data sets of which there are duels, after another ``zoo`` and after each ``opened``."""

    def offer(opened: Any, chosen: Any) -> Any:
        sets = list(contestants(models, validation.opened(opened)))
        return gr.Radio(choices=sets, value=chosen if chosen in sets else next(iter(sets), None))

    keep_up([zoo.change, opened.change], offer, [opened, tab.dataset], tab.dataset, **PRIVATE, **UNCHECKED)


def contestants(models: Models, opened: Sequence[str] = ()) -> dict[str, list[str]]:
    """By data set, the models that can meet each other: at least two each. Exhibits take part.

    Of those opened on the Hub, only whom the page still knows: nobody waits for it to open them again.
    """
    able = [*models.able("sample"), *(model for model in models.still_known(opened) if "sample" in model.abilities)]
    found: dict[str, list[str]] = {}
    for model in able:
        if len(peers := [other.id for other in able if model.draws_as(other)]) > 1:
            found.setdefault(model.dataset, peers)
    return found


def pairing(among: Sequence[str], seed: int) -> tuple[str, str]:
    """Who is on the left and who is on the right in the duel of this seed, whatever the order of ``among``."""
    if len(among) < 2:
        raise RequestError("A duel needs at least two models that draw pictures of the same data.")
    left, right = np.random.RandomState(seed).permutation(len(among))[:2]
    names = sorted(among)
    return names[left], names[right]


def hold(studio: Studio, among: Sequence[str], seed: object, count: object, *, fewer: bool = False) -> Duel:
    """The duel of this seed, over ``count`` pictures each; raises what ``Studio.comparison`` raises."""
    seeds = validation.seed_range(seed, count)
    pair = pairing(among, seeds.start)
    one, other = (studio.models.asked(name, "sample") for name in pair)
    if not one.draws_as(other):
        raise RequestError(f"{shown(one.id)} and {shown(other.id)} draw pictures of different data: they do not meet.")
    left, right = studio.comparison(list(pair), seeds.start, len(seeds), fewer=fewer)
    return Duel(among, left, right)


def duel_value(duel: Duel) -> dict[str, Any]:
    """A duel as the browser takes it: all that it has is the same for whoever draws."""
    return {
        "among": list(duel.among),
        "seed": duel.left.seeds[0],
        "sides": [_side(samples, name) for samples, name in ((duel.left, "left"), (duel.right, "right"))],
    }


def _side(samples: Samples, name: str) -> dict[str, Any]:
    seeds = f"seeds {samples.seeds[0]} to {samples.seeds[-1]}"
    return {**grid_value(samples.pixels), "alt": f"Pictures on the {name}, {seeds}", "about": "", "labels": []}


def standing(studio: Studio, among: Sequence[str], picks: Sequence[Pick]) -> dict[str, Any]:
    """Who is ahead by the visitor's ``picks`` and who by what was measured, as the browser takes it."""
    counted = [pick for pick in picks if pick[0] in among and pick[1] in among]
    strengths = preferred(counted)
    scores: dict[str, Score] = {}
    for name in strengths:
        try:
            score = card_score(studio.models.scores(studio.models[name]))
        except CheckpointError:  # Compare tells it beside the pictures
            continue
        if score is not None:
            scores[name] = score
    order = sorted(strengths, key=lambda name: -strengths[name])
    try:
        measured = [[name, scores[name].measured] for name in rank(scores)]
        verdict = agreement(strengths, scores)
    except IncomparableError as refusal:
        measured, verdict = [], str(refusal)
    return {
        "preferred": [[name, f"{strengths[name]:.2g}"] for name in order],
        "measured": measured,
        "metric": named(next(iter(scores.values()))) if scores else None,
        "verdict": verdict,
    }


def preferred(picks: Sequence[Pick]) -> dict[str, float]:
    """How strong each model is that was picked among, by Bradley and Terry; who cannot tell counts half for either."""
    names = list(dict.fromkeys(name for left, right, _ in picks for name in (left, right)))
    wins = torch.zeros(len(names), len(names))
    for left, right, choice in picks:
        i, j = names.index(left), names.index(right)
        share = {"left": 1.0, "neither": 0.5, "right": 0.0}[choice]
        wins[i, j] += share
        wins[j, i] += 1 - share
    return dict(zip(names, bradley_terry(wins).tolist(), strict=True))


def agreement(strengths: Mapping[str, float], scores: Mapping[str, Score]) -> str:
    """Whether two rankings are of one mind, pair by pair, in a sentence; those that are equal say nothing."""
    order = rank(scores)
    pairs = [(better, worse) for better, worse in combinations(order, 2) if scores[better].value != scores[worse].value]
    against = [(better, worse) for better, worse in pairs if _above(strengths[worse], strengths[better])]
    if not pairs:
        return "Too few of them were measured for the two rankings to be held against each other."
    if not against:
        return "Your picks do not contradict the measured scores."
    better, worse = against[0]
    return (
        f"The two disagree on {len(against)} of {len(pairs)} pairs: you prefer {worse} to {better}, "
        "which the measured scores have the other way round."
    )


def _above(one: float, other: float) -> bool:
    """Whether a strength is higher by more than rounding."""
    return one > other * (1 + 1e-6)
