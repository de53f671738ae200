"""About as a visitor meets it, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_page import tab

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

Visit = Callable[..., Page]


def test_about_tells_the_game_and_the_models(visit: Visit) -> None:
    page = visit()
    tab(page, "About")
    expect(page.get_by_role("heading", name="The game")).to_be_visible()
    page.get_by_text("gamma", exact=True).click()
    expect(page.get_by_text("32 × 32, colour")).to_be_visible()


def test_on_a_phone_the_equation_keeps_to_its_column(visit: Visit) -> None:
    page = visit(width=390)
    tab(page, "About")
    expect(page.locator(".gz-about math")).to_be_visible()
    over = """math => Math.max(...[...math.querySelectorAll('*')].map(part => part.getBoundingClientRect().right))
        - math.parentElement.getBoundingClientRect().right"""
    assert page.locator(".gz-about math").evaluate(over) <= 0


def test_what_teaches_both_players_reaches_both_and_strikes_no_word_through(visit: Visit) -> None:
    page = visit()
    tab(page, "About")
    expect(page.locator(".gz-game")).to_be_visible()
    ends, struck = page.locator(".gz-game").evaluate(
        """drawing => {
            const inside = ({ x, y }, part) => {
                const box = part.getBBox();
                return box.x <= x && x <= box.x + box.width && box.y <= y && y <= box.y + box.height;
            };
            const ways = [...drawing.querySelectorAll('.back')], words = [...drawing.querySelectorAll('text')];
            const along = way => Array.from({ length: way.getTotalLength() }, (_, i) => way.getPointAtLength(i));
            const above = way => {
                const { x, y } = way.getPointAtLength(way.getTotalLength());
                return ['g', 'd'].filter(player => inside({ x, y: y - 8 }, drawing.querySelector(`.${player} rect`)));
            };
            const under = way => words.filter(word => along(way).some(point => inside(point, word)));
            return [ways.flatMap(above), ways.flatMap(under).map(word => word.textContent)];
        }"""
    )
    assert (ends, struck) == (["g", "d"], [])
