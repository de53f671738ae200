"""The plots of a study: score against time and against images seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from ganzoo.files import written_whole
from train.study.arms import Arm
from train.study.runs import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
"""Of Okabe and Ito, which are told apart with any kind of colour vision; an arm has no more contenders."""
STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: small, and found by who searches
    "svg.hashsalt": "study",  # the same figures are the same bytes
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
GAP = 0.075
"""Between two labels, as a share of the panel's height."""


@dataclass(frozen=True)
class Band:
    """A contender's score along its runs: the mean over the seeds, between the lowest and the highest."""

    images: Sequence[float]
    minutes: Sequence[float]
    """The mean over the seeds."""
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def band(results: Sequence[Result]) -> Band:
    """Over the runs of a contender on a data set, at every number of images at which all were measured."""
    curves = [{point.images: point for point in result.curve} for result in results]
    shared = [images for images in curves[0] if all(images in curve for curve in curves)]
    points = [[curve[images] for curve in curves] for images in shared]
    distances = [[point.distance for point in seeds] for seeds in points]
    return Band(
        images=shared,
        minutes=[fmean(point.seconds for point in seeds) / 60 for seeds in points],
        mean=[fmean(values) for values in distances],
        low=[min(values) for values in distances],
        high=[max(values) for values in distances],
    )


def bands(results: Sequence[Result], arm: Arm) -> dict[str, dict[str, Band]]:
    """By data set and contender, where a run was measured along the way."""
    found: dict[str, dict[str, Band]] = {}
    for dataset in dict.fromkeys(result.dataset for result in results):
        for contender in arm.contenders:
            own = [it for it in results if (it.dataset, it.contender) == (dataset, contender)]
            if own and (drawn := band(own)).images:
                found.setdefault(dataset, {})[contender] = drawn
    return found


def draw(found: Mapping[str, Mapping[str, Band]], file: Path) -> None:
    """One row of panels for each data set: against minutes of training, and against images seen. An SVG file."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullLocator

    with rc_context(STYLE):
        figure = Figure(figsize=(8.0, 0.4 + 2.6 * len(found)), layout="constrained")
        FigureCanvasSVG(figure)
        panels = figure.subplots(len(found), 2, squeeze=False, sharey="row")
        for (dataset, contenders), (by_time, by_images) in zip(found.items(), panels, strict=True):
            for colour, line in zip(COLOURS, contenders.values(), strict=False):
                for panel, x in ((by_time, line.minutes), (by_images, [count / 1000 for count in line.images])):
                    panel.plot(x, line.mean, color=colour, linewidth=1.2)
                    panel.fill_between(x, line.low, line.high, color=colour, alpha=0.15, linewidth=0)
            by_time.set(yscale="log", ylabel=f"{dataset}\nFréchet classifier distance", xlabel="minutes of training")
            by_time.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            by_time.yaxis.set_major_formatter("{x:g}")
            by_time.yaxis.set_minor_locator(NullLocator())
            by_images.set(xlabel="thousands of real images seen")
            label(by_images, {name: line.mean[-1] for name, line in contenders.items()})
        with written_whole(file) as path:
            figure.savefig(path, format="svg", metadata={"Date": None})


def label(panel: "Axes", ends: Mapping[str, float]) -> None:
    """Write each line's name beside its end, and so far apart that they can be read."""
    panel.get_ylim()  # has the limits follow what was drawn
    to_share = panel.transScale + panel.transLimits
    heights = {name: float(to_share.transform((0, end))[1]) for name, end in ends.items()}
    lowest = 0.0
    for name in sorted(heights, key=heights.__getitem__):
        lowest = max(heights[name], lowest)
        colour = COLOURS[list(ends).index(name)]
        panel.annotate(name, (1.02, lowest), xycoords="axes fraction", color=colour, va="center")
        lowest += GAP
