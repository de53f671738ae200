"""``python -m train.evaluate CHECKPOINT…``: measure what checkpoints draw, and write their scores into them."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
import tyro
from torch import Tensor
from tqdm import tqdm

from ganzoo.checkpoints import CheckpointError, add_scores, find_checkpoints, read_checkpoint
from ganzoo.checkpoints.scores import Score
from ganzoo.data import DATA_ROOT, DataError
from ganzoo.data.config import PUBLISHED
from ganzoo.device import DeviceError, pick_device
from ganzoo.metrics import MetricError
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.evaluation import ClassifierYardstick, Extractor, Yardstick, evaluate
from ganzoo.metrics.inception import FEATURES as FID_FEATURES
from ganzoo.metrics.inception import InceptionYardstick, load_inception
from ganzoo.nn.classifiers import classifier_file


@dataclass(frozen=True)
class Options:
    """Measure what checkpoints draw, beside real pictures, and write the scores into their folders and cards."""

    checkpoints: tyro.conf.Positional[tuple[Path, ...]]
    """Checkpoint folders, run folders, or folders that hold some of either."""
    samples: int = 10_000
    """Pictures to draw from each, of seeds 0 and up."""
    classifier: Path | None = None
    """The classifier to measure by, where not the one that ships for the data set."""
    fid: bool = False
    """Measure FID, KID and Inception Score instead, by the network that papers use; takes the extra fid, and a GPU."""
    fid_weights: Path | None = None
    """The file weights-inception-2015-12-05-6726825d.pth, where it cannot be downloaded."""
    show: bool = False
    """Only show the scores, and write nothing."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""


def watched(batches: Iterable[Tensor], count: int, what: str) -> Iterable[Tensor]:
    """The batches, with a bar that says how many pictures have passed."""
    with tqdm(total=count, unit="picture", desc=what, disable=None, leave=False) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch))


def yardstick(dataset: str, options: Options, device: torch.device) -> Yardstick:
    """The real pictures of a data set, and what looks at them. Raises ``DataError`` and ``MetricError``."""
    if dataset not in PUBLISHED:
        raise MetricError(f"there is no classifier for what it learnt from, {dataset!r}, and no test split.")
    kind: type[Yardstick]
    extractor: Extractor
    if options.fid:
        kind, extractor = InceptionYardstick, load_inception(options.fid_weights, device)
    else:
        kind, extractor = ClassifierYardstick, load_classifier(options.classifier or classifier_file(dataset), device)
        if (known := extractor.training.get("dataset")) != dataset:
            raise MetricError(f"{options.classifier} tells the classes of {known}, not of {dataset}.")
    return kind.of(dataset, extractor, options.data_root, count=options.samples, watch=watched)


def table(scores: Sequence[Score]) -> str:
    """Scores for the terminal: the metric, the split it was measured against, the value, that of real pictures."""
    rows = [("", "against", "samples", "real pictures"), *map(_row, scores)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _row(score: Score) -> tuple[str, str, str, str]:
    real = "" if score.real is None else f"{score.real:.4g}"
    return score.metric, str(score.passport["real_split"] or ""), score.measured, real


def targets(paths: Sequence[Path]) -> list[Path]:
    """The folders of checkpoints at ``paths`` or one folder below; a path without any as it is."""
    return [folder for path in paths for folder in find_checkpoints([path]) or [path]]


def perform(options: Options) -> int:
    """Measure them all; returns the exit status.

    What cannot be measured is told of and passed over. Raises ``DeviceError``, and ``MetricError`` for no
    checkpoints and for too few samples for FID.
    """
    if not options.checkpoints:
        raise MetricError("There is nothing to measure: give the folders of checkpoints, or of runs.")
    if options.fid and options.samples <= FID_FEATURES:
        raise MetricError(f"FID takes more samples than its {FID_FEATURES:,} features: give --samples 10000.")
    status = 0
    device = pick_device(options.device)
    yardsticks: dict[str, Yardstick] = {}
    for folder in targets(options.checkpoints):
        try:
            checkpoint = read_checkpoint(folder)
        except CheckpointError as error:
            print(f"error: {error}", file=sys.stderr)
            status = 1
            continue
        dataset = checkpoint.config.dataset
        try:
            if dataset not in yardsticks:
                yardsticks[dataset] = yardstick(dataset, options, device)
            scores = evaluate(checkpoint, yardsticks[dataset], device)
            print(f"\n{checkpoint.name}, {options.samples:,} samples:\n\n{table(scores)}")
            if not options.show:
                add_scores(checkpoint, scores)
        except (CheckpointError, DataError, MetricError) as error:
            print(f"error: {checkpoint.name}: {error}", file=sys.stderr)
            status = 1
    return status


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.evaluate")
    try:
        return perform(options)
    except (DeviceError, MetricError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The scores of the checkpoints before this one are written.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
