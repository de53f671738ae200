"""Copies of models that differ in what their folders say, and scores such as ``metrics.json`` holds."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


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


def filmed(folder: Path, steps: list[int], *, side: int = 28, index: dict[str, Any] | None = None) -> NDArray[np.uint8]:
    """Give a checkpoint a film of noise, of 8×8 tiles, and tell its frames, ``[N, H, W, 3]``.

    ``index`` changes what is told of it.
    """
    frames = np.random.default_rng(len(steps)).integers(0, 256, (len(steps), 8 * side, 8 * side, 3), np.uint8)
    first, *others = map(Image.fromarray, frames)
    first.save(folder / "film.webp", save_all=True, append_images=others, duration=300, lossless=True, method=0)
    told = {"steps": steps, "seeds": list(range(64)), "rows": 8, "frame_milliseconds": 300} | (index or {})
    (folder / "film.json").write_text(json.dumps(told))
    return frames
