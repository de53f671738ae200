"""The classifiers that ship, one a data set: what tells its classes apart is what people look at.

Each is one safetensors file, float16, whose metadata tell the network and how it was trained.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from pydantic import JsonValue, ValidationError
from safetensors import SafetensorError, safe_open

from ganzoo.data import DataError
from ganzoo.nn.classifier import Classifier, ClassifierConfig

SHIPPED = Path(__file__).with_name("classifiers")


class ClassifierError(DataError):
    """A classifier that is not to be had. Its message is one sentence that says what to do."""


def classifier_file(dataset: str) -> Path:
    """Where the one of a data set ships."""
    return SHIPPED / f"{dataset}.safetensors"


def read_classifier(file: Path) -> tuple[Classifier, Mapping[str, JsonValue]]:
    """One in evaluation mode, in float32, without gradients, on the CPU; and how it was trained.

    Raises ``ClassifierError``.
    """
    try:
        with safe_open(file, framework="pt") as tensors:
            metadata = tensors.metadata() or {}
            config = ClassifierConfig.model_validate_json(metadata["config"])
            weights = {name: tensors.get_tensor(name).float() for name in tensors.keys()}  # noqa: SIM118
        with torch.device("meta"):  # where it takes no memory: a small file may describe a network of any size
            Classifier(config).load_state_dict(weights, assign=True)
        classifier = Classifier(config)
        classifier.load_state_dict(weights)
        training = json.loads(metadata["training"])
    except FileNotFoundError:
        raise ClassifierError(f"There is no classifier {file}: python -m train.classifier trains one.") from None
    except (OSError, SafetensorError, KeyError, RuntimeError, ValidationError, ValueError):
        raise ClassifierError(f"{file} is no classifier, or a broken one: train it anew.") from None
    return classifier.eval().requires_grad_(False), training
