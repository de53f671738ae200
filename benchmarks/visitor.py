"""Somebody in front of a page, in a browser: what they do, and what ``probe.js`` saw of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import randrange
from time import perf_counter, sleep
from typing import Any, Literal

import httpx
from playwright.sync_api import Browser, Error, Locator, Page

from benchmarks.contest import ContestError
from benchmarks.pages import PATIENCE, ModelName, Side

PROBE = Path(__file__).with_name("probe.js")
DRAG_SECONDS = 1.0
"""What a hand takes to pull a slider from one end to the other."""
MOUSE_SECONDS = 1 / 60
"""How often a mouse tells where it is."""


@dataclass(frozen=True)
class Answer:
    """What gradio tells of an answer that it sent."""

    event: str | None
    """Its id in gradio's queue; None where it went without."""
    at: float
    """When the browser had it."""
    function: float
    """What the page's own function took."""
    told: dict[str, float] | None
    """What the page itself says that it took to ``draw`` and to ``encode``, if it says so."""


@dataclass(frozen=True)
class Painting:
    """A picture that stood on the screen."""

    painted: float
    arrived: float
    """When the browser had its file; 0 where it has none of its own, and came with the answer."""


@dataclass(frozen=True)
class Seen:
    """What happened in a browser, in milliseconds since ``origin``."""

    origin: float
    """When the page was opened, in milliseconds since 1970."""
    asked: float | None
    """When the visitor did what they did; None where they did nothing but come."""
    answers: Sequence[Answer]
    paints: Sequence[Painting]


class Visitor(ABC):
    """Does the same on either page. Every action ends when the page has come to rest; raises ``ContestError``."""

    side: Literal["ours", "ordinary"]
    picture: str
    """The selector of the picture."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def arrive(self) -> Seen:
        """Open the page, which draws something of its own accord."""
        self.page.add_init_script(f"{PROBE.read_text(encoding='utf-8')}\nprobe.watch({self.picture!r});")
        self.page.goto(self.url)
        return self._seen()

    @abstractmethod
    def choose(self, model: ModelName) -> None:
        """Draw by another model from now on."""

    @abstractmethod
    def fresh(self) -> Seen:
        """Ask for pictures of seeds that nobody asked for before."""

    @abstractmethod
    def again(self, seed: int) -> Seen:
        """Ask for pictures of this seed."""

    def drag(self) -> Seen:
        """Pull the truncation from nothing to its most, where it stays."""
        slider = self.page.get_by_role("slider", name="Truncation").locator("visible=true")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box is not None
        mouse, height = self.page.mouse, box["y"] + box["height"] / 2
        self._listen("input")
        mouse.move(box["x"] + 1, height)
        mouse.down()
        began = perf_counter()
        while (way := (perf_counter() - began) / DRAG_SECONDS) < 1:
            mouse.move(box["x"] + 1 + (box["width"] - 2) * way, height)
            sleep(MOUSE_SECONDS)
        mouse.move(box["x"] + box["width"] - 1, height)
        mouse.up()
        return self._seen()

    def _listen(self, kind: Literal["click", "input"]) -> None:
        self.page.bring_to_front()  # browsers let what is hidden wait
        self.page.evaluate("kind => probe.listen(kind)", kind)

    def _seen(self) -> Seen:
        try:
            seen: dict[str, Any] = self.page.evaluate("patience => probe.settled(patience)", 1000 * PATIENCE)
        except Error as error:
            raise ContestError(f"{self.side} showed no picture ({first_line(error)})") from error
        answers = [Answer(**answer) for answer in seen.pop("answers")]
        return Seen(**{**seen, "answers": answers, "paints": [Painting(**paint) for paint in seen.pop("paints")]})

    @property
    def _seed(self) -> Locator:
        return self.page.get_by_role("spinbutton", name="Seed", exact=True).locator("visible=true")

    def spans(self, answer: Answer) -> dict[str, float]:
        """What gradio's own profiler noted of an answer, in milliseconds; nothing where it did not go by the queue."""
        traces = httpx.get(f"{self.url}/gradio_api/profiling/traces", params={"last_n": 64}, trust_env=False).json()
        return next((trace for trace in traces if trace["event_id"] == answer.event), {})


class OurVisitor(Visitor):
    side = "ours"
    picture = "#picture .gz-sheet img"

    def choose(self, model: ModelName) -> None:
        card = self.page.locator(f"#models [data-id={model}]")
        if card.get_attribute("aria-checked") != "true":  # or a click would draw nothing
            self._listen("click")
            card.click()
            self._seen()

    def fresh(self) -> Seen:
        self._listen("click")
        self.page.get_by_role("button", name="New seed").locator("visible=true").click()
        return self._seen()

    def again(self, seed: int) -> Seen:
        self._listen("input")
        self._seed.fill(str(seed))
        return self._seen()


class OrdinaryVisitor(Visitor):
    side = "ordinary"
    picture = "#picture img"

    def choose(self, model: ModelName) -> None:
        self.page.bring_to_front()
        self.page.get_by_label("Model").click()
        self.page.get_by_role("option", name=model).click()
        self.fresh()

    def fresh(self) -> Seen:
        return self.again(randrange(1_000_000))

    def again(self, seed: int) -> Seen:
        self._seed.fill(str(seed))
        self._listen("click")
        self.page.get_by_role("button", name="Generate").click()
        return self._seen()


def first_line(error: Error) -> str:
    return error.message.splitlines()[0]


@contextmanager
def visiting(browser: Browser, side: Side, url: str) -> Iterator[Visitor]:
    """Somebody with a browser of their own, who has not arrived yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        visitor = OurVisitor if side.name == OurVisitor.side else OrdinaryVisitor
        yield visitor(page, url)
    finally:
        with suppress(Error):  # Ctrl-C has ended the browser already
            context.close()
