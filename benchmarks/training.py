"""Training speed: ours, the ordinary way, the tuned way, and a Keras tutorial."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, get_args

import torch
from tyro.conf import arg

from benchmarks import contender
from benchmarks.contest import ContestError, Result, contest
from benchmarks.counting import flops_a_step
from benchmarks.environment import EnvironmentUnavailableError, keras_python
from benchmarks.hardware import NUMBER_TYPES, matrix_peak
from benchmarks.options import DataRoot, Device
from benchmarks.report import Row
from ganzoo.data import DATA_ROOT, DataConfig, load_images
from ganzoo.device import pick_device
from ganzoo.recipe import Recipe
from ganzoo.training.preparation import choose_execution
from ganzoo.zoo.dcgan import DCGAN
from ganzoo.zoo.gan import GAN
from ganzoo.zoo.wgan import WGAN
from ganzoo.zoo.wgan_gp import WGANGP

BATCH_SIZE = 64


def _recipe(kind: type[Recipe], resolution: int = 28) -> Recipe:
    data = DataConfig(dataset="fashion-mnist", resolution=resolution)
    return kind.model_validate({"data": data, "batch_size": BATCH_SIZE})


RowName = Literal["gan", "wgan-mlp", "wgan-gp-mlp", "dcgan-28", "dcgan-32", "dcgan-64", "keras-gan"]
RECIPES: Mapping[RowName, Recipe] = {
    "gan": _recipe(GAN),
    "wgan-mlp": _recipe(WGAN),
    "wgan-gp-mlp": _recipe(WGANGP),
    "dcgan-28": _recipe(DCGAN),
    "dcgan-32": _recipe(DCGAN, 32),
    "dcgan-64": _recipe(DCGAN, 64),
    "keras-gan": _recipe(GAN),
}
"""Of each row; but for the batch, all hyper-parameters are the defaults."""

IMAGES = "FashionMNIST/raw/train-images-idx3-ubyte"
"""Under the data root, as torchvision lays it."""

Contest = Callable[[Mapping[str, Sequence[str]]], dict[str, Result]]


def measure(
    *,
    rows: Annotated[tuple[RowName, ...], arg(help="What to measure.")] = get_args(RowName),
    rounds: Annotated[int, arg(help="How often each contender plays; the median counts.")] = 5,
    seconds: Annotated[float, arg(help="How long each contender plays in one round, at least one step.")] = 5.0,
    device: Device = "auto",
    data_root: DataRoot = DATA_ROOT,
) -> list[Row]:
    """Training speed on Fashion-MNIST in batches of 64: real images dealt to the discriminator or critic in a second.

    They are counted alike in all columns, once for every update that is dealt them. All train the same networks by the
    same algorithm; ours also keeps the averaged generator. Contenders have a process each and play in turns; speeds are
    medians over the rounds, memory is the peak of the process without its data loader's workers.
    """
    where = pick_device(device)
    size = len(load_images(RECIPES["gan"].data, data_root))  # and says in a sentence why they are not to be had
    play = partial(contest, rounds=rounds, seconds=seconds)
    found = []
    for name in dict.fromkeys(rows):
        if name == "keras-gan":
            row = _beside_keras(name, where, data_root, play)
        else:
            recipe = RECIPES[name]
            compiles = choose_execution(recipe, recipe.total_steps(size), where).compiled
            row = _beside_pytorch(name, where, data_root, play, compiles=compiles)
        print(row, file=sys.stderr)
        found.append(row)
    return found


def _beside_pytorch(name: RowName, device: torch.device, root: Path, play: Contest, *, compiles: bool) -> Row:
    recipe = RECIPES[name]
    ways = [way for way in contender.WAYS if compiles or way != "ours, eager"]
    results = play({way: contender.command(way, recipe, device, root) for way in ways})
    ours, tuned = results["ours"], results["tuned"]
    loaded = {workers: results[contender.ORDINARY[workers]] for workers in contender.ORDINARY}
    workers = max(loaded, key=lambda workers: loaded[workers].speed)
    return Row(
        name,
        ours=ours.speed,
        ordinary=loaded[workers].speed,
        unit="images/s",
        details={
            "ordinary_workers": workers,
            **{f"ordinary_with_{workers}_workers": result.speed for workers, result in loaded.items()},
            "tuned": tuned.speed,
            "ratio_to_tuned": ours.speed / tuned.speed,
            **_details("ours", ours),
            **(_won_back(recipe, ours, results["ours, eager"]) if compiles else {}),
            **_details("ordinary", loaded[workers]),
            **_details("tuned", tuned),
            **_work(recipe, ours, device),
        },
    )


def _beside_keras(name: RowName, device: torch.device, root: Path, play: Contest) -> Row:
    recipe = RECIPES[name]
    alone = {"ours": contender.command("ours", recipe, device, root)}
    try:
        program = [str(keras_python(device)), "-m", "benchmarks.keras_gan"]
        results = play({**alone, "keras": [*program, str(root.resolve() / IMAGES), str(recipe.batch_size)]})
        note = (
            "ordinary is Keras-GAN's loop, which updates the discriminator twice a step, on real images and then on as "
            "many fakes; ours is gan's, which updates it once on the sum of both losses"
        )
    except (EnvironmentUnavailableError, ContestError) as error:
        note = f"Keras was skipped: {error}"
        print(f"{name}: {note}", file=sys.stderr)
        results = play(alone)
    ours, keras = results["ours"], results.get("keras")
    return Row(
        name,
        ours=ours.speed,
        ordinary=keras.speed if keras else None,
        unit="images/s",
        details={
            **_details("ours", ours),
            **(_details("ordinary", keras) if keras else {}),
            **_work(recipe, ours, device),
        },
        note=note,
    )


def _details(name: str, result: Result) -> dict[str, float | str]:
    told = {"min": min(result.speeds), "max": max(result.speeds), **result.gauges}
    return {f"{name}_{key}": value for key, value in told.items()}


def _won_back(recipe: Recipe, ours: Result, eager: Result) -> dict[str, float | str]:
    """How fast ours would be without compiling, and after how many updates of all players that is won back."""
    told: dict[str, float | str] = {"ours_eager": eager.speed}
    if isinstance(seconds := ours.gauges.get("compiling_s"), float) and ours.speed > eager.speed:
        images = seconds / (1 / eager.speed - 1 / ours.speed)
        told["won_back_after_updates"] = images / recipe.images_a_step() * sum(recipe.turns_a_step().values())
    return told


def _work(recipe: Recipe, ours: Result, device: torch.device) -> dict[str, float | str]:
    """What one image takes, and which share of the machine's matrix products ours does."""
    flops = flops_a_step(recipe) / recipe.images_a_step()
    gflops = ours.speed * flops / 1e9
    return {
        "mflop_per_image": flops / 1e6,
        **{f"share_of_{kind}_peak": gflops / matrix_peak(device, kind) for kind in NUMBER_TYPES},
    }
