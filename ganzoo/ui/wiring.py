"""How events reach the device: one queue for all of them, and errors as one sentence."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from html import escape
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from ganzoo.checkpoints import CheckpointError
from ganzoo.ui.validation import RequestError

P = ParamSpec("P")
R = TypeVar("R")

ON_THE_DEVICE: dict[str, Any] = {"concurrency_id": "device", "concurrency_limit": 1}
"""For every event that draws: the device does one thing at a time."""

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For the page's own events."""

UNCHECKED: dict[str, Any] = {"preprocess": False}
"""Hands inputs over as they came: components check some things in words of their own, ``validation`` checks all."""

DRAWING = {**PRIVATE, **UNCHECKED, **ON_THE_DEVICE, "show_progress": "minimal"}
"""For the page's events that draw. ``page.css`` shows the clock of those that take long, and fades nothing."""


@dataclass(frozen=True)
class Redraw:
    """What shows a tab anew: a function, and the components that it reads and fills."""

    function: Callable[..., Any]
    inputs: Sequence[gr.components.Component]
    outputs: Sequence[gr.components.Component]

    def on(self, triggers: Sequence[Any]) -> None:
        """Run at each of ``triggers``; of those that come while it runs, only the last counts."""
        gr.on(triggers, self.function, self.inputs, self.outputs, trigger_mode="always_last", **DRAWING)

    def at_once(self, *values: Any) -> None:
        """Run now, of the first inputs' values and the others' own, so that the page comes with pictures in it."""
        with suppress(gr.Error):  # the visitor who meets it is told
            shown = self.function(*values, *(component.value for component in self.inputs[len(values) :]))
            for component, value in zip(self.outputs, shown, strict=True):
                component.value = value

    def after(self, dependency: gr.events.Dependency) -> gr.events.Dependency:
        """Run when another event is through."""
        following: gr.events.Dependency = dependency.then(self.function, self.inputs, self.outputs, **DRAWING)
        return following


def in_one_sentence(function: Callable[P, R]) -> Callable[P, R]:
    """Tell visitors and programs what they asked wrongly. gradio shows messages as HTML, so they are escaped."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (RequestError, CheckpointError) as error:
            raise gr.Error(escape(str(error)), title="Not drawn", print_exception=False) from None

    return answer
