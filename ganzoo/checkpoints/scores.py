"""``metrics.json``: how well a checkpoint does by which measure, and how that was measured."""

import json
from pathlib import Path
from typing import Annotated

from pydantic import Field, JsonValue, TypeAdapter, field_validator

from ganzoo.checkpoints.config import Strict, parse
from ganzoo.checkpoints.reading import bounded_bytes, optional_file

SCORES_FILE = "metrics.json"
MAX_SCORES_BYTES = 100_000
MAX_SCORES = 50
MAX_PASSPORT = 5_000


class Score(Strict):
    """A number, worth as much as its passport: scores whose passports differ are not comparable."""

    metric: Annotated[str, Field(min_length=1, max_length=100)]
    value: float
    passport: dict[str, JsonValue]
    """What it was measured on and with: pictures and how many, features, seed, versions, spread."""

    @field_validator("passport")
    @classmethod
    def _passport_is_short(cls, passport: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if (length := len(json.dumps(passport, ensure_ascii=False))) > MAX_PASSPORT:
            raise ValueError(f"{length:,} characters are more than the {MAX_PASSPORT:,} allowed")
        return passport


_SCORES = TypeAdapter(Annotated[list[Score], Field(max_length=MAX_SCORES)])


def read_scores(folder: Path) -> list[Score]:
    """The scores that lie in a checkpoint; none where there is no ``metrics.json``. Raises ``CheckpointError``."""
    file = optional_file(folder, SCORES_FILE)
    return parse_scores(bounded_bytes(file, MAX_SCORES_BYTES), file) if file else []


def parse_scores(data: bytes, file: Path) -> list[Score]:
    """``metrics.json`` as checked values; raises ``CheckpointError``, naming ``file``."""
    return parse(_SCORES, data, file)
