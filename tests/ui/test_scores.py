from typing import Any

from ganzoo.checkpoints.scores import Score
from ganzoo.ui.scores import by_metric, entries, protocol, rankings
from tests.copies import score

DISTANCE = "frechet-classifier-distance"


def scores(*facts: dict[str, Any]) -> list[Score]:
    return [Score.model_validate(one) for one in facts]


def test_the_test_split_is_what_a_metric_is_told_by() -> None:
    found = by_metric(scores(score(DISTANCE, 1, "train"), score(DISTANCE, 2), score("collapsed", 0, "train")))
    assert {metric: one.value for metric, one in found.items()} == {DISTANCE: 2, "collapsed": 0}


def test_few_scores_come_first_and_each_brings_all_of_its_passport() -> None:
    told = entries(
        scores(
            score("duplicate-rate", 0.0),
            score(DISTANCE, 3.0, "train"),
            score(DISTANCE, 12.3456, standard_error=0.123, real=1.2),
        )
    )
    (first,) = told["scores"]
    assert first["name"] == "Fréchet classifier distance against test pictures"
    assert (first["value"], first["real"]) == ("12.35 ± 0.12", "real pictures: 1.2")
    assert ["real count", "10,000"] in first["passport"]
    assert ["weights", "raw"] in first["passport"]
    assert [one["value"] for one in told["more"]] == ["0", "3"]


def test_models_are_ranked_by_what_all_of_them_have() -> None:
    better = {"better": "higher"}
    told = rankings(
        {
            "a": scores(score(DISTANCE, 3), score("coverage", 0.5, **better), score("density", 1, better=None)),
            "b": scores(score(DISTANCE, 2), score("coverage", 0.4, **better), score("density", 1, better=None)),
            "c": scores(score(DISTANCE, 9), score(DISTANCE, 1, "train"), score("density", 1, better=None)),
        }
    )
    assert [one["metric"] for one in told] == [DISTANCE]
    assert told[0]["order"] == [["b", "2"], ["a", "3"], ["c", "9"]]
    assert told[0]["name"].endswith("lower is better")


def test_scores_that_were_not_measured_alike_are_not_ranked_and_it_says_why() -> None:
    few = score(DISTANCE, 2, passport={"generated_count": 500})
    (told,) = rankings({"a": scores(score(DISTANCE, 3)), "b": scores(few)})
    assert told["order"] == []
    assert told["refusal"].startswith("a and b were not measured alike")
    assert "generated_count" in told["refusal"]


def test_a_protocol_tells_how_and_not_when() -> None:
    lines = protocol(scores(score(DISTANCE, 2.5, real=0.5))[0]).splitlines()
    assert lines[0] == "Fréchet classifier distance against test pictures 2.5 (real pictures: 0.5)"
    assert "generated count: 10,000" in lines
    assert "better: lower" in lines
    assert not any("weights" in line for line in lines)
