from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from ganzoo.data import DataConfig, load_images
from ganzoo.metrics import MetricError
from ganzoo.metrics.classifiers import load_classifier, save_classifier
from ganzoo.metrics.fitting import accuracy
from ganzoo.nn import classifiers
from ganzoo.nn.classifier import Classifier, ClassifierConfig
from ganzoo.nn.classifiers import SHIPPED, classifier_file
from tests.metrics.second.look import DATASETS, HERE, second
from train.classifier import SETTINGS, main

CLAIMS = {"mnist": 0.993, "fashion-mnist": 0.93, "cifar10": 0.90}


@pytest.mark.parametrize("dataset", CLAIMS)
def test_those_that_ship_are_small_and_right_often_enough(dataset: str) -> None:
    judge = load_classifier(classifier_file(dataset))
    assert classifier_file(dataset).stat().st_size < 1_000_000
    told = judge.training["accuracy"]
    assert isinstance(told, float)
    assert told >= CLAIMS[dataset]
    assert judge.training["dataset"] == dataset
    assert len(judge.hash) == 64


def test_every_one_that_ships_can_be_trained_again() -> None:
    assert {file.stem for file in SHIPPED.iterdir()} == set(CLAIMS) <= set(SETTINGS)


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_second_ones_are_as_good_and_of_another_build_and_seed(dataset: str) -> None:
    first, other = load_classifier(classifier_file(dataset)), second(dataset)
    assert (HERE / f"{dataset}.safetensors").stat().st_size < 1_000_000
    told = other.training["accuracy"]
    assert isinstance(told, float)
    assert told >= CLAIMS[dataset]
    assert other.training["data_fingerprint"] == first.training["data_fingerprint"]
    assert other.training["seed"] != first.training["seed"]
    assert other.classifier.config != first.classifier.config


def test_what_ships_tells_real_pictures(sample_root: Path) -> None:
    test = load_images(DataConfig(dataset="fashion-mnist"), sample_root, split="test")
    assert accuracy(load_classifier(classifier_file("fashion-mnist")).classifier, test) > 0.88


def test_what_is_loaded_is_what_was_saved_to_half_precision(tmp_path: Path) -> None:
    torch.manual_seed(0)
    one = Classifier(ClassifierConfig(image_shape=(1, 8, 8), classes=3, widths=(4, 4), blocks=1, halved=False))
    save_classifier(tmp_path / "one.safetensors", one, {"accuracy": 0.5})
    judge = load_classifier(tmp_path / "one.safetensors")
    images = torch.rand(5, 1, 8, 8)
    assert torch.allclose(judge.classifier(images), one.eval()(images), atol=1e-2)
    assert judge.training == {"accuracy": 0.5}
    assert not any(parameter.requires_grad for parameter in judge.classifier.parameters())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (Path.unlink, "train.classifier trains one"),
        (lambda file: file.write_bytes(b"{}"), "is no classifier, or a broken one"),
        (lambda file: file.write_bytes(file.read_bytes()[:-9]), "is no classifier, or a broken one"),
    ],
)
def test_what_is_none_is_one_sentence(damage: Callable[[Path], object], said: str, tmp_path: Path) -> None:
    file = tmp_path / "one.safetensors"
    config = ClassifierConfig(image_shape=(1, 8, 8), classes=3, widths=(4,), blocks=1, halved=False)
    save_classifier(file, Classifier(config), {})
    damage(file)
    with pytest.raises(MetricError, match=said):
        load_classifier(file)


def test_what_describes_a_large_network_and_does_not_hold_it_takes_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    class Watched(Classifier):
        def __init__(self, config: ClassifierConfig) -> None:
            super().__init__(config)
            built.append(self.head.weight.device.type)

    monkeypatch.setattr(classifiers, "Classifier", Watched)
    config = ClassifierConfig(image_shape=(1, 8, 8), classes=3, widths=(512,), blocks=1, halved=False)
    file = tmp_path / "hollow.safetensors"
    save_file({}, file, metadata={"config": config.model_dump_json(), "training": "{}"})
    with pytest.raises(MetricError, match="is no classifier, or a broken one"):
        load_classifier(file)
    assert built == ["meta"]


def test_the_command_trains_one_from_pictures_to_file(
    sample_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.safetensors"
    place = ["--dataset", "fashion-mnist", "--data-root", str(sample_root), "--file", str(file), "--device", "cpu"]
    assert main([*place, "--epochs", "1"]) == 0
    assert "of the test images are told right" in capsys.readouterr().out
    one, ships = load_classifier(file), load_classifier(classifier_file("fashion-mnist"))
    assert one.classifier.config == ships.classifier.config
    assert one.training["epochs"] == 1
    assert main([*place[:2], "--data-root", str(tmp_path / "no" / "where"), "--file", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_the_command_trains_one_of_another_build(sample_root: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.safetensors"
    place = ["--dataset", "fashion-mnist", "--data-root", str(sample_root), "--file", str(file), "--device", "cpu"]
    assert main([*place, "--epochs", "1", "--seed", "1", "--widths", "8", "16", "--blocks", "2", "--no-halved"]) == 0
    one = load_classifier(file)
    config = one.classifier.config.model_dump()
    assert (config["widths"], config["blocks"], config["halved"]) == ((8, 16), 2, False)
    assert one.training["seed"] == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--epochs", "0"], "choose --epochs of 1 or more"),
        (["--widths", "4", "0"], "widths.1: "),
        (["--seed", "-1"], "--seed is a whole number from 0"),
        (["--seed", str(2**64)], "--seed is a whole number from 0"),
    ],
)
def test_a_build_that_cannot_be_is_one_sentence(
    sample_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], said: str
) -> None:
    place = ["--dataset", "fashion-mnist", "--data-root", str(sample_root), "--file", str(tmp_path / "one")]
    assert main([*place, *wrong]) != 0
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert said in error
    assert not (tmp_path / "one").exists()
