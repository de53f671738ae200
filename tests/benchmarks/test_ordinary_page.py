from pathlib import Path

import numpy as np
import pytest
import torch

import ganzoo
from benchmarks.ordinary_page import draw, drawn_by
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


def test_of_the_models_that_ship_it_loads_those_that_it_can_draw_by() -> None:
    generators = drawn_by(Path(__file__).parents[2] / "checkpoints", torch.device("cpu"))
    assert {"dcgan-mnist", "r3gan-mnist", "dcgan-cifar10"} <= generators.keys()
    for generator in generators.values():
        draw(generator, torch.device("cpu"), 0, 1, 1.0)
