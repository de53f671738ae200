"""Explore in a real browser."""

import base64
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import ganzoo
from ganzoo.inference import draw, inputs, styles
from ganzoo.inference.combining import combined
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.inference.sampling import drawing
from ganzoo.ui.drawing import Studio
from ganzoo.ui.explorer import Explorer
from ganzoo.ui.models import Models
from tests.browser.test_page import tab

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

Visit = Callable[..., Page]


def shown(image: Locator) -> Pixels:
    """The pixels of a picture that is held by its address."""
    address = str(image.get_attribute("src"))
    return np.asarray(Image.open(BytesIO(base64.b64decode(address.partition(",")[2]))))[..., None]


def changes(image: Locator, act: Callable[[], object]) -> None:
    """Do something, and wait until another picture is there."""
    before = str(image.get_attribute("src"))
    act()
    expect(image).not_to_have_attribute("src", before)


def test_sliders_move_the_picture_and_directions_keep_the_names_they_are_given(visit: Visit, zoo: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Explore").click()
    picture, rows = page.locator("#directions .gz-moved img"), page.locator("#directions .gz-row")
    expect(picture).to_have_attribute("alt", "Seed 0 of alpha, moved along its directions")
    expect(rows).to_have_count(6)
    explorer = Explorer(Studio(Models([zoo], device="cpu")))
    assert (shown(picture) == to_pixels(ganzoo.sample(ganzoo.load(zoo / "alpha", "cpu"), [0]))[0]).all()
    changes(picture, lambda: page.get_by_role("slider", name="Direction 2").fill("2.5"))
    assert (shown(picture) == explorer.moved("alpha", 0, "pca", [0.0, 2.5])).all()
    expect(rows.nth(1).locator("output")).to_have_text("2.5")

    page.get_by_role("textbox", name="Name of direction 2").fill("<b>slant</b>")
    expect(page.get_by_role("slider", name="<b>slant</b>")).to_be_visible()
    page.get_by_role("radio", name="Strongest weights").check()
    expect(page.get_by_role("textbox", name="Name of direction 2")).to_have_value("")
    page.get_by_role("radio", name="Most varied").check()
    expect(page.get_by_role("textbox", name="Name of direction 2")).to_have_value("<b>slant</b>")
    expect(page.get_by_role("radio", name="Most varied")).to_be_checked()


def test_a_point_is_dragged_and_stepped_through_the_plane(visit: Visit, zoo: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Explore").click()
    of_others = page.get_by_role("spinbutton", name=re.compile("Seed [BC]"))
    expect(page.locator("#directions img").first).to_be_visible()
    expect(of_others).to_have_count(0)
    page.get_by_role("tab", name="Plane and arithmetic").click()
    expect(of_others).to_have_count(2)
    picture, pad = page.locator("#plane .gz-moved img"), page.locator(".gz-plane")
    expect(pad.locator("polygon")).to_have_attribute("points", "0.42,0.8 0.85,0.8 0.58,0.22")
    expect(picture).to_have_attribute("alt", "0.33 of A, 0.33 of B, 0.33 of C, by alpha")
    model = drawing(ganzoo.load(zoo / "alpha", "cpu"))
    z = inputs([0, 1, 2], model.z_dim).z
    terms = page.locator("#plane .gz-terms img")
    total = combined(z, torch.tensor([1.0, -1.0, 1.0]))
    expected = to_pixels(draw(model, styles(model, torch.stack([*z, total]))))
    for i in range(4):
        assert (shown(terms.nth(i)) == expected[i]).all()
    pad.focus()
    page.keyboard.press("b")
    expect(picture).to_have_attribute("alt", "0.00 of A, 1.00 of B, 0.00 of C, by alpha")
    assert abs(shown(picture).astype(int) - expected[1]).max() <= 1
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#plane [role=status]")).not_to_have_text("A 0.00 · B 1.00 · C 0.00")
    place = pad.bounding_box()
    assert place
    x, y = place["x"], place["y"] + 0.8 * place["height"]
    page.mouse.move(x + 0.6 * place["width"], y)
    page.mouse.down()
    page.mouse.move(x + 0.42 * place["width"], y)
    page.mouse.up()
    expect(picture).to_have_attribute("alt", "1.00 of A, 0.00 of B, 0.00 of C, by alpha")


def test_a_link_and_a_saved_picture_hold_the_directions_and_where_the_sliders_stand(visit: Visit) -> None:
    page = visit()
    page.get_by_role("radio", name="DCGAN").click()
    page.get_by_role("tab", name="Explore").click()
    picture = page.locator("#directions .gz-moved img")
    expect(picture).to_have_attribute("alt", "Seed 0 of beta, moved along its directions")
    page.get_by_role("radio", name="Strongest weights").check()
    page.wait_for_url("**/?*&open=directions&directions=sefa%3A0%2C0%2C0%2C0%2C0%2C0*")
    changes(picture, lambda: page.get_by_role("slider", name="Direction 2").fill("2.5"))
    page.wait_for_url("**/?model=beta&tab=explore&a=0&*&directions=sefa%3A0%2C2.5%2C0%2C0%2C0%2C0*")
    with page.expect_download() as saved:
        page.locator("#directions").get_by_role("button", name="Save picture").click()

    def is_restored(other: Page) -> None:
        expect(other.locator("#directions .gz-moved img")).to_have_attribute("src", str(picture.get_attribute("src")))
        expect(other.get_by_role("radio", name="Strongest weights")).to_be_checked()
        expect(other.locator("#directions .gz-row output")).to_have_text(["0.0", "2.5", "0.0", "0.0", "0.0", "0.0"])

    is_restored(visit(url=page.url))
    other = visit()
    other.get_by_role("tab", name="Explore").click()
    changes(
        other.locator("#directions .gz-moved img"), lambda: other.get_by_role("slider", name="Direction 1").fill("1")
    )
    other.locator("#link input[type=file]").set_input_files(saved.value.path())
    is_restored(other)
    changes(
        other.locator("#directions .gz-moved img"),
        other.get_by_role("button", name="Reset").locator("visible=true").click,
    )
    other.locator("#link input[type=file]").set_input_files(
        saved.value.path()
    )  # where the directions are known already
    is_restored(other)


def test_a_link_holds_the_point_of_the_plane(visit: Visit, page_url: str) -> None:
    page = visit(url=f"{page_url}?model=alpha&tab=explore&directions=pca:0")  # beside what it does not name
    page.get_by_role("tab", name="Plane and arithmetic").click()
    picture, said = page.locator("#plane .gz-moved img"), page.locator("#plane [role=status]")
    page.wait_for_url("**/?*&open=plane&*plane=0.33%2C0.33%2C0.33")
    page.locator(".gz-plane").focus()
    changes(picture, lambda: page.keyboard.press("ArrowLeft"))
    expect(said).not_to_have_text("A 0.33 · B 0.33 · C 0.33")
    weights = str(said.text_content()).replace("−", "-").split("  ·  ")
    page.wait_for_url(f"**/?*&plane={'%2C'.join(f'{float(weight[2:]):g}' for weight in weights)}")
    other = visit(url=page.url)
    expect(other.get_by_role("tab", name="Plane and arithmetic")).to_have_attribute("aria-selected", "true")
    expect(other.locator("#plane .gz-moved img")).to_have_attribute("alt", str(picture.get_attribute("alt")))
    expect(other.locator("#plane .gz-moved img")).to_have_attribute("src", str(picture.get_attribute("src")))
    hand = [one.locator(".gz-hand").evaluate("hand => parseFloat(hand.style.left)") for one in (page, other)]
    assert hand[0] == pytest.approx(hand[1], abs=0.5)
    outside = visit(url=f"{page_url}?tab=explore&open=plane&plane=8,-8,1")
    expect(outside.locator("#plane .gz-moved img")).not_to_have_attribute("alt", re.compile("8.00 of A"))
    assert outside.locator(".gz-hand").evaluate("hand => hand.style.left") == "0%"


@pytest.mark.parametrize("name", ["Explore", "Paint"])
def test_a_phone_scrolls_only_down(visit: Visit, name: str) -> None:
    page = visit(width=390, height=844)
    tab(page, name)
    expect(page.locator("#directions .gz-moved img, #painting figure img").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
