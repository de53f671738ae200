from math import exp, log

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torchmetrics.image.inception import InceptionScore

from ganzoo.metrics import MetricError, classifier_score
from ganzoo.metrics.score import mutual_information


def logits(count: int, classes: int, scale: float = 1.0, seed: int = 0) -> Tensor:
    return scale * torch.randn(count, classes, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_clear_pictures_of_every_class_have_the_highest_score_and_alike_pictures_the_lowest() -> None:
    clear = torch.eye(5, dtype=torch.float64).repeat(20_000, 1)
    assert classifier_score(clear).value == pytest.approx(5, rel=1e-3)
    assert mutual_information(clear) == pytest.approx(log(5))
    for alike in (clear[:1], torch.full((1, 5), 0.2, dtype=torch.float64)):
        found = classifier_score(alike.repeat(100, 1))
        assert found.value == pytest.approx(1)
        assert found.standard_error == 0


def test_two_classes_told_with_a_doubt() -> None:
    doubt = torch.tensor([[0.9, 0.1], [0.1, 0.9]], dtype=torch.float64)
    assert mutual_information(doubt) == pytest.approx(log(2) + 0.9 * log(0.9) + 0.1 * log(0.1))


@given(st.integers(2, 6), st.floats(0, 100), st.integers(0, 1000))
def test_it_lies_between_one_and_the_number_of_classes(classes: int, scale: float, seed: int) -> None:
    found = classifier_score(logits(10 * classes, classes, scale, seed).softmax(1))
    assert 1 <= found.value <= classes + 1e-9
    assert found.standard_error >= 0


@pytest.mark.filterwarnings("ignore:Metric .* will save all extracted features", "ignore:std.* degrees of freedom")
def test_torchmetrics_finds_the_same() -> None:
    theirs = InceptionScore(feature=nn.Identity(), splits=1)
    theirs.update(logits(300, 4, 2.0))
    assert exp(mutual_information(logits(300, 4, 2.0).softmax(1))) == pytest.approx(theirs.compute()[0].item())


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(MetricError, match=r"at least 40 pictures of a kind and has 39"):
        classifier_score(logits(39, 4).softmax(1))
