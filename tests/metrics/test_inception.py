"""By random weights, for those of 2015 take a network; ``WEIGHTS_SHA256`` is then theirs."""

import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch_fidelity import feature_extractor_inceptionv3 as inceptionv3
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric

from ganzoo.data import DataConfig, load_images
from ganzoo.metrics import MetricError, Seen, inception
from ganzoo.metrics.estimate import PARTS
from ganzoo.metrics.inception import InceptionYardstick, load_inception
from ganzoo.metrics.kernel import squared_mmd
from ganzoo.nn.mlp import MLPGenerator, MLPGeneratorConfig

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network's random weights, in a file as the published ones are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inceptionv3, "load_state_dict_from_url", lambda *_, **__: {})
        patch.setattr(inceptionv3.FeatureExtractorInceptionV3, "load_state_dict", lambda *_: None)
        network = inceptionv3.FeatureExtractorInceptionV3("random", ["2048"])
    torch.manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
    file = tmp_path_factory.mktemp("weights") / "weights-inception-random.pth"
    torch.save(network.state_dict(), file, _use_new_zipfile_serialization=False)  # noqa: TID251 - theirs is one
    return file


@pytest.fixture
def home(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where torch keeps what it downloads, of which there is nothing yet. What is published are the random weights."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(inceptionv3, "URL_INCEPTION_V3", weights.as_uri())
    _expect(weights, monkeypatch)
    return tmp_path


def _expect(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inception, "WEIGHTS_SHA256", hashlib.sha256(file.read_bytes()).hexdigest())


def test_it_sees_what_torch_fidelity_sees(weights: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inception, "AT_ONCE", 2)
    extractor = load_inception(weights, CPU)
    pixels = torch.randint(0, 256, (3, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    seen = extractor.look([pixels[:1], pixels[1:]])
    with torch.inference_mode():
        features, logits = extractor.network(pixels)
    torch.testing.assert_close(seen.features, features.double(), rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(seen.probabilities, logits.double().softmax(1), rtol=1e-3, atol=1e-6)
    assert (seen.features.shape, seen.probabilities.shape) == ((3, 2048), (3, 1008))
    assert seen.features.dtype == torch.float64
    assert seen.features.std() > 0.1
    assert extractor.hash == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert list(home.iterdir()) == []  # who gives a path needs no download


def test_grey_pictures_are_seen_as_rgb(weights: Path, home: Path) -> None:
    extractor = load_inception(weights, CPU)
    grey = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    assert torch.equal(extractor.look([grey]).features, extractor.look([grey.repeat(1, 3, 1, 1)]).features)


def test_weights_are_downloaded_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_inception(None, CPU)
    assert [path.name for path in (home / "hub" / "checkpoints").iterdir()] == ["weights-inception-random.pth"]
    monkeypatch.setattr(torch.hub, "download_url_to_file", None)
    assert load_inception(None, CPU).hash == first.hash


def test_a_download_that_fails_is_one_sentence_and_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = home / "weights-inception-random.pth"
    for damage in (other.touch, other.unlink):
        damage()
        monkeypatch.setattr(inceptionv3, "URL_INCEPTION_V3", other.as_uri())
        with pytest.raises(MetricError, match=r"could not be downloaded \(.+\): fetch file.+ --fid-weights PATH\.$"):
            load_inception(None, CPU)
        assert list((home / "hub" / "checkpoints").iterdir()) == []


def test_a_path_to_no_file_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.pth", tmp_path):
        with pytest.raises(MetricError, match=r"cannot be read \(.+\): give the file with the weights for FID\.$"):
            load_inception(path, CPU)


def test_nothing_is_ever_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, harm = tmp_path / "weights.pth", tmp_path / "harm"
    file.write_bytes(f"cos\nmkdir\n(V{harm}\ntR.".encode())  # a pickle that makes a folder
    with pytest.raises(MetricError, match=r"does not hold the weights that make a distance FID .+ not 6726825d"):
        load_inception(file, CPU)
    _expect(file, monkeypatch)
    with pytest.raises(Exception, match="Weights only load failed"):
        load_inception(file, CPU)
    assert not harm.exists()
    assert inception.TENSORS_ONLY not in os.environ


def test_without_torch_fidelity_it_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, inceptionv3.__name__, None)
    with pytest.raises(MetricError, match=r'not installed: run pip install "\.\[fid\]" in the checkout'):
        load_inception(None, CPU)


@dataclass(frozen=True)
class Thumbnails:
    """Looks at 4×4 pixels, and has as many logits as the network."""

    name: str = "thumbnails"
    hash: str = "0" * 64
    image_shape: None = None

    def look(self, batches: Iterable[Tensor]) -> Seen:
        pixels = torch.cat([nn.functional.adaptive_avg_pool2d(batch.double(), 4).flatten(1) for batch in batches])
        random = torch.randn(16, 1008, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        return Seen(pixels / 255, (pixels / 255 @ random).softmax(1))


@pytest.fixture
def yardstick(sample_root: Path) -> InceptionYardstick:
    data = DataConfig(dataset="fashion-mnist")
    training, test = load_images(data, sample_root, split="train"), load_images(data, sample_root, split="test")
    return InceptionYardstick(Thumbnails(), training, test, count=200)


def test_torch_fidelity_finds_the_same(yardstick: InceptionYardstick) -> None:
    one, other = yardstick.training, yardstick.test
    found = yardstick.compare(one, other) | yardstick.examine(one)

    statistics = [fid_features_to_statistics(seen.features) for seen in (one, other)]
    distance = fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]
    assert found["frechet-inception-distance"].value == pytest.approx(distance)

    kernel = kid_features_to_metric(one.features, other.features, kid_subsets=1, kid_subset_size=200, verbose=False)
    assert squared_mmd(one.features, other.features) == pytest.approx(kernel["kernel_inception_distance_mean"])

    order = torch.randperm(200, generator=torch.Generator().manual_seed(0))
    score = isc_features_to_metric(one.probabilities[order].log(), splits=PARTS, shuffle=False)
    assert found["inception-score"].value == pytest.approx(score["inception_score_mean"])
    assert found["inception-score"].standard_error == pytest.approx(score["inception_score_std"] / sqrt(PARTS - 1))


def test_scores_tell_that_the_network_scaled_the_pictures(yardstick: InceptionYardstick) -> None:
    generator = MLPGenerator(MLPGeneratorConfig(image_shape=(1, 20, 20), z_dim=4, hidden=(8,)))
    scores = yardstick.measure(generator)
    assert [(score.metric, score.passport["real_split"]) for score in scores] == [
        ("frechet-inception-distance", "test"),
        ("kernel-inception-distance", "test"),
        ("frechet-inception-distance", "train"),
        ("kernel-inception-distance", "train"),
        ("inception-score", None),
    ]
    assert {score.passport["resize"] for score in scores} == {
        "1×20×20 to 3×299×299 by the network, bilinear as in TensorFlow 1"
    }
    assert all(score.real is not None and score.value > score.real for score in scores[:4])
    assert scores[4].real == yardstick.examine(yardstick.test)["inception-score"].value
