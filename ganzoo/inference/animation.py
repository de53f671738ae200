"""Frames to files that move: WebP, GIF, MP4."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from PIL import Image

from ganzoo.inference.pictures import Pixels, enlarged, picture

FRAMES_PER_SECOND = 12
"""Where nobody asks for another speed."""
FILM_SIDE = 256
"""Pixels that the longer side of a GIF or MP4 has at least: other programs would blur smaller ones."""
MAX_GIF_RATE = 50
"""Frames a second: browsers slow down a GIF whose frames last less than two of its hundredths of a second."""
Kind = Literal["webp", "gif", "mp4"]


def there_and_back(pixels: Pixels) -> Pixels:
    """The frames forwards, then backwards without either end twice, so that a loop does not jump."""
    return np.concatenate([pixels, pixels[-2:0:-1]])


def webp(pixels: Pixels, frames_per_second: float = FRAMES_PER_SECOND) -> bytes:
    """An endless animation without loss."""
    return _animation(pixels, "WEBP", frames_per_second, tick=1, lossless=True, quality=0, method=0)


def gif(pixels: Pixels, frames_per_second: float = FRAMES_PER_SECOND) -> bytes:
    """An endless animation, enlarged; exact for grey images, in a palette for colour. At most ``MAX_GIF_RATE``."""
    return _animation(_enlarged(pixels), "GIF", frames_per_second, tick=10, disposal=1)


def mp4(pixels: Pixels, frames_per_second: float = FRAMES_PER_SECOND) -> bytes:
    """A film (H.264), enlarged. Raises ``ImportError`` where imageio-ffmpeg is not installed."""
    import imageio_ffmpeg  # here, for nothing else must need it

    frames = _enlarged(pixels)
    height, width = frames.shape[1:3]
    pixel_format = "gray" if frames.shape[-1] == 1 else "rgb24"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        writer = imageio_ffmpeg.write_frames(
            path, (width, height), pix_fmt_in=pixel_format, fps=frames_per_second, quality=8, macro_block_size=2
        )
        writer.send(None)
        for frame in frames:
            writer.send(np.ascontiguousarray(frame))
        writer.close()
        return path.read_bytes()


MAKERS: Mapping[Kind, Callable[[Pixels, float], bytes]] = {"webp": webp, "gif": gif, "mp4": mp4}


def _enlarged(pixels: Pixels) -> Pixels:
    times = ceil(FILM_SIDE / max(pixels.shape[1:3]))
    times += times % 2  # H.264 wants even sides
    return enlarged(pixels, times)


def _animation(pixels: Pixels, kind: str, frames_per_second: float, tick: int, **settings: object) -> bytes:
    """``tick`` is the unit in milliseconds of which the format makes durations."""
    frames: Sequence[Image.Image] = [picture(frame) for frame in pixels]
    stream = BytesIO()
    frames[0].save(
        stream,
        kind,
        save_all=True,
        append_images=frames[1:],
        duration=_durations(len(frames), frames_per_second, tick),
        loop=0,
        **settings,
    )
    return stream.getvalue()


def _durations(count: int, frames_per_second: float, tick: int) -> list[int]:
    """Of each frame, in milliseconds: whole ticks, whose sum is never further from the true one than half a tick."""
    ends = [tick * round(number * 1000 / frames_per_second / tick) for number in range(count + 1)]
    return [end - start for start, end in pairwise(ends)]
