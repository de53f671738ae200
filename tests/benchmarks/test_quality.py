import json
import signal
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import NoReturn

import pytest
import torch

from benchmarks import distance, quality
from benchmarks.__main__ import main
from benchmarks.distance import Yardstick, train_classifier
from benchmarks.quality import RECIPES, Score, compared
from ganzoo.data import DataConfig, load_images
from ganzoo.device import describe_device
from ganzoo.training import preparation, series
from ganzoo.training.execution import Execution, Precision
from ganzoo.training.trainer import Trainer

CPU = torch.device("cpu")
Measure = Callable[..., int]


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch, sample_root: Path, tmp_path: Path) -> Measure:
    """The command, for networks that play in milliseconds, on a machine that is quick in bfloat16."""
    tiny = {"width": 4, "batch_size": 8}
    monkeypatch.setattr(quality, "RECIPES", {name: it.model_copy(update=tiny) for name, it in RECIPES.items()})
    monkeypatch.setattr(preparation, "fast_precision", lambda device: "bfloat16")

    def measure(*words: str) -> int:
        where = ["--data-root", str(sample_root), "--device", "cpu", "--runs-dir", str(tmp_path / "runs")]
        return main(["quality", "--steps", "4", "--seeds", "0", "7", *where, *words])

    return measure


def row(file: Path) -> dict[str, object]:
    (only,) = json.loads(file.read_text())["rows"]
    assert isinstance(only, dict)
    return only


