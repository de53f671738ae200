"""``python -m train.classifier --dataset mnist``: train the classifier by which pictures of a data set are measured."""

import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypedDict

import torch
import tyro
from pydantic import JsonValue, ValidationError
from tqdm import tqdm

import ganzoo
from ganzoo.checkpoints.config import first_fault
from ganzoo.data import DATA_ROOT, DataConfig, DataError, load_images
from ganzoo.device import DeviceError, describe_device, pick_device
from ganzoo.metrics.classifiers import save_classifier
from ganzoo.metrics.fitting import BATCH_SIZE, accuracy, fit
from ganzoo.nn.classifier import Classifier, ClassifierConfig
from ganzoo.nn.classifiers import classifier_file
from ganzoo.training.execution import fast_precision
from ganzoo.training.run_folder import MAX_SEED, TrainingError


class Build(TypedDict, total=False):
    """How one is built, and for how long it is trained."""

    epochs: int
    """Passes over the training images."""
    widths: tuple[int, ...]
    """Channels of each stage; every stage but the first halves the sides of its map."""
    blocks: int
    """Residual blocks of each stage."""
    halved: bool
    """Whether the network looks at half the resolution from its first stage on."""


@dataclass(frozen=True)
class Setting:
    """What suits a data set."""

    build: Build
    shift: int
    """Pixels by which pictures are moved at random."""
    mirrored: bool
    """Whether they are turned over at random, which a digit does not survive."""


SETTINGS = {
    "mnist": Setting({"epochs": 8, "widths": (32, 64, 128), "blocks": 1, "halved": True}, shift=2, mirrored=False),
    "fashion-mnist": Setting(
        {"epochs": 16, "widths": (32, 64, 128), "blocks": 1, "halved": True}, shift=2, mirrored=True
    ),
    "cifar10": Setting({"epochs": 25, "widths": (24, 48, 96), "blocks": 2, "halved": False}, shift=4, mirrored=True),
}


@dataclass(frozen=True, kw_only=True)
class Options:
    """Train a classifier on a data set, and tell its share of right answers on the test images.

    What is not said of its build is as for the one that ships.
    """

    dataset: Literal["mnist", "fashion-mnist", "cifar10"]
    """What it is to tell the classes of."""
    build: Annotated[Build, tyro.conf.arg(name="")]
    seed: int = 0
    """Of weights, order and moves."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""
    file: Path | None = None
    """Where to write it; over the one that ships where not given."""


def perform(options: Options) -> float:
    """Train, write, and return the accuracy.

    Raises ``TrainingError``, ``ValidationError`` for a network that cannot be built, ``DataError``, ``DeviceError`` and
    ``OSError``.
    """
    setting, device = SETTINGS[options.dataset], pick_device(options.device)
    build: Build = {**setting.build, **options.build}
    if (epochs := build["epochs"]) < 1:
        raise TrainingError("a classifier passes over the images once at least: choose --epochs of 1 or more")
    if not 0 <= options.seed < MAX_SEED:
        raise TrainingError(f"--seed is a whole number from 0 to {MAX_SEED - 1}, not {options.seed}")
    data = DataConfig(dataset=options.dataset)
    images, test = (load_images(data, options.data_root, split=split) for split in ("train", "test"))
    torch.manual_seed(options.seed)
    classifier = Classifier(
        ClassifierConfig(
            image_shape=images.image_shape,
            classes=10,
            widths=build["widths"],
            blocks=build["blocks"],
            halved=build["halved"],
        )
    )
    classifier.settle(device)
    precision = fast_precision(device)
    began = time.perf_counter()
    with tqdm(total=epochs * math.ceil(len(images) / BATCH_SIZE), unit="step", disable=None) as bar:
        fit(
            classifier,
            images,
            epochs=epochs,
            shift=setting.shift,
            mirrored=setting.mirrored,
            seed=options.seed,
            precision=getattr(torch, precision),
            report=lambda loss: bar.update(),
        )
    right = accuracy(classifier, test)
    training: dict[str, JsonValue] = {
        "dataset": options.dataset,
        "data_fingerprint": images.fingerprint,
        "epochs": epochs,
        "seed": options.seed,
        "precision": precision,
        "accuracy": right,
        "seconds": round(time.perf_counter() - began),
        "hardware": describe_device(device),
        "versions": {"ganzoo": ganzoo.__version__, "torch": torch.__version__},
    }
    save_classifier(options.file or classifier_file(options.dataset), classifier, training)
    return right


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.classifier")
    try:
        right = perform(options)
    except ValidationError as error:
        print(f"error: {first_fault(error)}", file=sys.stderr)
        return 2
    except (DataError, DeviceError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: cannot write the classifier ({error.strerror or error}): choose another --file", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped: nothing was written.", file=sys.stderr)
        return 130
    print(f"{right:.2%} of the test images are told right: {options.file or classifier_file(options.dataset)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
