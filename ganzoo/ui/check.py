"""Check: has it collapsed? Has it copied?"""

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from ganzoo.ui import copies, meter
from ganzoo.ui.catalogues import Catalogues
from ganzoo.ui.copies import CopyCheck
from ganzoo.ui.drawing import Studio
from ganzoo.ui.meter import Meter
from ganzoo.ui.permalink import Control

COLLAPSE = """
<h2>Has it collapsed?</h2>
<p class="gz-quiet">A generator that has collapsed draws a few things again and again. Look for kinds without a
bar, and pull the truncation down to see kinds go.</p>"""
COPY = """
<h2>Has it copied?</h2>
<p class="gz-quiet">Choose a sample and see the five training pictures that resemble it most, by the features of
the data set’s classifier. What is new lies about as far from them as new real pictures do; what is copied lies nearer.
</p>"""


@dataclass(frozen=True)
class CheckTab:
    """What the rest of the page needs of the tab."""

    meter: Meter
    copies: CopyCheck

    @property
    def controls(self) -> Mapping[str, Control]:
        """By the names that links give them."""
        return {
            "seed": self.meter.seed,
            "truncation": self.meter.truncation,
            "copy-seed": self.copies.seed,
            "copy-class": self.copies.kind,
            "copy-truncation": self.copies.truncation,
        }


def build(studio: Studio, catalogues: Catalogues, chosen: gr.HTML, notice: gr.HTML) -> CheckTab:
    """Lay the tab out. ``chosen`` holds the model's id, ``notice`` takes what went wrong."""
    gr.HTML(COLLAPSE, elem_classes="gz-part", apply_default_css=False)
    measured = meter.build(studio, chosen, notice)
    gr.HTML(COPY, elem_classes="gz-part", apply_default_css=False)
    return CheckTab(measured, copies.build(studio, catalogues, chosen, notice))
