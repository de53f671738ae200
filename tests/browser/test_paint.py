"""Paint in a real browser."""

import re
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import ganzoo
from ganzoo.inference.pictures import picture, png, to_pixels
from tests.browser.test_explore import shown
from tests.browser.test_page import painted, shows

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

Visit = Callable[..., Page]


def test_a_picture_is_searched_for_step_by_step_and_goes_on_in_explore(visit: Visit, zoo: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Paint").click()
    search = page.locator("#painting figure")
    expect(search).to_have_count(1)  # of an example, without a click
    wanted = to_pixels(ganzoo.sample(ganzoo.load(zoo / "alpha", "cpu"), [2000]))[0]
    file: Any = {"name": "wanted.png", "mimeType": "image/png", "buffer": png(picture(wanted))}
    page.locator("#sketch input[type=file]").set_input_files(file)
    expect(search.get_by_role("status")).to_have_text(re.compile(r"^error \d+\.\d %, step 100$"))
    expect(page.get_by_role("button", name="Search on")).to_be_visible()
    found = shown(search.get_by_role("img"))
    assert abs(found.astype(int) - wanted).mean() < 12
    points = str(search.locator("polyline").get_attribute("points")).split()
    heights = [float(point.split(",")[1]) for point in points]
    assert heights[0] == 1.0  # from the top
    assert heights[-1] > 11.0  # far down

    page.get_by_role("button", name="Explore from here").click()
    moved = page.locator("#directions .gz-moved img")
    expect(moved).to_have_attribute("alt", "What Paint has found of alpha, moved along its directions")
    assert abs(shown(moved).astype(int) - found).max() <= 1
    page.wait_for_url("**/?model=alpha&tab=explore&b=1&*")  # of no seed A
    with page.expect_download() as unseated:
        page.locator("#directions").get_by_role("button", name="Save picture").click()
    assert b"ganzoo" not in unseated.value.path().read_bytes()
    page.get_by_role("button", name="New seeds").click()
    expect(moved).to_have_attribute("alt", re.compile(r"^Seed \d+ of alpha"))
    page.wait_for_url("**/?model=alpha&tab=explore&a=*")
    with page.expect_download() as saved:
        page.locator("#directions").get_by_role("button", name="Save picture").click()
    page.get_by_role("tab", name="Paint").click()
    page.get_by_role("button", name="Explore from here").click()
    expect(moved).to_have_attribute("alt", "What Paint has found of alpha, moved along its directions")
    page.locator("#link input[type=file]").set_input_files(saved.value.path())  # of the seed that stands there still
    expect(moved).to_have_attribute("alt", re.compile(r"^Seed \d+ of alpha"))

    page.get_by_role("tab", name="Paint").click()
    page.get_by_role("button", name="Interpolate from here").click()
    strip = page.locator("#walk")
    shows(strip, "24 pictures by alpha from what Paint has found to seed 14 by slerp")
    assert abs(painted(strip, 1, 28)[0, ..., 0].astype(int) - found[..., 0]).max() <= 1
    page.wait_for_url("**/?model=alpha&tab=interpolate&b=14&*")
    page.get_by_role("spinbutton", name="Seed A").locator("visible=true").fill("5")
    shows(strip, "24 pictures by alpha from seed 5 to seed 14 by slerp")

    page.get_by_role("tab", name="Paint").click()
    page.get_by_role("button", name="Ask the critics").click()
    expect(page.locator("#opinions")).to_contain_text("alpha")
    expect(page.locator("#own canvas")).to_be_in_viewport()
    address = page.locator("#own canvas").evaluate("canvas => canvas.toDataURL()")
    own = Image.open(BytesIO(b64decode(address.partition(",")[2]))).convert("L")
    assert abs(np.asarray(own).astype(int) - found[..., 0]).max() <= 1


def test_a_search_can_be_stopped_and_others_join_it(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name="Paint").click()
    page.get_by_role("checkbox", name="All models of these pictures").check()
    searches = page.locator("#painting figure")
    expect(searches).to_have_count(2)
    expect(searches.nth(0)).to_contain_text("alpha")
    expect(searches.nth(1)).to_contain_text("beta")
    expect(searches.nth(1).get_by_role("status")).to_have_text(re.compile("step"))
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Search on")).to_be_visible()
    page.get_by_role("button", name="Search on").click()
    for i in range(2):
        expect(searches.nth(i).get_by_role("status")).to_have_text(re.compile("step 100$"))
