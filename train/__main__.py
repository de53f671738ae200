"""``python -m train VARIANT``: train a variant from its recipe into a run folder."""

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, make_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union

import tyro
from pydantic import BaseModel, ValidationError

from ganzoo.checkpoints import CheckpointError
from ganzoo.data import DATA_ROOT, DataError
from ganzoo.device import DeviceError, pick_device
from ganzoo.metrics import MetricError
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Precision
from ganzoo.training.run import run
from ganzoo.training.run_folder import MAX_SEED, Plan, RunFolder, TrainingError
from ganzoo.zoo import RECIPES
from train.dry_run import describe


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How and where to run."""

    seed: int = 0
    """Seed of everything random: weights, latents, the order of the pictures."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute; auto takes a GPU where there is one."""
    compile: Literal["auto", "yes", "no"] = "auto"
    """Whether to compile the training step first; auto does where the run is long enough to win it back."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """Number type of products; auto takes bfloat16 where this computer multiplies it faster."""
    run_dir: Path | None = None
    """The run's folder; runs/VARIANT-DATASET where not given."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""
    push: str | None = None
    """OWNER/NAME to publish the checkpoint as on the Hugging Face Hub, once the run is through."""
    during: bool = False
    """Measure a cheap version of the scores every so often, so that the history shows quality over time."""
    keep_best: bool = False
    """Publish the weights that were best by --during, which this implies, instead of the last ones."""
    resume: bool = False
    """Go on with the run in --run-dir, with its options, from its last saved state."""
    dry_run: bool = False
    """Print the whole resolved recipe, sizes and an estimate of the time, and train nothing."""


def flags(default: BaseModel) -> type[Any]:
    """A plain dataclass with a model's fields, defaults and meanings, for tyro to make options of.

    The model itself checks what was given, later and in one sentence.
    """
    fields: list[tuple[str, Any, Any]] = []
    for name, info in type(default).model_fields.items():
        value = getattr(default, name)
        kind: Any = flags(value) if isinstance(value, BaseModel) else info.annotation
        start = kind() if isinstance(value, BaseModel) else value
        fields.append((name, Annotated[kind, tyro.conf.arg(help=info.description)], field(default=start)))
    return make_dataclass(type(default).__name__, fields, frozen=True)


def parse(arguments: Sequence[str], defaults: Mapping[str, Recipe], options: RunOptions) -> tuple[Recipe, RunOptions]:
    """The recipe and the options that ``arguments`` describe, over these defaults. Raises ``ValidationError``."""
    commands: list[Any] = []
    for name, recipe in defaults.items():
        kind = make_dataclass(name, [("recipe", flags(recipe)), ("options", RunOptions, field(default=options))])
        commands.append(Annotated[kind, tyro.conf.subcommand(name, description=type(recipe).__doc__)])
    either: Any = Union[tuple(commands)]  # noqa: UP007  # made at run time
    chosen = tyro.cli(
        either,
        args=arguments,
        prog="python -m train",
        description="Train a GAN from its recipe. Every variant has options of its own: VARIANT --help lists them.",
        config=(tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes),
    )
    variant = RECIPES[type(chosen).__name__]
    return variant.model_validate(asdict(chosen.recipe)), chosen.options


def resolve(arguments: Sequence[str]) -> tuple[Recipe, RunOptions]:
    """Parse twice: what the defaults depend on first, then everything over the defaults that follow from it.

    For a resumed run the defaults are its own; only ``steps`` and where to compute may differ from them.
    """
    defaults = {name: kind.model_validate({}) for name, kind in RECIPES.items()}
    recipe, options = parse(arguments, defaults, RunOptions())
    if options.resume:
        begun = run_folder(recipe, options).read_plan()
        default, start = begun.resolved(), options_of(begun)
        if type(default) is not type(recipe):
            raise TrainingError(f"the run is a {begun.variant}, not a {recipe.name}: name its variant to go on with it")
    else:
        default = type(recipe).model_validate({name: getattr(recipe, name) for name in recipe.decisive})
        start = RunOptions()
    recipe, options = parse(arguments, {**defaults, recipe.name: default}, start)
    if not 0 <= options.seed < MAX_SEED:
        raise TrainingError(f"--seed is a whole number from 0 to {MAX_SEED - 1}, not {options.seed}")
    if options.resume:
        changed = [name for name in type(recipe).model_fields if getattr(recipe, name) != getattr(default, name)]
        kept: dict[str, set[object]] = {
            "seed": {start.seed},
            "compile": {start.compile, "auto"},
            "precision": {start.precision, "auto"},
            "during": {start.during},
            "keep_best": {start.keep_best},
        }
        changed += [name for name, values in kept.items() if getattr(options, name) not in values]
        if set(changed) - {"steps"}:
            raise TrainingError(
                f"a resumed run keeps its options, and {', '.join(changed)} would change: leave it out, or start "
                "afresh in another --run-dir"
            )
    return recipe, options


