"""What is on the page only while a model is chosen that can do it."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.blocks import Block

from ganzoo.ui.models import Model, Models
from ganzoo.ui.wiring import PRIVATE, REFUSALS, UNCHECKED, keep_up


def can(model: Model | None, ability: str) -> bool:
    """Whether there is a model, and it can."""
    return model is not None and ability in model.abilities


def follow(models: Models, chosen: gr.HTML, parts: Mapping[str, Block], triggers: Sequence[Any]) -> None:
    """Show each of ``parts``, by ability, only if the model can whose id ``chosen`` has, after each of ``triggers``."""

    def show(name: Any) -> list[Any]:
        try:
            model = None if name is None else models[name]
        except REFUSALS:  # whoever draws is told
            return [gr.skip() for _ in parts]
        return [gr.update(visible=can(model, ability)) for ability in parts]

    keep_up(triggers, show, chosen, list(parts.values()), **PRIVATE, **UNCHECKED)
