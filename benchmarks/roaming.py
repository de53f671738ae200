"""``python -m benchmarks.roaming ORDER``: visitors who go from tab to tab of our page, all at once.

Each asks as a browser does: by the page's own events, which are found in the description that gradio gives browsers of
the page. A process of its own, or the visitors would take the interpreter from whoever answers them. ``ORDER`` is an
``Order`` as JSON; a ``Tally`` as JSON goes to standard output.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import nan
from random import Random
from time import perf_counter
from typing import Any

import httpx

from benchmarks.contest import apart, memory
from benchmarks.load import call, connected

LOOKING = 3.0
"""Seconds that a visitor looks at what came before they ask for something else."""
SETTLING = 10.0
"""Seconds after which the page has loaded what it loads once."""
SEEDS = ("Seed", "Seed A", "Seed B", "Row seed", "Column seed")
"""What the page calls the fields that roaming visitors change at every step; all else they leave as it is."""


@dataclass(frozen=True)
class Tab:
    """How a visitor makes the page draw."""

    part: str
    """What is drawn, by its id."""
    ability: str
    """Of the models that can be chosen for it."""


TABS: Mapping[str, Tab] = {
    "sample": Tab("picture", "sample"),
    "interpolate": Tab("walk", "sample"),
    "mix": Tab("mixture", "style-mixing"),
    "film": Tab("film", "sample"),
    "explore": Tab("directions", "sample"),
    "plane": Tab("plane", "sample"),
    "critic": Tab("criticism", "judge"),
    "check": Tab("meter", "sample"),
    "duel": Tab("duel", "sample"),
}
"""Where visitors roam."""


@dataclass(frozen=True)
class Order:
    """Who comes, and for how long."""

    url: str
    process: int
    """Whose memory counts, by its number."""
    roaming: int
    """Visitors who go from tab to tab."""
    painting: int
    """Visitors who have a latent searched for all the time."""
    playing: int
    """Visitors whose game in the lab goes on all the time."""
    seconds: float
    """For how long they ask. Each asks at least once, and waits for its answer, however long that takes."""


@dataclass
class Tally:
    """What came of it."""

    latencies: dict[str, list[float]] = field(default_factory=dict)
    """By tab, seconds from the request to the answer, of each that was answered."""
    failures: list[str] = field(default_factory=list)
    """What the others ended in."""
    memory_mib: list[float] = field(default_factory=list)
    """Of the page's process, each second from ``SETTLING`` on; NaN on systems that do not tell it as Linux does."""


class _FailedError(Exception):
    """The page complained."""


Given = Callable[[int, Mapping[str, Any]], Any]
"""What is in a field, told by its number and by what it came with."""


class Page:
    """The page as a browser sees it: components, and the events of some of them."""

    def __init__(self, http: httpx.AsyncClient, config: Mapping[str, Any]) -> None:
        self._http = http
        self._props = {part["id"]: part["props"] for part in config["components"]}
        self._ids = {props["elem_id"]: number for number, props in self._props.items() if props.get("elem_id")}
        events = [event for event in config["dependencies"] if event["backend_fn"]]
        self._events = {(target, name): event for event in events for target, name in event["targets"]}
        self._drawing = {event["outputs"][0]: event for event in reversed(events) if event["outputs"]}

    async def draw(self, part: str, given: Given) -> Any:
        """Have a part drawn, as the first event does that fills it; else as ``tell``."""
        return await self._ask(part, self._drawing[self._ids[part]], given)

    async def tell(self, part: str, event: str, given: Given) -> Any:
        """Tell of a part's event, with what is ``given`` for each input.

        Returns the first of the answers: a value, or what changes of a part by name. Raises ``_FailedError`` for a
        complaint, and what httpx raises.
        """
        return await self._ask(part, self._events[self._ids[part], event], given)

    async def _ask(self, part: str, event: Mapping[str, Any], given: Given) -> Any:
        inputs = [given(number, self._props[number]) for number in event["inputs"]]
        body = {"data": inputs, "fn_index": event["id"], "session_hash": "crowd", "event_data": None}
        answer = await self._http.post("/gradio_api/run/predict", json=body)
        if answer.is_error:
            raise _FailedError(f"{part}: status {answer.status_code}")
        first, *others = answer.json()["data"]
        if isinstance(complaint := (others or [None])[-1], str):  # the last output is for complaints, if there is one
            raise _FailedError(f"{part}: {complaint}")
        return first.get("props", first) if isinstance(first, dict) else first

    def is_part(self, number: int, part: str) -> bool:
        return bool(number == self._ids[part])


