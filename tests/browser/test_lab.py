"""The lab in a real browser: it trains while one looks, and not otherwise."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser.test_page import tab

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

Visit = Callable[..., Page]


@pytest.fixture
def url(zoo: Path, serve: Callable[..., str]) -> str:
    """A page of the test's own: games that other tests have left would take its places."""
    return serve(zoo)


def in_the_lab(page: Page) -> Locator:
    tab(page, "Lab")
    root = page.locator(".gz-lab")
    expect(root).to_have_attribute("data-step", "0")
    return root


def press(root: Locator, name: str) -> None:
    root.get_by_role("button", name=name, exact=True).click()


def steps(root: Locator) -> int:
    return int(root.get_attribute("data-step") or 0)


def go_on(root: Locator) -> None:
    """Wait until it has gone on, from where it is now."""
    now = steps(root)
    root.page.wait_for_function("([root, now]) => Number(root.dataset.step) > now", arg=[root.element_handle(), now])


def under_way(page: Page) -> set[Request]:
    """The page's own questions that have no answer yet, from now on."""
    asked: set[Request] = set()

    def answered(request: Request) -> None:
        asked.discard(request)

    page.on("request", lambda request: asked.add(request) if "/run/" in request.url else None)
    page.on("requestfinished", answered)
    page.on("requestfailed", answered)
    return asked


def settle(page: Page, asked: set[Request]) -> None:
    """Wait until all is answered, and what is to be drawn of it is drawn."""
    while asked:
        page.wait_for_timeout(20)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def painted(root: Locator) -> str:
    return str(root.locator("canvas").evaluate("canvas => canvas.toDataURL()"))


def test_a_preset_is_started_stopped_and_reset(visit: Visit, url: str) -> None:
    page = visit(url=url)
    asked = under_way(page)
    root = in_the_lab(page)
    first = painted(root)
    page.get_by_label("Collapse", exact=True).check()
    expect(page.locator("body")).to_contain_text("learns ten times as fast")
    expect(page.get_by_label("Generator’s rate")).to_have_value("0.01")
    press(root, "Start")
    go_on(root)
    go_on(root)
    assert painted(root) != first
    press(root, "Stop")
    stopped, seen = steps(root), painted(root)
    expect(root.get_by_role("button", name="Start", exact=True)).to_be_visible()
    settle(page, asked)  # also what was asked before it was stopped
    assert (steps(root), painted(root)) == (stopped, seen)
    expect(root.get_by_role("status")).to_contain_text(f"Step {stopped:,}: ")
    assert not seen_by_the_eye(root)  # which has the numbers beside the picture
    press(root, "Start")
    go_on(root)
    press(root, "Reset")
    assert steps(root) == 0
    settle(page, asked)
    assert steps(root) == 0
    assert painted(root) == first  # untrained networks of one seed, whatever their rates
    press(root, "Start")
    go_on(root)


def test_another_choice_begins_anew_and_goes_on_if_it_ran(visit: Visit, url: str) -> None:
    page = visit(url=url)
    root = in_the_lab(page)
    press(root, "Start")
    go_on(root)
    page.get_by_label("Pictures", exact=True).check()
    expect(root.get_by_alt_text(re.compile("^What the generator draws.*Step [1-9]"))).to_be_visible()
    expect(root.get_by_alt_text(re.compile("^Real pictures"))).to_be_visible()
    expect(root.locator("canvas")).to_be_hidden()
    expect(root.get_by_role("button", name="Stop", exact=True)).to_be_visible()


def test_others_draw_while_a_game_goes_on(visit: Visit, url: str) -> None:
    player, other = visit(url=url), visit(url=url)
    root = in_the_lab(player)
    press(root, "Start")
    go_on(root)
    other.get_by_role("spinbutton", name="Seed", exact=True).fill("7")
    expect(other.locator("#picture .gz-sheet img")).to_have_attribute("alt", re.compile("seeds 7 to 70"))
    go_on(root)


def test_a_game_waits_while_another_tab_is_looked_at(visit: Visit, url: str) -> None:
    page = visit(url=url)
    asked = under_way(page)
    root = in_the_lab(page)
    press(root, "Start")
    go_on(root)
    page.get_by_role("tab", name="Sample").click()
    settle(page, asked)
    assert asked == set()  # or it would have been asked again by now
    page.get_by_role("tab", name="Lab").click()
    go_on(root)


def test_the_keyboard_reaches_the_buttons(visit: Visit, url: str) -> None:
    root = in_the_lab(visit(url=url))
    start = root.get_by_role("button", name="Start", exact=True)
    start.focus()
    start.press("Enter")
    go_on(root)
    root.page.keyboard.press("Enter")
    expect(start).to_be_focused()


def seen_by_the_eye(root: Locator) -> bool:
    """Whether what is said of the game is not for screen readers only."""
    place = root.get_by_role("status").bounding_box()
    return place is not None and place["width"] > 1


def test_a_game_that_is_gone_is_told_and_reset_begins_another(visit: Visit, url: str) -> None:
    lost = False

    def forget(route: Route) -> None:
        asked = route.request.post_data or ""
        route.continue_(post_data=re.sub(r'("ticket":")[^"]+', r"\1gone", asked) if lost else asked)

    page = visit(url=url, gate=forget)
    root = in_the_lab(page)
    press(root, "Start")
    go_on(root)
    lost = True
    expect(root.get_by_role("status")).to_contain_text("Reset begins anew")
    assert seen_by_the_eye(root)
    lost = False
    press(root, "Reset")
    press(root, "Start")
    go_on(root)


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_a_phone(visit: Visit, url: str, dark: bool) -> None:
    page = visit(url=url, width=390, height=844, dark=dark)
    root = in_the_lab(page)
    press(root, "Start")
    go_on(root)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    canvas, controls = root.locator("canvas").bounding_box(), page.get_by_label("Collapse").bounding_box()
    assert canvas is not None
    assert controls is not None
    assert canvas["y"] < controls["y"]
