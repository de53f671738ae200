"""What ships of real pictures, and how it is taken."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ganzoo.data import ImagesInMemory
from ganzoo.data.config import CLASSES, PUBLISHED
from ganzoo.data.held_out import read_sprite, sprite_file
from ganzoo.metrics import MetricError
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.reference import COUNT, read_reference, reference_file, save_reference, take_reference
from ganzoo.nn.classifiers import classifier_file


@pytest.mark.parametrize("dataset", PUBLISHED)
def test_each_published_set_has_one_of_its_own_classifier(dataset: str) -> None:
    judge = load_classifier(classifier_file(dataset))
    reference = read_reference(reference_file(dataset), judge)
    assert reference.points.features.shape == (COUNT, judge.classifier.feature_count)
    assert reference.counts.shape == (len(CLASSES[dataset]),)
    assert reference.counts.sum() == 10_000


def test_the_features_are_those_of_the_pictures_that_are_held_out() -> None:
    judge = load_classifier(classifier_file("fashion-mnist"))
    reference = read_reference(reference_file("fashion-mnist"), judge)
    pictures = read_sprite(sprite_file("fashion-mnist")).pictures[:32]
    torch.testing.assert_close(reference.points.features[:32], judge.look([pictures]).features, rtol=1e-3, atol=2e-3)


def test_one_is_taken_in_an_order_written_and_read_again(tmp_path: Path) -> None:
    judge = load_classifier(classifier_file("fashion-mnist"))
    held_out = read_sprite(sprite_file("fashion-mnist"))
    order = torch.arange(12).flip(0)
    taken = take_reference(judge, ImagesInMemory("some", held_out.pictures[:12], ""), order)
    seen = judge.look([held_out.pictures[:12]])
    torch.testing.assert_close(taken.points.features, seen.features.flip(0))
    assert taken.counts.tolist() == seen.probabilities.argmax(1).bincount(minlength=10).tolist()
    save_reference(tmp_path / "one.safetensors", taken, judge)
    read = read_reference(tmp_path / "one.safetensors", judge)
    torch.testing.assert_close(read.points.features, taken.points.features, rtol=1e-3, atol=1e-3)
    assert torch.equal(read.counts, taken.counts)
    with pytest.raises(MetricError, match="is of another classifier"):
        read_reference(tmp_path / "one.safetensors", replace(judge, hash="other"))
    with pytest.raises(MetricError, match="There is no sound"):
        read_reference(tmp_path / "none.safetensors", judge)
