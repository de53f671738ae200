import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
import torch

from benchmarks import training
from benchmarks.__main__ import main
from benchmarks.contender import WAYS
from benchmarks.contest import Result
from benchmarks.environment import EnvironmentUnavailableError
from benchmarks.training import RECIPES
from ganzoo.recipe import Recipe


def tiny(recipe: Recipe) -> Recipe:
    return recipe.model_copy(update={"width": 4, "batch_size": 8, "steps": 100})  # too few to be compiled


@pytest.fixture(autouse=True)
def tiny_networks_and_no_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(device: torch.device) -> NoReturn:
        raise EnvironmentUnavailableError("TensorFlow cannot be installed into a dream (there is no network)")

    monkeypatch.setattr(training, "RECIPES", {name: tiny(recipe) for name, recipe in RECIPES.items()})
    monkeypatch.setattr(training, "keras_python", unavailable)


def test_a_report_from_command_to_table(tmp_path: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "training.json"
    where = ["--data-root", str(sample_root), "--device", "cpu", "--json", str(path)]
    assert main(["training", "--rows", "keras-gan", "--rounds", "2", "--seconds", "0.01", *where]) == 0
    printed = capsys.readouterr()
    assert "| keras-gan |" in printed.out
    assert printed.err.count("Keras was skipped: TensorFlow cannot be installed into a dream") == 1

    report = json.loads(path.read_text())
    assert report["benchmark"] == "training"
    assert report["hardware"]["peak_gflops"].keys() == {"float32", "bfloat16"}
    assert any("keras-gan: Keras was skipped" in note for note in report["notes"])
    (row,) = report["rows"]
    assert row["name"] == "keras-gan"
    assert row["ordinary"] is row["ratio"] is None
    assert row["details"]["ours_min"] <= row["ours"] <= row["details"]["ours_max"]
    assert row["details"].keys() >= {"ours_execution", "ours_memory_mib"}


def test_a_row_quotes_the_better_loader_and_the_median(sample_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speeds = {
        "ours": (900.0, 800.0, 1000.0),
        "ordinary, 0 workers": (90.0, 100.0, 110.0),
        "ordinary, 2 workers": (200.0, 180.0, 1.0),
        "tuned": (450.0, 450.0, 450.0),
    }

    def contest(commands: Mapping[str, Sequence[str]], *, rounds: int, seconds: float) -> dict[str, Result]:
        assert commands.keys() == speeds.keys()
        assert rounds == 3
        return {name: Result(speeds[name], {"memory_mib": 7.0}) for name in commands}

    monkeypatch.setattr(training, "contest", contest)
    monkeypatch.setattr(training, "matrix_peak", lambda device, kind: {"float32": 1.0, "bfloat16": 2.0}[kind])
    (row,) = training.measure(rows=("dcgan-28",), rounds=3, device="cpu", data_root=sample_root)
    assert (row.name, row.ours, row.ordinary, row.ratio) == ("dcgan-28", 900, 180, 5)
    details = row.details
    assert details["ordinary_workers"] == 2
    assert details["ordinary_with_0_workers"] == 100
    assert (details["ours_min"], details["ours_max"]) == (800, 1000)
    assert (details["ordinary_min"], details["ordinary_max"]) == (1, 200)
    assert details["ratio_to_tuned"] == 2
    assert details["tuned_memory_mib"] == 7
    share = details["share_of_float32_peak"]
    assert share == pytest.approx(900 * float(details["mflop_per_image"]) / 1000)
    assert details["share_of_bfloat16_peak"] == pytest.approx(float(share) / 2)


def test_compiling_is_told_of_with_what_it_costs_and_gains(sample_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def contest(commands: Mapping[str, Sequence[str]], *, rounds: int, seconds: float) -> dict[str, Result]:
        assert set(commands) == set(WAYS)
        results = {name: Result((1000.0,), {}) for name in commands}
        results["ours"] = Result((2000.0,), {"execution": "compiled, bfloat16", "compiling_s": 10.0})
        return results

    monkeypatch.setattr(training, "RECIPES", RECIPES)
    monkeypatch.setattr(training, "contest", contest)
    monkeypatch.setattr(training, "matrix_peak", lambda *_: 1.0)
    (row,) = training.measure(rows=("wgan-mlp",), device="cpu", data_root=sample_root)
    assert row.details["ours_eager"] == 1000
    # A millisecond an image less half a millisecond: 20,000 images, 320 a step of six updates.
    assert row.details["won_back_after_updates"] == pytest.approx(20_000 / 320 * 6)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_plays(way: str, sample_root: Path) -> None:
    player = WAYS[way](tiny(RECIPES["wgan-mlp"]), torch.device("cpu"), sample_root)
    for _ in range(2):
        assert player.step() == 5 * 8
    player.wait()
    assert all(isinstance(value, str) for value in player.gauges().values())


def test_every_row_is_the_recipe_as_it_is_published_in_batches_of_64() -> None:
    for recipe in RECIPES.values():
        assert recipe == type(recipe).model_validate({"data": recipe.data, "batch_size": 64})


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--rounds", "0"], "--rounds"),
        (["--json", "/nowhere/at/all.json"], "--json"),
        (["--device", "cuda"], "cuda"),
        (["--data-root", "/dev/null"], "Fashion-MNIST"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(
    words: list[str], sentence: str, sample_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if words[-1] == "cuda" and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    assert main(["training", "--rows", "gan", "--data-root", str(sample_root), *words]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert sentence in error
    assert error.count("\n") == 1
