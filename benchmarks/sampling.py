"""Sampling speed as a visitor has it: from a click in a browser to the picture on the screen."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from statistics import median
from time import time
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from tyro.conf import arg

from benchmarks.contest import ContestError
from benchmarks.options import Device
from benchmarks.pages import ModelName, Side, ordinary, ours, served, untrained_zoo
from benchmarks.report import Row
from ganzoo.device import pick_device

if TYPE_CHECKING:  # whoever measures something else does without Playwright
    from playwright.sync_api import Browser

    from benchmarks.visitor import Seen, Visitor

RowName = Literal["click-dcgan-28", "click-again", "click-mlp", "drag-slider", "start"]
MODELS: Mapping[RowName, ModelName] = {
    "click-dcgan-28": "untrained-dcgan",
    "click-again": "untrained-dcgan",
    "click-mlp": "untrained-gan",
    "drag-slider": "untrained-dcgan",
}
"""What draws in a row; at the ``start`` it is the first model that ships."""
AGAIN = 1234, 77
"""The seeds that are asked for in turns, again and again."""
WARM_UP = 3
"""What each page does before it counts; starts and pulls of a slider are warm after one."""

Take = Callable[[], Mapping[str, float]]
"""Does something once; ``whole`` is how long it took or how much came of it, and the rest are parts of it."""


def measure(
    *,
    rows: Annotated[tuple[RowName, ...], arg(help="What to measure.")] = get_args(RowName),
    clicks: Annotated[int, arg(help="How often each page is clicked; the median counts.")] = 25,
    rounds: Annotated[int, arg(help="How often a slider is pulled, and each page started; the median counts.")] = 5,
    device: Device = "auto",
) -> list[Row]:
    """Sampling speed in a browser: 64 images, from the click to the picture on the screen.

    Ours is app.py, ordinary a page as tutorials have it, each in a process of its own; a headless Chromium on the same
    machine visits them in turns. Models are as wide as published, and untrained. Every click has fresh seeds, but for
    click-again, whose answers were given before. drag-slider counts the pictures that stood on the screen while the
    truncation was pulled from one end to the other within a second; start is from the command to the first picture,
    with all models that ship. Numbers are medians. The parts add up to the whole in every click, their medians nearly.
    """
    if clicks < 1 or rounds < 1:
        raise ContestError("a median is of at least one: mend --clicks or --rounds")
    where = pick_device(device)
    drawn = [name for name in MODELS if name in rows]  # in this order: a slider that was pulled stays where it is
    found = []
    with browsing() as browser:
        with ExitStack() as stack:
            if drawn:
                zoo = stack.enter_context(untrained_zoo())
                visitors = [stack.enter_context(_arrived(browser, side(where, zoo))) for side in (ours, ordinary)]
            for name in drawn:
                for visitor in visitors:
                    visitor.choose(MODELS[name])
                takes = [_take(name, visitor) for visitor in visitors]
                times, warm_up = (rounds, 1) if name == "drag-slider" else (clicks, WARM_UP)
                found.append(_row(name, _turns(takes, times, warm_up), browser.version))
        if "start" in rows:  # when no other page is there to take time from it
            takes = [_start(browser, side(where)) for side in (ours, ordinary)]
            found.append(_row("start", _turns(takes, rounds, 1), browser.version))
    return found


@contextmanager
def browsing() -> Iterator["Browser"]:
    """A browser for the block. Raises ``ContestError`` where there is none, and when it cannot do what it is told."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise ContestError("Playwright, which drives the browser, is not here: install ganzoo's extra test") from None
    from benchmarks.browser import open_browser
    from benchmarks.visitor import first_line

    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        if browser is None:
            raise ContestError("no Chromium or Chrome was found: install one and measure again")
        try:
            yield browser
        except Error as error:
            raise ContestError(f"a page did not do what a visitor asked of it ({first_line(error)})") from error
        finally:
            with suppress(Error):  # Ctrl-C has ended it already
                browser.close()


