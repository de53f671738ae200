"""Interpolate as a visitor meets it, in a real browser."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Page, expect

import ganzoo
from ganzoo.inference.pictures import to_pixels
from tests.browser.test_page import shows, slide, tab

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

Visit = Callable[..., Page]


def test_interpolate_walks_between_tiles_chosen_in_sample(visit: Visit, zoo: Path) -> None:
    page = visit()
    page.get_by_role("option", name="seed 12", exact=True).click()
    page.get_by_role("button", name="Use as A").click()
    expect(page.get_by_text("A is now seed 12.")).to_be_visible()
    page.get_by_role("option", name="seed 33", exact=True).click()
    page.get_by_role("button", name="Use as B").click()
    page.get_by_role("button", name="Interpolate A to B").click()
    walk = page.locator("#walk")
    expect(walk.locator(".gz-note")).to_have_text("alpha, from seed 12 to seed 33 by slerp")
    page.get_by_role("radio", name="lerp", exact=True).click()
    slide(page, "Steps", 6)
    shows(walk, "6 pictures by alpha from seed 12 to seed 33 by lerp")
    model = ganzoo.load(zoo / "alpha", "cpu")
    path = to_pixels(ganzoo.interpolate(model, 12, 33, 6, "lerp"))
    strip = walk.locator(".gz-sheet img").screenshot(style=".gz-tiles { visibility: hidden }")
    screen = np.asarray(Image.open(BytesIO(strip)).convert("RGB"))
    zoom = screen.shape[0] // 28
    for step in range(6):
        left = step * 29 * zoom
        assert (screen[::zoom, left : left + 28 * zoom : zoom] == path[step]).all(), f"step {step}"
    loop = walk.locator(".gz-loop img")
    data = loop.evaluate("image => fetch(image.src).then(r => r.arrayBuffer()).then(b => [...new Uint8Array(b)])")
    frames = [np.asarray(frame.convert("L")) for frame in ImageSequence.Iterator(Image.open(BytesIO(bytes(data))))]
    assert (np.array(frames) == path[[0, 1, 2, 3, 4, 5, 4, 3, 2, 1], ..., 0]).all()
    page.get_by_role("option", name="step 6 of 6").click()
    expect(walk.get_by_role("img", name="alpha, step 6 of 6")).to_be_visible()


@pytest.mark.parametrize("kind", ["GIF", "MP4"])
def test_a_walk_can_be_saved(visit: Visit, kind: str) -> None:
    page = visit()
    tab(page, "Interpolate")
    with page.expect_download() as film:
        page.get_by_role("button", name=f"Save {kind}").click()
    assert film.value.suggested_filename == f"alpha_3-14_slerp.{kind.lower()}"
    assert film.value.path().stat().st_size > 1000
