import pytest
import torch

from ganzoo.data.held_out import read_sprite, sprite_file
from ganzoo.metrics import MetricError
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.examination import examine
from ganzoo.metrics.reference import read_reference, reference_file
from ganzoo.nn.classifiers import classifier_file

JUDGE = load_classifier(classifier_file("fashion-mnist"))
REFERENCE = read_reference(reference_file("fashion-mnist"), JUDGE)
REAL = JUDGE.look([read_sprite(sprite_file("fashion-mnist")).pictures[:128]])


def test_real_pictures_are_all_there_and_cover_themselves() -> None:
    found = examine(REAL, REFERENCE)
    assert sum(found.histogram.counts) == 128
    assert found.histogram.missing == 0
    assert found.duplicates < 0.05
    assert found.coverage == 1.0
    assert not found.collapsed


def test_one_picture_again_and_again_has_collapsed() -> None:
    once = read_sprite(sprite_file("fashion-mnist")).pictures[:1]
    found = examine(JUDGE.look([once.expand(128, -1, -1, -1)]), REFERENCE)
    assert found.histogram.missing == 9
    assert found.duplicates == 1.0
    assert found.coverage < 0.2
    assert found.collapsed


def test_there_are_no_more_samples_than_real_pictures() -> None:
    seen = JUDGE.look([torch.zeros(513, 1, 28, 28, dtype=torch.uint8)])
    with pytest.raises(MetricError, match="as many real images as samples"):
        examine(seen, REFERENCE)
