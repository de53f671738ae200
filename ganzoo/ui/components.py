"""Components of the page's own: ``gr.HTML``, nearly always brought to life by the scripts in ``browser/``.

What is alive holds as its value what the function of its name there draws, and is drawn anew when the value changes.
Templates are empty, so that nothing from outside becomes markup or script.
"""

from typing import Any

import gradio as gr


def quiet(text: str) -> gr.HTML:
    """A paragraph in small grey letters, of our own words."""
    return gr.HTML(f"<p>{text}</p>", elem_classes="gz-quiet", apply_default_css=False)


def cards(value: str | None, cards: list[dict[str, Any]]) -> gr.HTML:
    """The row of models. The value is the chosen one's id; ``select`` is its event.

    Each new ``joined``, ``{"card": …, "turn": …}``, adds a card for this visitor alone and chooses it; each new
    ``restored``, ``{"id": …, "turn": …}``, chooses one that is there.
    """
    return _alive("cards", "", value=value, cards=cards, joined=None, restored=None, elem_id="models")


def opener() -> gr.HTML:
    """Takes the name of a model on the Hub. The value is what was typed when its event ``submit`` came.

    That tells a ``ticket``, by which its event ``watch`` asks how far the opening has got, and says whether to ``stop``
    it. Its event ``focus`` tells that somebody is about to type. Each new ``proposed``, ``{"name": …, "turn": …}``, is
    put there for the visitor to submit.
    """
    return _alive("opener", "'watch'", proposed=None, elem_id="opener")


def arrival() -> gr.HTML:
    """How much of what is being opened is here: the share, None where nobody knows."""
    return _alive("arrival", "", value=None, elem_id="arrival")


def offers() -> gr.HTML:
    """What ``opener`` offers, ``names``, and a ``remark`` beside it."""
    return _alive("offers", "", names=[], remark=None, elem_id="offers")


def link() -> gr.HTML:
    """Copies the address of what the page shows, and takes pictures that were saved here.

    The value lists the chosen model, the open tab, what the controls are set to, then the latents that may stand in a
    seed's place; ``names`` says of each control its tab and its name, ``founds`` of each latent its tab and the name of
    the seed. Its event ``restore`` tells a ``query``: that of the address by which the page was opened, or of a
    picture.
    """
    return _alive("link", "'restore'", names=[], founds=[], elem_id="link")


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
    """Columns of pictures, a seed a row; its event ``remove`` tells the model whose column is to go, ``expand`` that it
    is seen.
    """
    return _alive("comparison", "'remove'", elem_id="comparison")


def duel() -> gr.HTML:
    """Two sets of pictures whose models are not named; ``expand`` and ``another`` ask for the next.

    Its event ``pick`` tells the ``choice``, what the duel was decided by, and the ``earlier`` picks, which are kept in
    the browser only. Each new ``revealed`` names the two, and who is ahead.
    """
    return _alive("duel", "'pick', 'another'", revealed=None, elem_id="duel")


def film() -> gr.HTML:
    """Films of several runs in step, with one slider; its event ``expand`` tells that it is seen."""
    return _alive("film", "", elem_id="film")


def meter() -> gr.HTML:
    """A verdict, and what else is known; its event ``expand`` tells that it is seen."""
    return _alive("meter", "", elem_id="meter")


def copies() -> gr.HTML:
    """A grid, and what its chosen tile resembles, ``likeness``.

    Its events ``choose`` and ``fetch`` tell the seed of which that is asked, None where it has none; ``expand`` tells
    that it is seen.
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
    new ``given``, ``{"src": …, "turn": …}``, is put there; with ``own``, as if the visitor had done it. ``input`` tells
    of another picture, ``expand`` asks for one.
    """
    return _alive("pad", "", canvas=canvas, given=None, elem_id=elem_id, elem_classes="gz-pad-place")


def translation() -> gr.HTML:
    """Pictures side by side: what is shown to a model, and what comes of it."""
    return _alive("translation", "", elem_id="translation")


def directions() -> gr.HTML:
    """A picture that sliders move. ``known`` are the directions, and ``moved`` is the picture of where they stand.

    The value tells where, ``{"kind": …, "at": […]}``, when its event ``input`` comes; ``expand`` tells that it is seen.
    Each new ``placed``, ``{"model": …, "kind": …, "at": […], "turn": …}``, sets the sliders as soon as these directions
    are known, of any model where it names None.
    """
    return _alive("directions", "", known=None, moved=None, placed=None, elem_id="directions")


def plane() -> gr.HTML:
    """A square with three latents in it, ``known``, and the picture of a place between them, ``moved``.

    The value is the place, a weight for each of the three, when its event ``input`` comes; ``expand`` tells that it is
    seen. Each new ``placed``, ``{"at": […], "turn": …}``, is where to go, or, where that lies outside of the square, to
    the edge before it.
    """
    return _alive("plane", "", known=None, moved=None, placed=None, elem_id="plane")


def painting() -> gr.HTML:
    """Searches for what is drawn, from each ``begun`` on until it is stopped: its value asks for some steps when its
    event ``step`` comes, and ``answer`` tells of them. ``explore``, ``interpolate``, ``neighbours`` and ``criticise``
    tell a latent that was found and its picture, ``expand`` that it is seen.
    """
    events = "'step', 'explore', 'interpolate', 'neighbours', 'criticise'"
    return _alive("painting", events, begun=None, answer=None, elem_id="painting")


def lab() -> gr.HTML:
    """A game that is played on as long as ``input`` is answered. The value asks for it: ``{"ticket": …, "anew": …}``.

    ``begun`` is how a game stands before its first step, of which ``expand`` asks for one; ``seen`` is how it goes on.
    """
    return _alive("lab", "", begun=None, seen=None, elem_id="lab")


def notice() -> gr.HTML:
    """Tells the visitor its value, a sentence, until the value is None."""
    return _alive("notice", "", elem_id="notice")


def download() -> gr.HTML:
    """Hands the browser a file, ``{"name": …, "src": …}``, as soon as it becomes the value.

    A PNG keeps the page's view in it, but for what an entry ``view`` says of its controls.
    """
    return _alive("download", "", visible="hidden")


def _alive(function: str, events: str, **settings: Any) -> gr.HTML:
    script = f"ganzoo.{function}({{element, trigger, props, watch}}); // events: {events}"
    return gr.HTML(html_template="", js_on_load=script, apply_default_css=False, **settings)
