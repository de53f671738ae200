"""``python -m benchmarks.screenshots``: every tab of the page, wide and on a phone, light and dark."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import torch
import tyro
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.contest import ROOT, ContestError
from benchmarks.pages import PATIENCE, ours, served
from benchmarks.sampling import browsing
from ganzoo.files import written_whole

Scheme = Literal["light", "dark"]
HEIGHT = 900
VIEWS: Sequence[tuple[int, Scheme]] = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
"""Width of the window, and whether its visitor likes it light or dark."""
GAP, GREY = 16, "#808080"
QUALITY = 75
"""Of the WebP files: small, and text is read easily."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Take a picture of every tab, in four views side by side."""

    folder: Path = ROOT / "docs" / "screens"
    """Where they go; each is named after its tab."""
    model: str = "stylegan2-fashion-mnist"
    """Which model is chosen: of what it cannot do there is no tab."""
    patience: float = 2.0
    """Seconds in which a tab draws what has come."""


def views(browser: Browser, url: str, options: Options) -> dict[str, list[Image.Image]]:
    """By tab, how it looks in each of ``VIEWS``."""
    found: dict[str, list[Image.Image]] = {}
    for width, scheme in VIEWS:
        with browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme) as context:
            page = context.new_page()
            page.set_default_timeout(1000 * PATIENCE)
            if not found:
                opened(page, url, options, {})
                tabs = page.locator("[role=tablist]").first.locator("[data-tab-id]")  # others are within a tab
                found = {name: [] for name in tabs.evaluate_all("tabs => tabs.map(tab => tab.dataset.tabId)")}
            for name, pictures in found.items():
                opened(page, url, options, {"tab": name})
                pictures.append(Image.open(BytesIO(page.screenshot())))
    return found


def opened(page: Page, url: str, options: Options, view: Mapping[str, str]) -> None:
    """Go to a view of the page, and wait for all that it draws of its own accord."""
    page.goto(f"{url}?{urlencode({'model': options.model, **view})}")
    page.locator("[role=tab]").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_function("!document.querySelector('.wrap.minimal:not(.hide)')")  # the clock of what takes long
    page.wait_for_timeout(1000 * options.patience)


def side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pictures of one height in a row, at half their size."""
    sheet = Image.new("RGB", (sum(it.width + GAP for it in pictures) - GAP, HEIGHT), GREY)
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + GAP
    return sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)


def perform(options: Options) -> None:
    """Take them all, and write them. Raises ``ContestError``."""
    with browsing() as browser, served(ours(torch.device("cpu"))) as url:
        for name, pictures in views(browser, url, options).items():
            with written_whole(options.folder / f"{name}.webp") as path:
                side_by_side(pictures).save(path, "WEBP", quality=QUALITY, method=6)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m benchmarks.screenshots")
    try:
        perform(options)
    except ContestError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
