"""``python -m train VARIANT``: train a variant from its recipe into a run folder."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar, Union

import tyro
from pydantic import ValidationError

from ganzoo.checkpoints import CheckpointError
from ganzoo.data import DataError
from ganzoo.device import DeviceError, pick_device
from ganzoo.recipe import Recipe
from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder, TrainingError
from ganzoo.zoo import RECIPES
from train.dry_run import describe

R = TypeVar("R", bound=Recipe)


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How and where to run."""

    seed: int = 0
    """Seed of everything random: weights, latents, the order of the pictures."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute; auto takes a GPU where there is one."""
    run_dir: Path | None = None
    """The run's folder; runs/VARIANT-DATASET where not given."""
    data_root: Path = Path(os.environ.get("GANZOO_DATA", "data"))
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""
    resume: bool = False
    """Go on with the run in --run-dir, with its options, from its last saved state."""
    dry_run: bool = False
    """Print the whole resolved recipe, sizes and an estimate of the time, and train nothing."""


@dataclass(frozen=True)
class Command(Generic[R]):
    recipe: R
    options: RunOptions


def parse(arguments: Sequence[str], defaults: Mapping[str, Recipe], options: RunOptions) -> tuple[Recipe, RunOptions]:
    """The recipe and the options that ``arguments`` describe, over these defaults."""
    commands = [
        Annotated[
            Command[type(recipe)],  # type: ignore[misc]  # a type made of a value: tyro reads it at run time
            tyro.conf.subcommand(name, default=Command(recipe, options), description=type(recipe).__doc__),
        ]
        for name, recipe in defaults.items()
    ]
    chosen: Command[Recipe] = tyro.cli(
        Union[tuple(commands)],  # type: ignore[arg-type]  # noqa: UP007  # likewise
        args=arguments,
        prog="python -m train",
        description="Train a GAN from its recipe. Every variant has options of its own: VARIANT --help lists them.",
        config=(tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes),
    )
    return chosen.recipe, chosen.options


def resolve(arguments: Sequence[str]) -> tuple[Recipe, RunOptions]:
    """Parse twice: what the defaults depend on first, then everything over the defaults that follow from it.

    For a resumed run the defaults are its own; only ``steps`` and where to compute may differ from them.
    """
    defaults = {name: kind() for name, kind in RECIPES.items()}
    recipe, options = parse(arguments, defaults, RunOptions())
    if options.resume:
        begun = run_folder(recipe, options).read_plan()
        default, start = begun.resolved(), RunOptions(seed=begun.seed)
        if type(default) is not type(recipe):
            raise TrainingError(f"the run is a {begun.variant}, not a {recipe.name}: name its variant to go on with it")
    else:
        default = type(recipe)(**{field: getattr(recipe, field) for field in recipe.decisive})
        start = RunOptions()
    recipe, options = parse(arguments, {**defaults, recipe.name: default}, start)
    if options.resume:
        changed = [name for name in type(recipe).model_fields if getattr(recipe, name) != getattr(default, name)]
        changed += ["seed"] if options.seed != start.seed else []
        if set(changed) - {"steps"}:
            raise TrainingError(
                f"a resumed run keeps its options, and {', '.join(changed)} would change: leave it out, or start "
                "afresh in another --run-dir"
            )
    return recipe, options


def run_folder(recipe: Recipe, options: RunOptions) -> RunFolder:
    """Where the run lives: as given, or named after variant, data and, where not the set's own, resolution."""
    return RunFolder(options.run_dir or Path("runs") / f"{recipe.name}-{recipe.data.slug}")


def sentence(error: ValidationError) -> str:
    """What is wrong with the options, in one line."""
    return "; ".join(
        f"{'--' + str(detail['loc'][-1]).replace('_', '-') + ': ' if detail['loc'] else ''}{detail['msg']}"
        for detail in error.errors()
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    try:
        recipe, options = resolve(arguments)
        device = pick_device(options.device)
        if options.dry_run:
            print(describe(recipe, options.seed, device))
            return 0
        folder = run_folder(recipe, options)
        finished = run(
            recipe, folder, seed=options.seed, device=device, data_root=options.data_root, resume=options.resume
        )
    except ValidationError as error:
        print(f"error: {sentence(error)}", file=sys.stderr)
        return 2
    except (CheckpointError, DataError, DeviceError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if finished:
        print(f"Trained. The checkpoint is {folder.checkpoint_path}; `make app` shows it.")
        return 0
    print(f"Stopped and saved. Go on with: python -m train {recipe.name} --run-dir {folder.path} --resume")
    return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
