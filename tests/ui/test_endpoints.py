"""The endpoints as programs meet them: over HTTP."""

import json
import os
import re
from inspect import Parameter, signature
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence

import ganzoo
from ganzoo.checkpoints import read_checkpoint
from ganzoo.data import DataConfig, load_images, to_float
from ganzoo.inference import draw, explain, judge, mix, tour
from ganzoo.inference.pictures import Pixels, columns, grid, to_pixels
from ganzoo.inference.sampling import drawing
from ganzoo.ui.catalogues import Catalogues
from ganzoo.ui.drawing import Studio
from ganzoo.ui.endpoints import Endpoints
from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.theme import launch_options
from tests.copies import copied, filmed
from tests.hub.server import LoopbackHub
from tests.ports import free_port

HTTP = httpx.Client(timeout=60)


def call(page_url: str, endpoint: str, *data: object) -> tuple[str, Any]:
    """The event that ends the call (``complete`` or ``error``), and its data."""
    started = HTTP.post(f"{page_url}/gradio_api/call/{endpoint}", json={"data": data})
    started.raise_for_status()
    stream = HTTP.get(f"{page_url}/gradio_api/call/{endpoint}/{started.json()['event_id']}").text
    event, data_line = stream.strip().splitlines()[-2:]
    return event.removeprefix("event: "), json.loads(data_line.removeprefix("data: "))


def answer(page_url: str, endpoint: str, *data: object) -> Any:
    event, result = call(page_url, endpoint, *data)
    assert event == "complete", result
    return result[0]


def refusal(page_url: str, endpoint: str, *data: object) -> str:
    event, result = call(page_url, endpoint, *data)
    assert event == "error", result
    return str(result["error"])


def opened(file: dict[str, Any]) -> Image.Image:
    return Image.open(BytesIO(HTTP.get(file["url"]).content))


def files(zoo: Path, name: str) -> dict[str, bytes]:
    """What a repository with this model holds."""
    return {path.name: path.read_bytes() for path in (zoo / name).iterdir()}


def tiles(sheet: Image.Image, count: int, tile: tuple[int, int]) -> Pixels:
    """A grid cut up again."""
    height, width = tile
    found = np.asarray(sheet)
    places = (divmod(i, columns(count)) for i in range(count))
    return np.array(
        [
            found[row * (height + 1) : row * (height + 1) + height, column * (width + 1) : column * (width + 1) + width]
            for row, column in places
        ]
    )


def drawn(zoo: Path, name: str, seeds: range, truncation: float = 1.0) -> Pixels:
    pixels = to_pixels(ganzoo.sample(ganzoo.load(zoo / name, "cpu"), seeds, truncation))
    return pixels[..., 0] if pixels.shape[-1] == 1 else pixels


def test_models_lists_what_can_be_asked(page_url: str) -> None:
    models = {model["id"]: model for model in answer(page_url, "models")}
    assert list(models) == ["alpha", "beta", "gamma"]
    assert models["gamma"]["image_shape"] == [3, 32, 32]
    assert models["gamma"]["parameters"] > 1000
    assert {"sample", "interpolate"} <= set(models["gamma"]["abilities"])
    assert models["gamma"]["classes"] == []


@pytest.mark.parametrize(("name", "side"), [("alpha", 28), ("gamma", 32)])
def test_sample_is_to_the_pixel_what_the_library_draws(page_url: str, zoo: Path, name: str, side: int) -> None:
    sheet = opened(answer(page_url, "sample", name, 40, 12, 0.7))
    assert sheet.format == "PNG"
    assert sheet.size == (4 * (side + 1) - 1, 3 * (side + 1) - 1)
    assert (tiles(sheet, 12, (side, side)) == drawn(zoo, name, range(40, 52), 0.7)).all()


def test_interpolate_is_an_animation_of_what_the_library_draws(page_url: str, zoo: Path) -> None:
    film = opened(answer(page_url, "interpolate", "gamma", 3, 14, 9, "lerp"))
    found = np.array([np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)])
    model = ganzoo.load(zoo / "gamma", "cpu")
    assert film.format == "WEBP"
    assert (found == to_pixels(ganzoo.interpolate(model, 3, 14, 9, "lerp"))).all()


