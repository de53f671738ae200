"""Frames to files that move: WebP, GIF, MP4."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
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
Kind = Literal["webp", "gif", "mp4"]


def there_and_back(pixels: Pixels) -> Pixels:
    """The frames forwards, then backwards without either end twice, so that a loop does not jump."""
    return np.concatenate([pixels, pixels[-2:0:-1]])


def webp(pixels: Pixels, frames_per_second: float = FRAMES_PER_SECOND) -> bytes:
    """An endless animation without loss."""
    return _animation(pixels, "WEBP", frames_per_second, lossless=True, quality=0, method=0)


def gif(pixels: Pixels, frames_per_second: float = FRAMES_PER_SECOND) -> bytes:
    """An endless animation, enlarged; exact for grey images, in a palette for colour."""
    return _animation(_enlarged(pixels), "GIF", frames_per_second, disposal=1)


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


def _animation(pixels: Pixels, kind: str, frames_per_second: float, **settings: object) -> bytes:
    frames: Sequence[Image.Image] = [picture(frame) for frame in pixels]
    stream = BytesIO()
    frames[0].save(
        stream,
        kind,
        save_all=True,
        append_images=frames[1:],
        duration=round(1000 / frames_per_second),
        loop=0,
        **settings,
    )
    return stream.getvalue()
