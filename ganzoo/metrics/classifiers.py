"""The classifiers that ship: one a data set, by whose features pictures are measured.

Each is one safetensors file, float16, whose metadata tell the network and how it was trained.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import JsonValue, ValidationError
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ganzoo.checkpoints.weights import weight_bytes
from ganzoo.files import sha256, written_whole
from ganzoo.metrics.features import MetricError, Seen, extract_features
from ganzoo.nn.classifier import Classifier, ClassifierConfig

SHIPPED = Path(__file__).with_name("classifiers")


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


def classifier_file(dataset: str) -> Path:
    """Where the one of a data set ships."""
    return SHIPPED / f"{dataset}.safetensors"


def save_classifier(file: Path, classifier: Classifier, training: Mapping[str, JsonValue]) -> None:
    """Write a classifier as float16; raises ``OSError`` as writing does."""
    metadata = {"config": classifier.config.model_dump_json(), "training": json.dumps(training)}
    with written_whole(file) as path:
        path.write_bytes(weight_bytes(classifier, half=True, metadata=metadata))


def load_classifier(file: Path, device: torch.device | None = None) -> Judge:
    """In evaluation mode, in float32, without gradients; raises ``MetricError``."""
    try:
        with safe_open(file, framework="pt") as tensors:
            metadata = tensors.metadata() or {}
            classifier = Classifier(ClassifierConfig.model_validate_json(metadata["config"]))
            classifier.load_state_dict({name: tensors.get_tensor(name).float() for name in tensors.keys()})  # noqa: SIM118
        training = json.loads(metadata["training"])
    except FileNotFoundError:
        raise MetricError(f"There is no classifier {file}: python -m train.classifier trains one.") from None
    except (OSError, SafetensorError, KeyError, RuntimeError, ValidationError, ValueError):
        raise MetricError(f"{file} is no classifier, or a broken one: train it anew.") from None
    classifier.settle(device or torch.device("cpu"))
    return Judge(classifier.eval().requires_grad_(False), sha256(file), training)
