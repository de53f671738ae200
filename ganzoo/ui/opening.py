"""Open: what else is there on the Hub?"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import gradio as gr

from ganzoo.hub.fetching import Transfer
from ganzoo.hub.index import Index
from ganzoo.hub.place import parse_place
from ganzoo.ui import components, validation
from ganzoo.ui.gallery import Cards
from ganzoo.ui.models import Models
from ganzoo.ui.wiring import DRAWING, PRIVATE, told

UNLISTED = "The Hub is out of reach just now, so its models are not listed."


class Opening:
    """The control by which a visitor opens a model of the Hub, for this visit, and what was opened so."""

    def __init__(self) -> None:
        self.field = components.opener()
        self._arrival = components.arrival()
        self.offers = components.offers()
        self.opened = gr.JSON([], visible=False)
        """The models' ids, which only the visitor's browser keeps."""
        self._transfers: dict[str, Transfer] = {}
        """What is being opened just now, by the ticket that only the visitor's browser knows."""

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
        def open_model(name: Any, opened: Any, event: gr.EventData) -> tuple[Any, ...]:
            with self._transfer(_ticket(event)) as transfer:
                model = models.open(parse_place(validation.text(name, "A model's name")), transfer)
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
        self.field.watch(self._watch, None, self._arrival, trigger_mode="multiple", **PRIVATE)

    def _watch(self, event: gr.EventData) -> float | None:
        transfer = self._transfers.get(_ticket(event))
        if transfer and event._data.get("stop") is True:
            transfer.stopped = True
        return transfer.progress if transfer else None

    @contextmanager
    def _transfer(self, ticket: str) -> Iterator[Transfer]:
        transfer = self._transfers[ticket] = Transfer()
        try:
            yield transfer
        finally:
            self._transfers.pop(ticket, None)


def _ticket(event: gr.EventData) -> str:
    return str(event._data.get("ticket"))


def offer(index: Index) -> gr.HTML:
    """What is offered of the Hub's models, as far as that is known by now: nobody waits for it.

    Why the Hub gave no answer is not told, for no visitor has asked it.
    """
    found = {0: UNLISTED if index.complaint else None, 1: "The field lists the one that was found."}
    listed = found.get(len(index.names), f"The field lists the {len(index.names)} that were found.")
    return gr.HTML(names=index.names, remark=listed)
