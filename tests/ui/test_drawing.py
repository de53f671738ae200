import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

import ganzoo
from ganzoo.inference import draw, inputs, styles
from ganzoo.inference.pictures import to_pixels
from ganzoo.inference.sampling import drawing
from ganzoo.nn.mlp import MLPGenerator
from ganzoo.ui.compare import column
from ganzoo.ui.drawing import Cost, Samples, Studio, Walk
from ganzoo.ui.interpolate import walk_value
from ganzoo.ui.mix import mixture_value
from ganzoo.ui.models import Models
from ganzoo.ui.sample import cost, grid_value, sheet_value, took
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
        assert second.cost == first.cost
        assert cost(first).startswith(f"CPU: {count} in ")
        assert cost(second) == f"CPU: {count} drawn before"


@pytest.mark.parametrize(
    ("count", "spent", "words"),
    [
        (1, Cost(0.5, "CPU"), "in 500 ms"),
        (4, Cost(0.5, "CPU"), "in 500 ms, 125 ms each"),
        (4, Cost(0.5, "CPU", ahead=1, waited=1.5), "in 500 ms, 125 ms each, after another request (1.5 s)"),
        (1, Cost(0.5, "CPU", ahead=3, waited=0.25), "in 500 ms, after 3 other requests (250 ms)"),
    ],
)
def test_a_cost_is_told_in_all_and_each_and_with_the_wait(count: int, spent: Cost, words: str) -> None:
    assert took(spent, count) == words


def test_a_walk_begins_at_a_latent_that_is_no_seed(zoo: Path) -> None:
    studio = Studio(Models([zoo], device="cpu"))
    z = inputs([3], drawing(ganzoo.load(zoo / "alpha", "cpu")).z_dim).z
    told, seeds = (studio.walk("alpha", end, 14, 6, "slerp") for end in (z[0].tolist(), 3))
    assert (told.pixels == seeds.pixels).all()
    assert not told.again  # told by other words
    assert walk_value(told)["note"] == "alpha, from what Paint has found to seed 14 by slerp"
    assert walk_value(told)["file"] == "alpha_found-14_slerp"
    assert not studio.walk("alpha", (z[0] + 0.1).tolist(), 14, 6, "slerp").again
    with pytest.raises(RequestError, match="latent"):
        studio.walk("alpha", z[0, 1:].tolist(), 14, 6, "slerp")


def test_a_picture_of_a_latent_that_is_no_seed(zoo: Path, conditional: Path, styled: Path) -> None:
    studio = Studio(Models([zoo, conditional, styled], device="cpu"))
    for name, of, folder in (("alpha", None, zoo), ("delta", 4, conditional), ("sigma", None, styled)):
        z = inputs([3], drawing(ganzoo.load(folder / name, "cpu")).z_dim).z[0].tolist()
        seed, told = studio.samples(name, 3, 1, 0.5, of, noise=False), studio.sample(name, z, 0.5, of)
        assert (told.pixels == seed.pixels).all()
        assert (told.classes, told.noise) == (seed.classes, seed.noise)
        assert told.names[0].replace("what Paint has found", "seed 3") == seed.names[0]
        assert sheet_value(told)["file"] == sheet_value(seed)["file"].replace("seed-3", "found")
        assert sheet_value(told)["seeds"] == [None]
    assert studio.sample("alpha", 3).seeds == range(3, 4)
    with pytest.raises(RequestError, match="A latent of this model is at most"):
        studio.sample("alpha", [90.0] * 16)


def test_noise_can_be_left_out_where_there_is_any(styled: Path) -> None:
    studio = Studio(Models([styled], device="cpu"))
    noisy, still = (studio.samples("sigma", 0, 4, 1.0, noise=noise) for noise in (True, False))
    model = drawing(ganzoo.load(styled / "sigma", "cpu"))
    z = inputs(range(4), model.z_dim, 0, model.noise_dim).z
    assert (still.pixels == to_pixels(draw(model, styles(model, z)))).all()
    assert (noisy.pixels == to_pixels(ganzoo.sample(model, range(4)))).all()
    assert (noisy.pixels != still.pixels).any()
    assert "without noise" in sheet_value(still)["alt"]
    plain = studio.samples("alpha", 0, 4, 1.0, noise=False)  # as the checkbox was left that another model has
    assert studio.samples("alpha", 0, 4, 1.0).again
    assert "without noise" not in sheet_value(plain)["alt"]


def test_mixed_styles_are_drawn_once_and_say_whose_they_are(styled: Path) -> None:
    studio = Studio(Models([styled], device="cpu"))
    first, again = (studio.mixture("sigma", 0, 9, 3, "middle", 0.7) for _ in range(2))
    assert (first.rows, first.columns, first.asked) == (range(3), range(9, 12), 16)
    assert cost(first).startswith("CPU: 16 pictures in ")
    assert cost(again) == "CPU: 16 pictures drawn before"
    labels = mixture_value(again)["labels"]
    assert labels[:3] == ["the mean style", "seed 9", "seed 10"]
    assert labels[4:6] == ["seed 0", "seed 0, middle of seed 9"]
    assert labels[-1] == "seed 2, middle of seed 11"
    assert len(labels) == 16


def test_large_pictures_are_mixed_as_far_as_they_fit(styled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(Models([styled], device="cpu"))
    monkeypatch.setattr("ganzoo.ui.validation.MAX_VALUES", 10 * 28 * 28)
    with pytest.raises(RequestError, match="do not fit into one answer: ask for at most 10"):
        studio.mixture("sigma", 0, 9, 3, "middle", 1.0)
    fewer = studio.mixture("sigma", 0, 9, 3, "middle", 1.0, fewer=True)
    assert fewer.columns == range(9, 11)
    assert cost(fewer).endswith("(9 instead of 16, to spare memory)")
    monkeypatch.setattr("ganzoo.ui.validation.MAX_VALUES", 3 * 28 * 28)
    with pytest.raises(RequestError, match="do not fit"):
        studio.mixture("sigma", 0, 9, 3, "middle", 1.0, fewer=True)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("alpha", 0, 1, 2, "fine", 1.0), "'alpha' has one style for the whole picture, so there is nothing to mix"),
        (("sigma", 0, 1, 13, "fine", 1.0), "The number of seeds a side is a whole number from 1 to 12, not 13"),
        (("sigma", 2**32 - 1, 1, 2, "fine", 1.0), "Seeds end at 4294967295"),
        (("sigma", 0, "1", 2, "fine", 1.0), "The seed is a whole number"),
        (("sigma", 0, 1, 2, "rough", 1.0), "The part is coarse, middle or fine, not 'rough'"),
        (("sigma", 0, 1, 2, ["fine"], 1.0), "The part is coarse, middle or fine, not a list"),
        (("sigma", 0, 1, 2, "fine", 2.0), "The truncation is a number from 0 to 1.5, not 2.0"),
    ],
)
def test_what_cannot_be_mixed_is_refused(styled: Path, asked: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        Studio(Models([styled], device="cpu")).mixture(*asked)


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
    assert "4 instead of 9, to spare memory" in column(again, grid_value, [])["facts"]
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
