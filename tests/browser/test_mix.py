"""Mix as a visitor meets it, in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import ganzoo
from ganzoo.inference import mix
from ganzoo.inference.pictures import to_pixels
from tests.browser.test_page import painted, shows, slide

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # nothing here depends on timing, and a busy machine is no error

Visit = Callable[..., Page]
Serve = Callable[..., str]


def test_a_model_with_styles_has_them_mixed_and_its_noise_left_out(visit: Visit, serve: Serve, styled: Path) -> None:
    page = visit(url=serve(styled))
    mix_tab, noise = page.get_by_role("tab", name="Mix"), page.get_by_role("checkbox", name="Noise")
    shows(page.locator("#picture"), "64 pictures drawn by alpha, seeds 0 to 63, truncation 1")
    expect(mix_tab).to_be_hidden()
    expect(noise).to_be_hidden()
    page.get_by_role("radio", name="sigma").click()
    shows(page.locator("#picture"), "64 pictures drawn by sigma, seeds 0 to 63, truncation 1")
    noise.uncheck()
    shows(page.locator("#picture"), "64 pictures drawn by sigma, seeds 0 to 63, truncation 1, without noise")
    mix_tab.click()
    sheet, aside = page.locator("#mixture"), page.locator("#mixture .gz-aside")
    shows(sheet, "seeds 0 to 5 of sigma, each with coarse styles of seeds 100 to 105, truncation 1")
    slide(page, "Seeds a side", 2)
    page.get_by_role("radio", name="fine", exact=True).click()
    shows(sheet, "seeds 0 to 1 of sigma, each with fine styles of seeds 100 to 101, truncation 1")
    mixed = mix(ganzoo.load(styled / "sigma", "cpu"), range(2), range(100, 102), "fine").flatten(0, 1)
    assert (painted(sheet, 9, 28) == to_pixels(mixed)).all()
    sheet.get_by_role("option", name="seed 1, fine of seed 101", exact=True).click()
    expect(aside.get_by_role("heading")).to_have_text("Seed 1, fine of seed 101")
    page.wait_for_url("**/?model=sigma&tab=mix&*")
    page.get_by_role("radio", name="GAN mnist").click()
    expect(mix_tab).to_be_hidden()
    shows(page.locator("#picture"), "64 pictures drawn by alpha, seeds 0 to 63, truncation 1")
    expect(noise).to_be_hidden()
    page.wait_for_url("**/?model=alpha&tab=sample&*")
    page.get_by_role("radio", name="sigma").click()
    mix_tab.click()
    shows(sheet, "seeds 0 to 1 of sigma, each with fine styles of seeds 100 to 101, truncation 1")
    page.wait_for_url("**/?model=sigma&tab=mix&*")
