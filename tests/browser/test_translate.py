"""Translate as a visitor meets it, in a real browser."""

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

import ganzoo
from ganzoo.data import to_float, to_uint8
from ganzoo.inference.pictures import to_pixels
from ganzoo.nn.resizing import shrunk
from tests.browser.test_page import tab

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

Visit = Callable[..., Page]


def test_what_is_drawn_is_translated_beside_it_and_examples_never_replace_it(
    visit: Visit, serve: Callable[..., str], translators: Path
) -> None:
    page = visit(url=serve(translators))
    tab(page, "Translate")
    pad, figures = page.locator("#pad canvas"), page.locator("#translation figure")
    expect(figures).to_have_count(3)  # of an example, without a click
    expect(page.get_by_role("img", name="Enlarge: delta")).to_be_visible()

    shown = page.get_by_role("img", name="What it is shown: delta")

    def changes(act: Callable[[], object]) -> None:
        before = shown.get_attribute("src")
        act()
        expect(shown).not_to_have_attribute("src", str(before))

    changes(page.get_by_role("button", name="Clear").click)
    place = pad.bounding_box()
    assert place
    page.mouse.move(place["x"] + place["width"] / 4, place["y"] + place["height"] / 2)
    page.mouse.down()
    changes(lambda: page.mouse.move(place["x"] + 3 * place["width"] / 4, place["y"] + place["height"] / 2))
    page.mouse.up()
    address = str(pad.evaluate("it => it.toDataURL()"))
    drawing = Image.open(BytesIO(base64.b64decode(address.partition(",")[2]))).convert("L")
    assert drawing.size == (28, 28)
    pixels = torch.from_numpy(np.array(drawing))
    assert (pixels[12:16].amax(0)[8:20] > 128).all()
    assert not pixels[:10].any()

    with page.expect_download() as saved:
        figures.get_by_role("button", name="Save picture").click()
    assert saved.value.suggested_filename == "delta_enlarge.png"
    translator = ganzoo.load(translators / "delta", "cpu")
    small = shrunk(to_float(pixels)[None, None], (7, 7))
    expected = to_pixels(ganzoo.translate(translator, to_float(to_uint8(small))))[0, ..., 0]
    assert (np.asarray(Image.open(saved.value.path())) == expected).all()

    picture = BytesIO()
    Image.new("RGB", (90, 60), "white").save(picture, "PNG")
    chooser = page.locator("#pad input[type=file]")
    white: Any = {"name": "white.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    changes(lambda: chooser.set_input_files(white))
    chooser.set_input_files(white | {"buffer": b"none"})
    expect(page.get_by_text("The browser can read no picture in that.")).to_be_visible()
