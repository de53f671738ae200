"""The tab and the endpoint that search for pictures, over untrained models."""

import base64
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import ganzoo
from ganzoo.data import to_float, to_uint8
from ganzoo.inference import BusyError
from ganzoo.inference.pictures import Pixels, to_pixels
from ganzoo.inference.projection import project, start
from ganzoo.inference.sampling import drawing
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Models
from ganzoo.ui.paint import answer as answered
from ganzoo.ui.painter import AT_ONCE, STEPS, Painter, told
from ganzoo.ui.validation import RequestError
from tests.ui.test_endpoints import answer, refusal


@pytest.fixture
def painter(zoo: Path, conditional: Path) -> Painter:
    return Painter(Studio(Models([zoo, conditional], device="cpu")))


def sent(pixels: Pixels) -> str:
    stream = BytesIO()
    Image.fromarray(pixels[..., 0]).save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def own(folder: Path, seed: int = 1000) -> Pixels:
    pixels: Pixels = to_pixels(ganzoo.sample(ganzoo.load(folder, "cpu"), [seed]))[0]
    return pixels


def test_steps_asked_for_one_after_the_other_are_the_library_s(painter: Painter, zoo: Path) -> None:
    pixels = own(zoo / "beta")
    found = painter.begin("beta", sent(pixels))
    for _ in range(3):
        found = painter.go_on("beta", sent(pixels), told(found.place))
    model, target = drawing(ganzoo.load(zoo / "beta", "cpu")), to_float(torch.from_numpy(pixels)).permute(2, 0, 1)
    begun = start(model, target)
    *_, last = islice(project(model, target, begun.place), 3 * STEPS)
    assert found.place.step == 3 * STEPS
    assert torch.allclose(found.place.z, last.place.z, atol=1e-4)
    assert found.error == pytest.approx(last.error, abs=1e-4)
    assert abs(found.pixels.astype(int) - to_pixels(last.image[None])[0]).max() <= 1
    assert found.error < begun.error
    further = painter.go_on("beta", sent(pixels), told(found.place), 2 * STEPS + 1)
    assert further.place.step == 5 * STEPS + 1


def test_a_class_is_the_one_that_fits_or_that_is_asked_for(painter: Painter, conditional: Path) -> None:
    pixels = own(conditional / "delta", 1004)
    assert painter.begin("delta", sent(pixels)).place.y is not None
    asked = painter.begin("delta", sent(pixels), 8)
    assert painter.go_on("delta", sent(pixels), told(asked.place)).place.y == 8
    assert answered(asked)["said"].endswith("step 0, bag")


def test_models_of_the_same_pictures_search_together(painter: Painter) -> None:
    assert [model.id for model in painter.alike("beta")] == ["beta", "alpha"]
    assert [model.id for model in painter.alike("gamma")] == ["gamma"]


def test_so_many_search_at_once_and_others_are_told(painter: Painter, zoo: Path) -> None:
    picture = sent(own(zoo / "alpha"))
    for _ in range(AT_ONCE):
        painter._searching.acquire()
    with pytest.raises(BusyError, match="Too many pictures are being searched for just now"):
        painter.begin("alpha", picture)
    painter._searching.release()
    painter.begin("alpha", picture)


PLACE: dict[str, Any] = {"z": [0.0] * 16, "class": None, "step": 3, "mean": [0.0] * 16, "square": [0.0] * 16}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (None, "A search goes on from a place: begin anew"),
        ({**PLACE, "z": [0.0] * 15}, "A latent of this model is a list of 16 numbers"),
        ({**PLACE, "z": [float("inf")] * 16}, "A latent of this model is a list of 16 numbers"),
        ({**PLACE, "mean": "none"}, "The mean slope is a list of 16 numbers"),
        ({**PLACE, "square": [-1.0] * 16}, "The mean square slope is a list of 16 numbers from 0"),
        ({**PLACE, "step": 10**9}, "The step is a whole number from 0 to 10000"),
        ({**PLACE, "class": 3}, "This model knows no classes"),
    ],
)
def test_a_place_that_is_none_is_refused(painter: Painter, zoo: Path, place: object, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        painter.go_on("alpha", sent(own(zoo / "alpha")), place)


def test_programs_are_told_the_latent_and_how_near_it_is(page_url: str, zoo: Path) -> None:
    pixels = own(zoo / "alpha")
    found = answer(page_url, "project", "alpha", sent(pixels), 60)
    assert found["class"] is None
    assert found["error"] < 0.6 * found["error_before"]
    picture = np.asarray(Image.open(BytesIO(base64.b64decode(found["picture"].partition(",")[2]))))
    difference = (to_float(torch.from_numpy(picture)) - to_float(torch.from_numpy(pixels[..., 0]))) / 2
    assert found["error"] == pytest.approx(difference.square().mean().sqrt().item(), abs=2 / 255)
    model = drawing(ganzoo.load(zoo / "alpha", "cpu"))
    drawn = to_uint8(model(torch.tensor([found["z"]])).detach())[0, 0].numpy()
    assert abs(drawn.astype(int) - picture).max() <= 1


def test_programs_are_told_in_one_sentence_what_cannot_be(page_url: str) -> None:
    assert "The picture cannot be read" in refusal(page_url, "project", "alpha", "bm9uc2Vuc2U=", 10)
    assert "There is no model" in refusal(page_url, "project", "nobody", "bm9uc2Vuc2U=", 10)
