"""``python -m train.sprite``: cut the real pictures that ship with the page."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
import tyro

from ganzoo.data import DATA_ROOT, DataError
from ganzoo.data.held_out import ACROSS, HeldOut, read_held_out, save_sprite, sprite_file
from ganzoo.files import written_whole


@dataclass(frozen=True, kw_only=True)
class Options:
    """Cut the real pictures that the page has without a network: those that it shows, out of the test images of a data
    set, and those that its lab learns from, the digits that come with scikit-learn.
    """

    dataset: Literal["fashion-mnist", "digits"] = "fashion-mnist"
    """One whose licence lets them be passed on."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""
    file: Path | None = None
    """Where to write them; over those that ship where not given."""


def digits() -> HeldOut:
    """Handwritten digits of 8×8 pixels (Alpaydin & Kaynak 1998), as many as fill whole rows."""
    from sklearn.datasets import load_digits

    found = load_digits()
    levels = torch.from_numpy(found.images)[:, None] * (255 / 16)  # a level counts the set pixels of 4×4
    count = len(levels) // ACROSS * ACROSS
    return HeldOut(levels.round().to(torch.uint8)[:count], torch.from_numpy(found.target)[:count])


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.sprite")
    file = options.file or sprite_file(options.dataset)
    if file.suffix.lower() != ".png":
        print(f"error: {file} is to be a PNG: let it end in .png", file=sys.stderr)
        return 1
    try:
        cut = digits() if options.dataset == "digits" else read_held_out(options.dataset, options.data_root)
        with written_whole(file) as path:
            save_sprite(cut, path)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: cannot write {file} ({error.strerror or error}): choose another --file", file=sys.stderr)
        return 1
    print(f"{len(cut.pictures)} pictures: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
