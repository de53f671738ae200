from pathlib import Path

import pytest
import torch

from ganzoo.data import DataConfig, ImageSet, ImagesInMemory, load_images
from ganzoo.metrics.classifiers import Judge, load_classifier
from ganzoo.metrics.evaluation import ClassifierYardstick, drawn
from ganzoo.metrics.features import MetricError
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.glance import Glance
from ganzoo.nn.classifiers import classifier_file
from ganzoo.nn.dcgan import dcgan_networks


@pytest.fixture(scope="module")
def judge() -> Judge:
    return load_classifier(classifier_file("fashion-mnist"))


@pytest.fixture(scope="module")
def pictures(sample_root: Path) -> ImageSet:
    return load_images(DataConfig(dataset="fashion-mnist"), sample_root)


def test_a_glance_is_what_an_evaluation_of_as_many_would_find(judge: Judge, pictures: ImageSet) -> None:
    torch.manual_seed(0)
    generator, _ = dcgan_networks((1, 28, 28), width=4, z_dim=12)
    generator.train()
    random = torch.get_rng_state()
    found = Glance(judge, pictures, count=200).measure(generator)
    assert torch.equal(torch.get_rng_state(), random)
    assert generator.training
    real = ClassifierYardstick(judge, pictures, pictures, count=200).training
    samples = judge.look(drawn(generator, 200, judge.image_shape))
    assert found["frechet-classifier-distance"] == frechet_distance(samples.features, real.features)
    assert 1 <= found["missing-modes"] <= 9  # untrained, it draws greys


def test_it_takes_what_pictures_there_are_and_refuses_too_few_at_once(judge: Judge, pictures: ImageSet) -> None:
    assert isinstance(pictures, ImagesInMemory)
    few = ImagesInMemory("few", pictures.pixels[:150], licence="none")
    assert Glance(judge, few).count == 150
    with pytest.raises(MetricError, match="takes at least 129"):
        Glance(judge, ImagesInMemory("few", pictures.pixels[:128], licence="none"))
