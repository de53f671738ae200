"""``python -m train.study``: train the recipes at equal images seen, measure them, and show what stands beside what."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, default_int_handler, signal
from typing import Literal, get_args

import torch
import tyro

from ganzoo.checkpoints import CheckpointError
from ganzoo.data import DATA_ROOT, DataError
from ganzoo.device import DeviceError, pick_device
from ganzoo.metrics import MetricError
from ganzoo.training.run_folder import MAX_SEED, TrainingError
from train.evaluate import watched
from train.study.arms import ARMS, ArmName
from train.study.plots import bands, draw
from train.study.report import markdown
from train.study.runs import Job, Result, find_yardstick, finish, jobs, subfolder


@dataclass(frozen=True, kw_only=True)
class Options:
    """Train recipes with the same number of real images, from several seeds, and measure what they draw.

    What is over is not trained or measured again: stopped by Ctrl-C, the same command goes on. A clone holds the
    results that docs/study.md tells of, and only what is missing is trained. The report is Markdown.
    """

    datasets: tuple[Literal["mnist", "fashion-mnist", "cifar10"], ...] = ("mnist", "fashion-mnist")
    """What to learn from."""
    arms: tuple[ArmName, ...] = get_args(ArmName)
    """Which questions to ask."""
    seeds: tuple[int, ...] = (0, 1, 2)
    """A run of each contender for each of them."""
    images: int = 600_000
    """Real images that each run is dealt."""
    runs_dir: Path = Path("runs/study")
    """Where the runs are kept while they last."""
    results: Path = Path("docs/study")
    """Where a file for each run, which tells what came of it, and the plots are kept; elsewhere nothing is over yet."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute; auto takes a GPU where there is one."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""
    dry_run: bool = False
    """Train nothing: list the runs, and report on those that are over."""


def chosen(options: Options, device: torch.device) -> list[Job]:
    """The runs that are asked for, each once. Raises ``TrainingError``."""
    if options.images < 1:
        raise TrainingError("a run is dealt one image at least: choose --images of 1 or more")
    if not options.seeds or not all(0 <= seed < MAX_SEED for seed in options.seeds):
        raise TrainingError("--seeds are whole numbers that are not negative, one at least")
    contenders = dict.fromkeys(name for arm in options.arms for name in ARMS[arm].contenders)
    datasets, seeds = dict.fromkeys(options.datasets), dict.fromkeys(options.seeds)
    return list(jobs(contenders, datasets, seeds, options.images, options.runs_dir, options.results, device))


def listed(wanted: Sequence[Job]) -> str:
    """One line a run: how long it is, and how much of that is done."""
    lines = [
        f"{job!s:45} {job.steps:>9,} steps {job.images:>11,} images  {job.steps_done / job.steps:4.0%} done"
        for job in wanted
    ]
    return "\n".join([*lines, f"{len(wanted)} runs, {sum(job.images for job in wanted):,} images in all"])


def performed(wanted: Sequence[Job], options: Options, device: torch.device) -> list[Result]:
    """What came of the runs; one that fails is told of and passed over.

    Raises ``DataError`` and ``MetricError`` for data sets that cannot be had or measured, before anything is trained.
    """
    yardsticks = {
        dataset: find_yardstick(dataset, device, options.data_root, watched)
        for dataset in dict.fromkeys(job.dataset for job in wanted if not job.result())
    }
    results = []
    for number, job in enumerate(wanted, start=1):
        if kept := job.result():
            results.append(kept)
            continue
        print(f"{number} of {len(wanted)}: {job}", file=sys.stderr, flush=True)
        try:
            result = finish(job, yardsticks[job.dataset], device, options.data_root)
        except (CheckpointError, MetricError, TrainingError) as error:
            print(f"error: {job}: {error}", file=sys.stderr)
            continue
        results.append(result)
        distance = result.score("frechet-classifier-distance", "averaged")
        print(f"{job}: Fréchet classifier distance {distance.value:.4g}", file=sys.stderr, flush=True)
    return results


def plotted(results: Sequence[Result], options: Options) -> Mapping[ArmName, str]:
    """Draw the plots beside the results; for each arm that has one its address, from where --results lies.

    Raises ``OSError``.
    """
    place = subfolder(options.images)
    plots: dict[ArmName, str] = {}
    for name in dict.fromkeys(options.arms):
        if ARMS[name].weights == ("averaged",) and (found := bands(results, ARMS[name])):
            draw(found, options.results / place / f"{name}.svg")
            plots[name] = (Path(options.results.name) / place / f"{name}.svg").as_posix()
    return plots


def make_folder(folder: Path, option: str) -> None:
    """Say before hours have passed that it cannot be. Raises ``TrainingError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"cannot write to {folder} ({error.strerror}): choose another {option}") from None


def perform(options: Options) -> int:
    """Train, measure and report, or list what would be trained beside what there is; returns the exit status.

    Raises ``DataError``, ``DeviceError``, ``MetricError``, ``TrainingError`` and ``OSError``.
    """
    device = pick_device(options.device)
    wanted = chosen(options, device)
    if options.dry_run:
        print(listed(wanted), end="\n\n")
        report([result for job in wanted if (result := job.result())], options, {})
        return 0
    make_folder(options.runs_dir, "--runs-dir")
    make_folder(options.results / subfolder(options.images), "--results")
    results = performed(wanted, options, device)
    report(results, options, plotted(results, options))
    return 0 if len(results) == len(wanted) else 1


def report(results: Sequence[Result], options: Options, plots: Mapping[ArmName, str]) -> None:
    """Print what came of the runs, if any is over."""
    if results:
        print(markdown(results, tuple(dict.fromkeys(options.arms)), plots))


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.study")
    try:
        return perform(options)
    except (DataError, DeviceError, MetricError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: cannot write the report ({error.strerror or error}): choose another --results", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was trained is kept: the same command goes on from there.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    signal(SIGTERM, default_int_handler)  # as Ctrl-C does it, while nothing trains
    sys.exit(main(sys.argv[1:]))
