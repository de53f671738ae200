from collections.abc import Callable, Iterator
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


@pytest.fixture
def visit(browser: Browser, page_url: str, serve: Callable[..., str]) -> Iterator[Visit]:  # closed before its page is
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
        here = urlsplit(url).netloc
        page.on("request", lambda request: complaints.append(request.url) if is_elsewhere(request.url, here) else None)
        if gate:
            page.route(EVENTS, gate)
        page.goto(url)
        if url == page_url and not gate:  # thumbnails are what the page draws last of its own accord
            page.wait_for_function("document.querySelectorAll('#models img').length === 3")
        return page

    def is_elsewhere(url: str, here: str) -> bool:
        parts = urlsplit(url)
        outside = parts.scheme not in ("data", "blob") and parts.netloc != here
        return outside or "/queue/" in parts.path

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []
