"""``python -m train.video CHECKPOINT``: a film that leads through pictures of a model and loops."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import tyro

from ganzoo.checkpoints import CheckpointError, find_checkpoints, read_checkpoint
from ganzoo.device import DeviceError
from ganzoo.files import written_whole
from ganzoo.inference import draw, tour
from ganzoo.inference.animation import MAKERS, MAX_GIF_RATE, Kind
from ganzoo.inference.pictures import to_pixels
from ganzoo.inference.touring import Space

MOST_FRAMES = 10_000
"""Of one film; more would be kept in memory at once than most computers have."""


class VideoError(Exception):
    """A film that cannot be made. Its text is one sentence for the person who asked for it."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Make a film that leads from picture to picture at constant speed, and back to the first one."""

    checkpoint: tyro.conf.Positional[Path]
    """A checkpoint's folder, or that of a run."""
    seeds: tuple[int, ...] = tuple(range(8))
    """Of the pictures on the way, in their order."""
    seconds: float = 8.0
    """How long one round takes."""
    frames_per_second: int = 24
    """How many pictures are shown in a second."""
    space: Space = "z"
    """z turns along the sphere of latents, w goes straight from style to style."""
    truncation: float = 1.0
    """1 is as trained; less is safer, and duller."""
    file: Path | None = None
    """Where to write it: the ending, .mp4, .webp or .gif, says in which form. NAME.mp4 where not given."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute."""


def perform(options: Options) -> Path:
    """Write the film, and return its file. Raises ``CheckpointError``, ``DeviceError``, ``VideoError``, ``OSError``."""
    checkpoint = read_checkpoint(next(iter(find_checkpoints([options.checkpoint])), options.checkpoint))
    file = options.file or Path(f"{checkpoint.name}.mp4")
    kind = _kind(file)
    rate = options.frames_per_second
    if not 1 <= rate <= MOST_FRAMES or not 0.5 < options.seconds * rate <= MOST_FRAMES:  # nor is NaN
        raise VideoError(f"a film has from 1 to {MOST_FRAMES:,} frames: choose other --seconds or --frames-per-second")
    if kind == "gif" and rate > MAX_GIF_RATE:
        raise VideoError(
            f"a GIF shows at most {MAX_GIF_RATE} frames a second: choose other --frames-per-second, or a --file that "
            "ends in .webp"
        )
    frames = round(options.seconds * rate)
    generator = checkpoint.load_generator(options.device)
    try:
        styled = tour(generator, options.seeds, frames, options.space, options.truncation)
    except ValueError as error:
        raise VideoError(str(error)) from None
    pixels = to_pixels(draw(generator, *styled))
    try:
        film = MAKERS[kind](pixels, rate)
    except ImportError:
        raise VideoError(
            "MP4 takes a package: pip install imageio-ffmpeg, or give a --file that ends in .webp"
        ) from None
    with written_whole(file) as path:
        path.write_bytes(film)
    return file


def _kind(file: Path) -> Kind:
    for kind in get_args(Kind):
        if file.suffix.lower() == f".{kind}":
            return kind  # type: ignore[no-any-return]
    raise VideoError(f"{file} says not in which form it is wanted: let it end in .mp4, .webp or .gif")


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    options = tyro.cli(Options, args=arguments, prog="python -m train.video")
    try:
        file = perform(options)
    except (CheckpointError, DeviceError, VideoError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: cannot write the film ({error.strerror or error}): choose another --file", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped: nothing was written.", file=sys.stderr)
        return 130
    print(f"The film is in {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
