"""Components of the page's own: ``gr.HTML`` brought to life by the scripts in ``browser/``.

Each holds as its value what the function of its name there draws, and is drawn anew when the value changes. Templates
are empty, so that nothing from outside becomes markup or script.
"""

from typing import Any

import gradio as gr


def cards(value: str | None, cards: list[dict[str, Any]]) -> gr.HTML:
    """The row of models. The value is the chosen one's id; ``select`` is its event.

    Each new ``joined``, ``{"card": …, "turn": …}``, adds a card for this visitor alone and chooses it.
    """
    return _alive("cards", "", value=value, cards=cards, joined=None, elem_id="models")


def opener() -> gr.HTML:
    """Takes the name of a model on the Hub. The value is what was typed when its event ``submit`` came.

    Its event ``focus`` tells that somebody is about to type.
    """
    return _alive("opener", "", elem_id="opener")


def offers() -> gr.HTML:
    """What ``opener`` offers, ``names``, and a ``remark`` beside it."""
    return _alive("offers", "", names=[], remark=None, elem_id="offers")


def picture() -> gr.HTML:
    """A grid with its chosen tile; events ``save``, ``use_a``, ``use_b``, ``neighbours`` and ``critic`` tell a seed.

    Its event ``expand`` tells that it is seen.
    """
    return _alive("picture", "'save', 'use_a', 'use_b', 'interpolate', 'neighbours', 'critic'", elem_id="picture")


def walk() -> gr.HTML:
    """A loop and a strip; its event ``expand`` tells that it is seen."""
    return _alive("walk", "", elem_id="walk")


def mixture() -> gr.HTML:
    """A grid of mixed styles with its chosen tile; its event ``expand`` tells that it is seen."""
    return _alive("mixture", "", elem_id="mixture")


def comparison() -> gr.HTML:
    """Grids of several models, aligned."""
    return _alive("comparison", "", elem_id="comparison")


def meter() -> gr.HTML:
    """A verdict, and what else is known; its event ``expand`` tells that it is seen."""
    return _alive("meter", "", elem_id="meter")


def copies() -> gr.HTML:
    """A grid, and what its chosen tile resembles, ``likeness``.

    Its events ``choose`` and ``fetch`` tell the seed of which that is asked, ``expand`` that it is seen.
    """
    return _alive("copies", "'choose', 'fetch'", likeness=None, elem_id="copies")


def criticism() -> gr.HTML:
    """A grid, and beside its chosen tile what matters in it; its event ``expand`` tells that it is seen."""
    return _alive("criticism", "", elem_id="criticism")


def opinions() -> gr.HTML:
    """What several critics say of one picture."""
    return _alive("opinions", "", elem_id="opinions")


def pad(canvas: dict[str, Any] | None, elem_id: str) -> gr.HTML:
    """Takes a picture that is drawn, dropped or chosen. The value is its address, which holds it as PNG.

    What is drawn on is ``canvas``: its ``size`` (height, width) and ``channels``, and the ``way`` that it is for. Each
    new ``given``, ``{"src": …, "turn": …}``, is put there. ``input`` tells of another picture, ``expand`` asks for one.
    """
    return _alive("pad", "", canvas=canvas, given=None, elem_id=elem_id, elem_classes="gz-pad-place")


def translation() -> gr.HTML:
    """Pictures side by side: what is shown to a model, and what comes of it."""
    return _alive("translation", "", elem_id="translation")


def notice() -> gr.HTML:
    """Tells the visitor its value, a sentence, until the value is None."""
    return _alive("notice", "", elem_id="notice")


def download() -> gr.HTML:
    """Hands the browser a file, ``{"name": …, "src": …}``, as soon as it becomes the value."""
    return _alive("download", "", visible="hidden")


def _alive(function: str, events: str, **settings: Any) -> gr.HTML:
    script = f"ganzoo.{function}({{element, trigger, props, watch}}); // events: {events}"
    return gr.HTML(html_template="", js_on_load=script, apply_default_css=False, **settings)
