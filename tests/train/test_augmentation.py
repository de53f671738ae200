"""The command that asks whether drawn pictures help, on real pictures."""

from pathlib import Path

import pytest
import torch

from ganzoo.data import ImagesInMemory
from train import augmentation
from train.augmentation import Gain, joined, main, repeated, report


def images(labels: list[int]) -> ImagesInMemory:
    pixels = torch.arange(len(labels), dtype=torch.uint8)[:, None, None, None]
    return ImagesInMemory("few", pixels, "none", torch.tensor(labels))


def test_few_images_are_seen_again_and_again_alike_often() -> None:
    found = repeated(images([4, 5, 6]), 7)
    assert found.pixels.flatten().tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert found.labels is not None
    assert found.labels.tolist() == [4, 5, 6, 4, 5, 6, 4]


def test_drawn_pictures_come_besides_with_their_classes() -> None:
    found = joined(images([4, 5]), torch.full((1, 1, 1, 1), 9, dtype=torch.uint8), torch.tensor([7]))
    assert found.pixels.flatten().tolist() == [0, 1, 9]
    assert found.labels is not None
    assert found.labels.tolist() == [4, 5, 7]


def test_the_report_pairs_each_seed_with_itself() -> None:
    said = report({10: [Gain(0.50, 0.53), Gain(0.60, 0.61)]}, "some", 100, "an abacus")
    assert "| 10 | 55 ± 7.1 | 57 ± 5.7 | 2 ± 1.4 | 2 |" in said
    assert "Mean gain +2.00 points" in said
    assert "100 steps, on: an abacus" in said


def test_it_trains_on_the_few_and_tells_of_both(
    sample_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(augmentation, "PICTURES", 200)
    monkeypatch.setattr(augmentation, "WIDTHS", (4,))
    small = ["--per-class", "3", "--seeds", "0", "--steps", "2", "--width", "2", "--batch-size", "4"]
    where = ["--runs-dir", str(tmp_path), "--data-root", str(sample_root), "--device", "cpu"]
    assert main([*small, *where]) == 0
    assert "| 3 |" in capsys.readouterr().out
    (run,) = tmp_path.iterdir()
    assert "3-per-class" in run.name


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--per-class", "10", "0"], "--per-class are whole numbers of 1 or more"),
        (["--per-class"], "one at least"),
        (["--seeds", "-1"], "--seeds are whole numbers from 0"),
        (["--seeds"], "one at least"),
        (["--batch-size", "1"], "batch_size: input should be greater than or equal to 2"),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence(
    options: list[str], said: str, sample_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*options, "--data-root", str(sample_root), "--runs-dir", str(tmp_path)]) != 0
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("error: ")
    assert said in errors[0]


def test_a_recipe_without_classes_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--variant", "wgan"]) == 1
    assert "wgan is not told the class of what it draws: choose " in capsys.readouterr().err
