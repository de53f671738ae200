from typing import Any

import pytest

from ganzoo.ui.validation import (
    RequestError,
    fitting,
    method,
    names,
    opened,
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
