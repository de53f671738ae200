"""``python -m benchmarks.load ORDER``: clients who ask a page's ``/sample`` for pictures, all at once.

A process of its own, or the clients would take the interpreter from whoever answers them. ``ORDER`` is an ``Order`` as
JSON; a ``Tally`` as JSON goes to standard output.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from io import BytesIO
from itertools import count, repeat
from time import perf_counter
from typing import Any

import httpx
from PIL import Image

from benchmarks.contest import apart

PATIENCE = 120.0
"""Seconds that a client waits for one answer."""
PAUSE = 0.1
"""Seconds after which a client who was refused asks again."""


@dataclass(frozen=True)
class Order:
    """What to ask for."""

    url: str
    model: str
    images: int
    """In one request."""
    clients: int
    """How many ask at the same time; each asks again as soon as it has its picture."""
    seconds: float
    """For how long they ask. Each asks at least once, and waits for its answer, however long that takes."""
    seed: int
    """Of the very first image."""
    fresh: bool
    """Whether every request has seeds of its own; or else all ask for the same."""


@dataclass
class Tally:
    """What came of it. Every request is in one of the first three."""

    latencies: list[float] = field(default_factory=list)
    """Seconds from the request to the picture in hand, of each that was answered."""
    refused: int = 0
    """Requests that were turned away because the queue was full."""
    failed: int = 0
    """Requests that ended in anything else than a picture."""
    seconds: float = 0.0
    """From the first request to the last answer."""
    failure: str = ""
    """What one of the failed ended in."""

    @property
    def speed(self) -> float:
        """Pictures handed out a second; each is the answer to one request."""
        return len(self.latencies) / self.seconds


class RefusedError(Exception):
    """The queue is full."""


def ask(order: Order) -> Tally:
    """Let a process of its own carry the order out. Raises ``ContestError`` where that fails."""
    return Tally(**apart("benchmarks.load", asdict(order), "the clients"))


async def carry_out(order: Order) -> Tally:
    tally = Tally()
    seeds = count(order.seed, order.images) if order.fresh else repeat(order.seed)
    async with connected(order.url) as http:
        began = perf_counter()
        async with asyncio.TaskGroup() as clients:
            for _ in range(order.clients):
                clients.create_task(_client(http, order, seeds, tally, began + order.seconds))
        tally.seconds = perf_counter() - began
    return tally


def connected(url: str) -> httpx.AsyncClient:
    """To a page, by as many connections as there are questions."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits, trust_env=False)


async def call(http: httpx.AsyncClient, name: str, *arguments: Any) -> Any:
    """What an endpoint answers, at the end of its stream of events.

    Raises ``RefusedError`` where the queue is full, ``ValueError`` for another end, and what httpx raises.
    """
    joined = await http.post(f"/gradio_api/call/{name}", json={"data": arguments})
    if joined.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        raise RefusedError
    event = joined.raise_for_status().json()["event_id"]
    stream = await http.get(f"/gradio_api/call/{name}/{event}")
    last, data = stream.raise_for_status().text.strip().splitlines()[-2:]
    if last != "event: complete":
        raise ValueError(data)
    (answer,) = json.loads(data.removeprefix("data: "))
    return answer


async def _client(http: httpx.AsyncClient, order: Order, seeds: Iterator[int], tally: Tally, end: float) -> None:
    while True:
        began = perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                picture = await _picture(http, order, next(seeds))
            latency = perf_counter() - began
            _check(picture)
        except RefusedError:
            tally.refused += 1
            await asyncio.sleep(PAUSE)
        except (httpx.HTTPError, OSError, LookupError, ValueError) as error:
            tally.failed += 1
            tally.failure = f"{type(error).__name__}: {error}"
            await asyncio.sleep(PAUSE)
        else:
            tally.latencies.append(latency)
        if perf_counter() >= end:
            return


async def _picture(http: httpx.AsyncClient, order: Order, seed: int) -> bytes:
    """Ask, and fetch the file. Raises what ``_client`` counts."""
    file = await call(http, "sample", order.model, seed, order.images, 1.0)
    return (await http.get(httpx.URL(file["url"]).path)).raise_for_status().content


def _check(picture: bytes) -> None:
    """Raises ``OSError`` for a file that is no whole picture, such as one that was read while it was written anew."""
    with Image.open(BytesIO(picture)) as image:
        image.load()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(carry_out(Order(**json.loads(sys.argv[1])))))))
