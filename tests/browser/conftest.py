import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--force-color-profile=srgb",  # or the screen's profile would move the colours that are compared
]

EVENTS = "**/gradio_api/run/**"
"""Where the page's own events go."""

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Any Chromium or Chrome of this computer: on the path, in Chrome's usual place, or Playwright's own."""
    on_the_path = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        launch = partial(playwright.chromium.launch, args=QUIET)
        browser = launch(executable_path=on_the_path) if on_the_path else installed(launch)
        if browser is None:
            pytest.skip("no Chromium or Chrome was found: install one and run them again")
        yield browser
        browser.close()


def installed(launch: Callable[..., Browser]) -> Browser | None:
    """The browser that Playwright finds by itself, if any."""
    for place in ({"channel": "chrome"}, {}):
        with suppress(Error):
            return launch(**place)
    return None


@pytest.fixture
def visit(browser: Browser, page_url: str) -> Iterator[Visit]:
    """Opens the page; ``gate``, if given, decides when its events reach the server.

    At the end, nothing must have been written to the console, or asked of another host or of gradio's queue, whose
    client may miss an answer.
    """
    complaints: list[str] = []
    contexts = []

    def visit(
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        url: str = page_url,
        gate: Callable[[Route], None] | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if is_elsewhere(request.url) else None)
        if gate:
            page.route(EVENTS, gate)
        page.goto(url)
        if url == page_url and not gate:  # thumbnails are what the page draws last of its own accord
            page.wait_for_function("document.querySelectorAll('#models img').length === 3")
        return page

    def is_elsewhere(url: str) -> bool:
        parts = urlsplit(url)
        outside = parts.scheme not in ("data", "blob") and parts.hostname != urlsplit(page_url).hostname
        return outside or "/queue/" in parts.path

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []
