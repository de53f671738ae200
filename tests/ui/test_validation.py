import base64
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ganzoo.ui.validation import (
    RequestError,
    direction,
    fitting,
    method,
    names,
    opened,
    picks,
    picture,
    pixels_for,
    seed_range,
    text,
    truncation,
    whole_number,
)

NO_WHOLE_NUMBERS: list[Any] = [None, True, "3", 2.5, float("nan"), float("inf"), [3], {"value": 3}, 10**400]


@pytest.mark.parametrize("value", NO_WHOLE_NUMBERS)
def test_what_is_no_whole_number_in_bounds_is_refused_in_one_short_sentence(value: object) -> None:
    with pytest.raises(RequestError, match=r"^The seed is a whole number from 0 to 9, not .*\.$") as refusal:
        whole_number(value, "The seed", 0, 9)
    assert len(str(refusal.value)) < 120


def test_a_whole_number_may_come_as_a_float() -> None:
    assert whole_number(3.0, "The seed", 0, 9) == 3
    assert isinstance(whole_number(3.0, "The seed", 0, 9), int)


def test_seeds_follow_one_another_up_to_the_last_there_is() -> None:
    assert list(seed_range(7, 3)) == [7, 8, 9]
    assert seed_range(2**32 - 4, 4)[-1] == 2**32 - 1
    with pytest.raises(RequestError, match="at most 4294967292"):
        seed_range(2**32 - 3, 4)


@pytest.mark.parametrize(("seed", "count"), [(-1, 1), (2**32, 1), (0, 0), (0, 257), (0, [64])])
def test_seeds_and_counts_out_of_range_are_refused(seed: object, count: object) -> None:
    with pytest.raises(RequestError):
        seed_range(seed, count)


DIGITS, FACES, LARGEST = (1, 28, 28), (3, 512, 512), (4, 1024, 1024)


@pytest.mark.parametrize(
    ("count", "shapes", "sentence"),
    [
        (17, [FACES], "So many pictures of 512×512 pixels do not fit into one answer: ask for at most 16."),
        (9, [FACES, FACES], "of 512×512 pixels do not fit into one answer: ask for at most 8 of each model."),
        (16, [DIGITS, FACES], "of 512×512 pixels do not fit into one answer: ask for at most 15 of each model."),
        (1, [LARGEST] * 4, "of 1024×1024 pixels do not fit into one answer: choose fewer models."),
    ],
)
def test_what_would_fill_the_memory_is_refused_with_what_would_not(
    count: int, shapes: list[tuple[int, int, int]], sentence: str
) -> None:
    with pytest.raises(RequestError) as refusal:
        fitting(count, shapes, fewer=False)
    assert sentence in str(refusal.value)


def test_what_fits_is_left_alone_and_of_what_does_not_the_page_takes_what_does() -> None:
    assert fitting(256, [(3, 128, 128)], fewer=False) == 256
    assert fitting(256, [DIGITS] * 40, fewer=False) == 256
    assert fitting(2, [LARGEST], fewer=False) == 2  # every model can be walked with
    assert fitting(256, [FACES], fewer=True) == 16
    with pytest.raises(RequestError, match="choose fewer models"):
        fitting(1, [LARGEST] * 4, fewer=True)


@pytest.mark.parametrize("value", [-0.1, 1.6, float("nan"), "1", None, True, [1.0]])
def test_other_truncations_are_refused(value: object) -> None:
    with pytest.raises(RequestError, match=r"from 0 to 1\.5"):
        truncation(value)


@pytest.mark.parametrize("value", ["SLERP", None, ["slerp"], 1])
def test_other_methods_are_refused(value: object) -> None:
    with pytest.raises(RequestError, match="slerp or lerp"):
        method(value)


@pytest.mark.parametrize("value", [[], "alpha", None, [1], [["alpha"]], {"alpha": 1}])
def test_what_is_no_list_of_names_is_refused(value: object) -> None:
    with pytest.raises(RequestError):
        names(value)


def test_a_name_given_twice_counts_once() -> None:
    assert names(["b", "a", "b"]) == ["b", "a"]


@pytest.mark.parametrize("value", ["", " \n", None, 3, ["alice/cats"]])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(RequestError, match="The name is a text"):
        text(value, "The name")


@pytest.mark.parametrize(
    ("value", "kept"),
    [(["a/b", 3, None, ["c/d"], "e/f"], ["a/b", "e/f"]), (None, []), ("a/b", []), ({"a/b": 1}, [])],
)
def test_what_a_browser_kept_is_believed_as_far_as_it_can_be_names(value: object, kept: list[str]) -> None:
    assert opened(value) == kept
    assert len(opened(["a/b"] * 1000)) == 64


def encoded(picture: Image.Image, form: str = "PNG") -> str:
    stream = BytesIO()
    picture.save(stream, form)
    return base64.b64encode(stream.getvalue()).decode()


GREY = Image.linear_gradient("L").resize((40, 30))
NO_PICTURES: dict[str, tuple[object, str]] = {
    "nothing": (None, "not nothing"),
    "an empty text": ("  ", "not '  '"),
    "a number": (3, "not 3"),
    "a file of gradio's": ({"path": "/etc/passwd"}, "not an object"),
    "a path": ("/etc/passwd", "cannot be read"),
    "an address": ("https://example.org/picture.png", "cannot be read"),
    "letters beyond ASCII": ("é" * 40, "cannot be read"),
    "a text in base64": (base64.b64encode(b"no picture").decode(), "cannot be read"),
    "a drawing in SVG": (base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(), "cannot be read"),
    "a film": (encoded(GREY, "GIF"), "cannot be read"),
    "a picture of another kind": (encoded(GREY, "TIFF"), "cannot be read"),
    "half a picture": (encoded(GREY)[:80], "cannot be read"),
    "a wall of text": ("A" * 2_000_001, "at most 2,000,000 characters, not 2,000,001"),
    "a bomb": (encoded(Image.new("1", (9_000, 9_000))), "at most 16,777,216 pixels, not 81,000,000"),
    "a larger bomb": (encoded(Image.new("1", (15_000, 15_000))), "cannot be read"),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_refused_in_one_short_sentence(name: str) -> None:
    value, said = NO_PICTURES[name]
    with pytest.raises(RequestError, match=said) as refusal:
        picture(value)
    assert len(str(refusal.value)) < 140
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_any_mode_are_brought_to_what_is_taken(mode: str, channels: int) -> None:
    grey = Image.fromarray(np.asarray(GREY, np.uint16) * 257) if mode == "I;16" else GREY.convert(mode)
    told = picture(f"data:image/png;base64,{encoded(grey)}")
    pixels = pixels_for(told, (channels, 16, 16), (1, 16, 16))
    assert pixels.shape == (channels, 16, 16)
    assert pixels.dtype == torch.uint8
    assert pixels[0, 0].float().mean() < pixels[0, -1].float().mean()


def test_a_photograph_is_upright() -> None:
    exif = Image.Exif()
    exif[274] = 6  # turned to the right
    stream = BytesIO()
    GREY.convert("CMYK").save(stream, "JPEG", exif=exif)
    assert picture(base64.b64encode(stream.getvalue()).decode()).size == (30, 40)


def test_a_picture_stays_as_large_as_what_comes_of_it_and_one_that_fits_stays_as_it_is() -> None:
    taken, given = (1, 4, 4), (1, 16, 16)
    assert tuple(pixels_for(GREY, taken, given).shape) == given
    small = GREY.resize((4, 4))
    assert (pixels_for(small, taken, given)[0].numpy() == np.asarray(small)).all()


def test_channels_that_no_file_has_are_refused() -> None:
    with pytest.raises(RequestError, match="takes pictures of 2 channels"):
        pixels_for(GREY, (2, 4, 4), (2, 4, 4))


@pytest.mark.parametrize("value", ["enlarge", "", None])
def test_the_only_direction_need_not_be_named(value: object) -> None:
    assert direction(value, ["enlarge"]) == "enlarge"


@pytest.mark.parametrize("value", ["", None, "c to d", 3, ["a to b"]])
def test_one_of_two_has_to_be(value: object) -> None:
    with pytest.raises(RequestError, match=r"^The direction is a to b or b to a, not .*\.$"):
        direction(value, ["a to b", "b to a"])


@pytest.mark.parametrize(
    "value",
    [
        ["a", "b"],
        ["a", "a", "left"],
        [1, "b", "left"],
        ["a", "b" * 501, "left"],
        "left",
        None,
        {"a": 1},
        ["a", "b", []],
    ],
)
def test_what_is_no_pick_is_refused(value: object) -> None:
    with pytest.raises(RequestError, match=r"^(A pick is a list|The choice is left, right or neither)"):
        picks([["a", "b", "neither"], value])


def test_picks_are_bounded() -> None:
    assert picks([["a", "b", "left"]] * 500) == [("a", "b", "left")] * 500
    with pytest.raises(RequestError, match="After 500 duels"):
        picks([["a", "b", "left"]] * 501)
