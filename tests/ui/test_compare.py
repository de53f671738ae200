import json
from pathlib import Path
from typing import Any

import pytest
import torch

from ganzoo.ui.compare import comparison, learnt_alike
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Models
from ganzoo.ui.reality import Reality
from tests.copies import copied, score


def test_real_pictures_stand_beside_models_of_one_set_and_one_shape(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "gamma", tmp_path / "large", dataset="mnist")
    copied(zoo / "alpha", tmp_path / "own", dataset="folder:/home/me/mnist")
    models = Models([zoo, tmp_path])
    assert learnt_alike([models["alpha"], models["beta"]])
    assert not learnt_alike([models["alpha"], models["gamma"]])
    assert not learnt_alike([models["alpha"], models["large"]])
    assert not learnt_alike([models["own"]])


@pytest.mark.parametrize(("variant", "said"), [("gan", "D(x): mean 0."), ("wgan", "Critic’s score: mean ")])
def test_what_is_said_of_samples_and_of_real_pictures(zoo: Path, tmp_path: Path, variant: str, said: str) -> None:
    recipe = {"variant": variant, "data": {"dataset": "fashion-mnist"}}
    copied(zoo / "alpha", tmp_path / "model", recipe=recipe)
    studio = Studio(Models([tmp_path], device="cpu"))
    drawn = studio.comparison(["model"], 0, 6)
    (alone,) = comparison(studio, drawn, None)["columns"]
    assert alone["remarks"][0].startswith(said)
    assert alone["remarks"][0].endswith("on its samples")
    real = Reality().of(drawn[0].model, 6)
    told = comparison(studio, drawn, real)
    assert told["columns"][0]["remarks"][0].startswith(alone["remarks"][0])
    assert told["columns"][0]["remarks"][0].endswith("on real pictures")
    assert told["real"]["alt"] == "6 real pictures of fashion-mnist"
    json.dumps(told, allow_nan=False)


def test_what_proves_broken_keeps_nobody_from_the_pictures(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "alpha", tmp_path / "model", scores=[{"metric": "beauty"}])
    studio = Studio(Models([tmp_path], device="cpu"))
    weights = tmp_path / "model" / "discriminator.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    (column,) = comparison(studio, studio.comparison(["model"], 0, 4), None)["columns"]
    broken, unread = column["remarks"]
    assert broken.startswith("model/discriminator.safetensors is broken")
    assert unread.startswith("model/metrics.json")
    assert column["seeds"] == [0, 1, 2, 3]


def test_a_discriminator_that_answers_with_no_number_is_told_of(zoo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganzoo.inference.judge", lambda model, pictures, _: torch.full((len(pictures),), torch.nan))
    studio = Studio(Models([zoo], device="cpu"))
    (column,) = comparison(studio, studio.comparison(["alpha"], 0, 4), None)["columns"]
    assert column["remarks"] == ["The discriminator of alpha answers with numbers that are not finite."]


def test_several_models_are_ranked_and_one_is_not(zoo: Path, tmp_path: Path) -> None:
    for name, value in (("a", 3.0), ("b", 2.0)):
        scores: list[dict[str, Any]] = [score("frechet-classifier-distance", value)]
        copied(zoo / "alpha", tmp_path / name, scores=scores)
    studio = Studio(Models([tmp_path], device="cpu"))
    (ranking,) = comparison(studio, studio.comparison(["a", "b"], 0, 4), None)["rankings"]
    assert [name for name, _ in ranking["order"]] == ["b", "a"]
    assert comparison(studio, studio.comparison(["a"], 0, 4), None)["rankings"] == []
