"""Permalinks: what the page shows as a query, and back. The address bar holds it, and so does every saved picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr
from gradio.blocks import Block
from gradio.components import Component

from ganzoo.hub.place import parse_place
from ganzoo.ui import abilities, components
from ganzoo.ui.classes import Chooser, given
from ganzoo.ui.models import Model, Models
from ganzoo.ui.validation import RequestError, shown
from ganzoo.ui.wiring import PRIVATE, REFUSALS, UNCHECKED, told

MAX_QUERY = 2_000
"""Characters of a query, which browsers and servers pass on."""
MODEL, TAB = "model", "tab"
"""What is told of every view; the rest are fields of its tab."""


@dataclass(frozen=True)
class Choice:
    """A list whose choices change while the page is open."""

    field: gr.Dropdown | gr.Radio
    known: Callable[[Model | None], Sequence[tuple[str, str]] | None]
    """The choices for a model, by what they are called and what they are; None where nobody knows yet."""


@dataclass(frozen=True)
class Setting:
    """What a visitor sets in parts of the page that are no fields."""

    field: Component
    """Holds how they are set, as a text, or None where they are not yet."""
    parts: Sequence[Block]
    restored: Callable[[str | None, str], Sequence[Any]]
    """What sets each of ``parts`` as a text says, for the model of that id, or for any. Raises ``RequestError``."""


Control = Component | Chooser | Choice | Setting
"""What a visitor sets: its value is told."""


@dataclass(frozen=True)
class Linked:
    """A tab, and by the names that links give them the controls of its view."""

    tab: gr.Tab
    controls: Mapping[str, Control]
    found: gr.JSON | None = None
    """The latent that stands in a seed's place there. No link tells it: while it does, neither the seed is told."""
    seed: str = ""
    """The name of the control in whose place it stands."""
    ability: str | None = None
    """What a model must be able to do for the tab to be there."""


class Permalink:
    """The part of the page that tells the browser what it shows, and restores what somebody else has seen.

    What is restored is a stranger's word: each value must be one that its control could have, and a model of the Hub
    is only proposed, for the visitor to open.
    """

    def __init__(self) -> None:
        self.link = components.link()

    def follow(
        self,
        models: Models,
        linked: Mapping[str, Linked],
        *,
        chosen: gr.HTML,
        opener: gr.HTML,
        tabs: gr.Tabs,
        notice: gr.HTML,
    ) -> None:
        """Tell of the ``linked`` tabs, by id. ``opener`` takes the names of models of the Hub."""
        turns = count()
        controls = [control for it in linked.values() for control in it.controls.values()]
        fields = [_field(control) for control in controls]
        founds = {place: it.found for place, it in linked.items() if it.found}
        current = gr.Textbox(next(iter(linked)), visible=False)
        self.link.props["names"] = [[tab, name] for tab, it in linked.items() for name in it.controls]
        self.link.props["founds"] = [[tab, linked[tab].seed] for tab in founds]
        told_of = [chosen, current, *fields, *founds.values()]
        self.link.value = [component.value for component in told_of]
        for name, it in linked.items():
            it.tab.select(None, None, current, js=f"() => '{name}'", **PRIVATE)
        changes = [chosen.select, *(component.change for component in told_of[1:])]
        gr.on(changes, None, told_of, self.link, js="(...values) => [values]", **PRIVATE)

        def leave(model: Any, tab: Any) -> tuple[Any, ...]:
            """Open the first tab where the chosen model takes the open one away."""
            try:
                needed = linked[tab].ability if tab in linked else None
                stays = needed is None or model is None or abilities.can(models[model], needed)
            except REFUSALS:  # whoever draws is told
                stays = True
            if stays:
                return gr.skip(), gr.skip()
            first = next(iter(linked))
            return first, gr.Tabs(selected=first)

        chosen.select(leave, [chosen, current], [current, tabs], **PRIVATE, **UNCHECKED)

        parts = [part for control in controls for part in _parts(control)]

        @told(3 + len(parts) + len(founds))
        def restore(event: gr.EventData) -> tuple[Any, ...]:
            view = parsed(event._data.get("query"))
            name, tab = view.get(MODEL), view.get(TAB)
            if tab not in {None, *linked}:
                raise RequestError(f"The page has no tab {shown(tab)}.")
            proposed = str(parse_place(name)) if name and "/" in name else None
            model = models[name] if name and not proposed else None
            asked = model.id if model else proposed

            def updates(control: Control, key: str) -> Sequence[Any]:
                if isinstance(control, Setting):
                    return control.restored(asked, view[key])
                return [restored(control, model, key, view[key])]

            values = [
                update
                for place, it in linked.items()
                for key, control in it.controls.items()
                for update in (
                    updates(control, key) if tab == place and key in view else [gr.skip()] * len(_parts(control))
                )
            ]
            return (
                gr.HTML(restored={"id": model.id, "turn": next(turns)}) if model else gr.skip(),
                gr.HTML(proposed={"name": proposed, "turn": next(turns)}) if proposed else gr.skip(),
                gr.Tabs(selected=tab) if tab else gr.skip(),
                *values,
                *(None if place == tab else gr.skip() for place in founds),
            )

        self.link.restore(
            restore, None, [chosen, opener, tabs, *parts, *founds.values(), notice], **PRIVATE, **UNCHECKED
        )


