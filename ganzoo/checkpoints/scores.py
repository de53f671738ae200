"""``metrics.json``: how well a checkpoint does by which measure, and how that was measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue, NonNegativeInt, TypeAdapter, field_validator

from ganzoo.checkpoints.config import Strict, parse
from ganzoo.checkpoints.reading import bounded_bytes, optional_file

SCORES_FILE = "metrics.json"
MAX_SCORES_BYTES = 100_000
MAX_SCORES = 50
MAX_PASSPORT = 5_000
CIRCUMSTANCES = frozenset({"weights", "weights_sha256", "classes", "date", "seconds", "hardware", "versions"})
"""Facts of a passport that tell of the model that was measured, or of when and where, and not of how."""


class Score(Strict):
    """A number, worth as much as its passport: scores whose protocols differ are not comparable."""

    metric: Annotated[str, Field(min_length=1, max_length=100)]
    value: float
    passport: dict[str, JsonValue]
    """What it was measured on and with: pictures and how many, features, seeds, versions, circumstances."""
    better: Literal["lower", "higher"] | None = None
    """Which of two values is the better one; None where neither is."""
    standard_error: float | None = None
    real: float | None = None
    """What real pictures have in the place of the samples: as good as it gets, or nearly."""
    counts: Annotated[list[NonNegativeInt], Field(max_length=1000)] | None = None
    """How many of the samples are of each class, where the measure counts them."""

    @field_validator("passport")
    @classmethod
    def _passport_is_short(cls, passport: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if (length := len(json.dumps(passport, ensure_ascii=False))) > MAX_PASSPORT:
            raise ValueError(f"{length:,} characters are more than the {MAX_PASSPORT:,} allowed")
        return passport

    @property
    def measured(self) -> str:
        """The value, with its standard error where it has one, for people."""
        error = "" if self.standard_error is None else f" ± {self.standard_error:.2g}"
        return f"{self.value:.4g}{error}"

    @property
    def protocol(self) -> dict[str, JsonValue]:
        """The metric, and all of its passport that says how it was measured: two that compare have the same."""
        return {"metric": self.metric, "better": self.better, **self.how}

    @property
    def how(self) -> dict[str, JsonValue]:
        """The passport without the circumstances."""
        return {fact: value for fact, value in self.passport.items() if fact not in CIRCUMSTANCES}


class IncomparableError(ValueError):
    """Scores that cannot be ranked together. Its text is one sentence for the person who asked."""


def rank(scores: Mapping[str, Score]) -> list[str]:
    """The names of ``scores``, the best one first.

    Raises ``IncomparableError`` where their protocols differ, or where no value of their metric is better than another.
    """
    if not scores:
        return []
    (name, first), *others = scores.items()
    for other, score in others:
        if differing := _differing(first, score):
            raise IncomparableError(
                f"{name} and {other} were not measured alike and are not ranked: they differ in {', '.join(differing)}."
            )
    if first.better is None:
        raise IncomparableError(f"{first.metric} ranks nothing: neither a lower nor a higher value is the better one.")
    return sorted(scores, key=lambda name: scores[name].value, reverse=first.better == "higher")


def _differing(one: Score, other: Score) -> list[str]:
    """The facts in which two protocols differ."""
    a, b = one.protocol, other.protocol
    return [fact for fact in dict.fromkeys((*a, *b)) if (fact in a) != (fact in b) or a.get(fact) != b.get(fact)]


_SCORES: TypeAdapter[list[Score]] = TypeAdapter(Annotated[list[Score], Field(max_length=MAX_SCORES)])


def read_scores(folder: Path) -> list[Score]:
    """The scores that lie in a checkpoint; none where there is no ``metrics.json``. Raises ``CheckpointError``."""
    file = optional_file(folder, SCORES_FILE)
    return parse_scores(bounded_bytes(file, MAX_SCORES_BYTES), file) if file else []


def parse_scores(data: bytes, file: Path) -> list[Score]:
    """``metrics.json`` as checked values; raises ``CheckpointError``, naming ``file``."""
    return parse(_SCORES, data, file)


def dump_scores(scores: Sequence[Score]) -> bytes:
    """The content of ``metrics.json``."""
    return _SCORES.dump_json(list(scores), exclude_defaults=True) + b"\n"
