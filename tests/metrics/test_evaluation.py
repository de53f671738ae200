"""Generators that are known through and through, measured against real pictures by the classifier that ships."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from ganzoo.checkpoints.scores import IncomparableError, Score, rank
from ganzoo.data import DataConfig, ImagesInMemory, load_images, to_float, to_uint8
from ganzoo.generator import Generator, NetworkConfig
from ganzoo.metrics import MetricError, evaluation, neighbours
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.evaluation import ClassifierYardstick, drawn
from ganzoo.metrics.neighbours import nearest_other
from ganzoo.nn.classifiers import classifier_file

COUNT = 200


class Fixed(Generator):
    """Draws one of some pictures, the next one for each next image."""

    def __init__(self, pictures: Tensor) -> None:
        super().__init__(NetworkConfig())
        self.pictures = torch.nn.Parameter(pictures, requires_grad=False)
        self.z_dim, self.drawn = 2, 0
        _, channels, height, width = pictures.shape
        self.image_shape = channels, height, width

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        which = torch.arange(self.drawn, self.drawn + len(ws)) % len(self.pictures)
        self.drawn += len(ws)
        return self.pictures[which]


@pytest.fixture(scope="module")
def images(sample_root: Path) -> dict[str, ImagesInMemory]:
    found = {}
    for split in ("train", "test"):
        loaded = load_images(DataConfig(dataset="fashion-mnist"), sample_root, split=split)
        assert isinstance(loaded, ImagesInMemory)
        found[split] = loaded
    return found


@pytest.fixture(scope="module")
def yardstick(images: dict[str, ImagesInMemory]) -> ClassifierYardstick:
    judge = load_classifier(classifier_file("fashion-mnist"))
    return ClassifierYardstick(judge, images["train"], images["test"], count=COUNT)


def measured(yardstick: ClassifierYardstick, pictures: Tensor) -> dict[tuple[str, object], Score]:
    scores = yardstick.measure(Fixed(to_float(pictures)))
    return {(score.metric, score.passport["real_split"]): score for score in scores}


def test_every_metric_is_measured(yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]) -> None:
    scores = measured(yardstick, images["test"].pixels)
    assert {metric for metric, _ in scores} == set(yardstick.metrics)
    assert {metric for metric, split in scores if split == "test"} == {
        *("frechet-classifier-distance", "kernel-classifier-distance"),
        *("precision", "recall", "density", "coverage"),
    }
    for (metric, _), score in scores.items():
        assert score.better == yardstick.metrics[metric].better
        assert score.real is not None
    beside = {metric: (split, score.passport["real_count"]) for (metric, split), score in scores.items()}
    assert beside["confident-share"] == beside["classifier-score"] == (None, None)
    assert beside["missing-modes"] == beside["duplicate-rate"] == ("train", COUNT)
    assert beside["memorisation-share"] == ("train", 1000)


def test_real_pictures_measure_as_real_pictures_do(
    yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]
) -> None:
    """Test images in the samples' place are what the scores against the training split are held against."""
    scores = measured(yardstick, images["test"].pixels)
    for (metric, split), score in scores.items():
        if split == "train":
            assert score.value == pytest.approx(score.real, abs=1e-6), metric
    assert scores["frechet-classifier-distance", "test"].value == pytest.approx(0, abs=1e-6)
    assert scores["coverage", "test"].value == 1
    assert scores["collapsed", "train"].value == 0


def test_distances_among_real_pictures_are_found_once_and_change_no_score(
    yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = measured(yardstick, images["train"].pixels)
    again = ClassifierYardstick(yardstick.extractor, images["train"], images["test"], count=COUNT)
    measured(again, images["test"].pixels)
    asked = []

    def noted(points: Tensor, k: int) -> Tensor:
        asked.append(k)
        return nearest_other(points, k)

    monkeypatch.setattr(neighbours, "nearest_other", noted)
    assert measured(again, images["train"].pixels) == expected
    assert asked == [3, 1]  # of the samples


def test_copies_of_training_pictures_are_found_out(
    yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]
) -> None:
    scores = measured(yardstick, images["train"].pixels[:COUNT])
    assert scores["memorisation-share", "train"].value == 1
    assert scores["memorisation-ratio", "train"].value == 0
    assert scores["memorisation-share", "train"].real == pytest.approx(0.01, abs=0.01)


