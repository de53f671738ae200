from pathlib import Path
from typing import Any

import pytest

from ganzoo.inference import BusyError
from ganzoo.ui.drawing import Studio
from ganzoo.ui.gallery import Cards
from ganzoo.ui.models import Models


def test_a_busy_moment_costs_a_thumbnail_only_for_now(zoo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(Models([zoo], device="cpu"))
    cards = Cards(studio)
    draw = studio.samples

    def busy(model: object, *rest: Any) -> Any:
        if model == "beta":
            raise BusyError("Too many pictures are being drawn for others just now: try again in a moment.")
        return draw(model, *rest)

    monkeypatch.setattr(studio, "samples", busy)
    assert [bool(card["src"]) for card in cards.with_thumbnails()] == [True, False, True]
    monkeypatch.setattr(studio, "samples", draw)
    assert all(card["src"] for card in cards.with_thumbnails())
