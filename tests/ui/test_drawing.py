import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from torch import Tensor

import ganzoo
from ganzoo.inference.pictures import to_pixels
from ganzoo.nn.mlp import MLPGenerator
from ganzoo.ui.compare import column
from ganzoo.ui.drawing import Samples, Studio, Walk
from ganzoo.ui.models import Models
from ganzoo.ui.sample import cost
from ganzoo.ui.validation import RequestError


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The images of each forward pass of an MLP, in order."""
    sizes: list[int] = []
    synthesis = MLPGenerator.synthesis

    def counted(self: MLPGenerator, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        sizes.append(len(ws))
        return synthesis(self, ws, noise)

    monkeypatch.setattr(MLPGenerator, "synthesis", counted)
    return sizes


@pytest.fixture
def studio(zoo: Path) -> Studio:
    return Studio(Models([zoo], device="cpu"))


def test_what_was_drawn_before_is_not_drawn_again_and_says_so(studio: Studio, passes: list[int]) -> None:
    asks: list[Callable[[], Samples | Walk]] = [
        lambda: studio.samples("alpha", 3, 5, 0.5),
        lambda: studio.walk("alpha", 3, 14, 6, "lerp"),
    ]
    for ask, count in zip(asks, ("5 pictures", "6 pictures"), strict=True):
        first = ask()
        drawn = len(passes)
        second = ask()
        assert len(passes) == drawn
        assert (first.pixels == second.pixels).all()
        assert (first.again, second.again) == (False, True)
        assert second.seconds == first.seconds
        assert cost(first).startswith(f"CPU: {count} in ")
        assert cost(second) == f"CPU: {count} drawn before"


def test_a_checkpoint_that_was_replaced_is_drawn_anew(zoo: Path, tmp_path: Path) -> None:
    shutil.copytree(zoo / "alpha", tmp_path / "model")
    studio = Studio(Models([tmp_path], device="cpu"))
    before = studio.samples("model", 0, 4, 1.0)
    shutil.rmtree(tmp_path / "model")
    shutil.copytree(zoo / "gamma", tmp_path / "model")
    os.utime(tmp_path / "model" / "config.json", ns=(0, 0))
    studio.models.refresh()
    after = studio.samples("model", 0, 4, 1.0)
    assert not after.again
    assert (before.pixels.shape, after.pixels.shape) == ((4, 28, 28, 1), (4, 32, 32, 3))


def test_what_is_too_large_for_one_answer_is_refused_before_anything_is_drawn(large: Path, passes: list[int]) -> None:
    studio = Studio(Models([large], device="cpu"))
    asks: list[Callable[[], object]] = [
        lambda: studio.samples("large", 0, 5, 1.0),
        lambda: studio.walk("large", 0, 1, 5, "slerp"),
        lambda: studio.comparison(["large"], 0, 5),
    ]
    for ask in asks:
        with pytest.raises(
            RequestError, match="pictures of 1024×1024 pixels do not fit into one answer: ask for at most 4"
        ):
            ask()
    assert passes == []


def test_the_page_draws_of_large_pictures_as_many_as_fit_and_says_so(large: Path, passes: list[int]) -> None:
    studio = Studio(Models([large], device="cpu"))
    drawn: Samples | Walk = studio.samples("large", 0, 64, 1.0, fewer=True)
    assert len(drawn.pixels) == 4
    assert cost(drawn).endswith("(4 instead of 64, to spare memory)")
    assert max(passes) == 1
    assert cost(studio.samples("large", 0, 4, 1.0, fewer=True)) == "CPU: 4 pictures drawn before"
    again = studio.samples("large", 0, 9, 1.0, fewer=True)
    assert cost(again) == "CPU: 4 pictures drawn before (4 instead of 9, to spare memory)"
    assert "4 instead of 9, to spare memory" in column(again)["facts"]
    drawn = studio.walk("large", 0, 1, 24, "slerp", fewer=True)
    assert len(drawn.pixels) == 4
    assert cost(drawn).endswith("(4 instead of 24, to spare memory)")


def test_models_that_are_compared_share_what_fits(zoo: Path, large: Path) -> None:
    studio = Studio(Models([zoo, large], device="cpu"))
    for samples in studio.comparison(["alpha", "large"], 5, 16, fewer=True):
        assert samples.seeds == range(5, 8)
        assert samples.asked == 16


def test_a_model_s_first_pass_is_not_what_its_pictures_are_timed_by(studio: Studio, passes: list[int]) -> None:
    studio.samples("alpha", 0, 5, 1.0)
    studio.samples("alpha", 1, 5, 1.0)
    assert passes == [1, 5, 5]


def test_visitors_who_ask_at_once_get_each_their_own(studio: Studio, zoo: Path) -> None:
    def ask(i: int) -> Samples | str:
        try:
            return studio.samples("alpha", i, -1 if i == 7 else 4, i / 32)
        except RequestError as error:
            return str(error)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(ask, range(32)))
    model = ganzoo.load(zoo / "alpha", "cpu")
    for i, answer in enumerate(answers):
        if i == 7:
            assert answer == "The number of pictures is a whole number from 1 to 256, not -1."
        else:
            assert isinstance(answer, Samples)
            expected = to_pixels(ganzoo.sample(model, range(i, i + 4), i / 32))
            assert abs(answer.pixels.astype(int) - expected).max() <= 1
