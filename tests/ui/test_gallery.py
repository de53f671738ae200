from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganzoo.inference import BusyError
from ganzoo.ui.drawing import Studio
from ganzoo.ui.gallery import SIDE, Cards
from ganzoo.ui.models import Models
from tests.copies import copied, score


def test_a_thumbnail_of_large_pictures_shows_fewer(large: Path) -> None:
    (card,) = Cards(Studio(Models([large], device="cpu"))).with_thumbnails()
    thumbnail = Image.open(BytesIO(b64decode(card["src"].partition(",")[2])))
    assert thumbnail.size == (SIDE, SIDE)
    alpha = np.asarray(thumbnail)[..., -1]
    assert alpha[:100, :100].all()
    assert alpha[-100:, -100:].all()  # two rows of two, with nothing under them


def test_a_card_has_a_score_with_how_it_was_measured(zoo: Path, tmp_path: Path) -> None:
    distance = "frechet-classifier-distance"
    copied(zoo / "alpha", tmp_path / "a", scores=[score(distance, 1, "train"), score(distance, 2.345, real=0.5)])
    copied(zoo / "alpha", tmp_path / "b", scores=[score(distance, 1, "train")])
    copied(zoo / "alpha", tmp_path / "c", scores=[{}])
    told = [card["score"] for card in Cards(Studio(Models([tmp_path], device="cpu"))).plain()]
    assert told[1:] == [None, None]
    assert told[0]["text"] == "FCD 2.35"
    assert "real count: 10,000" in told[0]["protocol"]


def test_a_busy_moment_costs_a_thumbnail_only_for_now(zoo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(Models([zoo], device="cpu"))
    cards = Cards(studio)
    draw = studio.samples

    def busy(model: object, *rest: Any, **how: Any) -> Any:
        if model == "beta":
            raise BusyError("Too many pictures are being drawn for others just now: try again in a moment.")
        return draw(model, *rest, **how)

    monkeypatch.setattr(studio, "samples", busy)
    assert [bool(card["src"]) for card in cards.with_thumbnails()] == [True, False, True]
    monkeypatch.setattr(studio, "samples", draw)
    assert all(card["src"] for card in cards.with_thumbnails())
