import json
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copy, copytree, rmtree
from typing import Any, NoReturn

import pytest

from ganzoo.metrics.evaluation import Yardstick
from ganzoo.training import run as training_run
from ganzoo.training import series
from ganzoo.training.run_folder import TrainingError
from ganzoo.training.trainer import Trainer
from train.study import __main__ as command
from train.study import runs
from train.study.__main__ import main
from train.study.arms import CONTENDERS
from train.study.report import COLUMNS

Study = Callable[..., int]
ARM = ("gan-smooth", "gan-smooth-label-1")


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch, sample_root: Path, tmp_path: Path) -> Study:
    """The command, in a folder of the test's own."""
    return quick_study(monkeypatch, sample_root, tmp_path)


@pytest.fixture
def finished(study: Study, over: Path, tmp_path: Path) -> Study:
    """The same after ``--seeds 0``."""
    copytree(over, tmp_path, dirs_exist_ok=True)
    return study


@pytest.fixture(scope="module")
def over(sample_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command has left behind when all runs of one seed are over."""
    place = tmp_path_factory.mktemp("over")
    with pytest.MonkeyPatch.context() as patch:
        assert quick_study(patch, sample_root, place)("--seeds", "0") == 0
    return place


def quick_study(patch: pytest.MonkeyPatch, sample_root: Path, place: Path) -> Study:
    """The command, for networks that play and are measured in moments; what it leaves is left in ``place``."""
    tiny = {"width": 4, "batch_size": 8}
    contenders = {name: replace(it, changes={**it.changes, **tiny}, on_cpu={}) for name, it in CONTENDERS.items()}
    patch.setattr(runs, "CONTENDERS", contenders)
    patch.setattr(runs, "COUNT", 150)
    patch.setattr(training_run, "MEASUREMENTS", 2)

    def study(*words: str) -> int:
        what = ["--datasets", "fashion-mnist", "--arms", "smoothing", "--images", "32"]
        kept = ["--runs-dir", str(place / "runs"), "--results", str(place / "study")]
        where = ["--data-root", str(sample_root), "--device", "cpu", *kept]
        return main([*what, *where, *words])

    return study


def never(*arguments: object, **options: object) -> NoReturn:
    raise AssertionError("what was done is done again")


def results(place: Path) -> dict[str, Any]:
    """What the files tell, by their names."""
    return {file.stem: json.loads(file.read_text()) for file in sorted((place / "study" / "32-images").glob("*.json"))}


def test_from_command_to_report_and_nothing_is_done_twice(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert study("--dry-run", "--seeds", "0", "7", "--arms", "smoothing", "averaging") == 0
    assert capsys.readouterr().out.count("  0% done") == 2 * (2 + 4)
    assert study("--seeds", "0", "7") == 0
    printed = capsys.readouterr().out
    for name in (*ARM, "real pictures"):
        assert f"| {name} |" in printed
    assert "![One-sided label smoothing: score along the run](study/32-images/smoothing.svg)" in printed
    assert "\n4 runs, " in printed
    assert "gan-smooth-label-1" in (tmp_path / "study" / "32-images" / "smoothing.svg").read_text()

    told = results(tmp_path)
    assert list(told) == [f"{name}-fashion-mnist-seed-{seed}" for name in ARM for seed in (0, 7)]
    for result in told.values():
        assert {score["metric"] for score in result["scores"]} == set(COLUMNS)
        assert all(score["real"] is not None for score in result["scores"])
        assert result["training"]["images"] == 32
        assert "--during" in result["training"]["command"]
    distances = {
        score["value"]
        for result in told.values()
        for score in result["scores"]
        if score["metric"] == "frechet-classifier-distance"
    }
    assert len(distances) == 2 * len(told)  # averaged is not raw, and 0.9 is not 1

    for name in ("finish", "find_yardstick"):
        monkeypatch.setattr(command, name, never)
    rmtree(tmp_path / "runs")
    assert study("--seeds", "0", "7") == 0
    assert capsys.readouterr().out == printed
    assert study("--dry-run", "--seeds", "0", "7", "8") == 0
    listed = capsys.readouterr().out
    assert (listed.count("100% done"), listed.count("  0% done")) == (4, 2)
    assert "| real pictures |" in listed  # what there is is reported


def test_both_weights_of_a_run_stand_under_one_another(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert study("--arms", "averaging", "--seeds", "0") == 0
    printed = capsys.readouterr().out
    names = [line.split("|")[1].strip() for line in printed.splitlines() if line.startswith("| ")][2:]
    assert names[:2] == ["gan, averaged", "gan, raw"]
    assert names[-2:] == ["wgan-gp, raw", "real pictures"]
    assert " ± " not in printed  # one seed has no spread


def test_a_study_that_was_stopped_goes_on(
    study: Study, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    play, steps = Trainer.play, list[int]()

    def play_until_stopped(trainer: Trainer) -> None:
        play(trainer)
        steps.append(trainer.step)
        if len(steps) == 6:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Trainer, "play", play_until_stopped)
    assert study("--seeds", "0") == 130
    stopped = capsys.readouterr()
    assert "the same command goes on" in stopped.err
    assert stopped.out == ""
    assert study("--dry-run", "--seeds", "0") == 0
    assert [line.split()[-2] for line in capsys.readouterr().out.splitlines()[:2]] == ["100%", "50%"]
    assert study("--seeds", "0") == 0
    assert steps == [1, 2, 3, 4] * 2


@pytest.mark.parametrize(
    ("fact", "value"),
    [("extractor_sha256", "0" * 64), ("metric_version", 0), ("metric_version", None), ("generated_count", 149)],
)
def test_scores_that_were_taken_otherwise_are_taken_again(
    finished: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fact: str, value: object
) -> None:
    kept = results(tmp_path)
    name, old = next(iter(kept.items()))
    file = tmp_path / "study" / "32-images" / f"{name}.json"
    first, *others = old["scores"]
    passport = {key: told for key, told in (first["passport"] | {fact: value}).items() if told is not None}
    stale = first | {"passport": passport}
    file.write_text(json.dumps(old | {"scores": [stale, *others]}))
    measure, taken = Yardstick.measure, []

    def watched(yardstick: Yardstick, generator: object) -> object:
        taken.append(generator)
        return measure(yardstick, generator)  # type: ignore[arg-type]

    monkeypatch.setattr(Yardstick, "measure", watched)
    monkeypatch.setattr(series, "run", never)
    assert finished("--seeds", "0") == 0
    assert len(taken) == 2
    assert values(results(tmp_path)[name]) == values(old)


def values(result: Any) -> list[float]:
    return [score["value"] for score in result["scores"]]


def test_a_result_of_another_recipe_is_not_believed(finished: Study, tmp_path: Path) -> None:
    name, told = next(iter(results(tmp_path).items()))
    file = tmp_path / "study" / "32-images" / f"{name}.json"
    file.write_text(json.dumps(told | {"recipe": told["recipe"] | {"lr": 0.5}, "curve": []}))
    assert finished("--seeds", "0") == 0
    assert results(tmp_path)[name]["recipe"] == told["recipe"]
    assert results(tmp_path)[name]["curve"] == told["curve"]


def test_a_result_of_another_seed_is_not_believed(finished: Study, tmp_path: Path) -> None:
    place = tmp_path / "study" / "32-images"
    copy(place / f"{ARM[0]}-fashion-mnist-seed-0.json", place / f"{ARM[0]}-fashion-mnist-seed-7.json")
    assert finished("--seeds", "7") == 0
    assert results(tmp_path)[f"{ARM[0]}-fashion-mnist-seed-7"]["seed"] == 7


def test_a_finished_run_that_cannot_be_measured_any_more_is_one_sentence(
    finished: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{ARM[0]}-fashion-mnist-seed-0"
    (tmp_path / "study" / "32-images" / f"{name}.json").unlink()
    (tmp_path / "runs" / "32-images" / name / "resume.safetensors").unlink()
    assert finished("--seeds", "0") == 1
    assert "has lost its resume state, by which it is measured: move it away" in capsys.readouterr().err


def test_a_run_that_fails_is_told_of_and_passed_over(
    study: Study, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = training_run.run

    def failing(recipe: object, *arguments: object, seed: int, **options: object) -> bool:
        if seed == 7:
            raise TrainingError("loss/generator is nan at step 2")
        return run(recipe, *arguments, seed=seed, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(series, "run", failing)
    assert study("--seeds", "0", "7") == 1
    printed = capsys.readouterr()
    assert printed.err.count("seed 7: loss/generator is nan") == len(ARM)
    assert [line.split("|")[-2].strip() for line in printed.out.splitlines() if line.startswith("| gan-")] == ["1", "1"]


def test_a_run_of_another_seed_or_recipe_is_not_taken_for_this_one(
    finished: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "runs" / "32-images"
    (place / "gan-smooth-fashion-mnist-seed-0").rename(place / "gan-smooth-fashion-mnist-seed-1")
    assert finished("--seeds", "1") == 1
    assert "seed-1 holds a run of another recipe" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--images", "0"], "--images"),
        (["--seeds", "-1"], "--seeds"),
        (["--seeds", str(2**63)], "--seeds"),
        (["--results", "/dev/null"], "--results"),
        (["--runs-dir", "/dev/null"], "--runs-dir"),
        (["--data-root", "/dev/null"], "Fashion-MNIST"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(
    study: Study, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study("--seeds", "0", *words) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("error: ")
    assert sentence in error
