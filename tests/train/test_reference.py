from pathlib import Path

import pytest

from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.reference import read_reference
from ganzoo.nn.classifiers import classifier_file
from train.reference import main


def test_it_is_made_again(sample_root: Path, tmp_path: Path) -> None:
    file = tmp_path / "reference.safetensors"
    assert main(["--dataset", "fashion-mnist", "--data-root", str(sample_root), "--file", str(file)]) == 0
    reference = read_reference(file, load_classifier(classifier_file("fashion-mnist")))
    assert len(reference) == reference.counts.sum() == 200  # all test pictures there are


def test_what_goes_wrong_is_one_sentence(sample_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "no-folder" / "reference.safetensors"
    file.parent.touch()
    assert main(["--dataset", "fashion-mnist", "--data-root", str(sample_root), "--file", str(file)]) == 1
    assert "choose another --file" in capsys.readouterr().err
