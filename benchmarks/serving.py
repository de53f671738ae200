"""Serving speed as programs have it: pictures handed out while many ask at once."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from math import inf
from statistics import median, quantiles
from typing import Annotated, Literal, get_args

from tyro.conf import arg

from benchmarks.contest import ContestError
from benchmarks.load import Order, Tally, ask
from benchmarks.options import Device
from benchmarks.pages import ModelName, ordinary, ours, served, untrained_zoo
from benchmarks.report import Row
from ganzoo.device import pick_device

RowName = Literal[
    "dcgan-28-clients-1",
    "dcgan-28-clients-8",
    "dcgan-28-clients-32",
    "dcgan-28-clients-64",
    "gan-clients-1",
    "gan-clients-8",
    "gan-clients-32",
    "gan-clients-64",
    "again-clients-32",
]


@dataclass(frozen=True)
class Crowd:
    """Who asks for what."""

    model: ModelName
    images: int
    clients: int
    fresh: bool = True


CROWDS: Mapping[RowName, Crowd] = {
    "dcgan-28-clients-1": Crowd("untrained-dcgan", 64, 1),
    "dcgan-28-clients-8": Crowd("untrained-dcgan", 64, 8),
    "dcgan-28-clients-32": Crowd("untrained-dcgan", 64, 32),
    "dcgan-28-clients-64": Crowd("untrained-dcgan", 64, 64),
    "gan-clients-1": Crowd("untrained-gan", 16, 1),
    "gan-clients-8": Crowd("untrained-gan", 16, 8),
    "gan-clients-32": Crowd("untrained-gan", 16, 32),
    "gan-clients-64": Crowd("untrained-gan", 16, 64),
    "again-clients-32": Crowd("untrained-dcgan", 64, 32, fresh=False),
}
SEEDS_A_TURN = 2**22
"""No two turns share a seed; there are enough for a thousand turns, and in each for 65,536 requests of 64."""


def measure(
    *,
    rows: Annotated[tuple[RowName, ...], arg(help="What to measure.")] = get_args(RowName),
    rounds: Annotated[int, arg(help="How often each page is asked; the median counts.")] = 3,
    seconds: Annotated[float, arg(help="How long clients ask in one round, at least once each.")] = 2.0,
    device: Device = "auto",
) -> list[Row]:
    """Serving speed: requests to /sample that are answered in a second, while several clients ask at once.

    Clients are in a process of their own on the same machine; each asks again as soon as it has its picture's file.
    dcgan-28 is 64 images by the 28×28 DCGAN, gan 16 by the multilayer perceptron, both as wide as published, with
    fresh seeds in every request; in again all ask for the same 64. Ours is app.py, ordinary a page as tutorials have
    it, in processes of their own, asked in turns. Speeds are medians over the rounds, latencies over all requests that
    were answered. Refused are those that a full queue turned away, failed those that ended in no picture.
    """
    if rounds < 1 or not 0 < seconds < inf:
        raise ContestError("pages are asked in at least one round, of more than no seconds: mend --rounds or --seconds")
    where = pick_device(device)
    seeds = count(0, SEEDS_A_TURN)
    found = []
    with ExitStack() as stack:
        zoo = stack.enter_context(untrained_zoo())
        urls = {side.name: stack.enter_context(served(side)) for side in (ours(where, zoo), ordinary(where, zoo))}
        for name in dict.fromkeys(rows):
            crowd = CROWDS[name]
            seed = next(seeds)
            tallies: dict[str, list[Tally]] = {side: [] for side in urls}
            for lasting in [0.0, *[seconds] * rounds]:  # in the first, which does not count, each client asks once
                seed = next(seeds) if crowd.fresh else seed
                for side, url in urls.items():
                    order = Order(url, crowd.model, crowd.images, crowd.clients, lasting, seed, crowd.fresh)
                    tallies[side].append(ask(order))
            found.append(_row(name, {side: turns[1:] for side, turns in tallies.items()}))
    return found


def _row(name: RowName, sides: Mapping[str, Sequence[Tally]]) -> Row:
    """Raises ``ContestError`` where a page answered nothing in some round."""
    details: dict[str, float | str] = {}
    for side, tallies in sides.items():
        for tally in tallies:
            if not tally.latencies:
                raise ContestError(f"{side} answered none of {name} ({tally.failure or 'its queue was full'})")
        speeds = [tally.speed for tally in tallies]
        latencies = [1000 * latency for tally in tallies for latency in tally.latencies]
        details |= {
            f"{side}_min": min(speeds),
            f"{side}_max": max(speeds),
            f"{side}_latency_ms": median(latencies),
            f"{side}_latency_of_the_slowest_tenth_ms": quantiles(latencies, n=10, method="inclusive")[-1],
            f"{side}_answered": len(latencies),
            f"{side}_refused": sum(tally.refused for tally in tallies),
            f"{side}_failed": sum(tally.failed for tally in tallies),
        }
    mine, theirs = (median(tally.speed for tally in tallies) for tallies in sides.values())
    row = Row(name, mine, theirs, "requests/s", details)
    print(row, file=sys.stderr)
    return row
