from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from ganzoo.checkpoints import Quality
from train.study.plots import Band, band, draw

NAMES = ("gan", "dcgan", "wgan", "wgan-gp")


def result(*points: tuple[float, float, float]) -> Any:
    return SimpleNamespace(curve=[Quality(images / 64, images, seconds, value) for images, seconds, value in points])


def bands(count: int = 20) -> dict[str, Band]:
    images = [30_000.0 * step for step in range(1, count + 1)]
    found = {}
    for number, name in enumerate(NAMES):
        mean = [2 + 0.01 * number + 40 / (step + 1) for step in range(count)]
        found[name] = Band(
            images=images,
            minutes=[(1 + number) * step / 10 for step in range(count)],
            mean=mean,
            low=[0.9 * value for value in mean],
            high=[1.1 * value for value in mean],
        )
    return found


def test_a_band_lies_about_the_mean_over_the_seeds() -> None:
    found = band([result((64, 60, 8), (128, 120, 4)), result((64, 120, 6), (128, 180, 5)), result((64, 90, 1))])
    assert found == Band(images=[64], minutes=[1.5], mean=[5], low=[1], high=[8])


@pytest.mark.parametrize("datasets", [("mnist",), ("mnist", "fashion-mnist")])
def test_a_plot_names_its_lines_apart_from_one_another_and_is_small(tmp_path: Path, datasets: tuple[str, ...]) -> None:
    found = {dataset: bands() for dataset in datasets}
    for name in ("once.svg", "again.svg"):
        draw(found, tmp_path / name)
    drawn = (tmp_path / "once.svg").read_bytes()
    assert drawn == (tmp_path / "again.svg").read_bytes()
    assert len(drawn) < 150_000
    heights = []
    for text in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text"):
        if text.text in NAMES:
            heights.append(float(text.attrib["y"]))
    assert len(heights) == len(NAMES) * len(datasets)
    heights.sort()
    assert min(above - below for below, above in pairwise(heights)) > 9  # points, as high as text
