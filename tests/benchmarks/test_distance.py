from itertools import product
from math import sqrt
from pathlib import Path

import pytest
import torch
from torch import Tensor

from benchmarks.contest import ContestError
from benchmarks.distance import Yardstick, frechet_distance, kept_classifier, train_classifier
from ganzoo.data import DataConfig, ImageSet, ImagesInMemory, load_images

CPU = torch.device("cpu")
CORNERS = torch.tensor(list(product((-1.0, 1.0), repeat=3)), dtype=torch.float64)
"""Eight points whose mean is zero and whose covariance is exactly 8/7 of the identity."""


@pytest.fixture
def features() -> Tensor:
    return torch.randn(200, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def images(sample_root: Path) -> ImageSet:
    return load_images(DataConfig(dataset="fashion-mnist"), sample_root)


def test_a_set_has_no_distance_from_itself(features: Tensor) -> None:
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(features[:3], features[:3]) == pytest.approx(0, abs=1e-6)  # covariances of rank 2


def test_a_shift_is_as_far_as_its_square(features: Tensor) -> None:
    shift = torch.tensor([3.0, -4.0, 0.0, 0.0, 12.0, 0.0], dtype=torch.float64)
    assert frechet_distance(features + shift, features) == pytest.approx(13**2)


def test_diagonal_covariances_are_as_far_as_their_deviations() -> None:
    one, other = torch.tensor([1.0, 2.0, 0.0]).double(), torch.tensor([4.0, 2.0, 5.0]).double()
    expected = 8 / 7 * (3**2 + 5**2)
    assert frechet_distance(CORNERS * one, CORNERS * other) == pytest.approx(expected)
    rotation = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(0)).double()).Q
    turned = frechet_distance(CORNERS * one @ rotation, CORNERS * other @ rotation)
    assert turned == pytest.approx(expected)


def test_covariances_that_do_not_commute() -> None:
    # Of a 2 x 2 matrix with eigenvalues a², b²: (a + b)² is its trace and twice the root of its determinant.
    one = torch.tensor([[2.0, 1.0], [1.0, 3.0]]).double()
    other = torch.tensor([[5.0, -2.0], [-2.0, 1.0]]).double()
    shared = sqrt((one @ other).trace().item() + 2 * sqrt((one @ other).det().item()))
    points = CORNERS[:, :2] * sqrt(7 / 8)
    sets = [points @ torch.linalg.cholesky(covariance).T for covariance in (one, other)]
    assert frechet_distance(*sets) == pytest.approx(5 + 6 - 2 * shared)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_features_that_are_not_finite_end_in_a_sentence(features: Tensor, value: float) -> None:
    broken = features.clone()
    broken[3, 2] = value
    for pair in ((broken, features), (features, broken)):
        with pytest.raises(ContestError, match="not finite"):
            frechet_distance(*pair)


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
