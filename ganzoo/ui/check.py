"""Check: has it collapsed? Has it copied?"""

import gradio as gr

from ganzoo.ui import copies, meter
from ganzoo.ui.catalogues import Catalogues
from ganzoo.ui.copies import CopyCheck
from ganzoo.ui.drawing import Studio
from ganzoo.ui.wiring import Redraw

COLLAPSE = """
<h2>Has it collapsed?</h2>
<p class="gz-quiet">A generator that has collapsed draws a few things again and again. Look for kinds without a
bar, and pull the truncation down to see kinds go.</p>"""
COPY = """
<h2>Has it copied?</h2>
<p class="gz-quiet">Choose a sample and see the five training pictures that resemble it most, by the features of
the data set’s classifier. What is new lies about as far from them as new real pictures do; what is copied lies nearer.
</p>"""


def build(studio: Studio, catalogues: Catalogues, chosen: gr.HTML, notice: gr.HTML) -> tuple[Redraw, CopyCheck]:
    """Lay the tab out: what redraws the meter, and the copy check."""
    gr.HTML(COLLAPSE, elem_classes="gz-part", apply_default_css=False)
    redraw = meter.build(studio, chosen, notice)
    gr.HTML(COPY, elem_classes="gz-part", apply_default_css=False)
    return redraw, copies.build(studio, catalogues, chosen, notice)