def test_video_is_a_round_of_what_the_library_draws(page_url: str, zoo: Path) -> None:
    answered = answer(page_url, "video", "gamma", 3, 4, 2, 10, "w", "webp")
    film = Image.open(BytesIO(HTTP.get(answered["url"]).content))
    found = np.array([np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)])
    model = drawing(ganzoo.load(zoo / "gamma", "cpu"))
    expected = to_pixels(draw(model, *tour(model, range(3, 7), 20, "w")))
    assert (found == expected).all()
    assert film.info["duration"] == 100


def test_mix_is_a_grid_of_what_the_library_mixes(styled: Path, tmp_path: Path) -> None:
    endpoints = Endpoints(Studio(Models([styled], device="cpu")), Catalogues(), tmp_path)
    found = np.asarray(Image.open(endpoints.mix("sigma", 3, 92, 2, "fine", 0.8)))
    model = ganzoo.load(styled / "sigma", "cpu")
    expected = to_pixels(mix(model, range(3, 5), range(92, 94), "fine", 0.8).flatten(0, 1))
    assert (found == np.asarray(grid(expected, across=3))).all()


def test_compare_is_one_grid_a_model_over_the_same_seeds(page_url: str, zoo: Path) -> None:
    answers = answer(page_url, "compare", ["gamma", "alpha"], 5, 4, 0.5)
    assert [one["caption"] for one in answers] == ["gamma", "alpha"]
    for one, (name, side) in zip(answers, (("gamma", 32), ("alpha", 28)), strict=True):
        found = tiles(opened(one["image"]), 4, (side, side))
        assert (found == drawn(zoo, name, range(5, 9), 0.5)).all()


def test_film_is_an_animation_of_the_frames_that_were_kept_and_their_steps(zoo: Path, tmp_path: Path) -> None:
    frames = filmed(copied(zoo / "alpha", tmp_path / "zoo" / "alpha"), [0, 8, 11])
    endpoints = Endpoints(Studio(Models([tmp_path / "zoo"], device="cpu")), Catalogues(), tmp_path)
    file, index = endpoints.film("alpha")
    with Image.open(file) as film:
        found = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]
    assert (np.array(found) == frames).all()
    assert index == {"steps": (0, 8, 11), "rows": 8, "seeds": tuple(range(64))}


@pytest.mark.parametrize("models", ["mnist", ["beta", "alpha"]])
def test_duel_is_two_grids_without_names_and_then_the_names(page_url: str, zoo: Path, models: object) -> None:
    event, (grids, names) = call(page_url, "duel", models, 7, 4)
    assert event == "complete"
    assert [one["caption"] for one in grids] == ["left", "right"]
    assert {names["left"], names["right"]} == {"alpha", "beta"}
    for one in grids:
        assert not {"alpha", "beta"} & set(re.split(r"\W+", json.dumps(one)))
        found = tiles(opened(one["image"]), 4, (28, 28))
        assert (found == drawn(zoo, names[one["caption"]], range(7, 11))).all()


@pytest.mark.parametrize(
    ("endpoint", "data"),
    [
        ("sample", ("alpha", 0, 4, 1.0)),
        ("interpolate", ("alpha", 0, 1, 4, "slerp")),
        ("compare", (["alpha"], 0, 4, 1.0)),
    ],
)
def test_the_same_answer_is_kept_once_and_never_written_under_a_reader(
    page_url: str, endpoint: str, data: tuple[object, ...]
) -> None:
    def path() -> Path:
        found = answer(page_url, endpoint, *data)
        return Path((found[0]["image"] if endpoint == "compare" else found)["path"])

    first = path()
    with first.open("rb") as reader:
        assert path() == first
        assert not os.path.samestat(os.fstat(reader.fileno()), first.stat())  # another file has taken the place
        assert reader.read() == first.read_bytes()


