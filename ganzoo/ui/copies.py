"""The copy check: which training pictures a sample resembles, and whether more than new real pictures do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ganzoo.inference.pictures import Pixels, grid, picture, png
from ganzoo.metrics.catalogue import Catalogue, Resemblance
from ganzoo.metrics.neighbours import RARE
from ganzoo.ui import components
from ganzoo.ui.catalogues import Catalogues, unknown
from ganzoo.ui.classes import Chooser, asked, chooser
from ganzoo.ui.drawing import Samples, Studio
from ganzoo.ui.experts import Expert, expert_of
from ganzoo.ui.found import latent
from ganzoo.ui.pictures import png_url
from ganzoo.ui.plots import Group, histograms
from ganzoo.ui.sample import NEW_SEED, sheet_value
from ganzoo.ui.validation import MAX_TRUNCATION, RequestError
from ganzoo.ui.wiring import DRAWING, PRIVATE, REFUSALS, UNCHECKED, Redraw, told

SEED, COUNT, TRUNCATION = 0, 36, 1.0
"""What the copy check opens with."""
PART = 1_500
"""Training pictures that are looked at before the visitor is told how far that has got: less than a second's work."""


@dataclass(frozen=True)
class Likeness:
    """What a sample resembles."""

    samples: Samples
    """Of this one sample."""
    expert: Expert
    catalogue: Catalogue
    found: Resemblance

    @property
    def pixels(self) -> Pixels:
        """The training pictures that it resembles most, ``[N, H, W, C]``."""
        pixels: Pixels = self.catalogue.pictures(self.found.indices).permute(0, 2, 3, 1).numpy()
        return pixels

    @property
    def labels(self) -> list[str]:
        """What these are of."""
        labels = self.catalogue.training.labels
        assert labels is not None  # every published set has them
        return [self.expert.classes[label] for label in labels[list(self.found.indices)].tolist()]

    @property
    def sentence(self) -> str:
        """How much it resembles them, for people."""
        count, percent = len(self.catalogue.reference), f"{100 * self.found.share:.0f} %"
        if self.found.share < RARE:
            return (
                f"Fewer than {100 * RARE:.0f} % of {count} real pictures that no model learnt from are so near to a "
                "training picture: this may be a copy."
            )
        return (
            f"{percent} of {count} real pictures that no model learnt from are nearer to a training picture than this "
            "sample is: it is no copy by this measure."
        )

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return {
            "indices": list(self.found.indices),
            "labels": self.labels,
            "distances": list(self.found.distances),
            "percentile": 100 * self.found.share,
            "sentence": self.sentence,
        }


@dataclass(frozen=True)
class CopyCheck:
    """What the rest of the page needs of it."""

    seed: gr.Number
    kind: Chooser
    truncation: gr.Slider
    found: gr.JSON
    """A latent that is no seed, of which the only sample is: ``{"model": …, "z": […]}``, or None."""
    redraw: Redraw


