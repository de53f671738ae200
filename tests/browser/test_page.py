"""The page as a visitor meets it, in a real browser."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

import ganzoo
from ganzoo.inference.pictures import Pixels, columns, to_pixels
from tests.copies import copied, score

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

PHONE = 800
"""Pixels up to which the page is laid out for a phone."""
Visit = Callable[..., Page]
Serve = Callable[..., str]


def drawn(zoo: Path, name: str, seeds: range, truncation: float = 1.0) -> Pixels:
    return to_pixels(ganzoo.sample(ganzoo.load(zoo / name, "cpu"), seeds, truncation))


def painted(sheet: Locator, count: int, side: int) -> NDArray[np.uint8]:
    """The tiles of a grid, in RGB, as they stand on the screen, shrunk from the zoom to one pixel a pixel.

    Every pixel of a tile must be a square of one colour, or this fails.
    """
    image = sheet.locator(".gz-sheet img")
    shot = image.screenshot(style=".gz-tiles { visibility: hidden }")
    screen = np.asarray(Image.open(BytesIO(shot)).convert("RGB"))
    natural = image.evaluate("image => [image.naturalHeight, image.naturalWidth]")
    zoom, rest = divmod(screen.shape[1], natural[1])
    assert rest == 0
    assert screen.shape[0] == zoom * natural[0]
    squares = screen.reshape(natural[0], zoom, natural[1], zoom, 3)
    small = squares[:, 0, :, 0]
    found = []
    for i in range(count):
        top, left = (place * (side + 1) for place in divmod(i, columns(count)))
        tile = small[top : top + side, left : left + side]
        assert (squares[top : top + side, :, left : left + side] == tile[:, None, :, None]).all(), "not crisp"
        found.append(tile)
    return np.array(found)


def shows(sheet: Locator, alt: str) -> None:
    """Wait until the grid is the one with this alternative text."""
    expect(sheet.locator(".gz-sheet img")).to_have_attribute("alt", alt)


def slide(page: Page, label: str, value: float) -> None:
    page.get_by_role("slider", name=label).fill(str(value))


def number(page: Page, label: str) -> Locator:
    return page.get_by_role("spinbutton", name=label, exact=True).locator("visible=true")


def tab(page: Page, name: str) -> None:
    """Open a tab; on a phone those that have no room lie in a menu, and until it is there the others move."""
    there, menu = page.get_by_role("tab", name=name), page.locator(".overflow-menu > button").first
    assert page.viewport_size
    expect(menu if page.viewport_size["width"] <= PHONE else there).to_be_visible()
    if not there.count():
        menu.click()
        there = page.locator(".overflow-dropdown button").filter(has_text=name)
    there.click()


def test_the_page_opens_with_64_pictures_that_are_the_library_s_to_the_pixel(visit: Visit, zoo: Path) -> None:
    page = visit()
    expect(page.get_by_text("Two networks play a game: one forges, one judges.")).to_be_visible()
    sheet = page.locator("#picture")
    shows(sheet, "64 pictures drawn by alpha, seeds 0 to 63, truncation 1")
    assert (painted(sheet, 64, 28) == drawn(zoo, "alpha", range(64))).all()


def test_sliders_and_seeds_draw_the_grid_again(visit: Visit, zoo: Path) -> None:
    page = visit()
    sheet = page.locator("#picture")
    slide(page, "Truncation", 0.5)
    shows(sheet, "64 pictures drawn by alpha, seeds 0 to 63, truncation 0.5")
    assert (painted(sheet, 64, 28) == drawn(zoo, "alpha", range(64), 0.5)).all()
    slide(page, "Pictures", 10)
    shows(sheet, "10 pictures drawn by alpha, seeds 0 to 9, truncation 0.5")
    number(page, "Seed").fill("4294967286")
    shows(sheet, "10 pictures drawn by alpha, seeds 4294967286 to 4294967295, truncation 0.5")
    assert (painted(sheet, 10, 28) == drawn(zoo, "alpha", range(2**32 - 10, 2**32), 0.5)).all()
    page.get_by_role("button", name="New seed").locator("visible=true").click()
    expect(number(page, "Seed")).not_to_have_value("4294967286")
    first = int(number(page, "Seed").input_value())
    shows(sheet, f"10 pictures drawn by alpha, seeds {first} to {first + 9}, truncation 0.5")


def test_a_slider_that_is_dragged_is_followed_and_ends_at_its_last_value(visit: Visit) -> None:
    page = visit()
    sheet, thumb = page.locator("#picture"), page.get_by_role("slider", name="Truncation")
    place = thumb.bounding_box()
    assert place
    y = place["y"] + place["height"] / 2
    thumb.hover()
    page.mouse.down()
    for x, value in ((place["x"], "0"), (place["x"] + place["width"], "1.5")):
        page.mouse.move(x, y)
        shows(sheet, f"64 pictures drawn by alpha, seeds 0 to 63, truncation {value}")  # while the thumb is held
    page.mouse.move(place["x"] + place["width"] / 3, y, steps=30)  # faster than pictures come
    last = thumb.input_value()
    assert 0 < float(last) < 1
    shows(sheet, f"64 pictures drawn by alpha, seeds 0 to 63, truncation {last}")
    page.mouse.up()


@pytest.mark.parametrize(
    ("name", "picture", "slider"),
    [
        ("Sample", "#picture", "Pictures"),
        ("Interpolate", "#walk", "Steps"),
        ("Compare", "#comparison", "Seeds"),
    ],
)
def test_that_something_is_being_drawn_is_seen_over_what_was_drawn_before(
    visit: Visit, name: str, picture: str, slider: str
) -> None:
    held: list[Route] = []
    slow = False

    def hold(route: Route) -> None:
        held.append(route) if slow else route.continue_()

    page = visit(gate=hold)
    tab(page, name)
    sheet = page.locator(picture)
    tile = sheet.get_by_role("option").nth(1)
    expect(tile).to_be_visible()
    slow = True
    page.get_by_role("slider", name=slider).locator("visible=true").fill("9")
    clock = sheet.locator(".progress-text")
    expect(clock).to_be_in_viewport()
    expect(clock).to_have_text(re.compile(r"\d"))
    tile.click()
    expect(tile).to_have_attribute("aria-selected", "true")
    slow = False
    for route in held:
        route.continue_()
    expect(clock).to_be_hidden()
    expect(sheet.get_by_role("listbox").first.get_by_role("option")).to_have_count(9)


def test_a_seed_out_of_range_is_told_of_and_the_picture_stays(visit: Visit) -> None:
    page = visit()
    number(page, "Seed").fill("-3")
    expect(page.get_by_text("The seed is a whole number from 0 to 4294967295, not -3.")).to_be_visible()
    shows(page.locator("#picture"), "64 pictures drawn by alpha, seeds 0 to 63, truncation 1")
    expect(number(page, "Seed")).to_have_value("-3")


def test_a_tile_is_chosen_by_mouse_or_keyboard_and_seen_large(visit: Visit, zoo: Path) -> None:
    page = visit()
    sheet, aside = page.locator("#picture"), page.locator("#picture .gz-aside")
    expect(aside.get_by_role("heading")).to_have_text("Seed 0")
    sheet.get_by_role("option", name="seed 10", exact=True).click()
    expect(aside.get_by_role("heading")).to_have_text("Seed 10")
    sheet.get_by_role("listbox").focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(aside.get_by_role("heading")).to_have_text("Seed 10")
    page.keyboard.press("Enter")
    expect(aside.get_by_role("heading")).to_have_text("Seed 19")
    expect(sheet.get_by_role("option", selected=True)).to_have_attribute("aria-label", "seed 19")
    expect(aside.get_by_role("img", name="alpha, seed 19")).to_be_visible()
    large = np.asarray(Image.open(BytesIO(aside.locator(".gz-loupe").screenshot())).convert("RGB"))
    assert (large[3::7, 3::7] == drawn(zoo, "alpha", range(19, 20))[0]).all()


def test_a_tile_and_the_grid_can_be_saved(visit: Visit, zoo: Path) -> None:
    page = visit()
    page.get_by_role("option", name="seed 5", exact=True).click()
    with page.expect_download() as tile:
        page.get_by_role("button", name="Save picture").click()
    assert tile.value.suggested_filename == "alpha_seed-5.png"
    saved = np.asarray(Image.open(tile.value.path()))
    assert (saved == drawn(zoo, "alpha", range(5, 6))[0, ..., 0]).all()
    with page.expect_download() as grid:
        page.get_by_role("button", name="Save grid").click()
    assert grid.value.suggested_filename == "alpha_seeds-0-to-63.png"
    assert Image.open(grid.value.path()).size == (8 * 29 - 1, 8 * 29 - 1)


def test_the_chosen_model_stays_chosen_across_tabs(visit: Visit, zoo: Path) -> None:
    page = visit()
    page.get_by_role("radio", name="GAN cifar10").click()
    shows(page.locator("#picture"), "64 pictures drawn by gamma, seeds 0 to 63, truncation 1")
    assert (painted(page.locator("#picture"), 64, 32) == drawn(zoo, "gamma", range(64))).all()
    page.keyboard.press("ArrowLeft")
    shows(page.locator("#picture"), "64 pictures drawn by beta, seeds 0 to 63, truncation 1")
    tab(page, "Interpolate")
    expect(page.get_by_role("radio", name="DCGAN mnist")).to_be_checked()
    expect(page.locator("#walk .gz-note")).to_have_text("beta, from seed 3 to seed 14 by slerp")


class Gate:
    """Lets through what the visitor asks, and what the page asks of its own accord not before it is opened."""

    def __init__(self) -> None:
        self._held: list[Route] = []
        self._is_open = False

    def __call__(self, route: Route) -> None:
        asked_by_the_visitor = '"data":[]' not in (route.request.post_data or "")  # the page's questions have no inputs
        if self._is_open or asked_by_the_visitor:
            route.continue_()
        else:
            self._held.append(route)

    def open(self, page: Page) -> None:
        """Wait until the page has all its answers, of which the thumbnails are the last."""
        self._is_open = True
        for route in self._held:
            route.continue_()
        page.wait_for_function("document.querySelectorAll('#models img').length === 3")


def test_a_model_can_be_chosen_before_the_page_has_been_told_what_there_is(visit: Visit) -> None:
    gate = Gate()
    page = visit(gate=gate)
    page.get_by_role("radio", name="GAN cifar10").click()
    shows(page.locator("#picture"), "64 pictures drawn by gamma, seeds 0 to 63, truncation 1")
    gate.open(page)
    expect(page.get_by_role("radio", name="GAN cifar10")).to_be_checked()
    slide(page, "Pictures", 10)
    shows(page.locator("#picture"), "10 pictures drawn by gamma, seeds 0 to 9, truncation 1")


def test_of_choices_that_come_while_others_are_answered_only_the_last_is_asked(visit: Visit) -> None:
    asked: Counter[int] = Counter()
    held: list[Route] = []

    def gate(route: Route) -> None:
        asked[json.loads(route.request.post_data or "{}")["fn_index"]] += 1
        if is_open:
            route.continue_()
        else:
            held.append(route)

    is_open = True
    page = visit(gate=gate)
    page.wait_for_function("document.querySelectorAll('#models img').length === 3")
    asked.clear()
    is_open = False
    for name in ("DCGAN", "GAN cifar10", "GAN mnist", "GAN cifar10"):
        page.get_by_role("radio", name=name).first.click()
        expect(page.get_by_role("radio", name=name).first).to_be_checked()
    is_open = True
    for route in held:
        route.continue_()
    shows(page.locator("#picture"), "64 pictures drawn by gamma, seeds 0 to 63, truncation 1")
    page.wait_for_load_state("networkidle")
    assert max(asked.values()) == 2


def test_a_card_that_gets_its_thumbnail_while_it_is_pressed_is_chosen_all_the_same(visit: Visit) -> None:
    gate = Gate()
    page = visit(gate=gate)
    page.get_by_role("radio", name="GAN cifar10").hover()
    page.mouse.down()
    gate.open(page)
    page.mouse.up()
    shows(page.locator("#picture"), "64 pictures drawn by gamma, seeds 0 to 63, truncation 1")


def test_a_model_that_has_gone_gives_way_to_the_first(visit: Visit, serve: Serve, zoo: Path, tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        shutil.copytree(zoo / name, tmp_path / name)
    url = serve(tmp_path)
    shutil.rmtree(tmp_path / "alpha")
    page = visit(url=url)
    shows(page.locator("#picture"), "64 pictures drawn by beta, seeds 0 to 63, truncation 1")
    expect(page.get_by_role("radio", name="DCGAN mnist")).to_be_checked()


def test_a_tab_that_is_not_open_is_drawn_when_it_is_opened(visit: Visit) -> None:
    page = visit()
    tab(page, "Interpolate")
    expect(page.locator("#walk .gz-note")).to_have_text("alpha, from seed 3 to seed 14 by slerp")
    page.get_by_role("radio", name="DCGAN mnist").click()
    expect(page.locator("#walk .gz-note")).to_have_text("beta, from seed 3 to seed 14 by slerp")
    expect(page.locator("#picture .gz-sheet img")).to_have_attribute("alt", re.compile("drawn by alpha"))
    tab(page, "Sample")
    shows(page.locator("#picture"), "64 pictures drawn by beta, seeds 0 to 63, truncation 1")


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_chosen_keeps_its_mark_under_the_pointer(visit: Visit, dark: bool) -> None:
    page = visit(dark=dark)
    tab(page, "Interpolate")
    chosen = page.get_by_role("radio", name="slerp")
    look = "it => [getComputedStyle(it).backgroundColor, getComputedStyle(it).borderColor]"
    page.mouse.move(0, 0)
    before = chosen.evaluate(look)
    chosen.hover()
    assert chosen.evaluate(look) == before


def test_a_class_can_be_chosen_where_the_model_has_classes(
    visit: Visit, serve: Serve, zoo: Path, conditional: Path, tmp_path: Path
) -> None:
    for place in (zoo / "alpha", conditional / "delta"):
        shutil.copytree(place, tmp_path / place.name)
    asked: list[str] = []

    def listen(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.continue_()

    page = visit(url=serve(tmp_path), gate=listen)
    sheet, heading = page.locator("#picture"), page.locator("#picture .gz-aside").get_by_role("heading")
    kind, end_a, end_b = (page.get_by_label(name, exact=True) for name in ("Class", "Class A", "Class B"))

    def choose(list_: Locator, name: str) -> None:
        list_.click()
        page.get_by_role("option", name=name, exact=True).click()

    def gaps() -> set[int]:
        """Between the rows of controls, in pixels."""
        found: list[int] = page.evaluate("""() => {
            const controls = [...document.querySelectorAll('.gz-controls')].find(e => e.checkVisibility());
            const rows = [...controls.children].map(e => e.getBoundingClientRect()).filter(place => place.height > 1);
            return rows.slice(1).map((row, i) => Math.round(row.top - rows[i].bottom));
        }""")
        return set(found)

    shows(sheet, "64 pictures drawn by alpha, seeds 0 to 63, truncation 1")
    expect(kind).to_be_hidden()
    assert gaps() == {16}
    page.get_by_role("radio", name="Class-conditional GAN").click()
    shows(sheet, "64 pictures drawn by delta, seeds 0 to 63, truncation 1")
    assert (painted(sheet, 64, 28) == drawn(conditional, "delta", range(64))).all()
    expect(kind).to_have_value("each its own")
    expect(heading).to_have_text("Seed 0, T-shirt/top")

    choose(kind, "bag")
    shows(sheet, "64 pictures drawn by delta, seeds 0 to 63, bag, truncation 1")
    model = ganzoo.load(conditional / "delta", "cpu")
    assert (painted(sheet, 64, 28) == to_pixels(ganzoo.sample(model, range(64), classes=8))).all()
    sheet.get_by_role("option", name="seed 12, bag").click()
    page.get_by_role("button", name="Use as A").click()
    with page.expect_download() as tile:
        page.get_by_role("button", name="Save picture").click()
    assert tile.value.suggested_filename == "delta_seed-12_class-8.png"
    page.get_by_role("button", name="Interpolate A to B").click()
    note = page.locator("#walk .gz-note")
    expect(note).to_have_text("delta, from seed 12, bag, to seed 14, coat, by slerp")
    expect(end_a).to_have_value("bag")
    expect(end_b).to_have_value("its own")
    choose(end_b, "dress")
    expect(note).to_have_text("delta, from seed 12, bag, to seed 14, dress, by slerp")

    page.get_by_role("radio", name="GAN mnist").click()
    expect(note).to_have_text("alpha, from seed 12 to seed 14 by slerp")
    for list_ in (end_a, end_b):
        expect(list_).to_be_hidden()
    assert gaps() == {16}
    tab(page, "Sample")
    shows(sheet, "64 pictures drawn by alpha, seeds 0 to 63, truncation 1")
    assert gaps() == {16}
    page.get_by_role("radio", name="Class-conditional GAN").click()
    shows(sheet, "64 pictures drawn by delta, seeds 0 to 63, bag, truncation 1")
    expect(kind).to_have_value("bag")
    assert sum('"data":["delta",0,64,1,8' in body for body in asked) == 2  # when the class was chosen, and just now


def test_scores_open_their_passports_and_rank_models_where_they_may(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    few = {"generated_count": 500, "extractor": "<img src=x onerror=alert(1)>"}
    for name, distance, passport in (("a", 3.5, {}), ("b", 2.5, {}), ("c", 1.5, few)):
        scores = [
            score("frechet-classifier-distance", distance, standard_error=0.25, real=0.5, passport=passport),
            score("coverage", distance / 4, better="higher"),
        ]
        copied(zoo / "alpha", tmp_path / name, dataset="cifar10", scores=scores)
    page = visit(url=serve(tmp_path))
    card = page.get_by_role("radio", name="FCD 2.5")
    expect(card.get_by_text("FCD 2.5")).to_have_attribute("title", re.compile("generated count: 10,000"))
    tab(page, "Compare")
    ranking, places = page.locator("#comparison .gz-ranking"), page.locator("#comparison .gz-ranking li")
    expect(ranking).to_contain_text("a and c were not measured alike")
    expect(places).to_have_count(0)
    first = page.locator("#comparison section").nth(2).locator("details").first
    expect(first).to_contain_text("1.5 ± 0.25 real pictures: 0.5")
    expect(first.locator("dl")).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator("dl")).to_contain_text("<img src=x onerror=alert(1)>")
    page.get_by_label("Rank by").select_option("coverage")
    expect(places).to_have_text(["a 0.875", "b 0.625", "c 0.375"])
    page.get_by_role("checkbox", name="c", exact=True).uncheck()
    expect(places).to_have_text(["a 0.875", "b 0.625"])
    page.get_by_label("Rank by").select_option("frechet-classifier-distance")
    expect(places).to_have_text(["b 2.5 ± 0.25", "a 3.5 ± 0.25"])


def test_an_exhibit_is_marked_wherever_it_is_shown(visit: Visit, serve: Serve, zoo: Path, tmp_path: Path) -> None:
    counted = [score("missing-modes", 2, "train", counts=[6, 0, 2])]
    copied(zoo / "alpha", tmp_path / "narrow", exhibit="mode collapse", scores=counted)
    page = visit(url=serve(tmp_path))
    expect(page.get_by_role("radio")).to_contain_text("mode collapse")
    tab(page, "Compare")
    expect(page.locator("#comparison section")).to_contain_text("kept to show: mode collapse")
    tab(page, "About")
    page.locator(".gz-about summary").first.click()
    expect(page.get_by_role("img", name="8 samples by class")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_scrolls_only_down_and_shows_the_picture_before_the_controls(visit: Visit, dark: bool) -> None:
    page = visit(width=390, height=844, dark=dark)
    assert page.evaluate("document.body.classList.contains('dark')") is dark
    for name, picture in (
        ("Sample", "#picture"),
        ("Interpolate", "#walk"),
        ("Compare", "#comparison"),
        ("About", None),
    ):
        tab(page, name)
        if picture:
            expect(page.locator(f"{picture} .gz-sheet img").first).to_be_visible()
            tops: Any = page.evaluate(
                """picture => [document.querySelector(picture), document.querySelector(picture)
                    .closest('.gz-stage').querySelector('.gz-controls')].map(e => e.getBoundingClientRect().top)""",
                picture,
            )
            assert tops[0] < tops[1]
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        outside = page.evaluate(
            """() => [...document.querySelectorAll('main *')]
                .filter(e => !e.closest('.gz-cards, .gz-loupe, .visually-hidden, svg'))
                .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1)
                .filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML.slice(0, 120))"""
        )
        assert outside == []


def test_tab_reaches_models_tabs_controls_tiles_and_the_hub_in_this_order(visit: Visit) -> None:
    page = visit()
    page.locator("body").focus()
    places = [
        *("[role=radio]", "[role=tab]", "input[type=number]", "input[type=range]", "[role=listbox]"),
        *("#picture .gz-button", ".gz-open input", ".gz-open button", "#link .gz-button"),
    ]
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("places => places.find(place => document.activeElement.matches(place)) ?? ''", places)
        if here and here not in reached:
            reached.append(here)
    assert reached == places


def test_an_empty_zoo_says_what_to_do_and_shows_what_is_trained_meanwhile(
    visit: Visit, serve: Serve, zoo: Path, tmp_path: Path
) -> None:
    url = serve(tmp_path)
    page = visit(url=url)
    expect(page.get_by_text("No model is here yet: train one with")).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(0)
    shutil.copytree(zoo / "beta", tmp_path / "beta")
    page.reload()
    shows(page.locator("#picture"), "64 pictures drawn by beta, seeds 0 to 63, truncation 1")
    expect(page.get_by_text("No model is here yet")).to_be_hidden()
    tab(page, "Compare")
    expect(page.locator("#comparison section")).to_have_count(1)