@pytest.mark.parametrize(
    ("endpoint", "data", "sentence"),
    [
        (
            "video",
            ("alpha", 0, 1, 4, 24, "z", "mp4"),
            "The number of pictures on the way is a whole number from 2 to 16, not 1.",
        ),
        (
            "video",
            ("alpha", 0, 4, 1000, 24, "z", "mp4"),
            "The length in seconds is a whole number from 1 to 20, not 1000.",
        ),
        ("video", ("alpha", 0, 4, 4, 24, "q", "mp4"), "The space is z or w, not &#x27;q&#x27;."),
        ("video", ("alpha", 0, 4, 4, 24, "z", "avi"), "The form is webp, gif or mp4, not &#x27;avi&#x27;."),
        ("sample", ("delta", 0, 4, 1.0), "There is no model &#x27;delta&#x27; here: /models lists those there are."),
        ("sample", (["alpha"], 0, 4, 1.0), "There is no model a list here: /models lists those there are."),
        ("sample", ("<img src=x>", 0, 4, 1.0), "There is no model &#x27;&lt;img src=x&gt;&#x27; here"),
        ("sample", ("alpha", -1, 4, 1.0), "The seed is a whole number from 0 to 4294967295, not -1."),
        ("sample", ("alpha", 2**32, 1, 1.0), "The seed is a whole number from 0 to 4294967295, not 4294967296."),
        ("sample", ("alpha", 2**32 - 1, 2, 1.0), "choose a first seed of at most 4294967294."),
        ("sample", ("alpha", "0", 4, 1.0), "The seed is a whole number"),
        ("sample", ("alpha", None, 4, 1.0), "The seed is a whole number"),
        ("sample", ("alpha", 0, 2.5, 1.0), "The number of pictures is a whole number from 1 to 256, not 2.5."),
        ("sample", ("alpha", 0, [4], 1.0), "The number of pictures is a whole number from 1 to 256, not a list."),
        ("sample", ("alpha", 0, 257, 1.0), "The number of pictures is a whole number from 1 to 256, not 257."),
        ("sample", ("alpha", 0, 4, 9.0), "The truncation is a number from 0 to 1.5, not 9.0."),
        ("sample", ("alpha", 0, 4, {"value": 1}), "The truncation is a number from 0 to 1.5, not an object."),
        ("sample_class", ("alpha", 0, 4, 1, None, 0.0, 1.0), "This model knows no classes: ask it for none."),
        ("interpolate", ("alpha", 0, 1, 1, "slerp"), "The number of steps is a whole number from 2 to 64, not 1."),
        ("interpolate", ("alpha", 0, 1, 8, "curve"), "The method is slerp or lerp, not &#x27;curve&#x27;."),
        ("interpolate", ("alpha", 0, [1], 8, "slerp"), "The seed is a whole number"),
        ("mix", ("alpha", 0, 9, 4, "fine", 1.0), "&#x27;alpha&#x27; has one style for the whole picture"),
        ("judge", ("delta", 0, 4, 1.0), "There is no model"),
        ("judge", ("alpha", 0, 257, 1.0), "The number of pictures is a whole number from 1 to 256, not 257."),
        ("critic", ("alpha", 0, 65, ""), "The number of pictures is a whole number from 1 to 64, not 65."),
        ("critic", ("alpha", 0, 4, "gamma"), "The critic of &#x27;gamma&#x27; looks at pictures of another size"),
        ("critic", ("alpha", 0, 4, ["beta"]), "There is no model a list here"),
        ("collapse", ("alpha", 0, 99), "The number of pictures is a whole number from 100 to 512, not 99."),
        ("collapse", ("delta", 0, 512), "There is no model"),
        ("nearest", ("alpha", -1), "The seed is a whole number"),
        ("nearest", (["alpha"], 0), "There is no model a list here"),
        ("scores", (["alpha"],), "There is no model a list here"),
        (
            "duel",
            ("cats", 0, 4),
            "No two models here draw pictures of &#x27;cats&#x27;: /models tells their data sets.",
        ),
        ("film", ("alpha",), "&#x27;alpha&#x27; came without a film."),
        ("film", (["alpha"],), "There is no model a list here"),
        ("duel", ("cifar10", 0, 4), "No two models here draw pictures of &#x27;cifar10&#x27;"),
        ("duel", (["alpha"], 0, 4), "A duel needs at least two models"),
        ("duel", (["alpha", "gamma"], 0, 4), "draw pictures of different data: they do not meet."),
        ("duel", (["alpha", "delta"], 0, 4), "There is no model &#x27;delta&#x27; here"),
        ("duel", ({"a": 1}, 0, 4), "The models are a list of names, not an object."),
        ("duel", ("mnist", -1, 4), "The seed is a whole number"),
        ("compare", ([], 0, 4, 1.0), "Choose at least one model to compare."),
        ("compare", (["alpha"] * 65, 0, 4, 1.0), "Choose at most 64 models to compare."),
        ("compare", ("alpha", 0, 4, 1.0), "The models are a list of names, not &#x27;alpha&#x27;."),
        ("compare", (["alpha", "delta"], 0, 4, 1.0), "There is no model &#x27;delta&#x27; here"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(
    page_url: str, endpoint: str, data: tuple[object, ...], sentence: str
) -> None:
    said = refusal(page_url, endpoint, *data)
    assert sentence in said
    assert "Traceback" not in said
    assert "<" not in said


def test_open_tells_of_a_model_of_the_hub_which_then_draws(page_url: str, zoo: Path, hub: LoopbackHub) -> None:
    hub.put("alice/colour", files(zoo, "gamma"))
    hub.put("alice/colour", files(zoo, "alpha"), branch="grey")
    told = answer(page_url, "open", "alice/colour", "")
    listed = {model["id"]: model for model in answer(page_url, "models")}
    assert told == {**listed["gamma"], "id": "alice/colour"}
    assert "alice/colour" not in listed
    assert answer(page_url, "open", "alice/colour", "grey") == {**listed["alpha"], "id": "alice/colour@grey"}
    sheet = opened(answer(page_url, "sample", "alice/colour", 40, 12, 0.7))
    assert (tiles(sheet, 12, (32, 32)) == drawn(zoo, "gamma", range(40, 52), 0.7)).all()
    compared = answer(page_url, "compare", ["alice/colour@grey", "alpha"], 5, 4, 1.0)
    assert [one["caption"] for one in compared] == ["alice/colour@grey", "alpha"]
    assert compared[0]["image"]["orig_name"] == "alice_colour_grey.png"
    assert opened(compared[0]["image"]).tobytes() == opened(compared[1]["image"]).tobytes()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (("alice/nothing", ""), "The Hub shows no alice/nothing: check the name"),
        (("alice/pickle", ""), "alice/pickle holds its weights as a pickle"),
        (("alice/pickle", "<b>"), "&#x27;&lt;b&gt;&#x27; is no name of a revision"),
        (("<img src=x>", ""), "&#x27;&lt;img src=x&gt;&#x27; is no name on the Hub: give OWNER/NAME"),
        (("alpha", ""), "&#x27;alpha&#x27; is no name on the Hub: give OWNER/NAME"),
        (("", ""), "The repository is a text, not &#x27;&#x27;."),
        ((["alice/pickle"], ""), "The repository is a text, not a list."),
        (("alice/pickle", ["main"]), "The revision is a text, not a list."),
    ],
)
def test_what_cannot_be_opened_is_refused_in_one_sentence(
    page_url: str, hub: LoopbackHub, data: tuple[object, ...], sentence: str
) -> None:
    hub.put("alice/pickle", {"pytorch_model.bin": b"\x80\x02"})
    said = refusal(page_url, "open", *data)
    assert sentence in said
    assert "Traceback" not in said
    assert "<" not in said


def test_sample_class_draws_one_class_or_something_between_two(conditional: Path) -> None:
    demo = build(Models([conditional], device="cpu"))
    _, url, _ = demo.launch(**launch_options(), server_port=free_port(), quiet=True, prevent_thread_lock=True)
    try:
        sheets = [
            opened(answer(url.rstrip("/"), "sample_class", "delta", 40, 4, *asked, 0.7))
            for asked in ((8, None, 0.0), (8, 2, 1.0), (2, 8, 0.0), (2, 8, 0.5))
        ]
    finally:
        demo.close(verbose=False)
    bags, dresses, dresses_too, between = (tiles(sheet, 4, (28, 28)) for sheet in sheets)
    model = ganzoo.load(conditional / "delta", "cpu")
    assert (bags == to_pixels(ganzoo.sample(model, range(40, 44), 0.7, 8))[..., 0]).all()
    assert abs(dresses.astype(int) - dresses_too).max() <= 1
    assert (between != bags).any()
    assert (between != dresses).any()


def test_judge_tells_what_the_discriminator_says_of_the_pictures_that_are_drawn(page_url: str, zoo: Path) -> None:
    told = answer(page_url, "judge", "beta", 5, 4, 0.7)
    discriminator = read_checkpoint(zoo / "beta").load_discriminator("cpu")
    assert discriminator is not None
    pictures = torch.from_numpy(drawn(zoo, "beta", range(5, 9), 0.7))[:, None]
    assert told["probability"] is True
    assert told["values"] == pytest.approx(judge(discriminator, to_float(pictures)).sigmoid().tolist(), abs=1e-6)


def test_critic_tells_what_another_model_s_discriminator_says_and_sees(page_url: str, zoo: Path) -> None:
    event, (told, file) = call(page_url, "critic", "alpha", 5, 4, "beta")
    assert event == "complete"
    discriminator = read_checkpoint(zoo / "beta").load_discriminator("cpu")
    assert discriminator is not None
    pictures = to_float(torch.from_numpy(drawn(zoo, "alpha", range(5, 9)))[:, None])
    values = judge(discriminator, pictures).sigmoid()
    assert told["values"] == pytest.approx(values.tolist(), abs=1e-6)
    assert told["order"] == values.argsort(descending=True).tolist()
    _, (slopes,) = explain(discriminator, pictures[:1])
    heat = np.asarray(opened(file)).astype(float)
    assert abs(heat - (255 * slopes / slopes.max()).numpy()).max() <= 1


def test_collapse_and_nearest_tell_what_the_library_finds(zoo: Path, sample_root: Path, tmp_path: Path) -> None:
    copied(zoo / "alpha", tmp_path / "zoo" / "alpha", dataset="fashion-mnist")
    studio, catalogues = Studio(Models([tmp_path / "zoo"], device="cpu")), Catalogues(sample_root)
    endpoints = Endpoints(studio, catalogues, tmp_path / "files")
    told = endpoints.collapse("alpha", 0, 100)
    assert sum(told["histogram"]) == 100
    assert told["verdict"].endswith(".")
    found, file = endpoints.nearest("alpha", 3)
    training = load_images(DataConfig(dataset="fashion-mnist"), sample_root)
    (pictures,) = training.batches(iter([torch.tensor(found["indices"])]), torch.device("cpu"))
    assert (tiles_in_a_row(Image.open(file), 5, 28) == pictures[:, 0].numpy()).all()


def tiles_in_a_row(sheet: Image.Image, count: int, side: int) -> Pixels:
    return np.array([np.asarray(sheet)[:, i * (side + 1) : i * (side + 1) + side] for i in range(count)])


def test_scores_are_those_of_the_checkpoint(page_url: str) -> None:
    assert answer(page_url, "scores", "alpha") == []
    (told,) = answer(page_url, "scores", "beta")
    assert (told["metric"], told["value"]) == ("frechet-classifier-distance", 12.5)
    assert told["passport"]["real_split"] == "test"
    assert told["passport"]["note"] is None  # a fact too


def test_these_endpoints_and_no_others_are_public(page_url: str) -> None:
    named = HTTP.get(f"{page_url}/gradio_api/info").json()["named_endpoints"]
    parameters = {name: [one["parameter_name"] for one in info["parameters"]] for name, info in named.items()}
    assert parameters == {
        "/models": [],
        "/open": ["repo", "revision"],
        "/sample": ["model", "seed", "count", "truncation"],
        "/sample_class": ["model", "seed", "count", "class_a", "class_b", "mix", "truncation"],
        "/interpolate": ["model", "seed_a", "seed_b", "steps", "method"],
        "/video": ["model", "seed", "stops", "seconds", "frames_per_second", "space", "kind"],
        "/mix": ["model", "row_seed", "column_seed", "count", "part", "truncation"],
        "/compare": ["models", "seed", "count", "truncation"],
        "/film": ["model"],
        "/duel": ["models", "seed", "count"],
        "/translate": ["model", "picture", "direction"],
        "/judge": ["model", "seed", "count", "truncation"],
        "/directions": ["model", "kind", "count", "seed"],
        "/project": ["model", "picture", "steps"],
        "/critic": ["model", "seed", "count", "critic"],
        "/collapse": ["model", "seed", "count"],
        "/nearest": ["model", "seed"],
        "/scores": ["model"],
    }


def test_what_may_be_left_out_is_told_as_the_default(page_url: str) -> None:
    named = HTTP.get(f"{page_url}/gradio_api/info").json()["named_endpoints"]
    for name, info in named.items():
        arguments = signature(getattr(Endpoints, name.removeprefix("/"))).parameters
        for told in info["parameters"]:
            default = arguments[told["parameter_name"]].default
            assert told["parameter_has_default"] == (default is not Parameter.empty), (name, told)
            assert not told["parameter_has_default"] or told["parameter_default"] == default, (name, told)


@pytest.mark.parametrize("name", [name for name in vars(Endpoints) if not name.startswith("_")])
def test_the_documentation_tells_of_every_endpoint_and_its_arguments(name: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    section = re.search(rf"^## /{name}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section
    _, *arguments = signature(getattr(Endpoints, name)).parameters
    for argument in arguments:
        assert f"`{argument}`" in section[1]
