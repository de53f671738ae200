import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import ganzoo
from ganzoo.checkpoints import CheckpointError, read_checkpoint
from ganzoo.checkpoints.history import Curve
from ganzoo.hub.pictures import COLOURS, TILE, draw_losses, draw_samples, last_frame
from ganzoo.inference import sample
from ganzoo.inference.pictures import GAP, to_pixels

CURVES: dict[str, Curve] = {
    "generator": [(float(step), 0.5 + step / 100) for step in range(100)],
    "discriminator": [(float(step), 1.5 - step / 100) for step in range(100)],
}


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    assert picture.format == "PNG"
    return picture


@pytest.mark.parametrize("name", ["alpha", "gamma"])
def test_samples_are_seeds_0_to_63_large_enough_and_crisp(zoo: Path, name: str) -> None:
    model = read_checkpoint(zoo / name).load_generator("cpu")
    sheet = np.asarray(opened(draw_samples(model)))
    height, width = model.image_shape[1:]
    times = -(-TILE // width)
    assert sheet.shape[:2] == (8 * (times * height + GAP) - GAP, 8 * (times * width + GAP) - GAP)
    top, left = times * height + GAP, 2 * (times * width + GAP)
    tile = sheet[top : top + times * height, left : left + times * width]
    expected = to_pixels(sample(model, [10]))[0].squeeze()  # row 1, column 2
    for row in range(times):
        for column in range(times):
            assert (tile[row::times, column::times] == expected).all()


def test_a_translator_is_shown_as_its_film_ends(tmp_path: Path) -> None:
    assert last_frame(tmp_path) is None
    frames = [Image.new("RGB", (112, 56), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "film.webp", save_all=True, append_images=frames[1:], lossless=True)
    frame = opened(last_frame(tmp_path) or b"")
    assert frame.size == (4 * 112, 4 * 56)
    assert frame.getpixel((9, 9)) == (0, 0, 255)
    (tmp_path / "film.webp").write_bytes(b"RIFF")
    with pytest.raises(CheckpointError, match=r"film\.webp is no film that can be read"):
        last_frame(tmp_path)


def test_what_draws_no_images_has_no_picture(zoo: Path) -> None:
    model = read_checkpoint(zoo / "alpha").load_generator("cpu")
    with torch.no_grad():
        next(model.parameters()).fill_(float("nan"))
    with pytest.raises(CheckpointError, match="not finite"):
        draw_samples(model)


def test_losses_are_drawn_in_the_colours_of_the_page_and_are_opaque() -> None:
    picture = opened(draw_losses(CURVES))
    assert picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    css = (Path(ganzoo.__file__).parent / "ui" / "browser" / "page.css").read_text(encoding="utf-8")
    by_day = css[css.index(":root") : css.index("}")]
    pixels = {pixel for _, pixel in picture.convert("RGB").getcolors(picture.width * picture.height) or ()}
    for player, variable in (("generator", "accent"), ("discriminator", "discriminator")):
        colour = re.search(rf"--gz-{variable}: (#\w+);", by_day)
        assert colour is not None
        assert COLOURS[player] == colour[1]
        assert tuple(bytes.fromhex(colour[1][1:])) in pixels


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "curves",
    [
        {"generator": CURVES["generator"]},
        {"generator": [(0.0, 1.0), (0.0, 1.0)]},
        {"generator": [(0.0, 1e30), (1e30, -1e30)], "discriminator": [(0.0, 0.0), (1.0, 0.0)]},
    ],
)
def test_odd_histories_can_be_drawn_too(curves: dict[str, Curve]) -> None:
    opened(draw_losses(curves)).load()
