"""The choice of a class, which is there where the chosen model has classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ganzoo.ui.models import Model, Models
from ganzoo.ui.wiring import PRIVATE, REFUSALS, UNCHECKED, keep_up

OWN = -1
"""What stands for each seed's own class."""


@dataclass(frozen=True)
class Chooser:
    """A list of classes, and how it calls each seed's own."""

    field: gr.Dropdown
    own: str


def chooser(models: Models, label: str, own: str) -> Chooser:
    """For the model that the page comes with."""
    field = gr.Dropdown(**_choices(models.first, own), value=OWN, label=label, filterable=False, min_width=96)
    return Chooser(field, own)


def follow(models: Models, chosen: gr.HTML, choosers: Sequence[Chooser], triggers: Sequence[Any]) -> None:
    """Have the lists hold, after each of ``triggers``, the classes of the model whose id ``chosen`` has."""

    def offer(name: Any, *kinds: Any) -> list[Any]:
        try:
            model = None if name is None else models[name]
        except REFUSALS:  # whoever draws is told
            return [gr.skip() for _ in choosers]
        return [_updated(it, model, kind) for it, kind in zip(choosers, kinds, strict=True)]

    fields = [it.field for it in choosers]
    keep_up(triggers, offer, [chosen, *fields], fields, **PRIVATE, **UNCHECKED)


def asked(model: Model, kind: Any) -> Any:
    """The class that a choice asks of the model; None for each seed's own.

    What was chosen for a model with more classes asks nothing of one that has fewer, or none.
    """
    return kind if isinstance(kind, int) and 0 <= kind < model.num_classes else None


def given(it: Chooser, model: Model, kind: Any) -> gr.Dropdown:
    """The list with this class of the model chosen."""
    return gr.Dropdown(**_choices(model, it.own), value=OWN if asked(model, kind) is None else kind)


def _choices(model: Model | None, own: str) -> dict[str, Any]:
    names = model.classes if model else ()
    return {"choices": [(own, OWN), *((name, number) for number, name in enumerate(names))], "visible": bool(names)}


def _updated(it: Chooser, model: Model | None, kind: Any) -> gr.Dropdown:
    """A choice stays, but for one that asks nothing of a model with classes."""
    choices = _choices(model, it.own)
    if model and model.num_classes and asked(model, kind) is None:
        choices["value"] = OWN
    return gr.Dropdown(**choices)
