"""How far drawn images lie from real ones, in the features of a small classifier that is trained for this alone."""

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Adam

from benchmarks.contest import ContestError
from ganzoo.data import ImageSet, index_stream, to_float
from ganzoo.device import full_precision
from ganzoo.files import written_whole
from ganzoo.metrics import frechet_distance

FEATURES = 64
EPOCHS = 5
"""About a minute on two cores, after which it is right on nine of ten test images."""
BATCH_SIZE = 128
SEED = 0


class Classifier(nn.Module):
    """Two strided convolutions and a linear layer give the features; one linear layer tells the class by them."""

    def __init__(self) -> None:
        super().__init__()
        # Leaky, because a third of plain ReLUs die in the first steps, and dead features measure nothing.
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, FEATURES),
            nn.LeakyReLU(0.2),
        )
        self.last = nn.Linear(FEATURES, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Logits ``[N, 10]`` of float images ``[N, 1, 28, 28]``."""
        logits: Tensor = self.last(self.features(images))
        return logits


def train_classifier(images: ImageSet, device: torch.device, steps: int) -> Classifier:
    """Trained on images with classes, from a fixed seed."""
    assert images.labels is not None
    torch.manual_seed(SEED)
    classifier = Classifier().to(device)
    optimizer = Adam(classifier.parameters(), fused=True)

    def order() -> Iterator[Tensor]:
        return index_stream(len(images), BATCH_SIZE, SEED)

    for index, pixels in islice(zip(order(), images.batches(order(), device), strict=True), steps):
        loss = F.cross_entropy(classifier(to_float(pixels)), images.labels[index].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return classifier


def kept_classifier(images: ImageSet, device: torch.device, steps: int, file: Path) -> Classifier:
    """The one that ``file`` holds, or one that is trained now and kept there. Raises ``ContestError``."""
    passport = {"images": images.fingerprint, "steps": str(steps)}
    classifier = _read(file, passport)
    if classifier is None:
        print("Training the classifier, once: this takes about a minute.", file=sys.stderr, flush=True)
        classifier = train_classifier(images, device, steps)
        weights = {name: tensor.cpu().contiguous() for name, tensor in classifier.state_dict().items()}
        try:
            with written_whole(file) as partial:
                partial.write_bytes(save(weights, metadata=passport))
        except OSError as error:
            raise ContestError(f"cannot write {file} ({error.strerror or error}): choose another --runs-dir") from error
    return classifier.to(device).requires_grad_(False)


def _read(file: Path, passport: Mapping[str, str]) -> Classifier | None:
    """None where there is no such file, where it is broken, and where its classifier was trained in another way."""
    classifier = Classifier()
    try:
        with safe_open(file, framework="pt") as tensors:
            if tensors.metadata() != passport:
                return None
            classifier.load_state_dict({name: tensors.get_tensor(name) for name in tensors.keys()})  # noqa: SIM118
    except (OSError, SafetensorError, RuntimeError):
        return None
    return classifier


class Yardstick:
    """Measures images against the test images of a set, by a classifier of its training images."""

    def __init__(self, classifier: Classifier, training: ImageSet, test: ImageSet) -> None:
        assert test.labels is not None
        self._classifier, self._device = classifier, next(classifier.parameters()).device
        self.count = len(test)
        """How many images are to be measured: as many as there are test images."""
        self._real = self._features(_first(test, self.count))
        logits = classifier.last(self._real.float().to(self._device))
        self.accuracy = float((logits.argmax(dim=1).cpu() == test.labels).float().mean())
        """Share of the test images of which the classifier tells the class."""
        self.floor = self.distance(_first(training, self.count))
        """The distance of real images, which a perfect generator would reach."""

    def distance(self, pixels: Tensor) -> float:
        """Of uint8 images ``[N, 1, 28, 28]``, lower is better. Raises ``MetricError``."""
        return frechet_distance(self._features(pixels), self._real)

    def _features(self, pixels: Tensor) -> Tensor:
        """float64 ``[N, FEATURES]``, on the CPU."""
        with torch.inference_mode(), full_precision():
            batches = (to_float(batch.to(self._device)) for batch in pixels.split(BATCH_SIZE))
            return torch.cat([self._classifier.features(batch).cpu() for batch in batches]).double()


def _first(images: ImageSet, count: int) -> Tensor:
    return next(images.batches(iter([torch.arange(count)]), torch.device("cpu")))
