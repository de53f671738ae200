import json
from collections import Counter
from pathlib import Path

import pytest

from ganzoo.checkpoints import save_checkpoint
from ganzoo.checkpoints.scores import Score
from ganzoo.nn.mlp import MLPGenerator, MLPGeneratorConfig
from ganzoo.ui import duel
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Models
from ganzoo.ui.validation import Pick, RequestError
from tests.copies import copied, score

DISTANCE = "frechet-classifier-distance"


def measured(**values: float) -> dict[str, Score]:
    return {name: Score.model_validate(score(DISTANCE, value)) for name, value in values.items()}


def test_those_meet_that_draw_pictures_of_the_same_data_in_the_same_shape(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "gamma", tmp_path / "large", dataset="mnist")
    copied(zoo / "alpha", tmp_path / "failed", exhibit="mode collapse")
    for name, place in (("mine", "folder:/home/me/cats"), ("hers", "folder:/home/her/cats")):
        copied(zoo / "alpha", tmp_path / name, dataset=place)
    for name in ("one", "other"):  # which do not tell what they learnt from
        generator = MLPGenerator(MLPGeneratorConfig(image_shape=(1, 8, 8), z_dim=1, hidden=(1,)))
        save_checkpoint(tmp_path / name, networks={"generator": generator}, recipe={}, training={})
    assert duel.contestants(Models([zoo, tmp_path])) == {"mnist": ["alpha", "beta", "failed"]}


def test_a_seed_decides_who_meets_and_who_is_left_and_is_fair() -> None:
    among = ["a", "b", "c"]
    pairs = [duel.pairing(among, seed) for seed in range(600)]
    assert pairs == [duel.pairing(["c", "a", "b"], seed) for seed in range(600)]
    counts = Counter(pairs)
    assert len(counts) == 6
    assert min(counts.values()) > 70
    with pytest.raises(RequestError, match="at least two models"):
        duel.pairing(["a"], 0)


def test_nothing_that_the_browser_gets_before_the_choice_tells_the_sides_apart(zoo: Path, tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        copied(zoo / name, tmp_path / name, exhibit="collapse", scores=[score(DISTANCE, 1.0)])
    studio = Studio(Models([tmp_path], device="cpu"))
    value = duel.duel_value(duel.hold(studio, ["alpha", "beta"], 5, 4))
    left, right = value.pop("sides")
    assert value == {"among": ["alpha", "beta"], "seed": 5}
    assert left.pop("src") != right.pop("src")
    assert left.pop("alt") == "Pictures on the left, seeds 5 to 8"
    assert right.pop("alt") == "Pictures on the right, seeds 5 to 8"
    assert left == right
    swapped = next(seed for seed in range(100) if duel.pairing(["alpha", "beta"], seed)[0] == "beta")
    assert duel.hold(studio, ["alpha", "beta"], swapped, 4).left.model.id == "beta"


def test_models_of_different_data_do_not_meet(zoo: Path) -> None:
    studio = Studio(Models([zoo], device="cpu"))
    with pytest.raises(RequestError, match="draw pictures of different data: they do not meet"):
        duel.hold(studio, ["alpha", "gamma"], 0, 4)


def test_picks_make_a_ranking_in_which_who_cannot_tell_counts_half_for_either() -> None:
    strengths = duel.preferred([("a", "b", "left"), ("b", "a", "right"), ("a", "b", "neither")])
    assert strengths["a"] / strengths["b"] == pytest.approx((2.5 + 0.5) / (0.5 + 0.5))
    equals = duel.preferred([("a", "b", "neither"), ("a", "b", "left"), ("a", "b", "right")])
    assert equals["a"] == pytest.approx(equals["b"])


def test_it_is_said_when_picks_and_scores_disagree() -> None:
    strengths = {"a": 4.0, "b": 1.0, "c": 0.25}
    assert duel.agreement(strengths, measured(a=1, b=2, c=3)) == "Your picks do not contradict the measured scores."
    said = duel.agreement(strengths, measured(a=1, b=3, c=2))
    assert said.startswith("The two disagree on 1 of 3 pairs: you prefer b to c,")
    assert "disagree on 3 of 3" in duel.agreement(strengths, measured(a=3, b=2, c=1))
    assert "do not contradict" in duel.agreement({"a": 1.0, "b": 1.0}, measured(a=3, b=2))  # equals say nothing
    assert duel.agreement(strengths, measured(a=1)).startswith("Too few of them were measured")


def test_a_standing_leaves_out_strangers_and_tells_why_scores_are_not_ranked(zoo: Path, tmp_path: Path) -> None:
    few = score(DISTANCE, 2, passport={"generated_count": 500})
    for name, own in (("a", [score(DISTANCE, 3)]), ("b", [few]), ("c", [{"metric": "beauty"}]), ("d", None)):
        copied(zoo / "alpha", tmp_path / name, scores=own)
    studio = Studio(Models([tmp_path], device="cpu"))
    picks: list[Pick] = [("a", "c", "left"), ("c", "d", "left"), ("a", "stranger", "right")]
    told = duel.standing(studio, ["a", "b", "c", "d"], picks)
    assert [name for name, _ in told["preferred"]] == ["a", "c", "d"]
    assert told["measured"] == [["a", "3"]]
    told = duel.standing(studio, ["a", "b", "c", "d"], [*picks, ("a", "b", "left")])
    assert told["measured"] == []
    assert told["verdict"].startswith("a and b were not measured alike")
    json.dumps(told, allow_nan=False)
