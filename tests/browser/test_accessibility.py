"""What axe-core finds in the page, by eye in light and dark, on a wide screen and on a phone."""

from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copytree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_page import tab

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Serve = Callable[..., str]
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


LOOKS = pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide-light", "phone-dark"])
"""Colours do not depend on the width, nor the layout on the colours."""


@LOOKS
def test_nothing_in_any_tab_is_a_serious_barrier(visit: Visit, width: int, dark: bool) -> None:
    assert found_in(visit(width=width, dark=dark), TABS) == []


@LOOKS
def test_nor_in_those_of_models_that_mix_or_translate(
    visit: Visit, serve: Serve, styled: Path, translators: Path, tmp_path: Path, width: int, dark: bool
) -> None:
    for model in (styled / "sigma", translators / "delta"):
        copytree(model, tmp_path / model.name)
    page = visit(width=width, dark=dark, url=serve(tmp_path))
    assert found_in(page, {"Mix": "#mixture", "Translate": "#translation"}) == []


def found_in(page: Page, tabs: Mapping[str, str]) -> list[str]:
    """The barriers in each of these tabs, opened one after the other."""
    found = []
    for name, shown in tabs.items():
        tab(page, name)
        expect(page.locator(shown)).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += [f"{name}: {barrier}" for barrier in barriers(page)]
    return found


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the elements that it means."""
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['help']}: {[node['html'] for node in violation['nodes']]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]