def ask(order: Order) -> Tally:
    """Let a process of its own carry the order out. Raises ``ContestError`` where that fails."""
    return Tally(**apart("benchmarks.roaming", asdict(order), "the visitors"))


async def carry_out(order: Order) -> Tally:
    tally = Tally()
    async with connected(order.url) as http:
        page = Page(http, (await http.get("/config")).raise_for_status().json())
        models = await call(http, "models")
        end = perf_counter() + order.seconds
        async with asyncio.TaskGroup() as visitors:
            for number in range(order.roaming):
                visitors.create_task(_roam(page, models, Random(number), tally, end))
            for number in range(order.painting):
                visitors.create_task(_paint(page, models, Random(number), tally, end))
            for _ in range(order.playing):
                visitors.create_task(_play(page, tally, end))
            visitors.create_task(_weigh(order.process, tally, end))
    return tally


async def _asked(tab: str, tally: Tally, asking: Any) -> Any:
    """The answer, counted; None where there was none."""
    began = perf_counter()
    try:
        answer = await asking
    except (httpx.HTTPError, _FailedError, ValueError, LookupError) as error:
        tally.failures.append(f"{tab}: {error or type(error).__name__}")
        await asyncio.sleep(1)
        return None
    tally.latencies.setdefault(tab, []).append(perf_counter() - began)
    return answer


async def _roam(page: Page, models: Sequence[Mapping[str, Any]], random: Random, tally: Tally, end: float) -> None:
    await asyncio.sleep(random.uniform(0, min(LOOKING, max(0.0, end - perf_counter()))))  # they do not come as one
    while True:
        name = random.choice(list(TABS))
        tab = TABS[name]
        model = random.choice([it["id"] for it in models if tab.ability in it["abilities"]])

        def given(number: int, props: Mapping[str, Any], model: str = model) -> Any:
            if page.is_part(number, "models"):
                return model
            return random.randrange(1_000_000) if props.get("label") in SEEDS else props.get("value")

        await _asked(name, tally, page.draw(tab.part, given))
        if perf_counter() + LOOKING >= end:
            return
        await asyncio.sleep(LOOKING)


async def _paint(page: Page, models: Sequence[Mapping[str, Any]], random: Random, tally: Tally, end: float) -> None:
    """Search for a picture that one of the models draws, with that model."""
    model = random.choice([it["id"] for it in models if "sample" in it["abilities"]])

    def one(number: int, props: Mapping[str, Any]) -> Any:
        if page.is_part(number, "models"):
            return model
        return {"Seed": 12_345, "Pictures": 1}.get(props.get("label", ""), props.get("value"))

    drawn = await _asked("sample", tally, page.draw("picture", one))
    place, steps = None, 0
    while drawn:
        steps += 1
        wish = {"model": model, "picture": drawn["src"], "kind": None, "place": place, "turn": 1, "asked": steps}
        told = await _asked("paint", tally, page.tell("painting", "step", lambda *_, wish=wish: wish))
        place = told["answer"].get("place", place) if told else place
        if told and "refusal" in told["answer"]:
            tally.failures.append(f"paint: {told['answer']['refusal']}")
        if perf_counter() >= end:
            return


async def _play(page: Page, tally: Tally, end: float) -> None:
    ticket = None
    while True:

        def given(number: int, props: Mapping[str, Any], ticket: str | None = ticket) -> Any:
            return {"ticket": ticket, "anew": ticket is None} if page.is_part(number, "lab") else props.get("value")

        told = await _asked("lab", tally, page.tell("lab", "input", given))
        seen = told["seen"] if told else {}
        ticket = seen.get("ticket")  # a game that is over begins anew
        if perf_counter() >= end:
            return


async def _weigh(process: int, tally: Tally, end: float) -> None:
    await asyncio.sleep(min(SETTLING, max(0.0, end - perf_counter())))
    while True:
        tally.memory_mib.append(memory("VmRSS", process) or nan)
        if perf_counter() >= end:
            return
        await asyncio.sleep(1)


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(carry_out(Order(**json.loads(sys.argv[1])))))))
