"""About: how does it work, who made this?"""

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.config import clipped
from ganzoo.checkpoints.scores import Score
from ganzoo.ui import validation
from ganzoo.ui.facts import training_length
from ganzoo.ui.models import Model, Models
from ganzoo.ui.plots import bars
from ganzoo.ui.wiring import PRIVATE, UNCHECKED

EQUATION = """
<math display="block" aria-label="The minimum over G of the maximum over D of the sum of two means: of log D of x over
real pictures x, and of log of 1 minus D of G of z over latents z">
<munder><mo rspace="0.3em">min</mo><mi>G</mi></munder><munder><mo rspace="0.3em">max</mo><mi>D</mi></munder>
<msub><mi>&Eopf;</mi><mi>x</mi></msub><mrow><mo>[</mo><mi>log</mi><mspace width="0.2em"/><mi>D</mi><mo>(</mo><mi>x</mi>
<mo>)</mo><mo>]</mo></mrow><mo>+</mo><msub><mi>&Eopf;</mi><mi>z</mi></msub><mrow><mo>[</mo><mi>log</mi><mo>(</mo><mn>1</mn>
<mo>−</mo><mi>D</mi><mo>(</mo><mi>G</mi><mo>(</mo><mi>z</mi><mo>)</mo><mo>)</mo><mo>)</mo><mo>]</mo></mrow>
</math>"""

GAME = f"""
<h2>The game</h2>
<p>The generator G, the forger, turns noise z into a picture. The discriminator D, the judge, is shown real pictures
and forged ones, and says how sure it is that each is real. They take turns: D learns to tell the two apart, G learns
to be taken for real. No one tells G what a digit or a shoe looks like; all it learns, it learns from what the judge
notices.</p>
{EQUATION}
<p>Goodfellow and others wrote the game down so in 2014. Most variants here change what each player minimises: DCGAN
plays it with convolutions; WGAN and WGAN-GP have the judge, there called the critic, estimate a distance between the
forged and the real pictures.</p>
<p>A seed stands for one z, the same on every machine. The same seed means nothing common to two models: each has
learnt a space of its own. Nothing about your visit is kept.</p>"""

LICENCE = """
<h2>Licence</h2>
<p>ganzoo is free software under the Apache License 2.0. The data sets that the models learnt from have licences of
their own.</p>"""


def page(models: Models, opened: Sequence[str] = (), ways: str = "") -> str:
    """The tab as HTML: the game, every model, also those ``opened`` on the Hub, and at its foot ``ways``, HTML.

    What checkpoints say is escaped.
    """
    cards = "".join(_card(model, _known(models, model)) for model in (*models, *models.still_known(opened)))
    broken = "".join(f"<p>Left out: {escape(sentence)}</p>" for sentence in models.broken)
    return f'<div class="gz-about">{GAME}<h2>The models</h2>{cards}{broken}{LICENCE}{ways}</div>'


def follow(models: Models, tab: gr.HTML, zoo: gr.Number, opened: gr.JSON, *, ways: str) -> None:
    """Have the tab tell of what there is in the ``zoo`` and ``opened``."""

    def describe(opened: Any) -> str:
        return page(models, validation.opened(opened), ways=ways)

    gr.on([zoo.change, opened.change], describe, opened, tab, **PRIVATE, **UNCHECKED)


def _known(models: Models, model: Model) -> Sequence[Score]:
    try:
        return models.scores(model)
    except CheckpointError:  # whoever compares the model is told why
        return ()


def _card(model: Model, scores: Sequence[Score]) -> str:
    config = model.checkpoint.config
    parameters = model.checkpoint.parameters
    facts = {
        "Variant": model.title,
        "Description": model.recipe.paper if model.recipe else None,
        "Commit": model.commit,
        "Data": model.dataset,
        "Classes": ", ".join(model.classes),
        "Pictures": None if model.directions else _pictures(model.image_shape),
        "Directions": "; ".join(f"{way}: {' to '.join(map(_pictures, it))}" for way, it in model.directions.items()),
        config.networks.role.capitalize(): f"{config.networks.model.architecture}, {parameters:,} parameters",
        "Trained for": training_length(model),
        "On": model.training("hardware"),
        "Weights": model.training("weights"),
        "Kept to show": config.exhibit,
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(clipped(str(fact)))}</dd>" for name, fact in facts.items() if fact)
    story = f"<p>{escape(model.recipe.story)}</p>" if model.recipe and model.recipe.story else ""
    counted = next((score for score in scores if score.counts), None)
    histogram = _histogram(counted) if counted else ""
    mark = f" <em>{escape(config.exhibit)}</em>" if config.exhibit else ""
    return f"<details><summary>{escape(model.id)}{mark}</summary>{story}<dl>{rows}</dl>{histogram}</details>"


def _pictures(shape: tuple[int, int, int]) -> str:
    channels, height, width = shape
    return f"{height} × {width}, {'grey' if channels == 1 else 'colour'}"


def _histogram(score: Score) -> str:
    """Its samples by class, as a classifier sees them."""
    assert score.counts
    whose = score.passport.get("extractor")
    seen = f", as the classifier {clipped(whose)} sees them" if isinstance(whose, str) else ""
    return bars(f"{sum(score.counts):,} samples by class{seen}", score.counts, unit="class")
