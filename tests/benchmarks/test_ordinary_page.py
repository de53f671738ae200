from pathlib import Path

import numpy as np
import pytest
import torch

import ganzoo
from benchmarks.ordinary_page import draw
from ganzoo.checkpoints import read_checkpoint
from ganzoo.inference.pictures import to_pixels


@pytest.mark.parametrize("name", ["alpha", "beta", "gamma"])
@pytest.mark.parametrize(("count", "truncation"), [(64, 1.0), (5, 0.6)])
def test_it_draws_what_the_library_draws(zoo: Path, name: str, count: int, truncation: float) -> None:
    generator = read_checkpoint(zoo / name).load_generator("cpu")
    sheet = np.asarray(draw(generator, torch.device("cpu"), 40, count, truncation))
    pixels = to_pixels(ganzoo.sample(generator, range(40, 40 + count), truncation))
    height, width = pixels.shape[1:3]
    for i, expected in enumerate(pixels):
        row, column = divmod(i, 8)
        top, left = row * (height + 1) + 1, column * (width + 1) + 1
        tile = sheet[top : top + height, left : left + width].astype(int)
        assert np.abs(tile - expected).max() <= 1, "one level apart is rounding"