def test_one_picture_over_and_over_has_collapsed(
    yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]
) -> None:
    scores = measured(yardstick, images["train"].pixels[:1])
    assert scores["collapsed", "train"].value == 1
    assert scores["missing-modes", "train"].value == 9
    assert scores["missing-modes", "train"].counts is not None
    assert sorted(scores["missing-modes", "train"].counts) == [0] * 9 + [COUNT]
    assert scores["duplicate-rate", "train"].value == 1
    assert scores["coverage", "test"].value < 0.1


def test_noise_is_far_from_everything(yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]) -> None:
    noise = torch.randint(0, 256, (COUNT, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    scores = measured(yardstick, noise)
    distance = scores["frechet-classifier-distance", "test"]
    assert distance.real is not None
    assert distance.value > 10 * distance.real
    assert scores["precision", "test"].value < 0.1


def test_scores_rank_only_where_they_were_measured_alike(
    yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]
) -> None:
    key = "frechet-classifier-distance", "test"
    good, bad = (measured(yardstick, pixels)[key] for pixels in (images["train"].pixels, images["test"].pixels[:30]))
    assert rank({"bad": bad, "good": good}) == ["good", "bad"]
    fewer = ClassifierYardstick(yardstick.extractor, images["train"], images["test"], count=150)
    with pytest.raises(IncomparableError, match="real_count, generated_count, seeds"):
        rank({"good": good, "fewer": measured(fewer, images["train"].pixels)[key]})


def test_a_class_conditional_generator_ranks_with_others_and_its_passport_tells_its_classes(
    yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]
) -> None:
    plain, told = Fixed(to_float(images["test"].pixels)), Fixed(to_float(images["test"].pixels))
    told.num_classes = 10
    scores = {name: evaluation.measured(it, yardstick, {})[0] for name, it in (("plain", plain), ("told", told))}
    assert scores["told"].passport["classes"] == "the seed modulo 10"
    assert "classes" not in scores["plain"].passport
    assert set(rank(scores)) == {"plain", "told"}


def test_pictures_of_another_size_are_brought_to_the_classifiers_and_the_passport_says_so(
    yardstick: ClassifierYardstick, images: dict[str, ImagesInMemory]
) -> None:
    larger = torch.nn.functional.interpolate(to_float(images["test"].pixels), (56, 56)).repeat(1, 3, 1, 1)
    scores = yardstick.measure(Fixed(larger))
    assert {score.passport["resize"] for score in scores} == {"3×56×56 to 1×28×28, bilinear"}
    assert scores[0].metric == "frechet-classifier-distance"
    assert scores[0].value < 1


def test_what_is_drawn_is_what_people_see(images: dict[str, ImagesInMemory]) -> None:
    pictures = to_float(images["test"].pixels[:3]) * 1.2  # beyond white, where 8 bits end
    assert torch.equal(torch.cat([*drawn(Fixed(pictures), 3, (1, 28, 28))]), to_uint8(pictures))


def test_values_that_are_not_finite_are_no_pictures(yardstick: ClassifierYardstick) -> None:
    with pytest.raises(MetricError, match="draws values that are not finite"):
        yardstick.measure(Fixed(torch.full((1, 1, 28, 28), torch.nan)))


def test_whoever_watches_is_shown_every_picture(images: dict[str, ImagesInMemory]) -> None:
    seen: dict[str, int] = {}

    def watch(batches: Iterable[Tensor], count: int, what: str) -> Iterable[Tensor]:
        for batch in batches:
            seen[what] = seen.get(what, 0) + len(batch)
            yield batch
        assert seen[what] == count

    judge = load_classifier(classifier_file("fashion-mnist"))
    yardstick = ClassifierYardstick(judge, images["train"], images["test"], count=150, watch=watch)
    yardstick.measure(Fixed(to_float(images["test"].pixels)))
    assert seen == {"samples": 150, "test images": 150, "training images": 150, "all training images": 1000}
