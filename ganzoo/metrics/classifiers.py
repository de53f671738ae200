"""The classifiers by whose features pictures are measured."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import JsonValue
from torch import Tensor

from ganzoo.checkpoints.weights import weight_bytes
from ganzoo.files import sha256, written_whole
from ganzoo.metrics.features import MetricError, Seen, extract_features
from ganzoo.nn.classifier import Classifier
from ganzoo.nn.classifiers import ClassifierError, read_classifier


@dataclass(frozen=True, eq=False)
class Judge:
    """A classifier, and which one it is."""

    classifier: Classifier
    hash: str
    """The sha256 of its file, in hexadecimal: two scores compare only if they were taken by the same file."""
    training: Mapping[str, JsonValue]
    """How it was trained, and its ``accuracy`` on the test images."""

    @property
    def name(self) -> str:
        return f"{self.training.get('dataset')} classifier"

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return self.classifier.image_shape

    def look(self, batches: Iterable[Tensor]) -> Seen:
        """What it sees in uint8 pictures ``[B, C, H, W]``; raises ``MetricError``."""
        return extract_features(self.classifier, batches)


def save_classifier(file: Path, classifier: Classifier, training: Mapping[str, JsonValue]) -> None:
    """Write a classifier as float16; raises ``OSError`` as writing does."""
    metadata = {"config": classifier.config.model_dump_json(), "training": json.dumps(training)}
    with written_whole(file) as path:
        path.write_bytes(weight_bytes(classifier, half=True, metadata=metadata))


def load_classifier(file: Path, device: torch.device | None = None) -> Judge:
    """One that is ready to look; raises ``MetricError``."""
    try:
        classifier, training = read_classifier(file)
    except ClassifierError as error:
        raise MetricError(str(error)) from None
    classifier.settle(device or torch.device("cpu"))
    return Judge(classifier, sha256(file), training)
