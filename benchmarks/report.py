"""What a benchmark found, as JSON for programs and as Markdown for people."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ganzoo.files import written_whole

HIGHER_IS_BETTER = {
    "images/s": True,
    "pictures/s": True,
    "requests/s": True,
    "ms": False,
    "MiB": False,
    "distance": False,
}
"""By unit."""


class ReportError(Exception):
    """A report that cannot be written. Its message is one sentence that says what to do."""


@dataclass(frozen=True)
class Row:
    """One thing that was measured: ours, beside the ordinary way of doing the same where there is one."""

    name: str
    ours: float
    ordinary: float | None
    unit: str
    """One of ``HIGHER_IS_BETTER``."""
    details: Mapping[str, float | str] = field(default_factory=dict)
    """Whatever else was measured, by name. ``ours_min`` and ``ours_max``, and the same of ``ordinary``, are the spread
    and stand in the main table."""
    note: str = ""
    """What a reader of this row must know."""

    def __post_init__(self) -> None:
        if self.unit not in HIGHER_IS_BETTER:
            raise ValueError(f"nobody knows which {self.unit!r} are better: choose {', '.join(HIGHER_IS_BETTER)}")

    def __str__(self) -> str:
        against = "" if self.ordinary is None else f", ordinary {_text(self.ordinary)}: {_text(self.ratio)} times"
        return f"{self.name}: ours {_text(self.ours)} {self.unit}{against}"

    @property
    def ratio(self) -> float | None:
        """How many times better ours is; over 1 is better, whichever way the unit goes."""
        if self.ordinary is None:
            return None
        return self.ours / self.ordinary if HIGHER_IS_BETTER[self.unit] else self.ordinary / self.ours


@dataclass(frozen=True)
class Report:
    """One run of one benchmark."""

    benchmark: str
    date: str
    """ISO 8601, UTC."""
    hardware: Mapping[str, Any]
    versions: Mapping[str, str]
    rows: Sequence[Row]
    notes: Sequence[str]

    def save(self, path: Path) -> None:
        """Write it as JSON, whole or not at all. Raises ``ReportError``."""
        rows = [{**asdict(row), "ratio": row.ratio} for row in self.rows]
        text = json.dumps({**asdict(self), "rows": rows}, indent=2) + "\n"
        try:
            with written_whole(path) as partial:
                partial.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ReportError(f"cannot write {path} ({error.strerror or error}): choose another --json") from error

    def markdown(self) -> str:
        """What it was measured on, the rows, their details, and what must be known to read them."""
        hardware = [f"{key} {_text(value)}" for key, value in self.hardware.items() if value not in (None, "")]
        versions = [f"{name} {version}" for name, version in self.versions.items()]
        parts = [
            f"{self.benchmark}, {self.date}; {', '.join(versions)}.\nMeasured on: {'; '.join(hardware)}.",
            _table(
                ["", "ours", "ordinary", "unit", "times better"],
                [
                    [
                        row.name,
                        _with_spread(row, "ours", row.ours),
                        _with_spread(row, "ordinary", row.ordinary),
                        row.unit,
                        _text(row.ratio),
                    ]
                    for row in self.rows
                ],
            ),
        ]
        spread = {f"{side}_{end}" for side in ("ours", "ordinary") for end in ("min", "max")}
        details = list(dict.fromkeys(key for row in self.rows for key in row.details if key not in spread))
        if details:
            parts.append(
                _table(
                    ["", *(row.name for row in self.rows)],
                    [[key, *(_text(row.details.get(key)) for row in self.rows)] for key in details],
                )
            )
        parts.append("\n".join(f"- {note}" for note in self.notes))
        return "\n\n".join(part for part in parts if part)


def check_place(path: Path) -> None:
    """See whether a report could be written there, before it takes an hour to make. Raises ``ReportError``."""
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ReportError(f"no file can be written at {path}: choose another --json")


def _with_spread(row: Row, side: str, value: float | None) -> str:
    low, high = row.details.get(f"{side}_min"), row.details.get(f"{side}_max")
    return _text(value) if low is None or high is None else f"{_text(value)} ({_text(low)}–{_text(high)})"


def _text(value: Any) -> str:
    match value:
        case None:
            return "–"
        case Mapping():
            return ", ".join(f"{key} {_text(part)}" for key, part in value.items())
        case float() | int():
            return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
        case _:
            return str(value)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *lines])
