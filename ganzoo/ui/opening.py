"""Open: what else is there on the Hub?"""

from itertools import count
from typing import Any

import gradio as gr

from ganzoo.hub.index import Index
from ganzoo.hub.place import parse_place
from ganzoo.ui import components, validation
from ganzoo.ui.gallery import Cards
from ganzoo.ui.models import Models
from ganzoo.ui.wiring import DRAWING, told


class Opening:
    """The control by which a visitor opens a model of the Hub, for this visit, and what was opened so."""

    def __init__(self) -> None:
        self.field = components.opener()
        self.offers = components.offers()
        self.opened = gr.JSON([], visible=False)
        """The models' ids, which only the visitor's browser keeps."""

    def on_submit(
        self,
        models: Models,
        cards: Cards,
        *,
        chosen: gr.HTML,
        nothing: gr.HTML,
        tabs: gr.Tabs,
        translate_tab: gr.Tab,
        notice: gr.HTML,
    ) -> None:
        """Open what is typed: its card joins the row of which ``chosen`` is the value, and Sample shows it.

        What translates has no card, and is in Translate. ``nothing`` is what was said instead where there was no model,
        ``notice`` takes what went wrong.
        """
        turns = count()

        @told(5)
        def open_model(name: Any, opened: Any) -> tuple[Any, ...]:
            model = models.open(parse_place(validation.text(name, "A model's name")))
            others = [other for other in validation.opened(opened) if other != model.id]
            translates = "translate" in model.abilities
            joined = None if translates else {"card": cards.of(model), "turn": next(turns)}
            return (
                gr.HTML(joined=joined) if joined else gr.skip(),
                [*others, model.id],
                gr.HTML(visible=False),
                gr.Tabs(visible=True, selected="translate" if translates else "sample"),
                gr.Tab(visible=True) if translates else gr.skip(),
            )

        shown = [chosen, self.opened, nothing, tabs, translate_tab, notice]
        self.field.submit(open_model, [self.field, self.opened], shown, show_progress_on=self.field, **DRAWING)


def offer(index: Index) -> gr.HTML:
    """What is offered of the Hub's models, as far as that is known by now: nobody waits for it."""
    found = {0: None, 1: "The field lists the one that was found."}
    listed = found.get(len(index.names), f"The field lists the {len(index.names)} that were found.")
    return gr.HTML(names=index.names, remark=index.complaint or listed)
