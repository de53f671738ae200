"""What a study found, as Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from train.study.arms import ARMS, Arm, ArmName, Weights
from train.study.runs import Result

COLUMNS: Mapping[str, str] = {
    "frechet-classifier-distance": "Fréchet ↓",
    "kernel-classifier-distance": "kernel ↓",
    "precision": "precision ↑",
    "recall": "recall ↑",
    "density": "density",
    "coverage": "coverage ↑",
    "missing-modes": "missing modes ↓",
}
"""By metric, what the table calls it and which way is better."""


@dataclass(frozen=True)
class Row:
    """A contender on a data set, over its seeds."""

    contender: str
    dataset: str
    weights: Weights
    seeds: tuple[int, ...]
    values: Mapping[str, tuple[float, ...]]
    """By metric, one for each seed."""
    real: Mapping[str, float | None]
    """What real pictures have in the samples' place, by metric."""
    minutes: tuple[float, ...]
    """Of training alone, for each seed."""


def rows(results: Sequence[Result], contenders: Iterable[str], weights: Iterable[Weights]) -> Iterator[Row]:
    """Those that have a result, data set by data set."""
    weights, contenders = tuple(weights), tuple(contenders)
    for dataset in dict.fromkeys(result.dataset for result in results):
        for contender in contenders:
            own = [it for it in results if (it.dataset, it.contender) == (dataset, contender)]
            for which in weights if own else ():
                scores = {metric: [result.score(metric, which) for result in own] for metric in COLUMNS}
                yield Row(
                    contender,
                    dataset,
                    which,
                    seeds=tuple(result.seed for result in own),
                    values={metric: tuple(score.value for score in found) for metric, found in scores.items()},
                    real={metric: found[0].real for metric, found in scores.items()},
                    minutes=tuple(result.seconds / 60 for result in own),
                )


def markdown(results: Sequence[Result], arms: Sequence[ArmName], plots: Mapping[ArmName, str]) -> str:
    """A section for each arm that has results: its question, a table for each data set, and its plot by its address."""
    sections = []
    for name in arms:
        arm = ARMS[name]
        tables = _tables(results, arm)
        if tables:
            picture = [f"![{arm.title}: score along the run]({plots[name]})"] if name in plots else []
            sections.append("\n\n".join([f"### {arm.title}", arm.question, *tables, *picture]))
    seconds = sum(result.seconds for result in results)
    hardware = "; ".join(dict.fromkeys(str(result.training["hardware"]) for result in results))
    sections.append(f"{len(results)} runs, {seconds / 3600:.1f} hours of training in all, on: {hardware}.")
    return "\n\n".join(sections)


def _tables(results: Sequence[Result], arm: Arm) -> list[str]:
    found = list(rows(results, arm.contenders, arm.weights))
    return [
        f"{dataset}:\n\n{_table([row for row in found if row.dataset == dataset], tell_weights=len(arm.weights) > 1)}"
        for dataset in dict.fromkeys(row.dataset for row in found)
    ]


def _table(found: Sequence[Row], *, tell_weights: bool) -> str:
    lines = [
        ["", *COLUMNS.values(), "minutes", "seeds"],
        ["---", *["---:"] * (len(COLUMNS) + 2)],
        *(
            [
                f"{row.contender}, {row.weights}" if tell_weights else row.contender,
                *(with_spread(row.values[metric]) for metric in COLUMNS),
                with_spread(row.minutes),
                str(len(row.seeds)),
            ]
            for row in found
        ),
        ["real pictures", *(_number(found[0].real[metric]) for metric in COLUMNS), "", ""],
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def with_spread(values: Sequence[float]) -> str:
    """The mean, and where there are several values their sample standard deviation."""
    mean = _number(fmean(values))
    return mean if len(values) < 2 else f"{mean} ± {_number(stdev(values), digits=2)}"


def _number(value: float | None, digits: int = 3) -> str:
    if value is None:
        return ""
    rounded = float(f"{value:.{digits}g}")  # 999.6 is a thousand in three digits
    return f"{value:,.0f}" if abs(rounded) >= 10**digits else f"{value:.{digits}g}"
