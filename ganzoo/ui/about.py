"""About: how does it work, who made this?"""

from collections.abc import Sequence
from html import escape
from inspect import getdoc
from typing import Any

import gradio as gr

from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.config import clipped
from ganzoo.checkpoints.scores import Score
from ganzoo.game import AdversarialGame
from ganzoo.recipe import Recipe
from ganzoo.ui import primer, validation
from ganzoo.ui.facts import training_length
from ganzoo.ui.models import Model, Models
from ganzoo.ui.plots import bars
from ganzoo.ui.scores import by_metric, named, protocol
from ganzoo.ui.wiring import Redraw, told

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
    game, words = primer.page(), primer.glossary()
    return f'<div class="gz-about">{game}<h2>The models</h2>{cards}{broken}{words}{LICENCE}{ways}</div>'


def build(models: Models, opened: gr.JSON, notice: gr.HTML, ways: str) -> Redraw:
    """Lay the tab out. It is written when somebody opens it: what every model's players minimise takes a while to say.

    ``opened`` has the ids that the visitor opened, ``notice`` takes what went wrong.
    """

    @told(1)
    def describe(opened: Any) -> tuple[Any, ...] | None:
        return None if opened is None else (page(models, validation.opened(opened), ways=ways),)  # nobody looks

    described = gr.HTML(apply_default_css=False, elem_id="about")
    return Redraw(describe, [opened], [described, notice])


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
        **_losses(model),
        "Data": model.dataset,
        "Classes": ", ".join(model.classes),
        "Pictures": None if model.directions else _pictures(model.image_shape),
        "Directions": "; ".join(f"{way}: {' to '.join(map(_pictures, it))}" for way, it in model.directions.items()),
        config.networks.role.capitalize(): f"{config.networks.model.architecture}, {parameters:,} parameters",
        "Trained for": training_length(model),
        "On": model.training("hardware"),
        "Weights": model.training("weights"),
        "The same again": model.training("command"),
        "Kept to show": config.exhibit,
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(clipped(str(fact)))}</dd>" for name, fact in facts.items() if fact)
    told = [_idea(model.recipe), model.recipe.story] if model.recipe else []
    story = "".join(f"<p>{escape(words)}</p>" for words in told if words)
    counted = next((score for score in scores if score.counts), None)
    histogram = _histogram(counted) if counted else ""
    mark = f" <em>{escape(config.exhibit)}</em>" if config.exhibit else ""
    parts = f"{story}<dl>{rows}</dl>{_scores(scores)}{histogram}"
    return f"<details><summary>{escape(model.id)}{mark}</summary>{parts}</details>"


def _idea(recipe: type[Recipe]) -> str:
    """What the first paragraph about it says, which need not hold for a model whose command changes it."""
    paragraph, _, _ = (getdoc(recipe) or "").partition("\n\n")
    return f"As described: {paragraph}"


def _losses(model: Model) -> dict[str, str]:
    """What its players minimised, where the game has a loss for each of them."""
    if not isinstance(model.game, AdversarialGame):
        return {}
    return {f"{player[0].upper()} minimises": formula for player, formula in model.game.formulas.items()}


def _scores(scores: Sequence[Score]) -> str:
    """Each score with how it was measured."""
    rows = "".join(
        f"<details><summary>{escape(named(score))} <strong>{escape(score.measured)}</strong></summary>"
        f"<p>{'<br>'.join(map(escape, protocol(score).splitlines()))}</p></details>"
        for score in by_metric(scores).values()
    )
    return rows and f"<h4>Scores</h4>{rows}"


def _pictures(shape: tuple[int, int, int]) -> str:
    channels, height, width = shape
    return f"{height} × {width}, {'grey' if channels == 1 else 'colour'}"


def _histogram(score: Score) -> str:
    """Its samples by class, as a classifier sees them."""
    assert score.counts
    whose = score.passport.get("extractor")
    seen = f", as the classifier {clipped(whose)} sees them" if isinstance(whose, str) else ""
    return bars(f"{sum(score.counts):,} samples by class{seen}", score.counts, unit="class")
