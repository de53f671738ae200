from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from ganzoo.inference import pictures
from ganzoo.inference.pictures import Pixels


def noise(count: int, channels: int, height: int = 5, width: int = 6) -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (count, height, width, channels), dtype=np.uint8)


def test_to_pixels_rounds_and_puts_channels_last() -> None:
    images = torch.tensor([-1.0, 0.0, 1.0, -1.0 + 1.4 / 127.5]).reshape(1, 2, 1, 2)
    assert pictures.to_pixels(images).tolist() == [[[[0, 255], [128, 1]]]]


def test_a_grid_is_never_higher_than_wide_and_no_wider_than_that_needs() -> None:
    for count in range(1, 257):
        across = pictures.columns(count)
        assert -(-count // across) <= across
        assert (across - 1) ** 2 < count


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 7, 16])
def test_tile_i_of_a_grid_is_image_i_with_one_pixel_of_grey_between(count: int, channels: int) -> None:
    pixels = noise(count, channels)
    sheet = pictures.grid(pixels)
    assert sheet.mode == ("L" if channels == 1 else "RGB")
    across = pictures.columns(count)
    rows = -(-count // across)
    assert sheet.size == (across * 7 - 1, rows * 6 - 1)
    found = np.asarray(sheet).reshape(sheet.height, sheet.width, channels).copy()
    for i in range(count):
        row, column = divmod(i, across)
        place = found[6 * row : 6 * row + 5, 7 * column : 7 * column + 6]
        assert (place == pixels[i]).all()
        place[:] = pictures.GAP_GREY
    assert (found == pictures.GAP_GREY).all()


def test_png_loses_nothing() -> None:
    sheet = pictures.grid(noise(4, 3))
    assert (np.asarray(Image.open(BytesIO(pictures.png(sheet)))) == np.asarray(sheet)).all()


def test_tiles_may_touch() -> None:
    pixels = noise(4, 1)
    assert (np.asarray(pictures.grid(pixels, gap=0))[5:, :6] == pixels[2, ..., 0]).all()


def test_enlarged_pixels_are_squares() -> None:
    pixels = noise(2, 3)
    large = pictures.enlarged(pixels, 3)
    assert large.shape == (2, 15, 18, 3)
    assert all((large[:, row::3, column::3] == pixels).all() for row in range(3) for column in range(3))
