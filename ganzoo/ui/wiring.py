"""How events reach the device and come back: the page's own, what programs ask, and errors as one sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from html import escape
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from ganzoo.checkpoints import CheckpointError
from ganzoo.inference import BusyError
from ganzoo.ui.validation import RequestError

REFUSALS = (RequestError, CheckpointError, BusyError)
"""Errors whose text is one sentence for the one who asked."""

P = ParamSpec("P")
R = TypeVar("R")

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
"""For the page's own events: a request each, and its answer.

gradio's queue would answer on a stream, which its client takes for open until it reads that the server has closed it:
what is asked in between is never answered, and a visitor's click is lost.
"""

UNCHECKED: dict[str, Any] = {"preprocess": False}
"""Hands inputs over as they came: components check some things in words of their own, ``validation`` checks all."""

DRAWING = {**PRIVATE, **UNCHECKED, "show_progress": "minimal"}
"""For the page's events that draw. ``browser/page.css`` shows the clock of those that take long, and fades nothing."""


WHILE_SEEN = "(first, ...others) => [document.getElementById('{}')?.checkVisibility() ? first : null, ...others]"
"""Run in the browser: what draws nothing without its first input draws nothing for a tab that is not open."""


def keep_up(triggers: Sequence[Any], function: Callable[..., Any], inputs: Any, outputs: Any, **settings: Any) -> None:
    """Run the function at each of ``triggers``; of those that come while it runs, only the last counts.

    In two steps: to run what was held back, gradio's client repeats the event as a whole, with all else that follows
    from it. Where several hold back, each would repeat the others, and that need not end.
    """
    step = gr.on(triggers, None, None, None, js="() => []", **PRIVATE)
    step.then(function, inputs, outputs, trigger_mode="always_last", **settings)


@dataclass(frozen=True)
class Redraw:
    """What shows a tab anew: a function that is ``told``, and the components that it reads and fills.

    Of these the first has an ``elem_id``, and nothing is drawn while it is not seen.
    """

    function: Callable[..., tuple[Any, ...]]
    inputs: Sequence[gr.components.Component]
    outputs: Sequence[gr.components.Component]

    def on(self, triggers: Sequence[Any]) -> None:
        """Run at each of ``triggers``; of those that come while it runs, only the last counts."""
        js = WHILE_SEEN.format(self.outputs[0].elem_id)
        keep_up(triggers, self.function, self.inputs, self.outputs, js=js, **DRAWING)

    def at_once(self, *values: Any) -> bool:
        """Run now, of the first inputs' values and the others' own, so that the page comes with pictures in it.

        Whether that went well: if not, the visitor who asks again is told.
        """
        *shown, complaint = self.function(*values, *(component.value for component in self.inputs[len(values) :]))
        if complaint is None:
            for component, value in zip(self.outputs, shown, strict=False):  # the last is for complaints
                component.value = value
        return complaint is None


def told(filled: int) -> Callable[[Callable[P, tuple[Any, ...] | None]], Callable[P, tuple[Any, ...]]]:
    """For the page's events that draw: after what fills ``filled`` components comes what the visitor asked wrongly.

    That is one sentence, or None to take an earlier one away. A function that answers None leaves all as it is.
    """
    unchanged = (gr.skip(),) * filled

    def decorate(function: Callable[P, tuple[Any, ...] | None]) -> Callable[P, tuple[Any, ...]]:
        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> tuple[Any, ...]:
            try:
                values = function(*args, **kwargs)
            except REFUSALS as error:
                return *unchanged, str(error)
            return (*unchanged, gr.skip()) if values is None else (*values, None)

        return answer

    return decorate


def in_one_sentence(function: Callable[P, R]) -> Callable[P, R]:
    """Tell programs what they asked wrongly. gradio shows messages as HTML, so they are escaped."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except REFUSALS as error:
            raise gr.Error(escape(str(error)), title="Refused", print_exception=False) from None

    return answer
