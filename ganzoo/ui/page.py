"""The page put together: the row of models, and a tab for each of the visitor's questions."""

from typing import Any

import gradio as gr

from ganzoo.ui import about, compare, components, endpoints, interpolate, sample
from ganzoo.ui.gallery import Cards
from ganzoo.ui.models import Models
from ganzoo.ui.wiring import ON_THE_DEVICE, PRIVATE

INTRODUCTION = """
<h1>ganzoo</h1>
<p>Two networks play a game: one forges, one judges. This is what the forger learned to draw.</p>
<p>Choose a model, pull the truncation down and watch variety go, or choose a picture to see it large.</p>"""
NOTHING = """
<p>No model is here yet: train one with <code>python -m train gan --dataset mnist</code>, then load this page anew.</p>
"""


def build(models: Models) -> gr.Blocks:
    """The page over these models. Launch it with ``launch_options``."""
    cards = Cards(models)
    demo: gr.Blocks
    with gr.Blocks(title="ganzoo", analytics_enabled=False, delete_cache=(600, 3600)) as demo:
        gr.HTML(INTRODUCTION, elem_id="intro", apply_default_css=False)
        nothing = gr.HTML(NOTHING, visible=not len(models))
        download = components.download()
        with gr.Column(visible=bool(len(models))) as everything:
            chosen = components.cards(_first(models), cards.plain())
            with gr.Tabs() as tabs:
                with gr.Tab("Sample", id="sample"):
                    samples = sample.build(models, chosen, download)
                with gr.Tab("Interpolate", id="interpolate"):
                    walk = interpolate.build(models, chosen, download)
                with gr.Tab("Compare", id="compare") as compare_tab:
                    comparison = compare.build(models)
                with gr.Tab("About", id="about"):
                    described = gr.HTML(about.page(models), apply_default_css=False)
        endpoints.add(models)

        samples.sheet.use_a(_seed, None, walk.seed_a, queue=False, **PRIVATE)
        samples.sheet.use_b(_seed, None, walk.seed_b, queue=False, **PRIVATE)
        samples.sheet.interpolate(lambda: gr.Tabs(selected="interpolate"), None, tabs, queue=False, **PRIVATE)
        comparison.redraw.on([compare_tab.select])

        def open_page() -> Any:
            models.refresh()
            some = bool(len(models))
            return (
                gr.HTML(visible=not some),
                gr.Column(visible=some),
                gr.HTML(value=_first(models), cards=cards.plain()),
                gr.CheckboxGroup(**compare.choices(models)),
                about.page(models),
            )

        outputs = [nothing, everything, chosen, comparison.models, described]
        opened = demo.load(open_page, None, outputs, **PRIVATE, **ON_THE_DEVICE)
        drawn = walk.redraw.after(samples.redraw.after(opened))
        drawn.then(lambda: gr.HTML(cards=cards.with_thumbnails()), None, chosen, **PRIVATE, **ON_THE_DEVICE)
    if len(models):
        for redraw in (samples.redraw, walk.redraw):
            redraw.at_once(_first(models))
    demo.queue(max_size=64)
    return demo


def _first(models: Models) -> str | None:
    return next((model.id for model in models), None)


def _seed(event: gr.EventData) -> Any:
    return event._data.get("seed")
