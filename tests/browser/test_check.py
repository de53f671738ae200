"""The tab Check in a real browser: what it shows is what the library finds."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ganzoo.data import DataError, load_images
from ganzoo.ui import catalogues as ui_catalogues
from ganzoo.ui.catalogues import Catalogues
from ganzoo.ui.copies import compare, whole
from ganzoo.ui.drawing import Studio
from ganzoo.ui.meter import read
from ganzoo.ui.models import Models
from tests.browser.test_explore import shown
from tests.browser.test_page import number, painted, shows, tab
from tests.copies import copied

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Serve = Callable[..., str]


@pytest.fixture
def garments(zoo: Path, tmp_path: Path) -> Path:
    """A folder of two models: of garments, and of pictures that nobody knows."""
    copied(zoo / "alpha", tmp_path / "alpha", dataset="fashion-mnist")
    copied(zoo / "beta", tmp_path / "beta", dataset="folder:cats")
    return tmp_path


def test_the_meter_tells_what_the_library_finds(visit: Visit, serve: Serve, garments: Path) -> None:
    page = visit(url=serve(garments))
    tab(page, "Check")
    studio = Studio(Models([garments], device="cpu"))
    verdict, facts = page.locator(".gz-verdict"), page.locator(".gz-meter")
    for seed in (0, 900):
        number(page, "Seed").first.fill(str(seed))
        reading = read(studio, "alpha", seed)
        assert reading.examination is not None
        expect(facts).to_contain_text(f"alpha: 512 samples, seeds {seed} to {seed + 511}")
        expect(verdict).to_have_text(reading.verdict)
        expect(facts).to_contain_text(f"Coverage: {100 * reading.examination.coverage:.0f} % of 512 real pictures")
        counts = reading.examination.histogram.counts
        bars = page.locator(".gz-shares > span:nth-child(3n)")
        expect(bars).to_have_text([f"{100 * count / 512:.0f} %" for count in counts])
    page.get_by_role("radio", name="DCGAN").click()
    expect(verdict).to_have_text(read(studio, "beta", 900).verdict)
    expect(page.locator(".gz-shares")).to_have_count(0)
    expect(page.locator("#copies")).to_contain_text("'beta' did not learn from a published set")


def test_a_sample_s_neighbours_are_looked_for_among_training_pictures(
    visit: Visit, serve: Serve, garments: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load: Callable[..., Any] = load_images
    there = False

    def here(config: object, root: Path) -> object:
        if not there:
            raise DataError("There is no network.")
        return load(config, sample_root)

    monkeypatch.setattr(ui_catalogues, "load_images", here)
    monkeypatch.setattr("ganzoo.ui.copies.PART", 300)
    page = visit(url=serve(garments))
    page.get_by_role("option", name="seed 12", exact=True).click()
    page.get_by_role("button", name="Who are its neighbours?").click()
    copies = page.locator("#copies")
    expect(copies.get_by_role("heading")).to_have_text("Seed 12")
    expect(copies.get_by_role("heading")).to_be_in_viewport()
    expect(copies.get_by_role("option", selected=True)).to_have_attribute("aria-label", "seed 12")
    fetch = page.get_by_role("button", name="Fetch the training pictures of fashion-mnist")
    fetch.click()
    expect(page.get_by_text("There is no network.")).to_be_visible()
    there = True
    fetch.click()
    figures = copies.locator(".gz-found figure")
    expect(figures).to_have_count(5)
    expect(fetch).to_be_hidden()
    expect(page.get_by_text("There is no network.")).to_be_hidden()

    models = Models([garments], device="cpu")
    studio, known = Studio(models), whole(Catalogues(sample_root), models["alpha"])
    for seed in (12, 14):
        copies.get_by_role("option", name=f"seed {seed}", exact=True).click()
        likeness = compare(studio, known, "alpha", seed)
        expect(copies.locator("p[role=status]")).to_have_text(likeness.sentence)
        shown = [f"{label}, no. {i}" for label, i in zip(likeness.labels, likeness.found.indices, strict=True)]
        for figure, name, pixels in zip(figures.all(), shown, likeness.pixels, strict=True):
            expect(figure).to_contain_text(name)
            found = figure.locator("img").evaluate(
                """image => {
                    const canvas = document.createElement("canvas");
                    [canvas.width, canvas.height] = [28, 28];
                    canvas.getContext("2d").drawImage(image, 0, 0);
                    return [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0);
                }"""
            )
            assert found == pixels.flatten().tolist()
        expect(page.locator(".gz-plot path.mark")).to_have_count(1)
    assert (painted(copies, 1, 28) == studio.samples("alpha", 12, 1, 1.0).pixels).all()


def test_what_paint_has_found_has_neighbours_until_a_seed_takes_its_place(
    visit: Visit, serve: Serve, garments: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load: Callable[..., Any] = load_images
    monkeypatch.setattr(ui_catalogues, "load_images", lambda config, root: load(config, sample_root))
    page = visit(url=serve(garments))
    copies, ask = page.locator("#copies"), page.get_by_role("button", name="Who are its neighbours?")
    tab(page, "Paint")
    search = page.locator("#painting figure")
    expect(search.get_by_role("status")).to_have_text(re.compile("step 100$"))
    found = shown(search.get_by_role("img"))
    ask.locator("visible=true").click()
    shows(copies, "one picture drawn by alpha, what Paint has found, truncation 1")
    expect(copies.get_by_role("heading")).to_have_text("What Paint has found")
    expect(copies.get_by_role("heading")).to_be_in_viewport()
    assert abs(painted(copies, 1, 28)[0, ..., :1].astype(int) - found).max() <= 1
    page.get_by_role("button", name="Fetch the training pictures of fashion-mnist").click()
    expect(copies.locator(".gz-found figure")).to_have_count(5)
    tab(page, "Sample")
    ask.locator("visible=true").click()
    shows(copies, "36 pictures drawn by alpha, seeds 0 to 35, truncation 1")
    expect(copies.locator(".gz-found figure")).to_have_count(5)
