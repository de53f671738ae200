"""The tab and the endpoint that translate, over untrained models."""

import base64
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import ganzoo
from ganzoo.checkpoints import CheckpointError
from ganzoo.data import to_float
from ganzoo.data.held_out import read_sprite, sprite_file
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.nn.resizing import bicubic, shrunk
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.reality import Reality
from ganzoo.ui.theme import launch_options
from ganzoo.ui.translate import canvas, choices, example, parted, translation_value
from ganzoo.ui.validation import RequestError
from ganzoo.zoo.cyclegan import outlines
from tests.copies import copied
from tests.ports import free_port
from tests.ui.test_endpoints import answer, opened, refusal
from tests.ui.test_page import component

GARMENT = read_sprite(sprite_file("fashion-mnist")).pictures[:1]
"""uint8 ``[1, 1, 28, 28]``."""


def sent(pixels: torch.Tensor | Image.Image, form: str = "PNG") -> str:
    """A picture as the page sends it."""
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels[0, 0].numpy())
    stream = BytesIO()
    picture.save(stream, form)
    return f"data:image/{form.lower()};base64,{base64.b64encode(stream.getvalue()).decode()}"


@pytest.fixture
def studio(zoo: Path, translators: Path) -> Studio:
    return Studio(Models([zoo, translators], device="cpu"))


@pytest.fixture(scope="module")
def url(translators: Path) -> Iterator[str]:
    demo = build(Models([translators], device="cpu"))
    _, url, _ = demo.launch(**launch_options(), server_port=free_port(), quiet=True, prevent_thread_lock=True)
    yield url.rstrip("/")
    demo.close(verbose=False)


def by_the_library(translators: Path, name: str, images: torch.Tensor, direction: str) -> Pixels:
    pixels: Pixels = to_pixels(ganzoo.translate(ganzoo.load(translators / name, "cpu"), images, direction))[0]
    return pixels


def test_the_tab_is_there_where_something_translates(zoo: Path, translators: Path) -> None:
    for folders, there in (([zoo], False), ([zoo, translators], True)):
        config: Any = build(Models(folders, device="cpu")).get_config_file()
        tabs = [one["props"] for one in config["components"] if one["type"] == "tabitem"]
        assert [tab["visible"] for tab in tabs if tab["label"] == "Translate"] == [there]
        assert component(config, "pad")["props"]["canvas"] == (
            {"way": "delta: enlarge", "channels": 1, "size": [28, 28]} if there else None
        )


def test_every_direction_of_every_translator_can_be_chosen(studio: Studio) -> None:
    ways = choices(studio.models)
    assert ways == ["delta: enlarge", "epsilon: outlines to pictures", "epsilon: pictures to outlines"]
    for way in ways:
        name, direction = parted(way)
        assert direction in studio.models[name].directions
        assert canvas(studio.models, way)["size"] == [28, 28]


def test_a_picture_of_the_size_that_is_taken_is_translated_to_the_pixel(studio: Studio, translators: Path) -> None:
    small = torch.randint(0, 256, (1, 1, 7, 7), dtype=torch.uint8)
    translation = studio.translation("delta", "enlarge", sent(small))
    assert (translation.shown == small[0].permute(1, 2, 0).numpy()).all()
    assert (translation.pixels == by_the_library(translators, "delta", to_float(small), "enlarge")).all()
    assert translation.back is None
    assert translation.bicubic is not None
    assert (translation.bicubic == to_pixels(bicubic(to_float(small), (28, 28)))[0]).all()


def test_a_larger_picture_is_made_small_as_in_training(studio: Studio, translators: Path) -> None:
    translation = studio.translation("delta", None, sent(GARMENT))
    small = to_pixels(shrunk(to_float(GARMENT), (7, 7)))
    assert (translation.shown == small[0]).all()
    images = to_float(torch.from_numpy(small).permute(0, 3, 1, 2))
    assert (translation.pixels == by_the_library(translators, "delta", images, "enlarge")).all()


def test_where_there_are_two_directions_the_way_back_is_taken_too(studio: Studio, translators: Path) -> None:
    translation = studio.translation("epsilon", "pictures to outlines", sent(GARMENT))
    assert (translation.shown[..., 0] == GARMENT[0, 0].numpy()).all()
    model = ganzoo.load(translators / "epsilon", "cpu")
    images = ganzoo.translate(model, to_float(GARMENT), "pictures to outlines")
    assert (translation.pixels == to_pixels(images)[0]).all()
    assert translation.back is not None
    assert (translation.back == to_pixels(ganzoo.translate(model, images, "outlines to pictures"))[0]).all()
    assert translation.bicubic is None
    pictures = translation_value(translation)["pictures"]
    assert [one["name"] for one in pictures] == ["Pictures to outlines, 28 × 28", "And back, 28 × 28"]


