"""From pictures to what a browser shows: addresses that hold them, animations, films."""

import base64
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from ganzoo.inference.pictures import GAP_GREY, Pixels, enlarged, grid, picture

FRAMES_PER_SECOND = 12
FILM_SIDE = 256
"""Pixels that the longer side of a GIF or MP4 has at least: other programs would blur smaller ones."""


def without_gaps(sheet: Image.Image, count: int, tile: tuple[int, int], across: int) -> Image.Image:
    """A grid whose gaps let what lies behind it through. ``tile`` is height and width."""
    height, width = tile
    opaque = np.full((count, height, width, 1), 255, np.uint8)
    mask = np.array(grid(opaque, across=across))
    mask[mask == GAP_GREY] = 0
    sheet = sheet.copy()
    sheet.putalpha(Image.fromarray(mask))
    return sheet


def there_and_back(pixels: Pixels) -> Pixels:
    """The frames forwards, then backwards without either end twice, so that a loop does not jump."""
    return np.concatenate([pixels, pixels[-2:0:-1]])


def webp(pixels: Pixels) -> bytes:
    """An endless animation without loss."""
    return _animation(pixels, "WEBP", lossless=True, quality=0, method=0)


def gif(pixels: Pixels) -> bytes:
    """An endless animation, enlarged; exact for grey images, in a palette for colour."""
    return _animation(_enlarged(pixels), "GIF", disposal=1)


def mp4(pixels: Pixels) -> bytes:
    """A film (H.264), enlarged."""
    import imageio_ffmpeg  # here, for the page must not need it until it is asked for a film

    frames = _enlarged(pixels)
    height, width = frames.shape[1:3]
    pixel_format = "gray" if frames.shape[-1] == 1 else "rgb24"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        writer = imageio_ffmpeg.write_frames(
            path, (width, height), pix_fmt_in=pixel_format, fps=FRAMES_PER_SECOND, quality=8, macro_block_size=2
        )
        writer.send(None)
        for frame in frames:
            writer.send(np.ascontiguousarray(frame))
        writer.close()
        return path.read_bytes()


def data_url(data: bytes, kind: str) -> str:
    """The file itself as an address, so that a picture comes in one piece with what is said of it."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _enlarged(pixels: Pixels) -> Pixels:
    times = ceil(FILM_SIDE / max(pixels.shape[1:3]))
    times += times % 2  # H.264 wants even sides
    return enlarged(pixels, times)


def _animation(pixels: Pixels, kind: str, **settings: object) -> bytes:
    frames: Sequence[Image.Image] = [picture(frame) for frame in pixels]
    stream = BytesIO()
    frames[0].save(
        stream,
        kind,
        save_all=True,
        append_images=frames[1:],
        duration=round(1000 / FRAMES_PER_SECOND),
        loop=0,
        **settings,
    )
    return stream.getvalue()
