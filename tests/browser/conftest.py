from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from ganzoo.hub.index import Index
from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.theme import launch_options
from tests.ports import free_port

EVENTS = "**/gradio_api/run/**"
"""Where the page's own events go."""

Visit = Callable[..., Page]


@pytest.fixture(autouse=True, scope="session")
def patient() -> Iterator[None]:
    """Nobody asks a page that has just started whether it answers within seconds: a busy machine is no error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradio.networking.url_ok", lambda url: True)
        yield


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Starts a page of its own over the models in a folder, and tells its address."""
    started = []

    def serve(folder: Path, index: Index | None = None, **settings: Any) -> str:
        demo = build(Models([folder], device="cpu"), index, **settings)
        started.append(demo)
        _, url, _ = demo.launch(**launch_options(), server_port=free_port(), quiet=True, prevent_thread_lock=True)
        return url

    yield serve
    for demo in started:
        demo.close(verbose=False)


@dataclass
class Window:
    """A page of the browser's that tests have one after the other: in a new one all scripts are read anew."""

    page: Page
    host: str = ""
    """Whom it may ask."""
    complaints: list[str] = field(default_factory=list)
    """What was written to the console, or asked of others or of gradio's queue, whose client may miss an answer."""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(60_000)
        self.page.on("console", lambda message: self._read(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._follow(request.url))

    def _read(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _follow(self, url: str) -> None:
        parts = urlsplit(url)
        outside = parts.scheme not in ("data", "blob") and parts.netloc != self.host
        if outside or "/queue/" in parts.path:
            self.complaints.append(url)

    def leave(self) -> list[str]:
        """Forget the visit; what there was to complain of in it."""
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.goto("about:blank")
        complaints, self.complaints = self.complaints, []
        return complaints


@pytest.fixture(scope="session")
def windows(browser: Browser) -> list[Window]:
    """Those that no test has just now."""
    return []


@pytest.fixture
def visit(browser: Browser, windows: list[Window], page_url: str, serve: Callable[..., str]) -> Iterator[Visit]:
    """Opens the page; ``gate``, if given, decides when its events reach the server.

    At the end there must be nothing to complain of. ``serve`` is asked for so that pages outlive their visits.
    """
    opened: list[Window] = []

    def visit(
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        url: str = page_url,
        gate: Callable[[Route], None] | None = None,
    ) -> Page:
        window = windows.pop() if windows else Window(browser.new_context(accept_downloads=True).new_page())
        opened.append(window)
        window.host, page = urlsplit(url).netloc, window.page
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        if gate:
            page.route(EVENTS, gate)
        page.goto(url)
        if url == page_url and not gate:  # thumbnails are what the page draws last of its own accord
            page.wait_for_function("document.querySelectorAll('#models img').length === 3")
        return page

    yield visit
    complaints = [complaint for window in opened for complaint in window.leave()]
    windows += opened
    assert complaints == []
