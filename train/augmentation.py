"""``python -m train.augmentation``: do drawn pictures help a classifier that has few real ones to learn from?"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, default_int_handler, signal
from statistics import fmean
from typing import Literal

import torch
import tyro
from pydantic import ValidationError
from torch import Tensor

from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.config import first_fault
from ganzoo.data import DATA_ROOT, DataError, ImageSet, ImagesInMemory, load_images, to_uint8
from ganzoo.data.config import CHOICES, DataConfig
from ganzoo.device import DeviceError, describe_device, pick_device
from ganzoo.generator import Generator
from ganzoo.inference import sample
from ganzoo.metrics.fitting import accuracy, fit
from ganzoo.nn.classifier import Classifier, ClassifierConfig
from ganzoo.recipe import Recipe
from ganzoo.training.run_folder import RunFolder, TrainingError
from ganzoo.training.series import completed
from ganzoo.zoo import RECIPES
from train.classifier import SETTINGS
from train.study.report import with_spread

PICTURES = 10_000
"""Of either kind that a classifier sees in one epoch: real ones again and again, drawn ones each once."""
EPOCHS = 4
WIDTHS = (16, 32, 64)


@dataclass(frozen=True, kw_only=True)
class Options:
    """Train classifiers on few real images, with and without pictures by a GAN that has learnt from the same few.

    The GAN sees nothing else, and both classifiers have the same steps and the same moves of their pictures. What is
    over is not trained again: stopped by Ctrl-C, the same command goes on. The report is Markdown.
    """

    dataset: Literal["mnist", "fashion-mnist", "cifar10"] = "fashion-mnist"
    """What to tell the classes of."""
    variant: str | None = None
    """The recipe of the GAN, one that is told the class; where not given, the first of the zoo."""
    per_class: tuple[int, ...] = (10, 50, 100)
    """Real images of each class that there are."""
    seeds: tuple[int, ...] = (0, 1, 2)
    """Each chooses other images, other weights and another order."""
    steps: int = 2_000
    """Of each GAN."""
    width: int = 32
    """Of each GAN."""
    batch_size: int = 32
    """Of each GAN: small, for a batch that holds most of the images teaches it to know them by heart."""
    lr: float = 5e-4
    """Adam's rate for each GAN."""
    runs_dir: Path = Path("runs/augmentation")
    """Where the runs of the GANs are kept."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute; auto takes a GPU where there is one."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""


@dataclass(frozen=True)
class Gain:
    """Shares of the test images that are told right."""

    without: float
    """By a classifier that has seen the few real images."""
    drawn_too: float
    """By one that has seen as many drawn pictures besides."""


def conditional_recipes() -> Mapping[str, type[Recipe]]:
    """Those whose generator is told the class, by name."""
    found = {}
    for name, kind in RECIPES.items():
        with torch.device("meta"):
            model = kind.model_validate({}).game().model
        if isinstance(model, Generator) and model.num_classes:
            found[name] = kind
    return found


def perform(options: Options) -> str:
    """Train and measure; returns the report. Raises the errors that ``main`` tells of."""
    if not options.seeds or not all(0 <= seed < CHOICES for seed in options.seeds):
        raise TrainingError(f"--seeds are whole numbers from 0 to {CHOICES - 1}, one at least")
    if not options.per_class or min(options.per_class) < 1:
        raise TrainingError("--per-class are whole numbers of 1 or more, one at least")
    device, kinds = pick_device(options.device), conditional_recipes()
    variant = options.variant or next(iter(kinds))
    if variant not in kinds:
        raise TrainingError(f"{variant} is not told the class of what it draws: choose {', '.join(kinds)}")
    test = load_images(DataConfig(dataset=options.dataset), options.data_root, split="test")
    gains: dict[int, list[Gain]] = {}
    for count in options.per_class:
        for seed in options.seeds:
            data = {"dataset": options.dataset, "per_class": count, "choice": seed}
            given = {name: getattr(options, name) for name in ("steps", "width", "batch_size", "lr")}
            recipe = kinds[variant].model_validate({"data": data, **given})
            gain = gained(recipe, test, options, seed=seed, device=device)
            gains.setdefault(count, []).append(gain)
            print(
                f"{count} a class, seed {seed}: {gain.without:.2%} without, {gain.drawn_too:.2%} with",
                file=sys.stderr,
                flush=True,
            )
    return report(gains, variant, options.steps, describe_device(device))


def gained(recipe: Recipe, test: ImageSet, options: Options, *, seed: int, device: torch.device) -> Gain:
    """What the drawn pictures add to the real ones that ``recipe`` learns from."""
    real = load_images(recipe.data, options.data_root)
    assert isinstance(real, ImagesInMemory)
    folder = RunFolder(options.runs_dir / f"{recipe.name}-{recipe.data.slug}-{options.steps}-steps-seed-{seed}")
    checkpoint = completed(recipe, folder, real, seed=seed, device=device, data_root=options.data_root)
    return Gain(
        without=right(repeated(real, 2 * PICTURES), test, options.dataset, seed=seed, device=device),
        drawn_too=right(
            joined(repeated(real, PICTURES), *drawn(checkpoint.load_generator(device.type))),
            test,
            options.dataset,
            seed=seed,
            device=device,
        ),
    )


def repeated(images: ImagesInMemory, count: int) -> ImagesInMemory:
    """The images again and again, ``count`` in all."""
    assert images.labels is not None
    index = torch.arange(count) % len(images)
    return ImagesInMemory(images.name, images.pixels[index], images.licence, images.labels[index])


def drawn(generator: Generator) -> tuple[Tensor, Tensor]:
    """``PICTURES`` pictures, uint8 ``[N, C, H, W]``, all classes alike often, and their classes ``[N]``."""
    classes = torch.arange(PICTURES) % generator.num_classes
    return to_uint8(sample(generator, range(PICTURES), classes=classes.tolist(), batch_size=250)), classes


def joined(images: ImagesInMemory, pixels: Tensor, labels: Tensor) -> ImagesInMemory:
    """The images, and others besides."""
    assert images.labels is not None
    both = torch.cat([images.pixels, pixels]), torch.cat([images.labels, labels])
    return ImagesInMemory(images.name, both[0], images.licence, both[1])


def right(images: ImageSet, test: ImageSet, dataset: str, *, seed: int, device: torch.device) -> float:
    """The share of the test images that a new classifier tells right once it has learnt from ``images``."""
    setting = SETTINGS[dataset]
    torch.manual_seed(seed)
    config = ClassifierConfig(
        image_shape=images.image_shape, classes=10, widths=WIDTHS, blocks=1, halved=setting.build["halved"]
    )
    classifier = Classifier(config)
    classifier.settle(device)
    fit(classifier, images, epochs=EPOCHS, shift=setting.shift, mirrored=setting.mirrored, seed=seed)
    return accuracy(classifier, test)


def report(gains: Mapping[int, Sequence[Gain]], variant: str, steps: int, hardware: str) -> str:
    """A Markdown table: means over the seeds, with their sample standard deviations."""
    lines = [
        f"| real images a class | without | with pictures by `{variant}` | gain | seeds |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for count, found in gains.items():
        columns = (
            [100 * gain.without for gain in found],
            [100 * gain.drawn_too for gain in found],
            [100 * (gain.drawn_too - gain.without) for gain in found],
        )
        lines.append(f"| {count} | {' | '.join(map(with_spread, columns))} | {len(found)} |")
    mean = fmean(gain.drawn_too - gain.without for found in gains.values() for gain in found)
    lines += ["", f"Mean gain {100 * mean:+.2f} points. Each GAN had {steps:,} steps, on: {hardware}."]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.augmentation")
    try:
        print(perform(options))
    except ValidationError as error:
        print(f"error: {first_fault(error)}", file=sys.stderr)
        return 2
    except (CheckpointError, DataError, DeviceError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was trained is kept: the same command goes on from there.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    signal(SIGTERM, default_int_handler)  # as Ctrl-C does it, while nothing trains
    sys.exit(main(sys.argv[1:]))
