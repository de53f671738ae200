from collections.abc import Callable
from math import inf, nan
from pathlib import Path

import pytest
import torch
from torch import Tensor

from ganzoo.data import DataConfig, ImagesInMemory, load_images
from ganzoo.metrics import (
    MetricError,
    Points,
    class_histogram,
    classifier_score,
    density_and_coverage,
    duplicate_rate,
    extract_features,
    frechet_distance,
    kernel_distance,
    measure_memorisation,
    precision_and_recall,
)
from ganzoo.nn.classifier import Classifier, ClassifierConfig


@pytest.fixture
def classifier() -> Classifier:
    torch.manual_seed(0)
    return Classifier(ClassifierConfig(image_shape=(1, 28, 28), classes=10, widths=(4, 8), blocks=1, halved=True))


@pytest.fixture
def pictures(sample_root: Path) -> Tensor:
    images = load_images(DataConfig(dataset="fashion-mnist"), sample_root, split="test")
    assert isinstance(images, ImagesInMemory)
    return images.pixels


def test_what_is_seen(classifier: Classifier, pictures: Tensor) -> None:
    classifier.train()
    before = {name: value.clone() for name, value in classifier.state_dict().items()}
    seen = extract_features(classifier, pictures.split(64))
    assert classifier.training
    assert all(torch.equal(value, before[name]) for name, value in classifier.state_dict().items())

    assert (seen.features.shape, seen.probabilities.shape) == ((200, 8), (200, 10))
    assert seen.features.dtype == seen.probabilities.dtype == torch.float64
    assert not seen.features.is_inference()
    classifier.eval()
    inputs = pictures.float() / 127.5 - 1
    torch.testing.assert_close(seen.features, classifier.features(inputs).double().detach(), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(
        seen.probabilities, classifier(inputs).softmax(1).double().detach(), rtol=1e-4, atol=1e-5
    )
    torch.testing.assert_close(seen.probabilities.sum(1), torch.ones(200).double())


def test_it_does_not_matter_how_many_are_seen_at_once(classifier: Classifier, pictures: Tensor) -> None:
    together, apart = (extract_features(classifier, pictures.split(size)) for size in (200, 7))
    torch.testing.assert_close(together.features, apart.features, rtol=1e-5, atol=1e-6)


def test_pictures_that_cannot_be_measured_are_named(classifier: Classifier, pictures: Tensor) -> None:
    with pytest.raises(MetricError, match="no pictures"):
        extract_features(classifier, [])
    with pytest.raises(MetricError, match=r"3×28×28 and this classifier takes 1×28×28"):
        extract_features(classifier, [pictures.expand(-1, 3, -1, -1)])


@pytest.mark.parametrize("layer", ["layers.0.weight", "head.bias"])
@pytest.mark.parametrize("value", [nan, inf])
def test_broken_weights_end_in_a_sentence(classifier: Classifier, pictures: Tensor, layer: str, value: float) -> None:
    classifier.get_parameter(layer).data.fill_(value)
    with pytest.raises(MetricError, match="not finite"):
        extract_features(classifier, pictures.split(64))


MEASURES: list[Callable[[Tensor, Tensor], object]] = [
    frechet_distance,
    kernel_distance,
    lambda one, other: precision_and_recall(Points(one), Points(other)),
    lambda one, other: density_and_coverage(Points(one), Points(other)),
    lambda one, other: duplicate_rate(Points(one), Points(other)),
    lambda one, other: measure_memorisation(Points(one), Points(other), Points(other + 1)),
    lambda one, other: measure_memorisation(Points(one + 1), Points(other + 1), Points(other)),
    lambda one, other: (classifier_score(one), classifier_score(other)),
    lambda one, other: (class_histogram(one, torch.ones(4)), class_histogram(other, torch.ones(4))),
]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("value", [nan, inf])
def test_no_measure_is_taken_of_what_is_not_finite(measure: Callable[[Tensor, Tensor], object], value: float) -> None:
    good = torch.rand(200, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    measure(good, good.flip(0))
    broken = good.clone()
    broken[3, 2] = value
    for pair in ((broken, good), (good, broken)):
        with pytest.raises(MetricError, match="not finite"):
            measure(*pair)
