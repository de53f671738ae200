"""What axe-core finds in the page: it must find nothing serious."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
TABS = ("sample", "interpolate", "compare", "film", "explore", "critic", "check", "paint", "lab", "about")


@pytest.mark.parametrize("dark", [False, True])
def test_no_tab_has_a_serious_fault(visit: Visit, dark: bool) -> None:
    page, faults = visit(dark=dark), []
    for tab in TABS:
        page.locator(f"[role=tablist] [data-tab-id={tab}]").first.click()
        page.wait_for_load_state("networkidle")
        found: dict[str, Any] = Axe().run(page).response
        faults += [
            (tab, fault["id"], node["html"][:200])
            for fault in found["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]
    assert faults == []
