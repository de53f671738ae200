"""Options that several benchmarks have."""

from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import arg

Device = Annotated[
    Literal["auto", "cpu", "cuda", "mps"], arg(help="Where to compute; auto takes a GPU where there is one.")
]
DataRoot = Annotated[Path, arg(help="Where data sets lie, or are downloaded to; GANZOO_DATA sets the default.")]
