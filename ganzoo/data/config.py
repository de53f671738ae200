"""Which pictures a run learns from, as a value that imports nothing heavy."""

import os
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

NATURAL_SHAPES: dict[str, tuple[int, int, int]] = {
    "mnist": (1, 28, 28),
    "fashion-mnist": (1, 28, 28),
    "cifar10": (3, 32, 32),
    "folder": (3, 64, 64),
}
DATA_ROOT = Path(os.environ.get("GANZOO_DATA", "data"))
"""Where data sets lie, or are downloaded to, unless a command is told otherwise."""
CLASSES: dict[str, tuple[str, ...]] = {
    "mnist": tuple("0123456789"),
    "fashion-mnist": (
        *("T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    ),
    "cifar10": (*("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),),
}
"""What the labels of each published set stand for, from 0 on."""
PUBLISHED = tuple(name for name in NATURAL_SHAPES if name != "folder")
FOLDER_PREFIX = "folder:"
MAX_SLUG_LENGTH = 64


class DataConfig(BaseModel):
    """A data set and the size its pictures are brought to."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    dataset: str = "mnist"
    """mnist, fashion-mnist, cifar10, or folder:PATH with images of your own."""
    resolution: Annotated[int, Field(ge=4, le=1024)] | None = None
    """Height and width in pixels; the set's own where not given, 64 for a folder."""
    channels: Literal[1, 3] | None = None
    """1 for grey, 3 for colour; the set's own where not given, 3 for a folder."""
    per_class: Annotated[int, Field(ge=1)] | None = None
    """How many images of each class to learn from; all there are where not given."""
    choice: Annotated[int, Field(ge=0, lt=2**32)] = 0
    """Which images these are: every number chooses others."""

    @field_validator("dataset")
    @classmethod
    def _is_known(cls, dataset: str) -> str:
        path = dataset.removeprefix(FOLDER_PREFIX)
        if dataset not in PUBLISHED and (path == dataset or not path.strip()):
            raise ValueError(f"{dataset!r} is no data set: choose {', '.join(PUBLISHED)} or {FOLDER_PREFIX}PATH")
        return dataset

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of one image."""
        channels, height, width = NATURAL_SHAPES[self.dataset.partition(":")[0]]
        return self.channels or channels, self.resolution or height, self.resolution or width

    @property
    def num_classes(self) -> int:
        """How many classes the images are labelled with; 0 where they have no labels."""
        return len(CLASSES.get(self.dataset, ()))

    @property
    def folder(self) -> Path | None:
        """Where the pictures of a ``folder:PATH`` lie; None for a published set."""
        path = self.dataset.removeprefix(FOLDER_PREFIX)
        return None if path == self.dataset else Path(path).expanduser()

    @property
    def slug(self) -> str:
        """The set's name as a part of file names and model ids, with what is not as in the whole set: the resolution,
        and how many images of each class there are.
        """
        natural = NATURAL_SHAPES[self.dataset.partition(":")[0]][1]
        size = f"-{self.resolution}" if self.resolution not in (None, natural) else ""
        few = f"-{self.per_class}-per-class" if self.per_class else ""
        return f"{self.name}{size}{few}"

    @property
    def name(self) -> str:
        """What the set is called: for a folder its own name without the path, lower case and ASCII."""
        if self.folder is None:
            return self.dataset
        name = unicodedata.normalize("NFKD", os.path.basename(os.path.abspath(self.folder)))
        ascii_name = name.encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9_]+", "-", ascii_name)[:MAX_SLUG_LENGTH].strip("-") or "folder"
