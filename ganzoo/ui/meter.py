"""The collapse meter: whether a generator draws few things again and again, told of its samples alone."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
import torch
from torch import Tensor

from ganzoo.metrics.collapse import CLEAR_SHARE
from ganzoo.metrics.density import K
from ganzoo.metrics.examination import Examination, examine
from ganzoo.metrics.histogram import LEAST_PER_CLASS
from ganzoo.metrics.neighbours import LEAST, RARE
from ganzoo.metrics.reference import COUNT
from ganzoo.ui import components, validation
from ganzoo.ui.drawing import Studio
from ganzoo.ui.experts import Expert, expert_of
from ganzoo.ui.models import Model
from ganzoo.ui.plots import class_bars
from ganzoo.ui.sample import NEW_SEED
from ganzoo.ui.validation import MAX_COUNT, MAX_TRUNCATION
from ganzoo.ui.wiring import PRIVATE, Redraw, told

SEED, TRUNCATION = 0, 1.0
"""What the meter opens with."""
FEWEST = max(LEAST, 10 * LEAST_PER_CLASS)
"""Of fewer samples it says nothing."""


@dataclass(frozen=True)
class Reading:
    """What came of some samples of a model."""

    model: Model
    seeds: range
    truncation: float
    twins: int
    """How many equal another to the pixel."""
    expert: Expert | None
    examination: Examination | None
    """None where there is no expert."""

    @property
    def verdict(self) -> str:
        """One sentence for people, of the samples alone."""
        found, count = self.examination, len(self.seeds)
        if found is None:
            return (
                f"No classifier here knows such pictures, so their kinds are not told: of {count} samples, "
                f"{self.twins or 'none'} equal{'s' if self.twins == 1 else ''} another to the pixel."
            )
        kinds, missing = len(found.histogram.counts), found.histogram.missing
        lacking = f"{missing} of {kinds} kinds {'is' if missing == 1 else 'are'} missing"
        if found.collapsed and missing:
            return f"It has collapsed: {lacking}, and {_percent(found.duplicates)} of the samples have a twin."
        if found.collapsed:
            return f"It has collapsed: {_percent(found.duplicates)} of the samples have a twin."
        if found.confident < CLEAR_SHARE and missing:
            return (
                f"It fails, but not by collapse: {lacking}, and the classifier is sure of "
                f"{_percent(found.confident)} of the samples only."
            )
        if missing:
            return f"It has not collapsed, though {lacking}."
        return f"It has not collapsed: all {kinds} kinds are there, and {_percent(found.duplicates)} have a twin."

    def plain(self) -> dict[str, Any]:
        """For programs; what only a classifier can tell is None where there is none."""
        found, expert = self.examination, self.expert
        return {
            "verdict": self.verdict,
            "collapsed": found and found.collapsed,
            "classes": list(expert.classes) if expert else None,
            "histogram": list(found.histogram.counts) if found else None,
            "data": self.data,
            "missing": found and found.histogram.missing,
            "confident": found and found.confident,
            "duplicates": found and found.duplicates,
            "coverage": found and found.coverage,
            "twins": self.twins,
        }

    @property
    def data(self) -> list[float] | None:
        """The share of each class in the data."""
        if self.expert is None:
            return None
        counts = self.expert.reference.counts.double()
        return [round(share, 4) for share in (counts / counts.sum()).tolist()]


def read(studio: Studio, model: object, seed: object, count: object = COUNT, truncation: object = 1.0) -> Reading:
    """Draw and examine so many samples; raises ``RequestError``, and what drawing raises."""
    chosen = studio.models.asked(model, "sample")
    seeds = validation.seed_range(seed, count, FEWEST, COUNT)
    parts = [seeds[start : start + MAX_COUNT] for start in range(0, len(seeds), MAX_COUNT)]
    drawn = [studio.samples(model, part.start, len(part), truncation) for part in parts]
    pictures = torch.cat([samples.pictures for samples in drawn])
    expert = expert_of(chosen)
    examination = examine(expert.look(pictures), expert.reference) if expert else None
    return Reading(drawn[0].model, seeds, drawn[0].truncation, twins(pictures), expert, examination)


def twins(pictures: Tensor) -> int:
    """How many of the pictures ``[N, C, H, W]`` equal another one to the pixel."""
    _, counts = pictures.flatten(1).unique(dim=0, return_counts=True)
    return int(counts[counts > 1].sum())


@dataclass(frozen=True)
class Meter:
    """What the rest of the page needs of it."""

    seed: gr.Number
    truncation: gr.Slider
    redraw: Redraw


def build(studio: Studio, chosen: gr.HTML, notice: gr.HTML) -> Meter:
    """Lay the meter out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""

    @told(2)
    def measure(model: Any, seed: Any, truncation: Any) -> tuple[Any, ...] | None:
        if model is None or seed is None:  # no model yet, or a field that is being typed in
            return None
        reading = read(studio, model, seed, COUNT, truncation)
        return reading_value(reading), plot(reading)

    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            seed = gr.Number(SEED, label="Seed", info=f"Of the first of {COUNT} samples.")
            new_seed = gr.Button("New seed")
            truncation = gr.Slider(
                *(0.0, MAX_TRUNCATION, TRUNCATION), step=0.05, label="Truncation", info="Less, and kinds go missing."
            )
        with gr.Column(elem_classes="gz-show"):
            meter = components.meter()
            bars = gr.HTML(apply_default_css=False)

    redraw = Redraw(measure, [chosen, seed, truncation], [meter, bars, notice])
    redraw.on([meter.expand, chosen.select, seed.change, truncation.change])
    new_seed.click(None, None, seed, js=NEW_SEED, **PRIVATE)
    return Meter(seed, truncation, redraw)


def reading_value(reading: Reading) -> dict[str, Any]:
    """A reading as the browser takes it: a verdict, and what else is known, in words."""
    found, seeds = reading.examination, reading.seeds
    facts = [f"{reading.model.edition}: {len(seeds)} samples, seeds {seeds[0]} to {seeds[-1]}"]
    if found is not None:
        real = f"{len(seeds)} real pictures of the test split of {reading.model.dataset}"
        facts += [
            f"Missing kinds: {found.histogram.missing} of {len(found.histogram.counts)}",
            f"Duplicates: {_percent(found.duplicates)} have a twin among these {len(seeds)} samples; "
            f"of real pictures {_percent(RARE)} do",
            f"Coverage: {_percent(found.coverage)} of {real} have a sample nearby; "
            f"new real pictures would come near to about {_percent(1 - 2**-K)}",
            f"Clear: the classifier is sure of {_percent(found.confident)}",
        ]
    return {"verdict": reading.verdict, "facts": facts}


def plot(reading: Reading) -> str:
    """The samples by class, beside the data, as HTML."""
    if reading.expert is None or reading.examination is None or reading.data is None:
        return ""
    shares = [count / len(reading.seeds) for count in reading.examination.histogram.counts]
    title = f"{len(reading.seeds)} samples by class; the mark is the data’s share"
    return class_bars(title, reading.expert.classes, shares, reading.data)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
