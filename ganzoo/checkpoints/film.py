"""``film.webp`` and ``film.json``: what a model drew along its training. Both may be a stranger's."""

from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence
from pydantic import Field, NonNegativeInt, TypeAdapter

from ganzoo.checkpoints.config import REFETCH, CheckpointError, Strict, parse
from ganzoo.checkpoints.reading import bounded_bytes, file_inside, optional_file

FILM_FILE, FILM_INDEX = "film.webp", "film.json"
MAX_FILM_BYTES = 16_000_000
MAX_INDEX_BYTES = 50_000
MAX_FRAMES = 64
"""Enough for 2³¹ steps."""
MAX_SIDE = 2_000
"""Pixels of a frame's side."""
MAX_FILM_PIXELS = 32_000_000
"""Of all frames together."""


class _Index(Strict):
    steps: Annotated[
        tuple[Annotated[int, Field(ge=0, le=10**12)], ...], Field(min_length=1, max_length=MAX_FRAMES, strict=False)
    ]
    seeds: Annotated[tuple[NonNegativeInt, ...], Field(max_length=1_000, strict=False)] = ()
    directions: Annotated[tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=10, strict=False)] = ()
    rows: Annotated[int, Field(ge=1, le=64)]
    frame_milliseconds: NonNegativeInt = 0


_INDEX = TypeAdapter(_Index)


@dataclass(frozen=True)
class Film:
    """The same latents, or pictures to translate, at several steps of a training."""

    steps: tuple[int, ...]
    """After how many each frame was drawn, ascending."""
    frames: NDArray[np.uint8]
    """``[N, H, W, 3]``, each a square of ``rows`` rows of tiles without gaps."""
    rows: int
    seeds: tuple[int, ...]
    """Whose tiles they are; none in what a translator made."""
    directions: tuple[str, ...]
    """Of a translator: those that share the rows."""


def read_film(folder: Path) -> Film | None:
    """The film that lies in a checkpoint; None where there is none. Raises ``CheckpointError``."""
    file = optional_file(folder, FILM_FILE)
    if file is None:
        return None
    place = file_inside(folder, FILM_INDEX)
    index = parse(_INDEX, bounded_bytes(place, MAX_INDEX_BYTES), place)
    if any(later <= earlier for earlier, later in pairwise(index.steps)):
        raise CheckpointError(f"{place}: its steps do not ascend; {REFETCH}")
    frames = _decoded(bounded_bytes(file, MAX_FILM_BYTES), file, len(index.steps))
    if any(side % index.rows for side in frames.shape[1:3]):
        raise CheckpointError(f"{file} cannot be cut into {index.rows} rows and columns; {REFETCH}")
    return Film(index.steps, frames, index.rows, index.seeds, index.directions)


def _decoded(data: bytes, file: Path, count: int) -> NDArray[np.uint8]:
    """``count`` frames, of which no pixel is decoded before their number and size are known."""
    try:
        with Image.open(BytesIO(data), formats=["WEBP"]) as film:
            found = getattr(film, "n_frames", 1)
            if found != count:
                raise CheckpointError(f"{file} has {found} frames for {count} steps; {REFETCH}")
            if max(film.size) > MAX_SIDE or count * prod(film.size) > MAX_FILM_PIXELS:
                raise CheckpointError(f"{file} is larger than the {MAX_FILM_PIXELS:,} pixels allowed; {REFETCH}")
            return np.stack([np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)])
    except CheckpointError:
        raise
    except Exception:  # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise CheckpointError(f"{file} cannot be read as a film; {REFETCH}") from None
