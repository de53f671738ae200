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
    "unpaired": (3, 64, 64),
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
FOLDERS: dict[str, tuple[str, ...]] = {"folder": (), "unpaired": ("trainA", "trainB")}
"""Kinds of sets that are folders of one's own, ``KIND:PATH``, and the folders in which such a one keeps kinds apart."""
PUBLISHED = tuple(name for name in NATURAL_SHAPES if name not in FOLDERS)
MAX_SLUG_LENGTH = 64
CHOICES = 2**32
"""How many ways there are to choose some images of each class."""


class DataConfig(BaseModel):
    """A data set and the size its pictures are brought to."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    dataset: str = "mnist"
    """mnist, fashion-mnist, cifar10, folder:PATH with images of your own, or unpaired:PATH with those of two kinds, in
    PATH/trainA and PATH/trainB.
    """
    resolution: Annotated[int, Field(ge=4, le=1024)] | None = None
    """Height and width in pixels; the set's own where not given, 64 for folders."""
    channels: Literal[1, 3] | None = None
    """1 for grey, 3 for colour; the set's own where not given, 3 for folders."""
    per_class: Annotated[int, Field(ge=1)] | None = None
    """How many images of each class to learn from; all there are where not given."""
    choice: Annotated[int, Field(ge=0, lt=CHOICES)] = 0
    """Which images these are: every number chooses others."""

    @field_validator("dataset")
    @classmethod
    def _is_known(cls, dataset: str) -> str:
        kind, _, path = dataset.partition(":")
        if dataset not in PUBLISHED and not (kind in FOLDERS and path.strip()):
            known = (*PUBLISHED, *(f"{kind}:PATH" for kind in FOLDERS))
            raise ValueError(f"{dataset!r} is no data set: choose {', '.join(known[:-1])} or {known[-1]}")
        try:
            dataset.encode()
        except UnicodeEncodeError:  # a run folder could not hold it
            raise ValueError(f"the path of {dataset!r} is not UTF-8: rename its folders") from None
        return dataset

    @property
    def kind(self) -> str:
        """The published set's name, or which kind of folders it is."""
        return self.dataset.partition(":")[0]

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of one image."""
        channels, height, width = NATURAL_SHAPES[self.kind]
        return self.channels or channels, self.resolution or height, self.resolution or width

    @property
    def num_classes(self) -> int:
        """How many classes the images are labelled with; 0 where they have no labels."""
        return len(CLASSES.get(self.dataset, ()))

    @property
    def folder(self) -> Path | None:
        """Where the pictures of ``folder:PATH`` or ``unpaired:PATH`` lie; None for a published set."""
        path = self.dataset.partition(":")[2]
        return Path(os.path.expanduser(path)) if path else None  # Path's own raises where there is no such home

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders inside it that hold pictures of kinds of their own; none where all are of one kind."""
        return FOLDERS.get(self.kind, ())

    @property
    def slug(self) -> str:
        """The set's name as a part of file names and model ids, with what is not as in the whole set: the resolution,
        and how many images of each class there are.
        """
        natural = NATURAL_SHAPES[self.kind][1]
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
