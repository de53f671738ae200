from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from ganzoo.inference import animation
from ganzoo.inference.pictures import Pixels


def noise(count: int, channels: int, height: int = 5, width: int = 6) -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (count, height, width, channels), dtype=np.uint8)


def frames(data: bytes, mode: str) -> Pixels:
    return np.array([np.asarray(frame.convert(mode)) for frame in ImageSequence.Iterator(Image.open(BytesIO(data)))])


def test_there_and_back_shows_each_end_once() -> None:
    pixels = np.arange(4, dtype=np.uint8).reshape(4, 1, 1, 1)
    assert animation.there_and_back(pixels).ravel().tolist() == [0, 1, 2, 3, 2, 1]
    assert animation.there_and_back(pixels[:2]).ravel().tolist() == [0, 1]


@pytest.mark.parametrize("channels", [1, 3])
def test_webp_is_an_endless_animation_without_loss(channels: int) -> None:
    pixels = noise(5, channels)
    data = animation.webp(pixels)
    assert (frames(data, "RGB") == np.broadcast_to(pixels, (5, 5, 6, 3))).all()
    assert Image.open(BytesIO(data)).info["loop"] == 0


def test_gif_is_exact_for_grey_images_and_large_enough_to_be_seen() -> None:
    pixels = noise(3, 1)
    found = frames(animation.gif(pixels), "L")
    times = found.shape[1] // 5
    assert max(found.shape[1:]) >= animation.FILM_SIDE
    assert (found[:, ::times, ::times] == pixels[..., 0]).all()


@pytest.mark.parametrize("rate", [7, 24, 30, 50])
@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_an_animation_lasts_as_long_as_its_rate_says(kind: animation.Kind, rate: int) -> None:
    durations = []
    for frame in ImageSequence.Iterator(Image.open(BytesIO(animation.MAKERS[kind](noise(2 * rate, 1), rate)))):
        frame.load()  # or one of WebP does not know yet how long it lasts
        durations.append(frame.info["duration"])
    assert len(durations) == 2 * rate
    assert sum(durations) == 2000
    assert max(durations) - min(durations) <= 10


def test_a_film_of_narrow_pictures_does_not_fill_the_memory() -> None:
    found = frames(animation.gif(noise(2, 1, height=4, width=1024)), "L")
    assert found.shape == (2, 8, 2048)


@pytest.mark.parametrize("channels", [1, 3])
def test_mp4_holds_every_frame(channels: int, tmp_path: Path) -> None:
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    film = tmp_path / "film.mp4"
    film.write_bytes(animation.mp4(noise(6, channels)))
    count, seconds = imageio_ffmpeg.count_frames_and_secs(film)
    assert count == 6
    assert seconds == pytest.approx(6 / animation.FRAMES_PER_SECOND, abs=0.05)
