import io
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ganzoo.data.pixels import to_uint8
from ganzoo.inference import sample
from ganzoo.training.film import Film, is_film_step
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


def test_frames_of_an_undone_future_are_dropped(tmp_path: Path) -> None:
    generator = tiny_recipe("gan").game().generator.eval()
    film = Film(tmp_path)
    for step in (0, 1, 2):
        film.add(step, generator)
    film.cut_after(1)
    assert film.steps() == [0, 1]
