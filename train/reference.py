"""``python -m train.reference``: keep what a classifier sees in the test images of its data set."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from ganzoo.data import DATA_ROOT, DataConfig, DataError, load_images
from ganzoo.data.held_out import held_out_order
from ganzoo.metrics import MetricError
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.reference import reference_file, save_reference, take_reference
from ganzoo.nn.classifiers import classifier_file


@dataclass(frozen=True, kw_only=True)
class Options:
    """Keep what the page holds samples against: what a classifier sees in the test images of its data set."""

    dataset: Literal["mnist", "fashion-mnist", "cifar10"] = "mnist"
    """One that has a classifier."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""
    file: Path | None = None
    """Where to write it; over the one that ships where not given."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.reference")
    file = options.file or reference_file(options.dataset)
    try:
        judge = load_classifier(classifier_file(options.dataset))
        test = load_images(DataConfig(dataset=options.dataset), options.data_root, split="test")
        reference = take_reference(judge, test, held_out_order(test))
        save_reference(file, reference, judge)
    except (DataError, MetricError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: cannot write {file} ({error.strerror or error}): choose another --file", file=sys.stderr)
        return 1
    print(f"{len(reference)} of {len(test):,} pictures: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
