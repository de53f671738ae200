"""The page put together: the row of models, and a tab for each of the visitor's questions."""

from typing import Any

import gradio as gr

from ganzoo.ui import about, compare, components, endpoints, interpolate, sample
from ganzoo.ui.drawing import Studio
from ganzoo.ui.gallery import Cards
from ganzoo.ui.models import Models
from ganzoo.ui.wiring import PRIVATE

INTRODUCTION = """
<h1>ganzoo</h1>
<p>Two networks play a game: one forges, one judges. This is what the forger learned to draw.</p>
<p>Choose a model, pull the truncation down and watch variety go, or choose a picture to see it large.</p>"""
NOTHING = """
<p>No model is here yet: train one with <code>python -m train gan --dataset mnist</code>, then load this page anew.</p>
"""


def build(models: Models) -> gr.Blocks:
    """The page over these models. Launch it with ``launch_options``."""
    studio = Studio(models)
    cards = Cards(studio)
    demo: gr.Blocks
    with gr.Blocks(title="ganzoo", analytics_enabled=False, delete_cache=(600, 3600)) as demo:
        gr.HTML(INTRODUCTION, elem_id="intro", apply_default_css=False)
        nothing = gr.HTML(NOTHING, visible=not len(models))
        download, notice = components.download(), components.notice()
        zoo = gr.Number(visible=False)  # which the page shows; another one is drawn at once
        with gr.Column(visible=bool(len(models))) as everything:
            chosen = components.cards(_first(models), cards.plain())
            with gr.Tabs() as tabs:
                with gr.Tab("Sample", id="sample"):
                    samples = sample.build(studio, chosen, download, notice)
                with gr.Tab("Interpolate", id="interpolate"):
                    walk = interpolate.build(studio, chosen, download, notice)
                with gr.Tab("Compare", id="compare") as compare_tab:
                    comparison = compare.build(studio, notice)
                with gr.Tab("About", id="about"):
                    described = gr.HTML(about.page(models), apply_default_css=False)
        endpoints.add(studio)

        samples.sheet.use_a(_seed, None, walk.seed_a, **PRIVATE)
        samples.sheet.use_b(_seed, None, walk.seed_b, **PRIVATE)
        samples.sheet.interpolate(lambda: gr.Tabs(selected="interpolate"), None, tabs, **PRIVATE)
        samples.redraw.on([zoo.change])
        walk.redraw.on([zoo.change])
        comparison.redraw.on([compare_tab.select])

        def open_page() -> Any:
            models.refresh()
            # What the visitor has done meanwhile counts: the chosen model is left as it is, and so is all that the
            # page has come with, unless there are other models by now.
            new_cards = gr.HTML(cards=cards.plain())
            if models.version == zoo.value:
                return new_cards, *(gr.skip(),) * 5
            some = bool(len(models))
            return (
                new_cards,
                models.version,
                gr.HTML(visible=not some),
                gr.Column(visible=some),
                gr.CheckboxGroup(**compare.choices(models)),
                about.page(models),
            )

        outputs = [chosen, zoo, nothing, everything, comparison.models, described]
        opened = demo.load(open_page, None, outputs, **PRIVATE)
        opened.then(lambda: gr.HTML(cards=cards.with_thumbnails()), None, chosen, **PRIVATE)
    if samples.redraw.at_once(_first(models)):
        zoo.value = models.version
    demo.queue(max_size=64)
    return demo


def _first(models: Models) -> str | None:
    return next((model.id for model in models), None)


def _seed(event: gr.EventData) -> Any:
    return event._data.get("seed")
