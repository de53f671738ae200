import json
from pathlib import Path
from typing import Any

import pytest

from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.scores import (
    MAX_SCORES,
    MAX_SCORES_BYTES,
    SCORES_FILE,
    IncomparableError,
    Score,
    dump_scores,
    rank,
    read_scores,
)

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


def score(value: float, better: str | None = "lower", **passport: Any) -> Score:
    facts = {"real_split": "test", "extractor_sha256": "ab", "hardware": "a laptop", **passport}
    return Score.model_validate({"metric": "distance", "value": value, "better": better, "passport": facts})


def test_scores_that_were_measured_alike_are_ranked_the_best_first() -> None:
    scores = {"a": score(2.0), "b": score(1.0, hardware="a server", weights="raw", date="2026-01-01"), "c": score(3.0)}
    assert rank(scores) == ["b", "a", "c"]
    assert rank({name: it.model_copy(update={"better": "higher"}) for name, it in scores.items()}) == ["c", "a", "b"]
    assert rank({}) == []


@pytest.mark.parametrize(
    ("other", "fact"),
    [
        (score(1.0, real_split="train"), "real_split"),
        (score(1.0, extractor_sha256="cd"), "extractor_sha256"),
        (score(1.0, a_fact_of_tomorrow=1), "a_fact_of_tomorrow"),
        (score(1.0).model_copy(update={"metric": "another"}), "metric"),
        (score(1.0, "higher"), "better"),
    ],
)
def test_scores_of_different_protocols_refuse_to_be_ranked(other: Score, fact: str) -> None:
    for scores in ({"a": score(2.0), "b": other}, {"b": other, "a": score(2.0)}):
        with pytest.raises(IncomparableError, match=f"differ in {fact}"):
            rank(scores)


def test_a_metric_without_a_better_side_ranks_nothing() -> None:
    with pytest.raises(IncomparableError, match="distance ranks nothing"):
        rank({"a": score(1.0, None), "b": score(2.0, None)})


def test_scores_are_written_as_they_are_read(tmp_path: Path) -> None:
    scores = [score(1.5).model_copy(update={"real": 0.5, "standard_error": 0.1, "counts": [3, 0]}), score(2.0, None)]
    (tmp_path / SCORES_FILE).write_bytes(dump_scores(scores))
    assert read_scores(tmp_path) == scores
