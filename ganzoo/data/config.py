"""Which pictures a run learns from, as a value that imports nothing heavy."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

NATURAL_SHAPES: dict[str, tuple[int, int, int]] = {
    "mnist": (1, 28, 28),
    "fashion-mnist": (1, 28, 28),
    "cifar10": (3, 32, 32),
    "folder": (3, 64, 64),
}


class DataConfig(BaseModel):
    """A data set and the size its pictures are brought to."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    dataset: str = "mnist"
    """mnist, fashion-mnist, cifar10, or folder:PATH with images of your own."""
    resolution: Annotated[int, Field(ge=4, le=1024)] | None = None
    """Height and width in pixels; the set's own where not given, 64 for a folder."""
    channels: Annotated[int, Field(ge=1, le=3)] | None = None
    """1 for grey, 3 for colour; the set's own where not given, 3 for a folder."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of one image."""
        channels, height, width = NATURAL_SHAPES[self.dataset.partition(":")[0]]
        return self.channels or channels, self.resolution or height, self.resolution or width
