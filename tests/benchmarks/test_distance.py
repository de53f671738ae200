from pathlib import Path

import pytest
import torch
from torch import Tensor

from benchmarks.contest import ContestError
from benchmarks.distance import Yardstick, kept_classifier, train_classifier
from ganzoo.data import DataConfig, ImageSet, ImagesInMemory, load_images

CPU = torch.device("cpu")


@pytest.fixture
def images(sample_root: Path) -> ImageSet:
    return load_images(DataConfig(dataset="fashion-mnist"), sample_root)


def test_the_classifier_learns_and_tells_real_images_from_noise(images: ImageSet, sample_root: Path) -> None:
    test = load_images(DataConfig(dataset="fashion-mnist"), sample_root, split="test")
    before, after = (Yardstick(train_classifier(images, CPU, steps), images, test) for steps in (0, 60))
    assert before.accuracy < 0.3
    assert after.accuracy > 0.6
    assert after.count == 200
    noise = torch.randint(0, 256, (200, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    assert 0 < 5 * after.floor < after.distance(noise)


def test_the_classifier_is_trained_once_for_its_images(
    images: ImageSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "runs" / "classifier.safetensors"

    def weights(images: ImageSet, steps: int = 2) -> Tensor:
        return kept_classifier(images, CPU, steps, file).last.weight

    def trained_anew() -> bool:
        return "Training the classifier" in capsys.readouterr().err

    first = weights(images)
    assert trained_anew()
    assert torch.equal(weights(images), first)
    assert not trained_anew()
    file.write_bytes(file.read_bytes()[:-1])
    assert torch.equal(weights(images), first)  # the seed is fixed
    assert trained_anew()
    assert not torch.equal(weights(images, steps=3), first)
    assert trained_anew()
    noise = torch.randint(0, 256, (40, 1, 28, 28), dtype=torch.uint8)
    weights(ImagesInMemory("noise", noise, "none", labels=torch.zeros(40, dtype=torch.int64)))
    assert trained_anew()
    assert list(file.parent.iterdir()) == [file]


def test_a_place_that_takes_no_classifier_is_named(images: ImageSet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ContestError, match="--runs-dir"):
        kept_classifier(images, CPU, 1, tmp_path / "file" / "classifier.safetensors")
