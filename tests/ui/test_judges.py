"""What critics say, over untrained models, beside what the library says."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from ganzoo.checkpoints import CheckpointError, read_checkpoint
from ganzoo.data import to_float
from ganzoo.inference import explain, judge
from ganzoo.ui.critic import criticism_value, names, plot
from ganzoo.ui.drawing import Studio
from ganzoo.ui.experts import expert_of
from ganzoo.ui.judges import criticised, critics, of_real, opinion
from ganzoo.ui.models import Models
from ganzoo.ui.opinions import heard
from ganzoo.ui.pictures import HEAT, heated
from ganzoo.ui.reality import Reality
from ganzoo.ui.validation import RequestError
from tests.copies import copied
from tests.ui.test_translate import GARMENT


@pytest.fixture
def studio(zoo: Path, conditional: Path) -> Studio:
    return Studio(Models([zoo, conditional], device="cpu"))


def by_the_library(folder: Path, name: str, pictures: Tensor, classes: list[int] | None = None) -> Tensor:
    discriminator = read_checkpoint(folder / name).load_discriminator("cpu")
    assert discriminator is not None
    return judge(discriminator, to_float(pictures), classes)


@pytest.mark.parametrize("critic", [None, "beta"])
def test_a_model_s_samples_are_ordered_by_what_a_critic_says(studio: Studio, zoo: Path, critic: str | None) -> None:
    samples = studio.samples("alpha", 5, 9, 1.0)
    told = criticised(studio, samples, critic).plain()
    values = by_the_library(zoo, critic or "alpha", samples.pictures).sigmoid()
    assert told["critic"] == critic or "alpha"
    assert told["probability"] is True
    assert told["values"] == pytest.approx(values.tolist(), abs=1e-6)
    assert told["order"] == values.argsort(descending=True).tolist()
    json.dumps(told, allow_nan=False)


def test_a_critic_s_score_is_no_probability(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "alpha", tmp_path / "score", recipe={"variant": "wgan", "data": {"dataset": "mnist"}})
    studio = Studio(Models([tmp_path], device="cpu"))
    samples = studio.samples("score", 5, 4, 1.0)
    criticism = criticised(studio, samples)
    assert criticism.plain()["probability"] is False
    assert criticism.judgement.values.tolist() == pytest.approx(
        by_the_library(tmp_path, "score", samples.pictures).tolist(), abs=1e-5
    )
    assert criticism_value(criticism)["labels"][0].partition(": ")[2].startswith("score ")


def test_heat_is_what_matters_to_the_critic(studio: Studio, zoo: Path) -> None:
    samples = studio.samples("beta", 5, 3, 1.0)
    found = criticised(studio, samples).heat
    discriminator = read_checkpoint(zoo / "beta").load_discriminator("cpu")
    assert discriminator is not None
    _, slopes = explain(discriminator, to_float(samples.pictures))
    expected = slopes / slopes.amax((1, 2), keepdim=True) * 255
    assert found.shape == (3, 28, 28, 1)
    assert abs(found[..., 0] - expected.numpy()).max() <= 1
    assert (found.max((1, 2, 3)) == 255).all()


def test_a_critic_that_is_told_classes_is_told_those_drawn_or_else_seen(studio: Studio, conditional: Path) -> None:
    own = studio.samples("delta", 3, 6, 1.0)
    assert own.classes == (3, 4, 5, 6, 7, 8)
    said = criticised(studio, own).judgement.values
    assert said.tolist() == pytest.approx(
        by_the_library(conditional, "delta", own.pictures, [3, 4, 5, 6, 7, 8]).sigmoid().tolist(), abs=1e-5
    )
    others = studio.samples("alpha", 3, 6, 1.0)
    expert = expert_of(studio.models["delta"])
    assert expert is not None
    seen = expert.look(others.pictures).probabilities.argmax(1).tolist()
    said = criticised(studio, others, "delta").judgement.values
    assert said.tolist() == pytest.approx(
        by_the_library(conditional, "delta", others.pictures, seen).sigmoid().tolist(), abs=1e-5
    )


def test_real_pictures_are_judged_by_their_labels(studio: Studio, conditional: Path) -> None:
    delta = studio.models["delta"]
    real = Reality().of(delta, 8)
    assert real is not None
    expected = by_the_library(conditional, "delta", real.pictures, real.labels.tolist()).sigmoid()
    judgement = of_real(studio, delta, delta, real)
    assert judgement.values.tolist() == pytest.approx(expected.tolist(), abs=1e-5)
    criticism = criticised(studio, studio.samples("delta", 0, 8, 1.0))
    assert "real, held out, 8 from" in plot(criticism, judgement)
    assert "real" not in plot(criticism, None).partition("aria-label")[2].partition(">")[0].replace("is real", "")


def test_the_page_has_them_best_first_with_what_was_said(studio: Studio) -> None:
    criticism = criticised(studio, studio.samples("alpha", 5, 9, 1.0))
    value = criticism_value(criticism)
    assert value["seeds"] == [5 + place for place in criticism.order]
    said = [float(label.rpartition("= ")[2]) for label in value["labels"]]
    assert said == sorted(said, reverse=True)
    assert value["alt"] == "9 pictures drawn by alpha, seeds 5 to 13, in the order of its own critic, most real first"
    json.dumps(value, allow_nan=False)


def test_heated_pictures_are_dark_and_grey_where_nothing_matters() -> None:
    pixels = np.full((1, 1, 2, 3), 200, np.uint8)
    heat = np.array([0, 255], np.uint8).reshape(1, 1, 2, 1)
    assert heated(pixels, heat)[0, 0].tolist() == [[100, 100, 100], HEAT.astype(int).tolist()]


def test_critics_are_those_of_pictures_of_one_shape(studio: Studio, zoo: Path, styled: Path) -> None:
    assert [critic.id for critic in critics(studio.models, (1, 28, 28))] == ["alpha", "beta", "delta"]
    assert names(studio.models, studio.models["alpha"]) == ["beta", "delta"]
    assert names(studio.models, studio.models["gamma"]) == []
    with pytest.raises(RequestError, match="looks at pictures of another size"):
        criticised(studio, studio.samples("alpha", 0, 2, 1.0), "gamma")
    with pytest.raises(RequestError, match="'sigma' cannot judge"):
        criticised(Studio(Models([zoo, styled], device="cpu")), studio.samples("alpha", 0, 2, 1.0), "sigma")


def test_one_s_own_picture_is_judged_by_each(studio: Studio, zoo: Path, conditional: Path) -> None:
    alpha, delta = (opinion(studio, studio.models[name], GARMENT[0]) for name in ("alpha", "delta"))
    (value,) = by_the_library(zoo, "alpha", GARMENT).sigmoid().tolist()
    assert alpha == {"critic": "alpha", "said": f"D(x) = {value:.2f}", "share": pytest.approx(value, abs=1e-5)}
    assert delta["critic"].startswith("delta, told that it is of class ")


def test_who_cannot_be_told_classes_says_so(conditional: Path, tmp_path: Path) -> None:
    copied(conditional / "delta", tmp_path / "own", dataset="folder:cats")
    studio = Studio(Models([tmp_path], device="cpu"))
    with pytest.raises(RequestError, match="is told classes, and nothing here tells those"):
        opinion(studio, studio.models["own"], GARMENT[0])
    said = heard(studio, studio.models["own"], GARMENT[0])
    assert said["critic"] == "own"
    assert "nothing here tells those" in said["said"]


def test_slopes_that_are_no_numbers_are_told_of(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ganzoo.inference.explain", lambda model, pictures, _: (torch.zeros(2), torch.full((2, 28, 28), torch.nan))
    )
    with pytest.raises(CheckpointError, match="The discriminator of alpha has slopes that are not finite"):
        criticised(studio, studio.samples("alpha", 0, 2, 1.0))
