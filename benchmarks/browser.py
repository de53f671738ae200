"""A Chromium or Chrome of this computer, without a window."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from playwright.sync_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--force-color-profile=srgb",  # or the screen's profile would move the colours that are compared
]


def open_browser(playwright: Playwright) -> Browser | None:
    """One on the path, in Chrome's usual place, or Playwright's own; None where there is none."""
    on_the_path = next(filter(None, map(shutil.which, NAMES)), None)
    launch = partial(playwright.chromium.launch, args=QUIET)
    return launch(executable_path=on_the_path) if on_the_path else _installed(launch)


def _installed(launch: Callable[..., Browser]) -> Browser | None:
    """The browser that Playwright finds by itself, if any."""
    for place in ({"channel": "chrome"}, {}):
        with suppress(Error):
            return launch(**place)
    return None
