"""The zoo that ships, as its files have it."""

from pathlib import Path

import pytest

from ganzoo.checkpoints import read_checkpoint
from ganzoo.checkpoints.scores import Score, read_scores
from ganzoo.checkpoints.writing import weights_hash
from ganzoo.metrics.classifiers import classifier_file, load_classifier
from ganzoo.metrics.evaluation import ClassifierYardstick

SHIPPED = sorted(path.parent for path in Path(__file__).parents[2].glob("checkpoints/*/config.json"))


def scores(folder: Path) -> dict[str, Score]:
    """By metric, against the test split where there is a choice."""
    return {score.metric: score for score in reversed(read_scores(folder))}


@pytest.mark.parametrize("folder", SHIPPED, ids=[folder.name for folder in SHIPPED])
def test_every_model_tells_scores_of_its_own_weights_by_the_classifier_that_ships(folder: Path) -> None:
    checkpoint, found = read_checkpoint(folder), scores(folder)
    assert found.keys() == ClassifierYardstick.metrics.keys()
    extractor = load_classifier(classifier_file(checkpoint.config.dataset)).hash
    for score in found.values():
        assert score.passport["extractor_sha256"] == extractor
        assert score.passport["weights_sha256"] == weights_hash(folder)
        assert score.passport["generated_count"] == 10_000
        assert score.passport["metric_version"] == ClassifierYardstick.metrics[score.metric].version


def test_the_verdict_falls_on_the_collapsed_exhibit_and_on_nothing_else() -> None:
    assert [folder.name for folder in SHIPPED if scores(folder)["collapsed"].value] == ["gan-collapsed-mnist"]
