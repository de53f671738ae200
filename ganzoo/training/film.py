"""The film of a run: the same 64 pictures, drawn at steps that grow geometrically, so that early learning shows."""

import io
import json
from collections.abc import Mapping, Sequence
from math import log2, sqrt
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from ganzoo.checkpoints.film import FILM_FILE, FILM_INDEX, MAX_FILM_BYTES, MAX_FILM_PIXELS, MAX_SIDE
from ganzoo.files import written_whole
from ganzoo.generator import Generator, Model
from ganzoo.inference import sample, translate
from ganzoo.inference.pictures import PORTRAIT_SEEDS, columns, grid, to_pixels

FRAME_MILLISECONDS = 300
ROWS = columns(len(PORTRAIT_SEEDS))
EARLIEST = 8
"""Steps before a second frame: of fewer there is nothing to see, and noise is what compresses worst."""


def is_film_step(step: int, total_steps: int) -> bool:
    """Whether the run is filmed after ``step`` steps: at 0, at the end, and from 8 on at 2^(k/2), rounded."""
    return step in {0, total_steps} or (step >= EARLIEST and step == round(2 ** (round(2 * log2(step)) / 2)))


def draw_frame(model: Model, examples: Mapping[str, Tensor]) -> Image.Image:
    """An 8×8 grid without gaps, one pixel a pixel: of seeds 0-63, or of what a translator makes of ``examples``.

    Those are images by direction, of which each has its share of the rows; where they are too few they are repeated.
    Leaves the global random state alone.
    """
    if isinstance(model, Generator):
        images = sample(model, PORTRAIT_SEEDS)
    else:
        share = len(PORTRAIT_SEEDS) // len(examples)
        places = torch.arange(share)
        images = torch.cat(
            [translate(model, shown[places % len(shown)], direction) for direction, shown in examples.items()]
        )
    return grid(to_pixels(images), gap=0)


def _movie(frames: Sequence[Image.Image], scale: float) -> bytes:
    """The frames as lossless WebP, their tiles scaled to whole pixels."""
    width, height = (ROWS * max(1, int(scale * side / ROWS)) for side in frames[0].size)
    first, *others = frames if scale == 1 else [frame.resize((width, height)) for frame in frames]
    movie = io.BytesIO()
    first.save(
        movie,
        format="WEBP",
        save_all=True,
        append_images=others,
        duration=FRAME_MILLISECONDS,
        loop=0,
        lossless=True,
        minimize_size=True,
    )
    return movie.getvalue()


class Film:
    """Frames of a run as lossless PNG files in a folder, named by their step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, step: int, model: Model, examples: Mapping[str, Tensor] | None = None) -> None:
        with written_whole(self._file(step)) as path:
            draw_frame(model, examples or {}).save(path, format="PNG")

    def steps(self) -> list[int]:
        """Of the frames in the folder, in order; whatever else somebody put there is not looked at."""
        numbers = (int(path.stem) for path in self.folder.glob("*.png") if path.stem.isdecimal())
        return sorted(step for step in set(numbers) if self._file(step).exists())

    def cut_after(self, step: int) -> None:
        """Drop the frames of a future that a resumed run will draw again."""
        for later in self.steps():
            if later > step:
                self._file(later).unlink()

    def assembled(self, directions: Sequence[str] = ()) -> dict[str, bytes]:
        """``film.webp``, lossless and animated, and ``film.json`` with the step of each frame.

        That tells also the seeds that are drawn or, of a translator, the ``directions`` that share the rows. A frame
        like the one before it is left out, as WebP would leave it out without a word, and so is one that cannot be
        read: a run is not lost for a picture of it. No files where no frame is left. Frames are made smaller as far as
        it takes for a reader to accept the film.
        """
        steps: list[int] = []
        frames: list[Image.Image] = []
        for step in self.steps():
            frame = self._read(step)
            if frame is not None and (not frames or frame.tobytes() != frames[-1].tobytes()):
                steps.append(step)
                frames.append(frame)
        if not frames:
            return {}
        width, height = frames[0].size
        scale = min(1.0, MAX_SIDE / max(width, height), sqrt(MAX_FILM_PIXELS / (len(frames) * width * height)))
        while len(movie := _movie(frames, scale)) > MAX_FILM_BYTES:
            scale *= 0.7
        index = {
            "steps": steps,
            **({"directions": list(directions)} if directions else {"seeds": list(PORTRAIT_SEEDS)}),
            "rows": ROWS,
            "frame_milliseconds": FRAME_MILLISECONDS,
        }
        return {FILM_FILE: movie, FILM_INDEX: (json.dumps(index) + "\n").encode()}

    def _file(self, step: int) -> Path:
        return self.folder / f"{step:08d}.png"

    def _read(self, step: int) -> Image.Image | None:
        try:
            return Image.open(self._file(step)).convert("RGB")
        except Exception:  # Pillow raises OSError, SyntaxError, ValueError, struct.error and more
            return None
