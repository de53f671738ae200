import io
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganzoo.checkpoints.film import read_film
from ganzoo.data import ImagesInMemory
from ganzoo.data.pixels import to_float, to_uint8
from ganzoo.inference import sample, translate
from ganzoo.nn.resizing import shrunk
from ganzoo.training.film import Film, is_film_step
from ganzoo.training.trainer import Trainer
from tests.training.conftest import tiny_recipe


def test_frames_lie_at_the_start_the_end_and_half_powers_of_two() -> None:
    assert [step for step in range(101) if is_film_step(step, 100)] == [
        0, 8, 11, 16, 23, 32, 45, 64, 91, 100,
    ]  # fmt: skip


def test_the_film_is_lossless_and_shows_seeds_0_to_63_in_rows(tmp_path: Path) -> None:
    generator = tiny_recipe("gan").game().generator.eval()
    film = Film(tmp_path)
    state = torch.get_rng_state()
    film.add(0, generator)
    film.add(2, generator)  # nothing was learnt: no frame of its own
    with torch.no_grad():
        for parameter in generator.parameters():
            parameter.mul_(2)
    film.add(3, generator)
    assert torch.equal(state, torch.get_rng_state())

    files = film.assembled()
    assert json.loads(files["film.json"])["steps"] == [0, 3]
    movie = Image.open(io.BytesIO(files["film.webp"]))
    assert movie.n_frames == 2  # type: ignore[attr-defined]  # of animated formats
    movie.seek(1)
    last = np.asarray(movie.convert("RGB"))
    tile = to_uint8(sample(generator, [10]))[0, 0].numpy()  # row 1, column 2
    assert (last[28:56, 56:84] == tile[..., None]).all()


def test_the_film_of_a_translator_shows_what_it_makes_of_the_same_pictures(
    tmp_path: Path, images: ImagesInMemory
) -> None:
    trainer = Trainer(tiny_recipe("srgan", blocks=1), images, seed=0, device=torch.device("cpu"))
    film = Film(tmp_path)
    film.add(0, trainer.published, trainer.examples)
    trainer.play()
    film.add(1, trainer.published, trainer.examples)
    files = film.assembled(tuple(trainer.examples))
    index = json.loads(files["film.json"])
    assert index["steps"] == [0, 1]
    assert index["directions"] == ["enlarge"]
    assert "seeds" not in index
    movie = Image.open(io.BytesIO(files["film.webp"]))
    movie.seek(1)
    assert movie.size == (8 * 28, 8 * 28)  # there are forty pictures, of which the first come again
    small = shrunk(to_float(images.pixels[10:11]), (7, 7))  # row 1, column 2
    tile = to_uint8(translate(trainer.published, small))[0, 0].numpy()
    assert (np.asarray(movie.convert("RGB"))[28:56, 56:84] == tile[..., None]).all()


def test_a_film_of_large_pictures_is_made_small_enough_to_be_read(tmp_path: Path) -> None:
    film = Film(tmp_path / "film")
    film.folder.mkdir()
    for step in range(9):
        Image.new("L", (8 * 256, 8 * 256), 9 * step).save(film.folder / f"{step:08d}.png")
    for name, content in film.assembled().items():
        (tmp_path / name).write_bytes(content)
    read = read_film(tmp_path)
    assert read is not None
    assert read.frames.shape == (9, 8 * 235, 8 * 235, 3)


def test_a_film_that_does_not_compress_is_made_smaller_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganzoo.training.film.MAX_FILM_BYTES", 10_000)
    film = Film(tmp_path)
    noise = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "00000000.png")
    assert len(film.assembled()["film.webp"]) < 10_000


def test_frames_of_an_undone_future_are_dropped(tmp_path: Path) -> None:
    generator = tiny_recipe("gan").game().generator.eval()
    film = Film(tmp_path)
    for step in (0, 1, 2):
        film.add(step, generator)
    film.cut_after(1)
    assert film.steps() == [0, 1]


def test_a_film_that_somebody_has_spoilt_keeps_what_can_be_read(tmp_path: Path) -> None:
    generator = tiny_recipe("gan").game().generator.eval()
    film = Film(tmp_path / "film")
    assert film.steps() == []
    assert film.assembled() == {}
    for step in (0, 1):
        film.add(step, generator)
    (film.folder / "00000000 copy.png").write_bytes(b"")
    (film.folder / "7.png").write_bytes(b"")
    frame = film.folder / "00000000.png"
    frame.write_bytes(frame.read_bytes()[:100])
    assert film.steps() == [0, 1]
    assert json.loads(film.assembled()["film.json"])["steps"] == [1]
    film.cut_after(0)
    assert film.steps() == [0]
    assert film.assembled() == {}
