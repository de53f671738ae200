"""What axe-core finds in the page, by eye in light and dark, on a wide screen and on a phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_page import tab

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
TABS = {
    "Sample": "#picture",
    "Interpolate": "#walk",
    "Compare": "#comparison",
    "Film": "#film",
    "Explore": "#directions",
    "Critic": "#criticism",
    "Check": "#copies",
    "Paint": "#painting",
    "Lab": "#lab",
    "About": "#about",
}
"""With what is seen last."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_in_any_tab_is_a_serious_barrier(visit: Visit, width: int, dark: bool) -> None:
    page = visit(width=width, dark=dark)
    found = []
    for name, shown in TABS.items():
        tab(page, name)
        expect(page.locator(shown)).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += [f"{name}: {barrier}" for barrier in barriers(page)]
    assert found == []


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the elements that it means."""
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['help']}: {[node['html'] for node in violation['nodes']]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]
