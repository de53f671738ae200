"""Copies of models that differ in what their folders say, and scores such as ``metrics.json`` holds."""

import json
import shutil
from pathlib import Path
from typing import Any


def copied(
    source: Path, folder: Path, *, dataset: object = None, scores: list[dict[str, Any]] | None = None, **changes: Any
) -> Path:
    """A copy of a checkpoint with other fields in its description, such as the data set that it learnt from."""
    shutil.copytree(source, folder)
    file = folder / "config.json"
    config = json.loads(file.read_text()) | changes
    if dataset is not None:
        config["recipe"]["data"] = {"dataset": dataset}
    file.write_text(json.dumps(config))
    if scores is not None:
        (folder / "metrics.json").write_text(json.dumps(scores))
    return folder


def score(metric: str, value: float, split: str = "test", **more: Any) -> dict[str, Any]:
    """One score; ``passport`` changes facts of its passport."""
    passport = {
        "extractor": "mnist",
        "real_set": "mnist",
        "real_split": split,
        "real_count": 10_000,
        "generated_count": 10_000,
        "weights": "raw",
        "note": None,
    }
    return {
        "better": "lower",
        **more,
        "metric": metric,
        "value": value,
        "passport": passport | more.get("passport", {}),
    }
