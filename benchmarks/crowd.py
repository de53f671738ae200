"""Whether the page holds: many visitors at once, in all its tabs."""

import sys
from math import inf, nan
from statistics import median, quantiles
from typing import Annotated

from tyro.conf import arg

from benchmarks.contest import ContestError
from benchmarks.options import Device
from benchmarks.pages import ours, running
from benchmarks.report import Row
from benchmarks.roaming import Order, Tally, ask
from ganzoo.device import pick_device


def measure(
    *,
    visitors: Annotated[int, arg(help="How many come, those who paint and play among them.")] = 32,
    painting: Annotated[int, arg(help="How many of them have a latent searched for all the time.")] = 2,
    playing: Annotated[int, arg(help="How many of them have a game in the lab go on all the time.")] = 4,
    seconds: Annotated[float, arg(help="How long they stay.")] = 60.0,
    device: Device = "auto",
) -> list[Row]:
    """How long visitors wait in each tab, while many are in all of them.

    The page is app.py with the models that ship. Visitors are in a process of their own on the same machine, and ask
    by the events that a browser tells the page. Most roam: they choose a tab, a model and seeds at random, wait for
    the answer, look at it for three seconds and go on. Some search for a latent (paint) and some play (lab) without a
    pause; each of these answers is one of many. Waiting is told as the median over the answers. Memory is the page's
    at the end, less what it was after ten seconds. No ordinary page has these tabs, so nothing stands beside.
    """
    roaming = visitors - painting - playing
    if min(roaming, painting, playing) < 0 or visitors < 1 or not 0 < seconds < inf:
        raise ContestError("visitors are one at least, those who paint and play among them: mend the numbers")
    with running(ours(pick_device(device))) as (url, process):
        tally = ask(Order(url, process, roaming, painting, playing, seconds))
    if not tally.latencies:
        raise ContestError(f"the page answered nothing ({tally.failures[0]})")
    return rows(tally)


def rows(tally: Tally) -> list[Row]:
    """One for each tab, and one for the memory."""
    found = [_waiting(tab, seconds) for tab, seconds in tally.latencies.items()]
    added = tally.memory_mib[-1] - tally.memory_mib[0] if len(tally.memory_mib) > 1 else nan
    failed: dict[str, float | str] = {"failed": len(tally.failures)}
    found.append(Row("memory", added, None, "MiB", failed, note=next(iter(tally.failures), "")))
    for row in found:
        print(row, file=sys.stderr)
    return found


def _waiting(tab: str, seconds: list[float]) -> Row:
    waits = [1000 * wait for wait in seconds]
    slowest = quantiles(waits, n=10, method="inclusive")[-1] if len(waits) > 1 else waits[0]
    details = {"slowest_tenth_ms": slowest, "slowest_ms": max(waits), "answered": len(waits)}
    return Row(tab, median(waits), None, "ms", details)