def test_a_report_from_command_to_table_and_nothing_is_trained_twice(
    measure: Measure, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert measure("--json", str(tmp_path / "first.json")) == 0
    printed = capsys.readouterr()
    for name in RECIPES:
        assert f"| {name} |" in printed.out
    assert printed.err.count("(eager, bfloat16): distance ") == 3 * 2
    assert printed.err.count("(eager, float32): distance ") == 3 * 2
    runs = {path.name for path in (tmp_path / "runs" / "4-steps").iterdir()}
    assert runs >= {"classifier.safetensors", "gan-seed-0-ours", "gan-seed-7-ordinary", "dcgan-28-seed-7-ours"}

    report = json.loads((tmp_path / "first.json").read_text())
    assert len(report["notes"]) == 1 + 3
    for found in report["rows"]:
        details = found["details"]
        assert found["unit"] == "distance"
        assert found["ratio"] == found["ordinary"] / found["ours"]
        for way, execution in (("ours", "eager, bfloat16"), ("ordinary", "eager, float32")):
            distances = [details[f"{way}_seed_{seed}"] for seed in (0, 7)]
            assert found[way] == pytest.approx(sum(distances) / 2)
            assert (details[f"{way}_min"], details[f"{way}_max"]) == (min(distances), max(distances))
            assert details[f"{way}_execution"] == execution
            assert details[f"{way}_seconds"] >= 0
            assert details[f"{way}_sd"] > 0
        assert found["ours"] != found["ordinary"]
        assert found["ours"] > details["floor"] > 0
        assert "of the test images" in found["note"]
        assert "nothing to compare" not in found["note"]

    def never(*arguments: object, **options: object) -> NoReturn:
        raise AssertionError("what was trained is trained again")

    monkeypatch.setattr(series, "run", never)
    monkeypatch.setattr(distance, "train_classifier", never)
    assert measure("--json", str(tmp_path / "second.json")) == 0
    assert json.loads((tmp_path / "second.json").read_text())["rows"] == report["rows"]


def test_a_run_that_was_stopped_goes_on(
    measure: Measure, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    play, steps = Trainer.play, list[int]()

    def play_until_stopped(trainer: Trainer) -> None:
        play(trainer)
        steps.append(trainer.step)
        if len(steps) == 6:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Trainer, "play", play_until_stopped)
    assert measure("--rows", "gan") == 130
    assert "no report" in capsys.readouterr().err
    assert measure("--rows", "gan", "--json", str(tmp_path / "stopped.json")) == 0
    assert steps == [1, 2, 3, 4] * 4
    assert measure("--rows", "gan", "--runs-dir", str(tmp_path / "other"), "--json", str(tmp_path / "whole.json")) == 0
    for key in ("ours", "ordinary"):
        assert row(tmp_path / "stopped.json")[key] == row(tmp_path / "whole.json")[key]


def test_where_ganzoo_chooses_the_plain_way_the_row_says_so(
    measure: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "fast_precision", lambda device: "float32")
    assert measure("--rows", "gan", "--json", str(tmp_path / "report.json")) == 0
    found = row(tmp_path / "report.json")
    assert "nothing to compare" in str(found["note"])
    assert found["ours"] == found["ordinary"]


def test_a_difference_is_told_in_the_spread_over_the_seeds(sample_root: Path) -> None:
    images = load_images(DataConfig(dataset="fashion-mnist"), sample_root)
    yardstick = Yardstick(train_classifier(images, CPU, 1), images, images)

    def scores(precision: Precision, *distances: float) -> dict[int, Score]:
        execution, here = Execution(precision=precision), describe_device(CPU)
        return {seed: Score(distance, execution, 10.0 + seed, here) for seed, distance in enumerate(distances)}

    ours, ordinary = scores("bfloat16", 10, 12, 14), scores("float32", 15, 15, 18)
    found = compared("gan", {"ours": ours, "ordinary": ordinary}, yardstick, CPU)
    assert (found.ours, found.ordinary) == (12, 16)
    assert found.details["ours_sd"] == 2
    assert found.details["ordinary_sd"] == pytest.approx(sqrt(3))
    assert found.details["difference_in_spreads"] == pytest.approx(4 / sqrt((4 + 3) / 2))
    assert found.details["ours_seconds"] == 11
    assert "trained on" not in found.note

    ours[1] = Score(12, Execution(compiled=True), 1.0, "an abacus")
    found = compared("gan", {"ours": ours, "ordinary": ordinary}, yardstick, CPU)
    assert found.details["ours_execution"] == "eager, bfloat16; compiled, float32"
    assert found.note.endswith(f"trained on {describe_device(CPU)}; an abacus")


def test_a_run_of_another_recipe_is_not_taken_for_this_one(
    measure: Measure, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert measure("--rows", "gan") == 0
    wider = {"gan": quality.RECIPES["gan"].model_copy(update={"width": 5})}
    monkeypatch.setattr(quality, "RECIPES", wider)
    capsys.readouterr()
    assert measure("--rows", "gan") == 1
    assert "gan-seed-0-ours holds a run of another recipe" in capsys.readouterr().err


def test_a_classifier_that_diverged_is_one_line(
    measure: Measure, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def diverged(*arguments: object) -> distance.Classifier:
        classifier = distance.Classifier()
        next(classifier.parameters()).data.fill_(torch.nan)
        return classifier

    monkeypatch.setattr(distance, "train_classifier", diverged)
    assert measure("--rows", "gan") == 1
    assert "not finite" in capsys.readouterr().err.splitlines()[-1]


def test_every_row_is_a_full_run_long_enough_for_what_ganzoo_chooses() -> None:
    steps = {name: recipe.total_steps(60_000) for name, recipe in RECIPES.items()}
    assert steps == {"gan": 10_000, "wgan-gp-mlp": 3_000, "dcgan-28": 3_750}
    assert RECIPES["gan"] == type(RECIPES["gan"]).model_validate({"data": RECIPES["gan"].data})
    for name in ("gan", "wgan-gp-mlp"):
        assert preparation.choose_execution(RECIPES[name], steps[name], CPU).compiled


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--seeds", "0"], "--seeds"),
        (["--seeds", "3", "3"], "--seeds"),
        (["--seeds", "-1", "0"], "--seeds"),
        (["--steps", "0"], "--steps"),
        (["--runs-dir", "/dev/null"], "--runs-dir"),
        (["--data-root", "/dev/null"], "Fashion-MNIST"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(
    measure: Measure, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure("--rows", "gan", *words) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("error: ")
    assert sentence in error