def parsed(query: object) -> Mapping[str, str]:
    """The names and values of a query. Raises ``RequestError`` for what can be none of the page's."""
    if not isinstance(query, str) or not query:
        raise RequestError("There is no recipe in it: choose a PNG that was saved on a page like this one.")
    if len(query) > MAX_QUERY:
        raise RequestError(f"A link has at most {MAX_QUERY:,} characters, not {len(query):,}.")
    try:
        return dict(parse_qsl(query, max_num_fields=64))
    except ValueError:
        raise RequestError("The link names more than the page has.") from None


def _field(control: Control) -> Any:
    return control.field if isinstance(control, Chooser | Choice | Setting) else control


def _parts(control: Control) -> Sequence[Block]:
    return control.parts if isinstance(control, Setting) else [_field(control)]


def restored(control: Control, model: Model | None, name: str, told: str) -> Any:
    """The update that gives a control the value that a link has ``told``. Raises ``RequestError``."""
    match control:
        case Chooser():
            return given(control, model, number(name, told, -1, None)) if model else gr.skip()
        case Choice(field, known):
            choices = known(model)
            return gr.skip() if choices is None else type(field)(choices=choices, value=one_of(name, told, choices))
        case gr.Number() | gr.Slider():
            return number(name, told, control.minimum, control.maximum)
        case gr.Checkbox():
            return one_of(name, told, [("", "true"), ("", "false")]) == "true"
        case gr.Dropdown(multiselect=True) | gr.CheckboxGroup():
            return [one_of(name, one, control.choices or ()) for one in told.split(",")]
        case gr.Radio() | gr.Dropdown():
            return one_of(name, told, control.choices or ())
    raise TypeError(f"{type(control).__name__} has no value that a link could tell")


def one_of(name: str, told: str, choices: Sequence[tuple[Any, ...]]) -> Any:
    """The value of the choice that a link has told of as a text. Raises ``RequestError``."""
    for *_, value in choices:
        if told == str(value):
            return value
    raise RequestError(f"The link has {shown(told)} as its {name}, which the page does not know.")


def number(name: str, told: str, lowest: float | None, highest: float | None) -> float:
    """The number that a link has told of as a text, at least 0 where no bound is given. Raises ``RequestError``."""
    try:
        value = float(told)
    except ValueError:
        value = float("nan")
    low = 0 if lowest is None else lowest
    if not isfinite(value) or value < low or (highest is not None and value > highest):
        raise RequestError(f"The link has {shown(told)} as its {name}, which is no number that it can be.")
    return int(value) if value.is_integer() else value
