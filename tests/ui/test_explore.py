"""The tab and the endpoint that explore, over untrained models."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import ganzoo
from ganzoo.checkpoints import save_checkpoint
from ganzoo.generator import Generator
from ganzoo.inference import draw, inputs, styles
from ganzoo.inference.combining import combined
from ganzoo.inference.directions import CANDIDATES, LARGEST, measured, moved, ranked, sefa
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.inference.sampling import drawing
from ganzoo.nn.mlp import MLPGenerator, MLPGeneratorConfig
from ganzoo.ui.drawing import Studio
from ganzoo.ui.explore import place_told, steps_told, strips_value
from ganzoo.ui.explorer import REACH, TILES, Explorer
from ganzoo.ui.found import latent, name
from ganzoo.ui.models import Models
from ganzoo.ui.validation import RequestError
from tests.copies import copied
from tests.ui.test_endpoints import answer, refusal


@pytest.fixture
def explorer(zoo: Path, conditional: Path, styled: Path) -> Explorer:
    return Explorer(Studio(Models([zoo, conditional, styled], device="cpu")))


def by_the_library(model: Generator, seed: int, offsets: torch.Tensor, y: int | None = None) -> Pixels:
    z, classes, noise = inputs([seed], model.z_dim, model.num_classes, model.noise_dim, y)
    ws = moved(styles(model, z, classes).expand(len(offsets), -1, -1), offsets)
    return to_pixels(draw(model, ws, noise.expand(len(offsets), -1)))


@pytest.mark.parametrize(("place", "at"), [("alpha", "zoo"), ("delta", "conditional"), ("sigma", "styled")])
@pytest.mark.parametrize("kind", ["pca", "sefa"])
def test_pictures_along_directions_are_the_library_s(
    request: pytest.FixtureRequest, explorer: Explorer, place: str, at: str, kind: str
) -> None:
    model = drawing(ganzoo.load(request.getfixturevalue(at) / place, "cpu"))
    known = explorer.directions(place, kind)
    assert len(known) == min(CANDIDATES, model.z_dim)
    assert explorer.directions(place, kind) is known  # found once
    picture = explorer.moved(place, 5, kind, [0.5, -2.0])
    offsets = known.directions.first(2).at(torch.tensor([[0.5, -2.0]]))
    assert (picture == by_the_library(model, 5, offsets)[0]).all()
    strips = explorer.strips(place, 5, kind, 3)
    assert strips.pixels.shape[:2] == (3, TILES)
    assert (strips.pixels[:, TILES // 2] == by_the_library(model, 5, torch.zeros(1, model.z_dim))[0]).all()
    end = explorer.moved(place, 5, kind, [0.0, REACH])
    assert (strips.pixels[1, -1] == end).all()


def test_the_leading_directions_are_ranked_by_what_they_change(explorer: Explorer, zoo: Path) -> None:
    model = drawing(ganzoo.load(zoo / "alpha", "cpu"))
    known = explorer.directions("alpha", "sefa").directions
    expected = ranked(measured(model, sefa(model, CANDIDATES)), CANDIDATES)
    assert torch.allclose(known.change, expected.change, atol=0.5 / 255)  # of pictures as they are shown
    assert known.change.tolist() == sorted(known.change.tolist(), reverse=True)


def test_classes_have_directions_where_a_classifier_knows_them(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "alpha", tmp_path / "garments", dataset="fashion-mnist")
    known = Explorer(Studio(Models([tmp_path], device="cpu"))).directions("garments", "class")
    assert known.classes is not None
    assert 1 <= len(known.classes) == len(known) <= 10


def test_the_plane_goes_through_its_corners_and_their_sum(explorer: Explorer, zoo: Path, conditional: Path) -> None:
    weights = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, -1.0, 1.0]]
    pictures = explorer.combined("alpha", [3, 4, 5], weights)
    model = drawing(ganzoo.load(zoo / "alpha", "cpu"))
    assert (pictures[:2] == to_pixels(ganzoo.sample(model, [3, 5]))).all()
    z = combined(inputs([3, 4, 5], model.z_dim).z, torch.tensor(weights[2]))
    assert (pictures[2] == to_pixels(draw(model, styles(model, z[None])))[0]).all()
    told = ganzoo.load(conditional / "delta", "cpu")
    of_two, of_a = (explorer.combined("delta", [3, 4, 5], weights[:2], of) for of in (2, None))
    assert (of_two == to_pixels(ganzoo.sample(told, [3, 5], classes=2))).all()
    assert (of_a == to_pixels(ganzoo.sample(told, [3, 5], classes=3))).all()  # of the first one's own


def test_a_latent_that_is_no_seed_stands_where_seeds_do(explorer: Explorer) -> None:
    numbers = inputs([7], 16).z[0].tolist()
    assert (explorer.moved("alpha", numbers, "pca", [1.0]) == explorer.moved("alpha", 7, "pca", [1.0])).all()
    found = {"model": "alpha", "z": numbers}
    assert latent("alpha", 7, found) is numbers
    assert latent("beta", 7, found) == 7
    assert (name("alpha", 7, found), name("beta", 7, found)) == ("What Paint has found", "Seed 7")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda it: it.directions("alpha", "ica"), "The kind of directions is pca, sefa or class, not 'ica'"),
        (lambda it: it.directions("delta", "class"), "'delta' is told the class of each picture"),
        (lambda it: it.directions("sigma", "class"), "'sigma' did not learn from a published set"),
        (lambda it: it.strips("alpha", 0, "pca", 17), "The number of directions is a whole number from 1 to 16"),
        (lambda it: it.moved("alpha", 0, "pca", [9.0]), "The place is a list of 1 numbers from -4 to 4, not a list"),
        (lambda it: it.moved("alpha", 0, "pca", [float("nan")]), "The place is a list of 1 numbers"),
        (lambda it: it.moved("alpha", [0.0] * 15, "pca", [0.0]), "A latent of this model is a list of 16 numbers"),
        (lambda it: it.moved("alpha", [99.0] * 16, "pca", [0.0]), "A latent of this model is at most 16 long"),
        (lambda it: it.moved("alpha", "0", "pca", [0.0]), "The seed is a whole number"),
        (lambda it: it.combined("alpha", [0, 1], [[1.0, 0.0, 0.0]]), "told by three latents and a weight of each"),
        (lambda it: it.combined("alpha", [0, 1, 2], [[1.0]]), "A place in the plane is a list of 3 numbers"),
        (lambda it: it.combined("alpha", [0, 1, 2], [[1.0, 0, 0]] * 20_000), "do not fit into one answer"),
    ],
)
def test_what_cannot_be_is_refused(explorer: Explorer, ask: Any, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        ask(explorer)


def test_a_link_sets_sliders_and_the_point_as_a_visitor_could() -> None:
    assert steps_told("class:0,-2.5,4") == ("class", [0, -2.5, 4])
    assert place_told("0.33,0.33,0.33") == [0.33, 0.33, 0.33]
    assert place_told("1,-1,1") == [1, -1, 1]


@pytest.mark.parametrize(
    "told", ["", "pca", "pca:", "ica:0", "pca:4.1", "pca:0,nan", "pca:0,,0", "pca:" + ",".join("0" * 17)]
)
def test_what_no_slider_can_be_set_to_is_one_sentence(told: str) -> None:
    with pytest.raises(RequestError, match=r"^The link "):
        steps_told(told)


@pytest.mark.parametrize("told", ["", "1", "1,0", "1,0,0,0", "1,1,1", "3,-1,-2", "9,-8,0", "0,inf,1", "a,b,c"])
def test_what_is_no_place_in_the_plane_is_one_sentence(told: str) -> None:
    with pytest.raises(RequestError, match=r"^The link has .* as its plane, which is no"):
        place_told(told)


def test_latents_whose_directions_would_take_minutes_are_refused(tmp_path: Path) -> None:
    wide = MLPGenerator(MLPGeneratorConfig(image_shape=(1, 28, 28), z_dim=LARGEST + 1, hidden=(4,)))
    save_checkpoint(tmp_path / "wide", networks={"generator": wide}, recipe={}, training={})
    with pytest.raises(RequestError, match="directions are found in up to 512"):
        Explorer(Studio(Models([tmp_path], device="cpu"))).directions("wide", "pca")


def test_the_page_is_told_names_changes_and_strips(explorer: Explorer) -> None:
    value = strips_value(explorer.strips("alpha", 5, "pca", 2), "Seed 5")
    assert (value["model"], value["kind"], value["file"]) == ("alpha", "pca", "alpha_moved")
    assert value["note"] == "Seed 5 of alpha; a step is one standard deviation"
    assert [one["label"] for one in value["directions"]] == ["Direction 1", "Direction 2"]
    assert all(one["change"].endswith(" % a step") for one in value["directions"])


def test_programs_get_directions_as_numbers_and_a_strip(page_url: str, explorer: Explorer) -> None:
    told = answer(page_url, "directions", "alpha", "sefa", 2, 5)
    known = explorer.directions("alpha", "sefa").directions
    assert [one["direction"] for one in told] == [pytest.approx(v.tolist(), abs=1e-5) for v in known.vectors[:2]]
    assert [one["spread"] for one in told] == pytest.approx(known.spread[:2].tolist())
    data = base64.b64decode(told[1]["strip"].partition(",")[2])
    strip = np.asarray(Image.open(BytesIO(data)))
    assert strip.shape == (28, TILES * 29 - 1)
    assert (strip[:, :28] == explorer.strips("alpha", 5, "sefa", 2).pixels[1, 0, ..., 0]).all()
    assert "The kind of directions is pca, sefa or class" in refusal(page_url, "directions", "alpha", "<b>", 2, 5)
