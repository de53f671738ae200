"""Small plots as HTML: thin curves and bars in SVG that stretch with the page, words in HTML that do not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import log10


@dataclass(frozen=True)
class Line:
    """A curve; ``role`` is its CSS class and so its colour, the same for the same player everywhere."""

    name: str
    role: str
    xs: Sequence[float]
    ys: Sequence[float]


def plot(
    title: str,
    lines: Sequence[Line],
    *,
    unit: str,
    x_end: float,
    y_from: float | None = None,
    ticks: Sequence[tuple[float, str]] = (),
    logarithmic: bool = False,
) -> str:
    """Curves from x = 0 to ``x_end``, named at their right ends; ``unit`` says what x counts.

    The y axis goes from ``y_from`` (the lowest value if not given) to the highest; ``logarithmic`` takes values above 0
    only. Where x has another measure than people are told, ``ticks`` are some of its places and what these are to them.
    """
    ys = [y for line in lines for y in line.ys]
    low = min(ys) if y_from is None else y_from
    high = max(ys)
    scale: Callable[[float], float] = log10 if logarithmic else float
    span = scale(high) - scale(low) or 1.0

    def height(y: float) -> float:
        return 100.0 * (1.0 - (scale(y) - scale(low)) / span)

    def path(line: Line) -> str:
        points = (f"{100 * x / x_end:.2f} {height(y):.2f}" for x, y in zip(line.xs, line.ys, strict=True))
        return f'<path class="{line.role}" d="M{" L".join(points)}"/>'

    ends_of_x = (
        f'<span class="x" style="left:0">0</span><span class="x" style="right:0">{x_end:,.0f} {escape(unit)}</span>'
    )
    marked = "".join(
        f'<span class="x tick" style="left:{100 * x / x_end:.1f}%">{escape(told)}</span>' for x, told in ticks
    )
    curves = "".join(map(path, lines))
    places = _apart([height(line.ys[-1]) for line in lines])
    ends = "".join(
        f'<span class="end {line.role}" style="top:{place:.1f}%">{escape(line.name)}</span>'
        for line, place in zip(lines, places, strict=True)
    )
    axes = (
        f'<span class="y" style="top:0">{_short(high)}</span><span class="y" style="top:100%">{_short(low)}</span>'
        f"{marked or ends_of_x}"
    )
    said = f"{title}: " + "; ".join(f"{line.name} from {_short(line.ys[0])} to {_short(line.ys[-1])}" for line in lines)
    return (
        f'<div class="gz-plot"><h4>{escape(title)}</h4><div class="area">'
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="{escape(said)}">{curves}</svg>'
        f"{axes}{ends}</div></div>"
    )


def bars(title: str, counts: Sequence[int], *, unit: str) -> str:
    """A bar for each count, from 0 to the highest, numbered from 0; ``unit`` says what is numbered."""
    high = max(counts, default=0) or 1
    step = 100.0 / max(len(counts), 1)
    drawn = "".join(
        f'<rect x="{(i + 0.1) * step:.2f}" y="{100 - 100 * count / high:.2f}" width="{0.8 * step:.2f}" '
        f'height="{100 * count / high:.2f}"/>'
        for i, count in enumerate(counts)
    )
    axes = (
        f'<span class="y" style="top:0">{high:,}</span><span class="y" style="top:100%">0</span>'
        f'<span class="x" style="left:0">{escape(unit)} 0</span>'
        f'<span class="x" style="right:0">{len(counts) - 1}</span>'
    )
    said = f"{title}: {', '.join(f'{count:,}' for count in counts)}"
    return (
        f'<div class="gz-plot"><h4>{escape(title)}</h4><div class="area">'
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="{escape(said)}">{drawn}</svg>'
        f"{axes}</div></div>"
    )


@dataclass(frozen=True)
class Group:
    """Numbers of one kind; ``role`` is the CSS class of what stands for them."""

    name: str
    role: str
    values: Sequence[float]


BINS = 24


def histograms(title: str, groups: Sequence[Group], *, unit: str, mark: tuple[str, float] | None = None) -> str:
    """How the values of some groups are spread, over the same bins, as outlines of equal area.

    ``unit`` says what the values are, and a ``mark`` is a name for one of them.
    """
    values = [value for group in groups for value in group.values] + ([mark[1]] if mark else [])
    low, high = min(values), max(values)
    width = (high - low) / BINS or 1.0

    def shares(group: Group) -> list[float]:
        counts = [0] * BINS
        for value in group.values:
            counts[min(int((value - low) / width), BINS - 1)] += 1
        return [count / len(group.values) for count in counts]

    heights = [shares(group) for group in groups]
    top, step = max(map(max, heights)), 100 / BINS

    def outline(shares: Sequence[float]) -> str:
        levels = [100 - 100 * share / top for share in shares]
        return "M0 100 " + " ".join(f"V{level:.2f} H{(i + 1) * step:.2f}" for i, level in enumerate(levels)) + " V100"

    drawn = "".join(
        f'<path class="{group.role}" d="{outline(shares)}"/>' for group, shares in zip(groups, heights, strict=True)
    )
    words = "".join(
        f'<span class="end {group.role}" style="top:{10 + 16 * i}%">{escape(group.name)}</span>'
        for i, group in enumerate(groups)
    )
    said = [
        f"{group.name}, {len(group.values):,} from {_short(min(group.values))} to {_short(max(group.values))}"
        for group in groups
    ]
    if mark:
        place = 100 * (mark[1] - low) / (high - low or 1.0)
        drawn += f'<path class="mark" d="M{place:.2f} 0 V100"/>'
        words += f'<span class="end mark" style="top:{10 + 16 * len(groups)}%">{escape(mark[0])}</span>'
        said.append(f"{mark[0]} at {_short(mark[1])}")
    return (
        f'<div class="gz-plot"><h4>{escape(title)}</h4><div class="area">'
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)}: {escape("; ".join(said))}">{drawn}</svg>'
        f'<span class="x" style="left:0">{_short(low)}</span>'
        f'<span class="x" style="right:0">{_short(high)} {escape(unit)}</span>{words}</div></div>'
    )


def class_bars(title: str, names: Sequence[str], shares: Sequence[float], marks: Sequence[float]) -> str:
    """For each class a bar of its share, with a mark where its share in the data is."""
    top = max(*shares, *marks)
    rows = "".join(
        f'<span>{escape(name)}</span><span class="bar"><i style="width:{100 * share / top:.1f}%"></i>'
        f'<b style="left:{100 * mark / top:.1f}%"></b></span><span>{100 * share:.0f} %</span>'
        for name, share, mark in zip(names, shares, marks, strict=True)
    )
    said = ", ".join(
        f"{name} {100 * share:.0f} % (data {100 * mark:.0f} %)"
        for name, share, mark in zip(names, shares, marks, strict=True)
    )
    return (
        f'<div class="gz-plot"><h4>{escape(title)}</h4>'
        f'<div class="gz-shares" role="img" aria-label="{escape(title)}: {escape(said)}">{rows}</div></div>'
    )


def _apart(places: Sequence[float], least: float = 16.0) -> list[float]:
    """Heights in percent, moved down where one word would lie on another."""
    moved = list(places)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + least)
    return moved


def _short(value: float) -> str:
    return f"{value:.2g}"