@contextmanager
def _arrived(browser: "Browser", side: Side) -> Iterator["Visitor"]:
    """A visitor before the page of a side, whose first picture is there."""
    from benchmarks.visitor import visiting

    with served(side, profiled=True) as url, visiting(browser, side, url) as visitor:
        visitor.arrive()
        yield visitor


def _take(name: RowName, visitor: "Visitor") -> Take:
    seeds = cycle(AGAIN)

    def click() -> Mapping[str, float]:
        seen = visitor.again(next(seeds)) if name == "click-again" else visitor.fresh()
        return split(seen, visitor.spans(seen.answers[-1]))

    def drag() -> Mapping[str, float]:
        visitor.fresh()  # or some of the pictures would be there already
        return {"whole": pictures_a_second(visitor.drag())}

    return drag if name == "drag-slider" else click


def _start(browser: "Browser", side: Side) -> Take:
    from benchmarks.visitor import visiting

    def start() -> Mapping[str, float]:
        began = 1000 * time()
        with served(side) as url, visiting(browser, side, url) as visitor:
            seen = visitor.arrive()
            return {"whole": seen.origin + seen.paints[0].painted - began}

    return start


def split(seen: "Seen", spans: Mapping[str, float]) -> dict[str, float]:
    """One click in milliseconds: the ``whole`` and its parts, which add up to it.

    ``spans`` are what gradio's profiler noted of the answer. ``compute`` and ``encode`` are what the page says of
    itself; of a page that says nothing, what its function took, and what ``gr.Image`` took to make a file of the
    picture. ``queue`` is how long gradio's queue held the request, and what else the function took: it may wait in
    there too. ``paint`` is from when the browser had the picture until it stood on the screen. ``transfer`` is the
    rest, both ways: the page's events, HTTP, gradio's share, JSON.
    """
    assert seen.asked is not None
    painting, answer = seen.paints[-1], seen.answers[-1]
    compute, encode = answer.function, 0.0
    if answer.told is not None:
        compute, encode = answer.told["draw"], answer.told["encode"]
        if compute + encode > answer.function:  # pictures that were kept tell of when they were drawn
            compute = 0.0
    parts = {
        "queue": spans.get("queue_wait_ms", 0.0) + answer.function - compute - encode,
        "compute": compute,
        "encode": encode + spans.get("postprocess_save_pil_to_cache_ms", 0.0),
        "paint": painting.painted - max(answer.at, painting.arrived),
    }
    whole = painting.painted - seen.asked
    return {"whole": whole, **parts, "transfer": whole - sum(parts.values())}


def pictures_a_second(seen: "Seen") -> float:
    """How many stood on the screen, from the first movement to the last picture."""
    assert seen.asked is not None
    return 1000 * len(seen.paints) / (seen.paints[-1].painted - seen.asked)


Sides = tuple[list[Mapping[str, float]], list[Mapping[str, float]]]
"""What came of our takes, and of the ordinary ones."""


def _turns(takes: list[Take], times: int, warm_up: int) -> Sides:
    """Ours, ordinary, ours, ordinary, and so on."""
    turns = [[take() for take in takes] for _ in range(warm_up + times)][warm_up:]
    mine, theirs = map(list, zip(*turns, strict=True))
    return mine, theirs


def _row(name: RowName, sides: Sides, browser: str) -> Row:
    unit = "pictures/s" if name == "drag-slider" else "ms"
    details: dict[str, float | str] = {}
    for side, takes in zip(("ours", "ordinary"), sides, strict=True):
        for part in takes[0]:
            numbers = [take[part] for take in takes]
            if part == "whole":
                details |= {f"{side}_min": min(numbers), f"{side}_max": max(numbers)}
            else:
                details[f"{side}_{part}_ms"] = median(numbers)
    mine, theirs = (median(take["whole"] for take in takes) for takes in sides)
    row = Row(name, mine, theirs, unit, details={**details, "browser": f"Chromium {browser}"})
    print(row, file=sys.stderr)
    return row