def options_of(begun: Plan) -> RunOptions:
    """The options that a run keeps when it is resumed."""
    execution = begun.execution
    return RunOptions(
        seed=begun.seed,
        compile="yes" if execution.compiled else "no",
        precision=execution.precision,
        during=begun.measure_every is not None,
        keep_best=begun.keep_best,
    )


def run_folder(recipe: Recipe, options: RunOptions) -> RunFolder:
    """Where the run lives: as given, or named after variant, data and, where not the set's own, resolution."""
    return RunFolder(options.run_dir or Path("runs") / f"{recipe.name}-{recipe.data.slug}")


def sentence(error: ValidationError) -> str:
    """What is wrong with the options, in one line."""
    parts = []
    for detail in error.errors():
        option = f"--{str(detail['loc'][-1]).replace('_', '-')}: " if detail["loc"] else ""
        parts.append(option + detail["msg"].removeprefix("Value error, "))
    return "; ".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    try:
        return perform(*resolve(arguments))
    except ValidationError as error:
        print(f"error: {sentence(error)}", file=sys.stderr)
        return 2
    except (CheckpointError, DataError, DeviceError, MetricError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped at once. What was saved before is kept: --resume goes on from there.", file=sys.stderr)
        return 130


def perform(recipe: Recipe, options: RunOptions) -> int:
    """Train, or say what training would be; returns the exit status. Raises the errors of ``run``."""
    device = pick_device(options.device)
    compiled = {"auto": None, "yes": True, "no": False}[options.compile]
    precision: Precision | None = None if options.precision == "auto" else options.precision
    if options.dry_run:
        print(describe(recipe, options.seed, device, compiled=compiled, precision=precision))
        return 0
    leads = os.environ.get("RANK", "0") == "0"  # one of several processes speaks for all
    if options.push is not None and leads:
        expect_to_publish(options.push)
    folder = run_folder(recipe, options)
    finished = run(
        recipe,
        folder,
        seed=options.seed,
        device=device,
        data_root=options.data_root,
        compiled=compiled,
        precision=precision,
        during=options.during,
        keep_best=options.keep_best,
        resume=options.resume,
    )
    if not leads:
        return 0
    if finished:
        place = folder.path.resolve()
        listed = place.parent == Path(__file__).resolve().parents[1] / "runs"
        page = "make app" if listed else f"GANZOO_ZOO={shlex.quote(str(place))} make app"
        print(f"Trained. The checkpoint is {folder.checkpoint_path}; to see it: {page}")
        return push(folder.checkpoint_path, options.push) if options.push is not None else 0
    print(f"Stopped and saved. Go on with: {resume_command(recipe, options, folder)}")
    return 130


def expect_to_publish(repo: str) -> None:
    """Ask the Hub before hours are spent; raises ``HubError`` where it would refuse the checkpoint at their end."""
    from ganzoo.hub.client import checked_repo_id, open_account  # here and below, for most runs do without the Hub
    from ganzoo.hub.publishing import check_name

    check_name(open_account(checked_repo_id(repo)), repo)


def push(checkpoint: Path, repo: str) -> int:
    """Publish what was trained, or say how to do it later; returns the exit status."""
    from train import publish

    arguments = [str(checkpoint), "--repo", repo]
    if status := publish.main(arguments):
        print(
            f"The checkpoint is kept. To publish it: {shlex.join(['python', '-m', 'train.publish', *arguments])}",
            file=sys.stderr,
        )
    return status


def resume_command(recipe: Recipe, options: RunOptions, folder: RunFolder) -> str:
    """What goes on with a stopped run, on the same device and with the same data."""
    words = ["python", "-m", "train", recipe.name, "--run-dir", str(folder.path), "--resume"]
    if options.device != "auto":
        words += ["--device", options.device]
    if options.data_root != RunOptions.data_root:
        words += ["--data-root", str(options.data_root)]
    if options.push is not None:
        words += ["--push", options.push]
    return shlex.join(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
