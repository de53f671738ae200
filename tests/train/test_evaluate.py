"""The command that measures checkpoints, on real pictures."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from ganzoo.checkpoints import save_checkpoint
from ganzoo.checkpoints.scores import read_scores
from ganzoo.nn.classifiers import classifier_file
from ganzoo.nn.mlp import mlp_networks
from train.evaluate import main


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs of Fashion-MNIST, and one of somebody's own pictures."""
    folder = tmp_path_factory.mktemp("runs")
    for name, dataset in (("first", "fashion-mnist"), ("second", "fashion-mnist"), ("third", "folder:cats")):
        torch.manual_seed(len(name))
        generator, discriminator = mlp_networks((1, 28, 28), width=8, z_dim=16)
        save_checkpoint(
            folder / name / "checkpoint",
            networks={"generator": generator, "discriminator": discriminator},
            recipe={"variant": "gan", "data": {"dataset": dataset}, "seed": 0},
            training={"steps": 10, "weights": "averaged"},
        )
    return folder


@pytest.fixture
def runs(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "runs"))


def evaluate(root: Path, *arguments: object) -> int:
    return main([*map(str, arguments), "--samples", "150", "--data-root", str(root), "--device", "cpu"])


def test_scores_get_onto_the_terminal_into_the_checkpoint_and_into_its_card(
    runs: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(sample_root, runs / "first") == 0
    said = capsys.readouterr().out
    checkpoint = runs / "first" / "checkpoint"
    scores = {(score.metric, score.passport["real_split"]): score for score in read_scores(checkpoint)}
    distance = scores["frechet-classifier-distance", "test"]
    (row,) = (line for line in said.splitlines() if line.startswith("frechet-classifier-distance") and "test" in line)
    assert f"{distance.value:.4g}" in row
    assert f"{distance.real:.4g}" in row
    assert f"| frechet-classifier-distance | {distance.value:.4g} |" in (checkpoint / "README.md").read_text("utf-8")
    raw = json.loads((checkpoint / "metrics.json").read_text())
    assert all({"metric", "value", "passport"} <= score.keys() for score in raw)
    assert distance.passport.keys() >= {
        *("metric_version", "extractor", "extractor_sha256", "real_set", "real_split", "real_count"),
        *("generated_count", "seeds", "truncation", "resize", "quantisation", "number_type"),
        *("weights", "weights_sha256", "date", "seconds", "hardware", "versions"),
    }
    assert distance.passport["generated_count"] == 150
    assert distance.passport["weights"] == "averaged"


def test_a_folder_of_runs_is_measured_and_what_cannot_be_is_told(
    runs: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(sample_root, runs) == 1
    said = capsys.readouterr()
    assert "first, 150 samples" in said.out
    assert "second, 150 samples" in said.out
    assert said.err.startswith("error: third: there is no classifier for what it learnt from, 'folder'")
    assert read_scores(runs / "second" / "checkpoint")


def test_a_checkpoint_that_cannot_be_read_is_passed_over(
    runs: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = runs / "first" / "checkpoint" / "config.json"
    described = json.loads(config.read_text())
    described["networks"]["generator"]["config"]["image_shape"] = [2, 28, 28]
    config.write_text(json.dumps(described))
    assert evaluate(sample_root, runs / "first", runs / "second") == 1
    said = capsys.readouterr()
    assert "second, 150 samples" in said.out
    assert said.err.count("\n") == 1
    assert "an image has 1 channel, grey, or 3 of colour, not 2" in said.err


def test_measuring_again_replaces_scores_of_the_same_protocol_and_of_other_weights(
    runs: Path, sample_root: Path
) -> None:
    first, second = (runs / name / "checkpoint" for name in ("first", "second"))
    assert evaluate(sample_root, first) == 0
    before = read_scores(first)
    assert evaluate(sample_root, first) == 0
    again = read_scores(first)
    assert [(score.protocol, score.value) for score in again] == [(score.protocol, score.value) for score in before]
    assert main([str(first), "--samples", "140", "--data-root", str(sample_root)]) == 0
    assert len(read_scores(first)) == 2 * len(before)
    shutil.copy(second / "model.safetensors", first)
    assert evaluate(sample_root, first) == 0
    assert len(read_scores(first)) == len(before)


def test_a_translator_is_passed_over_in_one_sentence(
    translators: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(sample_root, translators / "delta") == 1
    assert capsys.readouterr().err == (
        "error: delta: delta is a translator: it turns pictures into others, and draws none.\n"
    )


def test_showing_writes_nothing(runs: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(sample_root, runs / "first", "--show") == 0
    assert "coverage" in capsys.readouterr().out
    assert not (runs / "first" / "checkpoint" / "metrics.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "There is no folder nowhere"),
        ([], "There is nothing to measure: give the folders"),
        (["first", "--classifier", "none.safetensors"], "There is no classifier none.safetensors"),
        (["first", "--classifier", str(classifier_file("mnist"))], "tells the classes of mnist, not of fashion-mnist"),
        (["first", "--samples", "50"], "takes at least"),
        (["first", "--samples", "0"], "There are no pictures to measure"),
        (["first", "--fid", "--samples", "2048"], "more samples than its 2,048 features"),
        (["first", "--fid", "--fid-weights", "first/checkpoint/README.md"], "does not hold the weights that make a"),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence(
    runs: Path,
    sample_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(runs)
    assert main([*arguments, "--data-root", str(sample_root)]) == 1
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("error: ")
    assert said in errors[0]


def test_a_folder_that_cannot_be_written_is_one_sentence(
    runs: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert evaluate(sample_root, runs / "first") == 1
    assert "could not be written" in capsys.readouterr().err
    assert not (runs / "first" / "checkpoint" / "metrics.json").exists()
