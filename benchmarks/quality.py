"""Quality: whether training in the way that ganzoo chooses ends where plain eager float32 ends."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Annotated, Any, Literal, get_args

import torch
from tyro.conf import arg

from benchmarks.contest import ContestError
from benchmarks.distance import BATCH_SIZE, EPOCHS, Yardstick, kept_classifier
from benchmarks.options import DataRoot, Device
from benchmarks.report import Row
from ganzoo.checkpoints import Checkpoint, CheckpointError
from ganzoo.data import DATA_ROOT, DataConfig, load_images, to_uint8
from ganzoo.device import describe_device, pick_device
from ganzoo.inference import sample
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Execution
from ganzoo.training.run_folder import MAX_SEED, RunFolder, TrainingError
from ganzoo.training.series import completed
from ganzoo.zoo.dcgan import DCGAN
from ganzoo.zoo.gan import GAN
from ganzoo.zoo.wgan_gp import WGANGP

DATA = DataConfig(dataset="fashion-mnist")

RowName = Literal["gan", "wgan-gp-mlp", "dcgan-28"]
RECIPES: Mapping[RowName, Recipe] = {
    "gan": GAN(data=DATA),
    # A step has six updates and a penalty: so many take about as long as gan's 10,000, and enough of them to compile.
    "wgan-gp-mlp": WGANGP(data=DATA, steps=3_000),
    # The recipe's own 50 epochs at width 64 take hours on a CPU; these take minutes, and with the paper's rates, which
    # are higher than the tutorial's, draw clothes all the same.
    "dcgan-28": DCGAN(data=DATA, width=32, batch_size=64, epochs=4, lr=2e-4, beta1=0.5),
}

Way = Literal["ours", "ordinary"]
WAYS: Mapping[Way, Mapping[str, Any]] = {"ours": {}, "ordinary": {"compiled": False, "precision": "float32"}}
"""What is forced of a run's execution: nothing of ours."""


@dataclass(frozen=True)
class Score:
    """What came of one run."""

    distance: float
    execution: Execution
    seconds: float
    """Of training, without what is compiled first."""
    hardware: str


def measure(
    *,
    rows: Annotated[tuple[RowName, ...], arg(help="What to measure.")] = get_args(RowName),
    seeds: Annotated[tuple[int, ...], arg(help="A run of each way for each of them; two at least.")] = (0, 1, 2),
    steps: Annotated[
        int | None, arg(help="Train networks and classifier so briefly, in a folder apart: to try the command out.")
    ] = None,
    runs_dir: Annotated[Path, arg(help="Where the runs and the classifier are kept.")] = Path("runs/quality"),
    device: Device = "auto",
    data_root: DataRoot = DATA_ROOT,
) -> list[Row]:
    """What the fast ways of training cost in quality: ours is computed as ganzoo chooses, ordinary in eager float32.

    Both are trained from the same seeds on Fashion-MNIST, then scored: the Fréchet distance between the test images and
    as many drawn ones, in the features of a small classifier that is trained for this table alone. It speaks for this
    table only, and is no FID; the honest scores of the project's models are a matter of their own. Lower is better, and
    the columns are means over the seeds. Runs are kept: the command can be stopped and given again at any time.
    """
    if len(set(seeds)) < 2 or not all(0 <= seed < MAX_SEED for seed in seeds):
        raise ContestError("a spread needs two --seeds or more, whole numbers that are not negative")
    if steps is not None and steps < 1:
        raise ContestError("a run has at least one step: choose --steps of 1 or more, or leave it out")
    where = pick_device(device)
    place = runs_dir if steps is None else runs_dir / f"{steps}-steps"
    images, test = load_images(DATA, data_root), load_images(DATA, data_root, split="test")
    classifier_steps = steps or EPOCHS * len(images) // BATCH_SIZE
    classifier = kept_classifier(images, where, classifier_steps, place / "classifier.safetensors")
    yardstick = Yardstick(classifier, images, test)
    found = []
    for name in dict.fromkeys(rows):
        recipe = RECIPES[name] if steps is None else RECIPES[name].model_copy(update={"steps": steps})
        scores: dict[Way, dict[int, Score]] = {way: {} for way in WAYS}
        for seed in dict.fromkeys(seeds):
            for way in WAYS:
                folder = RunFolder(place / f"{name}-seed-{seed}-{way}")
                try:
                    checkpoint = completed(
                        recipe, folder, images, seed=seed, device=where, data_root=data_root, **WAYS[way]
                    )
                    score = scores[way][seed] = scored(checkpoint, folder, yardstick, where)
                except (CheckpointError, TrainingError) as error:
                    raise ContestError(f"{name}, seed {seed}, {way}: {error}") from error
                told = f"{name}, seed {seed}, {way} ({score.execution})"
                print(f"{told}: distance {score.distance:.3g}", file=sys.stderr)
        found.append(compared(name, scores, yardstick, where))
    return found


def scored(checkpoint: Checkpoint, folder: RunFolder, yardstick: Yardstick, device: torch.device) -> Score:
    """Draw from the published generator, from seeds 0, 1, 2 and so on, and measure that."""
    drawn = sample(checkpoint.load_generator(device.type), range(yardstick.count))
    facts = checkpoint.config.training
    seconds = facts["seconds"]
    assert isinstance(seconds, int | float)
    return Score(
        distance=yardstick.distance(to_uint8(drawn)),
        execution=folder.read_plan().execution,
        seconds=seconds,
        hardware=str(facts["hardware"]),
    )


def compared(name: str, scores: Mapping[Way, Mapping[int, Score]], yardstick: Yardstick, device: torch.device) -> Row:
    """Both ways over all seeds, and how far apart their means are in the spread that seeds alone make."""
    distances = {way: [score.distance for score in scores[way].values()] for way in WAYS}
    means = {way: fmean(distances[way]) for way in WAYS}
    spread = sqrt(fmean(stdev(distances[way]) ** 2 for way in WAYS))
    notes = [
        f"the classifier is right on {yardstick.accuracy:.1%} of the test images; as many training images lie "
        f"{yardstick.floor:.3g} from them"
    ]
    everything = [score for way in WAYS for score in scores[way].values()]
    if all(score.execution == Execution() for score in everything):
        notes.append("ganzoo chooses eager float32 here, so both ways are the same and there is nothing to compare")
    if (hardware := _each_once([score.hardware for score in everything])) != describe_device(device):
        notes.append(f"trained on {hardware}")
    return Row(
        name,
        ours=means["ours"],
        ordinary=means["ordinary"],
        unit="distance",
        details={
            "difference_in_spreads": abs(means["ours"] - means["ordinary"]) / spread,
            **{key: value for way in WAYS for key, value in _details(way, scores[way]).items()},
            "floor": yardstick.floor,
            "classifier_accuracy": yardstick.accuracy,
        },
        note="; ".join(notes),
    )


def _details(way: Way, scores: Mapping[int, Score]) -> dict[str, float | str]:
    distances = [score.distance for score in scores.values()]
    told: dict[str, float | str] = {
        "execution": _each_once([str(score.execution) for score in scores.values()]),
        "seconds": fmean(score.seconds for score in scores.values()),
        "min": min(distances),
        "max": max(distances),
        "sd": stdev(distances),
        **{f"seed_{seed}": score.distance for seed, score in scores.items()},
    }
    return {f"{way}_{key}": value for key, value in told.items()}


def _each_once(texts: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
