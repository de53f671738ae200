import json
from pathlib import Path
from typing import Any

import pytest

from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.scores import MAX_SCORES, MAX_SCORES_BYTES, Score, read_scores

SCORE: dict[str, Any] = {"metric": "fcd", "value": 12.5, "passport": {"real": {"split": "test", "count": 10_000}}}


def written(folder: Path, scores: object) -> Path:
    (folder / "metrics.json").write_text(scores if isinstance(scores, str) else json.dumps(scores))
    return folder


def test_scores_are_read_as_they_stand(tmp_path: Path) -> None:
    assert read_scores(written(tmp_path, [SCORE, SCORE | {"value": 3}])) == [
        Score(**SCORE),
        Score(metric="fcd", value=3.0, passport=SCORE["passport"]),
    ]


def test_a_checkpoint_without_scores_has_none(tmp_path: Path) -> None:
    assert read_scores(tmp_path) == []
    assert read_scores(written(tmp_path, [])) == []


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ("{", "is not JSON"),
        (SCORE, "list"),
        ([SCORE | {"value": "12"}], "0.value"),
        ([SCORE | {"value": True}], "0.value"),
        ('[{"metric": "fcd", "value": NaN, "passport": {}}]', "NaN"),
        ('[{"metric": "fcd", "value": 1e999, "passport": {}}]', "too large"),
        ('[{"metric": "fcd", "value": 1, "value": 2, "passport": {}}]', "given twice"),
        ([{"metric": "fcd", "value": 1.0}], "0.passport is missing"),
        ([SCORE | {"passport": []}], "0.passport"),
        ([SCORE | {"std": 1.0}], "0.std is not known"),
        ([SCORE | {"metric": ""}], "0.metric"),
        ([SCORE | {"metric": "x" * 101}], "0.metric"),
        ([SCORE | {"passport": {"note": "x" * 5_000}}], "more than the 5,000 allowed"),
        ([SCORE] * (MAX_SCORES + 1), "50"),
        (" " * (MAX_SCORES_BYTES + 1), "larger than the 100,000 bytes"),
        ("[" * 50_000, "nested too deeply"),
    ],
)
def test_what_is_no_list_of_scores_is_refused_in_one_sentence(tmp_path: Path, scores: object, words: str) -> None:
    with pytest.raises(CheckpointError, match=r"metrics\.json") as refused:
        read_scores(written(tmp_path, scores))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_scores_that_lie_elsewhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "metrics.json").symlink_to(written(tmp_path, [SCORE]) / "metrics.json")
    with pytest.raises(CheckpointError, match="leads out of its folder"):
        read_scores(tmp_path / "inside")
