import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganzoo.ui.film import choices, curves, film_value, frames_together, moments, runs_of
from ganzoo.ui.models import Models
from tests.conftest import HISTORY
from tests.copies import copied, filmed


def test_runs_are_in_step_by_the_images_they_have_seen(zoo: Path, tmp_path: Path) -> None:
    half: dict[str, Any] = {"training": {"steps": 500, "images": 16_000}}
    filmed(copied(zoo / "alpha", tmp_path / "a"), [0, 8, 16, 500])
    filmed(copied(zoo / "alpha", tmp_path / "b", exhibit="mode collapse", **half), [0, 8, 32])
    runs, remarks = runs_of(Models([tmp_path]), ["a", "b"])
    assert remarks == []
    assert moments(runs) == [0, 256, 512, 1024, 32_000]
    a, b = film_value(runs, remarks, ["x", "y"])["runs"]
    assert (a["frames"], a["end"]) == ([0, 0, 1, 2, 3], 4)
    assert (b["frames"], b["end"]) == ([0, 1, 1, 2, 2], 3)
    assert (a["src"], b["src"], b["exhibit"]) == ("x", "y", "mode collapse")
    assert a["shows"] == "64 pictures by a, seeds 0 to 63"


def test_what_has_no_film_or_no_time_is_told_in_a_sentence_and_keeps_nobody_from_the_others(
    zoo: Path, tmp_path: Path
) -> None:
    for name, facts in (("a", {}), ("b", {"training": {"steps": 0, "images": 5}}), ("c", {"training": {}}), ("d", {})):
        filmed(copied(zoo / "alpha", tmp_path / name, **facts), [0, 8])
    copied(zoo / "alpha", tmp_path / "e")
    (tmp_path / "d" / "film.webp").write_bytes(b"RIFF")
    runs, remarks = runs_of(Models([tmp_path]), list("abcde"))
    assert [run.model.id for run in runs] == ["a"]
    b, c, d, e = remarks
    assert b == "b does not tell how many images it learnt from, so its film has no time."
    assert c.startswith("c does not tell")
    assert d.startswith("d/film.webp cannot be read as a film")  # where it lies is nobody's business
    assert e == "e came without a film."
    json.dumps(film_value(runs, remarks, ["x"]), allow_nan=False)


def test_a_translator_has_a_film_too(translators: Path, tmp_path: Path) -> None:
    filmed(copied(translators / "delta", tmp_path / "delta"), [0, 8], index={"seeds": [], "directions": ["enlarge"]})
    (run,), _ = runs_of(Models([tmp_path]), ["delta"])
    assert run.shows == "translations (enlarge) by delta"
    assert choices(Models([tmp_path]), ["alice/cats"]) == ["delta", "alice/cats"]


def test_all_frames_come_in_one_picture_to_the_pixel(zoo: Path, tmp_path: Path) -> None:
    frames = filmed(copied(zoo / "alpha", tmp_path / "a"), [0, 8, 11], side=4)
    (run,), _ = runs_of(Models([tmp_path]), ["a"])
    found = np.asarray(Image.open(BytesIO(frames_together(run.film))).convert("RGB"))
    for i, frame in enumerate(frames):
        top, left = (32 * place for place in divmod(i, 2))
        assert (found[top : top + 32, left : left + 32] == frame).all()


def test_curves_run_over_the_films_own_time(zoo: Path, tmp_path: Path) -> None:
    for name, factor in (("a", 1), ("b", 2)):
        filmed(copied(zoo / "alpha", tmp_path / name), [0, 10, 490])
        rows = [
            row
            | {
                "loss/generator": row["step"],
                "quality/frechet-classifier-distance": factor * 10 ** (row["step"] // 245),
            }
            for row in HISTORY
        ]
        (tmp_path / name / "history.jsonl").write_text("\n".join(map(json.dumps, rows)))
    runs, _ = runs_of(Models([tmp_path]), ["a", "b"])
    drawn = curves(runs)
    assert drawn.count("<svg") == 3
    ticks = re.findall(r'class="x tick" style="left:([\d.]+)%">([\d,]+)<', drawn.split("</h4>")[1])
    assert ticks == [("0.0", "0"), ("50.0", "640"), ("100.0", "31,360")]
    # Each moment has the same room: step 10 lies in the middle, step 250 half way from there to the end.
    losses = drawn[drawn.index("a: loss of each player") :]
    assert "M0.00 100.00" in losses
    assert " L50.00 97.96" in losses
    assert " L75.00 48.98" in losses
    # Of 1 to 200 the logarithm has its place.
    assert 'class="second" d="M0.00 86.92' in drawn
    assert 'class="first" d="M0.00 100.00' in drawn
    assert curves([]) == ""


def test_distances_to_different_data_sets_have_an_axis_each(zoo: Path, tmp_path: Path) -> None:
    rows = [row | {"quality/frechet-classifier-distance": 1 + row["step"]} for row in HISTORY]
    for name, source in (("a", "alpha"), ("b", "gamma"), ("c", "alpha")):
        filmed(copied(zoo / source, tmp_path / name), [0, 490])
        (tmp_path / name / "history.jsonl").write_text("\n".join(map(json.dumps, rows)))
    runs, _ = runs_of(Models([tmp_path]), ["a", "b", "c"])
    first, second, *losses = curves(runs).split('<div class="gz-plot">')[1:]
    assert "distance to training pictures of mnist" in first
    assert 'class="end first"' in first
    assert 'class="end third"' in first
    assert "distance to training pictures of cifar10" in second
    assert second.count('class="end') == 1
    assert len(losses) == 3