def test_the_page_is_told_what_was_shown_what_came_and_what_stands_beside_it(studio: Studio) -> None:
    value = translation_value(studio.translation("delta", "enlarge", sent(GARMENT)))
    assert [one["name"] for one in value["pictures"]] == [
        "What it is shown, 7 × 7",
        "Enlarge, 28 × 28",
        "Bicubic interpolation, 28 × 28",
    ]
    assert [one["saved"] for one in value["pictures"]] == [False, True, False]
    assert value["file"] == "delta_enlarge"


def test_an_example_is_a_real_picture_that_nobody_learnt_from(studio: Studio) -> None:
    reality, delta = Reality(), studio.models["delta"]
    held_out = read_sprite(sprite_file("fashion-mnist")).pictures.permute(0, 2, 3, 1).numpy()
    for number in (0, 5, 256 + 7):
        assert (example(reality, delta, "enlarge", number) == held_out[number % 256]).all()


def test_an_example_is_of_the_kind_that_the_direction_takes(studio: Studio) -> None:
    reality, epsilon = Reality(), studio.models["epsilon"]
    picture = example(reality, epsilon, "pictures to outlines", 3)
    lines = example(reality, epsilon, "outlines to pictures", 3)
    assert set(np.unique(lines)) == {0, 255}
    assert (lines == to_pixels(outlines(to_float(torch.from_numpy(picture).permute(2, 0, 1)[None])))[0]).all()


def test_who_learnt_from_other_pictures_has_no_examples(translators: Path, tmp_path: Path) -> None:
    copied(translators / "delta", tmp_path / "private", dataset="folder:cats")
    with pytest.raises(RequestError, match="No examples for private are here"):
        example(Reality(tmp_path), Models([tmp_path])["private"], "enlarge", 0)


def test_what_is_no_number_is_no_picture(studio: Studio) -> None:
    delta = studio.models["delta"]
    with torch.no_grad():
        next(studio.models.translator(delta).parameters()).fill_(torch.nan)
    with pytest.raises(CheckpointError, match="The translator of delta answers with numbers that are not finite"):
        studio.translation("delta", "enlarge", sent(GARMENT))


@pytest.mark.parametrize(
    ("model", "direction", "said"),
    [
        ("alpha", "", "'alpha' cannot translate"),
        ("delta", "shrink", "The direction is enlarge, not 'shrink'"),
        ("delta", 3, "The direction is enlarge, not 3"),
        ("epsilon", "", "The direction is outlines to pictures or pictures to outlines, not ''"),
        ("nobody", "enlarge", "There is no model 'nobody' here"),
    ],
)
def test_what_cannot_be_is_refused(studio: Studio, model: str, direction: object, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        studio.translation(model, direction, sent(GARMENT))


def test_programs_are_told_what_a_translator_turns_into_what(url: str) -> None:
    delta = next(model for model in answer(url, "models") if model["id"] == "delta")
    assert delta["abilities"] == ["translate"]
    assert delta["directions"] == {"enlarge": [[1, 7, 7], [1, 28, 28]]}


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_programs_get_the_picture_that_the_library_makes(url: str, translators: Path, form: str) -> None:
    small = torch.randint(0, 256, (1, 1, 7, 7), dtype=torch.uint8)
    picture = Image.fromarray(small[0, 0].numpy())
    stream = BytesIO()
    picture.save(stream, form, lossless=True)
    translated = opened(answer(url, "translate", "delta", base64.b64encode(stream.getvalue()).decode(), "enlarge"))
    assert translated.format == "PNG"
    assert (np.asarray(translated) == by_the_library(translators, "delta", to_float(small), "enlarge")[..., 0]).all()


def test_programs_are_told_in_one_sentence_what_cannot_be(url: str) -> None:
    assert "The picture cannot be read as PNG, JPEG or WebP" in refusal(url, "translate", "delta", "bm9uc2Vuc2U=", "")
    assert "cannot sample: it can translate" in refusal(url, "sample", "delta", 0, 4, 1.0)
    assert "cannot sample: it can translate" in refusal(url, "compare", ["delta"], 0, 4, 1.0)
