"""``python -m train.sprite``: cut the real pictures that the page shows, out of the test images of a data set."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from ganzoo.data import DATA_ROOT, DataError
from ganzoo.data.held_out import read_held_out, save_sprite, sprite_file


@dataclass(frozen=True, kw_only=True)
class Options:
    """Cut the real pictures that the page shows without a network, out of the test images of a data set."""

    dataset: Literal["fashion-mnist"] = "fashion-mnist"
    """One whose licence lets them be passed on."""
    data_root: Path = DATA_ROOT
    """Where data sets lie, or are downloaded to; GANZOO_DATA sets the default."""
    file: Path | None = None
    """Where to write them; over those that ship where not given."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.sprite")
    file = options.file or sprite_file(options.dataset)
    try:
        held_out = read_held_out(options.dataset, options.data_root)
        save_sprite(held_out, file)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: cannot write {file} ({error.strerror or error}): choose another --file", file=sys.stderr)
        return 1
    print(f"{len(held_out.pictures)} pictures: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
