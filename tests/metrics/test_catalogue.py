from pathlib import Path

import pytest
import torch

from ganzoo.data import DataConfig, load_images
from ganzoo.metrics.catalogue import Catalogue
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.reference import read_reference, reference_file
from ganzoo.nn.classifiers import classifier_file

JUDGE = load_classifier(classifier_file("fashion-mnist"))
REFERENCE = read_reference(reference_file("fashion-mnist"), JUDGE)


@pytest.fixture(scope="module")
def catalogue(sample_root: Path) -> Catalogue:
    catalogue = Catalogue(JUDGE, load_images(DataConfig(dataset="fashion-mnist"), sample_root), REFERENCE)
    told = [catalogue.progress]
    while catalogue.progress < 1:
        catalogue.look(300)
        told.append(catalogue.progress)
    assert told == [0.0, 0.3, 0.6, 0.9, 1.0]
    catalogue.look(300)  # nothing is left
    return catalogue


def test_the_nearest_are_those_of_all_distances(catalogue: Catalogue) -> None:
    picture = catalogue.pictures((17,))[0].flip(2)
    found = catalogue.resembled(picture)
    everything = torch.arange(len(catalogue.training))
    seen = JUDGE.look(catalogue.training.batches(iter(everything.split(250)), torch.device("cpu"))).features
    distances = torch.linalg.vector_norm(seen - JUDGE.look([picture[None]]).features, dim=1)
    assert found.indices == tuple(distances.argsort()[:5].tolist())
    assert found.distances == pytest.approx(distances.sort().values[:5].tolist(), rel=1e-3)
    usual = torch.cdist(REFERENCE.points.features, seen).amin(1)
    assert found.share == pytest.approx(float((usual < distances.min()).double().mean()), abs=0.004)


def test_a_copy_is_found_out(catalogue: Catalogue) -> None:
    found = catalogue.resembled(catalogue.pictures((42,))[0])
    assert found.indices[0] == 42
    assert found.distances[0] < 1e-2
    assert found.share == 0.0