def build(studio: Studio, catalogues: Catalogues, chosen: gr.HTML, notice: gr.HTML) -> CopyCheck:
    """Lay the copy check out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""

    @told(1)
    def draw(model: Any, seed: Any, kind: Any, truncation: Any, found: Any) -> tuple[Any, ...] | None:
        if model is None or seed is None:  # no model yet, or a field that is being typed in
            return None
        of, known = asked(studio.models[model], kind), latent(model, seed, found)
        if known is seed:
            return (sheet_value(studio.samples(model, seed, COUNT, truncation, of, fewer=True)),)
        return (sheet_value(studio.sample(model, known, truncation, of)),)

    def answer(of: Callable[[Any], Catalogue | None]) -> Callable[..., tuple[Any, ...]]:
        @told(2)
        def tell(model: Any, kind: Any, truncation: Any, found: Any, event: gr.EventData) -> tuple[Any, ...] | None:
            seed = event._data.get("seed")
            sample = latent(model, None, found) if seed is None else seed
            if model is None or sample is None:  # no model yet, or seeds have taken the place of what was found
                return None
            known = studio.models[model]
            told_of: dict[str, Any] = {"model": known.id, "seed": seed, "dataset": known.dataset}
            try:
                catalogue = of(known)
            except REFUSALS as error:  # said where it was asked: elsewhere the next picture would take it away
                return gr.HTML(likeness={**told_of, "progress": None, "refusal": str(error)}), ""
            if catalogue is not None and catalogue.progress < 1:
                catalogue.look(PART)
            if expert_of(known) is None:
                return gr.HTML(likeness={**told_of, "refusal": unknown(known.id)}), ""
            if catalogue is None or catalogue.progress < 1:
                progress = None if catalogue is None else catalogue.progress
                return gr.HTML(likeness={**told_of, "progress": progress}), ""
            likeness = compare(studio, catalogue, model, sample, truncation, asked(known, kind))
            return gr.HTML(likeness={**told_of, **likeness_value(likeness)}), plot(likeness)

        return tell

    with gr.Row(elem_classes="gz-stage"):
        with gr.Column(elem_classes="gz-controls"):
            seed = gr.Number(SEED, label="Seed", info="Of the first sample. Each next one has the next seed.")
            new_seed = gr.Button("New seed")
            kind = chooser(studio.models, "Class", "each its own")
            truncation = gr.Slider(*(0.0, MAX_TRUNCATION, TRUNCATION), step=0.05, label="Truncation")
            found = gr.JSON(visible=False)
        with gr.Column(elem_classes="gz-show"):
            sheet = components.copies()
            spread = gr.HTML(apply_default_css=False)

    fields: list[Any] = [seed, kind.field, truncation, found]
    redraw = Redraw(draw, [chosen, *fields], [sheet, notice])
    redraw.on([sheet.expand, chosen.select, *(field.change for field in fields)])
    seed.change(None, None, found, js="() => null", **PRIVATE)
    new_seed.click(None, None, seed, js=NEW_SEED, **PRIVATE)
    inputs, outputs = [chosen, kind.field, truncation, found], [sheet, spread, notice]
    # Each tile that is chosen gets its answer, and the browser passes over those of tiles chosen before.
    sheet.choose(answer(catalogues.of), inputs, outputs, trigger_mode="multiple", **PRIVATE, **UNCHECKED)
    sheet.fetch(answer(catalogues.fetch), inputs, outputs, **DRAWING)
    return CopyCheck(seed, kind, truncation, found, redraw)


def compare(
    studio: Studio, catalogue: Catalogue, model: object, latent: object, truncation: object = 1.0, of: object = None
) -> Likeness:
    """What a model's image of this latent resembles; raises ``RequestError``, and what drawing raises."""
    samples = studio.sample(model, latent, truncation, of)
    expert = expert_of(samples.model)
    if expert is None:
        raise RequestError(unknown(samples.model.id))
    return Likeness(samples, expert, catalogue, catalogue.resembled(expert.brought(samples.pictures)[0]))


def whole(catalogues: Catalogues, model: Any) -> Catalogue:
    """The catalogue of the model's training pictures, all of which have been looked at; raises as fetching does."""
    catalogue = catalogues.fetch(model)
    while catalogue.progress < 1:
        catalogue.look(PART)
    return catalogue


def likeness_value(likeness: Likeness) -> dict[str, Any]:
    """What a sample resembles, as the browser takes it."""
    found = zip(likeness.pixels, likeness.labels, likeness.found.indices, likeness.found.distances, strict=True)
    return {
        "sentence": likeness.sentence,
        "pictures": [
            {
                "src": png_url(picture(pixels)),
                "alt": f"Training picture {index} of {likeness.samples.model.dataset}, {label}",
                "name": f"{label}, no. {index}, distance {distance:.3g}",
            }
            for pixels, label, index, distance in found
        ],
    }


def plot(likeness: Likeness) -> str:
    """Where the sample's distance lies among those of held-out pictures, as HTML."""
    return histograms(
        "Distance from the nearest training picture, between the classifier’s features",
        [Group("real, held out", "real", likeness.catalogue.usual.tolist())],
        unit="",
        mark=("this sample", likeness.found.distances[0]),
    )


def row(likeness: Likeness) -> bytes:
    """The training pictures side by side, unscaled, the nearest first, as PNG."""
    return png(grid(likeness.pixels, across=len(likeness.pixels)))
