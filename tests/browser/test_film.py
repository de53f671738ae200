"""Film as a visitor meets it, in a real browser."""

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.copies import copied, filmed
from tests.hub.server import LoopbackHub

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

Visit = Callable[..., Page]
Serve = Callable[..., str]


def seen(figure: Locator) -> NDArray[np.uint8]:
    """The frame that is seen, as its place in the picture of all frames says."""
    image = figure.locator("img")
    address = image.get_attribute("src") or ""
    sheet = np.asarray(Image.open(BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"))
    place: list[float] = image.evaluate(
        """image => {
            const zoom = image.clientWidth / image.naturalWidth, pane = image.parentElement;
            return [-image.offsetLeft, -image.offsetTop, pane.clientWidth, pane.clientHeight].map(it => it / zoom);
        }"""
    )
    left, top, width, height = map(round, place)
    return sheet[top : top + height, left : left + width]


def open_film(page: Page) -> Locator:
    page.get_by_role("tab", name="Film").click()
    return page.locator("#film figure")


def test_a_film_is_scrubbed_by_keyboard_without_asking_the_server_and_the_cursor_goes_along(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    frames = filmed(copied(zoo / "alpha", tmp_path / "alpha"), [0, 8, 11, 500])
    page = visit(url=serve(tmp_path))
    figures = open_film(page)
    caption, now = figures.locator("figcaption"), page.locator("#film output")
    expect(caption).to_have_text("step 500")
    expect(page.get_by_role("img", name="64 pictures by alpha, seeds 0 to 63, after step 500")).to_be_visible()
    assert (seen(figures) == frames[3]).all()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    slider = page.get_by_role("slider", name="Moment of the training")
    cursor = "() => getComputedStyle(document.querySelector('#film-curves .area'), '::after').left"
    right = float(page.evaluate(cursor).removesuffix("px"))
    slider.focus()
    for place, (step, images) in enumerate(((11, 704), (8, 512), (0, 0))):
        page.keyboard.press("ArrowLeft")
        expect(caption).to_have_text(f"step {step}")
        expect(now).to_have_text(f"{images} images")
        expect(slider).to_have_attribute("aria-valuetext", f"{images} images")
        assert (seen(figures) == frames[2 - place]).all()
        assert float(page.evaluate(cursor).removesuffix("px")) == pytest.approx(right * (2 - place) / 3, abs=1)
    assert asked == []


def test_it_plays_to_the_end_and_can_be_paused(visit: Visit, serve: Serve, zoo: Path, tmp_path: Path) -> None:
    filmed(copied(zoo / "alpha", tmp_path / "alpha"), [0, *range(8, 40)], side=4)
    page = visit(url=serve(tmp_path))
    caption = open_film(page).locator("figcaption")
    expect(caption).to_have_text("step 39")
    page.get_by_role("button", name="Play").click()
    expect(caption).not_to_have_text("step 39")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    stopped = caption.text_content()
    page.get_by_role("button", name="Play").click()
    expect(caption).not_to_have_text(str(stopped))
    expect(caption).to_have_text("step 39")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_others_run_beside_in_step_by_the_images_seen_and_who_has_no_film_is_told_of(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    half: dict[str, Any] = {"training": {"steps": 500, "images": 16_000}}
    first = filmed(copied(zoo / "alpha", tmp_path / "alpha"), [0, 8, 500])
    other = filmed(copied(zoo / "beta", tmp_path / "beta", exhibit="mode collapse", **half), [0, 16, 64, 500])
    copied(zoo / "gamma", tmp_path / "gamma")
    page = visit(url=serve(tmp_path))
    figures = open_film(page)
    expect(figures).to_have_count(1)
    for name in ("beta", "gamma"):
        page.locator("#film-beside").get_by_role("checkbox", name=name).check()
    expect(figures).to_have_count(2)
    expect(page.get_by_text("gamma came without a film.")).to_be_visible()
    expect(figures.nth(1)).to_contain_text("mode collapse")
    expect(figures.nth(1)).to_contain_text("step 500, where the run is over")
    slider, captions = page.get_by_role("slider", name="Moment of the training"), figures.locator("figcaption")
    slider.fill("2")
    expect(page.locator("#film output")).to_have_text("2,048 images")
    expect(captions).to_have_text(["step 8", "step 64"])
    assert (seen(figures.first) == first[1]).all()
    assert (seen(figures.nth(1)) == other[2]).all()
    page.get_by_role("radio", name="GAN cifar10").click()  # the chosen model is the first
    expect(figures).to_have_count(1)
    expect(figures.get_by_role("heading")).to_contain_text("beta")


def test_a_model_of_the_hub_brings_its_film_and_a_broken_one_is_told_of(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path, hub: LoopbackHub
) -> None:
    folder = copied(zoo / "alpha", tmp_path / "cats")
    frames = filmed(folder, [0, 8, 500])
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    hub.put("alice/cats", files)
    hub.put("alice/dogs", files | {"film.webp": b"<script>"})
    page = visit(url=serve(zoo))
    for name in ("alice/cats", "alice/dogs"):
        page.get_by_label("Open a model of the Hub").fill(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("radio", name=name)).to_be_checked()
        figures = open_film(page)
        if name == "alice/cats":
            expect(figures.get_by_role("heading")).to_have_text(name)
            assert (seen(figures) == frames[2]).all()
        else:
            expect(page.locator("#film")).to_contain_text("alice/dogs/film.webp cannot be read as a film")
            expect(page.get_by_role("button", name="Play")).to_be_hidden()


def test_the_curves_are_directly_under_the_slider_however_long_the_list_is(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    for i in range(24):
        filmed(copied(zoo / "alpha", tmp_path / f"alpha-{i}"), [0, 8])
    page = visit(url=serve(tmp_path))
    open_film(page)
    expect(page.locator("#film-curves svg")).to_be_visible()
    film, curves = page.locator("#film").bounding_box(), page.locator("#film-curves").bounding_box()
    assert film
    assert curves
    assert curves["x"] == film["x"]
    assert 0 <= curves["y"] - film["y"] - film["height"] <= 32


def test_on_a_phone_films_come_before_the_controls_and_nothing_scrolls_sideways(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    for name in ("alpha", "beta"):
        filmed(copied(zoo / name, tmp_path / name), [0, 8])
    page = visit(width=390, height=844, url=serve(tmp_path))
    figures = open_film(page)
    page.locator("#film-beside").get_by_role("checkbox", name="beta").check()
    expect(figures).to_have_count(2)
    film, beside = page.locator("#film").bounding_box(), page.locator("#film-beside").bounding_box()
    assert film
    assert beside
    assert film["y"] < beside["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
