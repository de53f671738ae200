"""``python -m benchmarks.contender WAY VARIANT RECIPE DEVICE DATA_ROOT``: train, as fast as one of the ways can."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import torch

from benchmarks.contest import Player, take_turns
from benchmarks.ordinary import batches, ordinary
from benchmarks.tuned import tuned
from ganzoo.data import load_images
from ganzoo.recipe import Recipe
from ganzoo.training.preparation import choose_execution, ready_trainer
from ganzoo.zoo import RECIPES

Way = Callable[[Recipe, torch.device, Path], Player]


def play_ours(recipe: Recipe, device: torch.device, root: Path, *, compiled: bool | None = None) -> Player:
    """As ``python -m train`` would, in a run of the recipe's own length; ``compiled`` forces it."""
    pictures = load_images(recipe.data, root)
    execution = choose_execution(recipe, recipe.total_steps(len(pictures)), device, compiled=compiled)
    began = perf_counter()
    trainer = ready_trainer(recipe, pictures, seed=0, device=device, execution=execution, quiet=True)
    told: dict[str, float | str] = {"execution": str(trainer.execution)}
    if trainer.execution.compiled:
        told["compiling_s"] = perf_counter() - began
    images = recipe.images_a_step()

    def step() -> int:
        trainer.play()
        return images

    wait = partial(trainer.meter.peek, trainer.processes)
    return Player(step, wait, gauges=lambda: {**told, **gauges(device)})


def play_ordinary(recipe: Recipe, device: torch.device, root: Path, *, workers: int) -> Player:
    steps = ordinary(recipe, batches(recipe, root, workers), device)
    return player((step.images for step in steps), device)


def play_tuned(recipe: Recipe, device: torch.device, root: Path) -> Player:
    return player(tuned(recipe, load_images(recipe.data, root), device), device)


def player(steps: Iterator[int], device: torch.device) -> Player:
    """One that goes on through ``steps``."""
    wait = torch.get_device_module(device).synchronize
    return Player(lambda: next(steps), wait, gauges=partial(gauges, device))


def gauges(device: torch.device) -> Mapping[str, float | str]:
    """The most memory that was held on a GPU so far, in MiB."""
    return {"gpu_memory_mib": torch.cuda.max_memory_allocated(device) / 2**20} if device.type == "cuda" else {}


ORDINARY: Mapping[int, str] = {workers: f"ordinary, {workers} workers" for workers in (0, 2)}
"""The name of the ordinary way, by the workers that its ``DataLoader`` has."""

WAYS: Mapping[str, Way] = {
    "ours": play_ours,
    "ours, eager": partial(play_ours, compiled=False),
    **{name: partial(play_ordinary, workers=workers) for workers, name in ORDINARY.items()},
    "tuned": play_tuned,
}


def command(way: str, recipe: Recipe, device: torch.device, root: Path) -> list[str]:
    """What starts the contender."""
    program = [sys.executable, "-m", "benchmarks.contender"]
    return [*program, way, recipe.name, recipe.model_dump_json(), str(device), str(root.resolve())]


if __name__ == "__main__":
    way, variant, recipe_json, device_name, data_root = sys.argv[1:]
    with TemporaryDirectory() as empty:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = empty  # compiling takes what it takes when it was never done before
        play, recipe = WAYS[way], RECIPES[variant].model_validate_json(recipe_json)
        take_turns(lambda: play(recipe, torch.device(device_name), Path(data_root)))
