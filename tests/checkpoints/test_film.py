import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ganzoo.checkpoints import CheckpointError, film
from ganzoo.checkpoints.film import read_film
from ganzoo.nn.mlp import mlp_networks
from ganzoo.training import film as filming
from tests.copies import filmed


def test_what_a_run_films_is_read_to_the_pixel(tmp_path: Path) -> None:
    run = filming.Film(tmp_path / "film")
    run.folder.mkdir()
    shown = []
    for step in (0, 8, 11):
        torch.manual_seed(step)
        generator, _ = mlp_networks((1, 8, 8), width=4, z_dim=4)
        run.add(step, generator)
        shown.append(np.asarray(filming.draw_frame(generator, {}).convert("RGB")))
    for name, data in run.assembled().items():
        (tmp_path / name).write_bytes(data)
    found = read_film(tmp_path)
    assert found is not None
    assert (found.steps, found.rows, found.seeds, found.directions) == ((0, 8, 11), 8, tuple(range(64)), ())
    assert (found.frames == np.array(shown)).all()


def test_a_translator_s_film_tells_its_directions(tmp_path: Path) -> None:
    frames = filmed(tmp_path, [0], side=4, index={"seeds": [], "directions": ["enlarge"]})
    found = read_film(tmp_path)
    assert found is not None
    assert (found.seeds, found.directions) == ((), ("enlarge",))
    assert (found.frames == frames).all()


def test_where_there_is_no_film_there_is_none(tmp_path: Path) -> None:
    assert read_film(tmp_path) is None


@pytest.mark.parametrize(
    "index",
    [
        {"steps": [0, 8, 8]},
        {"steps": [8, 0, 11]},
        {"steps": [0, 8]},
        {"steps": []},
        {"steps": list(range(65))},
        {"steps": [0, -8, 11]},
        {"steps": [0, 8.5, 11]},
        {"steps": [0, 8, 10**13]},
        {"steps": "0"},
        {"rows": 0},
        {"rows": 3},
        {"rows": 10**9},
        {"seeds": [-1]},
        {"seeds": [0] * 1001},
        {"directions": ["x" * 101]},
        {"more": 1},
    ],
)
def test_an_index_that_cannot_be_is_refused_in_one_sentence(tmp_path: Path, index: dict[str, Any]) -> None:
    filmed(tmp_path, [0, 8, 11], side=4, index=index)
    with pytest.raises(CheckpointError, match=r"^.*film\.(webp|json).*again\.$"):
        read_film(tmp_path)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"\x89PNG\r\n\x1a\n", b"x" * 100])
def test_what_is_no_film_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    filmed(tmp_path, [0, 8], side=4)
    (tmp_path / "film.webp").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"film\.webp cannot be read as a film"):
        read_film(tmp_path)


def test_a_film_that_breaks_off_is_refused(tmp_path: Path) -> None:
    filmed(tmp_path, [0, 8], side=4)
    whole = (tmp_path / "film.webp").read_bytes()
    (tmp_path / "film.webp").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match=r"film\.webp"):
        read_film(tmp_path)


def test_a_film_has_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filmed(tmp_path, [0, 8], side=4)
    for bound, most in (
        ("MAX_FILM_BYTES", 1000),
        ("MAX_INDEX_BYTES", 100),
        ("MAX_SIDE", 31),
        ("MAX_FILM_PIXELS", 2047),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(film, bound, most)
            with pytest.raises(CheckpointError, match="larger than"):
                read_film(tmp_path)
    Image.new("L", (film.MAX_SIDE + 8, 8)).save(tmp_path / "film.webp", lossless=True)
    (tmp_path / "film.json").write_text(json.dumps({"steps": [0], "rows": 8}))
    with pytest.raises(CheckpointError, match="larger than"):
        read_film(tmp_path)


def test_a_film_without_its_steps_or_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    filmed(inside, [0, 8], side=4)
    (inside / "film.json").rename(tmp_path / "film.json")
    with pytest.raises(CheckpointError, match=r"has no film\.json"):
        read_film(inside)
    (inside / "film.json").symlink_to(tmp_path / "film.json")
    with pytest.raises(CheckpointError, match="a link that leads out"):
        read_film(inside)
