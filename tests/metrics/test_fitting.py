from pathlib import Path

import pytest
import torch

from ganzoo.data import DataConfig, load_images
from ganzoo.metrics.fitting import accuracy, fit, moved
from ganzoo.nn.classifier import Classifier, ClassifierConfig

PIXELS = torch.randint(1, 256, (8, 3, 6, 7), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def classifier(seed: int = 0) -> Classifier:
    torch.manual_seed(seed)
    return Classifier(ClassifierConfig(image_shape=(1, 28, 28), classes=10, widths=(8, 16), blocks=1, halved=True))


def test_pictures_are_moved_whole_with_black_behind_them() -> None:
    random = torch.Generator().manual_seed(1)
    result = moved(PIXELS, 2, mirrored=False, random=random)
    assert (result.shape, result.dtype) == (PIXELS.shape, torch.uint8)
    places = set()
    for before, after in zip(PIXELS, result, strict=True):
        frame = torch.nn.functional.pad(before, (2,) * 4)
        found = [(y, x) for y in range(5) for x in range(5) if torch.equal(frame[:, y : y + 6, x : x + 7], after)]
        assert len(found) == 1
        places.add(found[0])
    assert len(places) > 3


def test_some_pictures_are_turned_over_where_that_is_asked() -> None:
    random = torch.Generator().manual_seed(1)
    result = moved(PIXELS, 0, mirrored=True, random=random)
    turned = [torch.equal(after, before.flip(2)) for before, after in zip(PIXELS, result, strict=True)]
    same = [torch.equal(after, before) for before, after in zip(PIXELS, result, strict=True)]
    assert all(one != other for one, other in zip(turned, same, strict=True))
    assert 0 < sum(turned) < len(turned)


def test_fitting_learns_and_is_the_same_for_the_same_seed(sample_root: Path) -> None:
    images = load_images(DataConfig(dataset="fashion-mnist"), sample_root)
    test = load_images(DataConfig(dataset="fashion-mnist"), sample_root, split="test")
    ones = [classifier(), classifier()]
    losses: list[list[float]] = [[], []]
    for one, told in zip(ones, losses, strict=True):
        fit(one, images, epochs=6, shift=1, mirrored=True, seed=3, report=told.append)
    assert losses[0] == losses[1]
    assert len(losses[0]) == 6 * 8
    assert not ones[0].training
    assert accuracy(ones[0], test) > 0.5


def test_features_are_what_the_classes_are_told_by() -> None:
    one = classifier().eval()
    images = torch.rand(3, 1, 28, 28)
    assert one.features(images).shape == (3, one.feature_count)
    assert torch.allclose(one.head(one.features(images)), one(images))


@pytest.mark.parametrize("halved", [True, False])
def test_any_shape_of_image_is_taken(halved: bool) -> None:
    config = ClassifierConfig(image_shape=(3, 33, 20), classes=4, widths=(4, 8, 8), blocks=2, halved=halved)
    assert Classifier(config)(torch.rand(2, 3, 33, 20)).shape == (2, 4)
