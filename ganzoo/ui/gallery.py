"""The row of cards by which a model is chosen."""

from collections import Counter
from contextlib import suppress
from typing import Any

from ganzoo.checkpoints import CheckpointError
from ganzoo.inference import BusyError
from ganzoo.inference.pictures import columns, grid
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Model, Stamp
from ganzoo.ui.pictures import png_url, without_gaps
from ganzoo.ui.scores import card_score, on_card, protocol
from ganzoo.ui.validation import RequestError

TILES = 16
SIDE = 232
"""Pixels of a thumbnail's longer side at most: two for each of the card's."""


class Cards:
    """What each card shows. Thumbnails are drawn by the models themselves, once."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._thumbnails: dict[Stamp, str | None] = {}

    def plain(self) -> list[dict[str, Any]]:
        """A card for each model that can be sampled, with the thumbnails that have been drawn already."""
        models = self._studio.models.able("sample")
        alike = Counter((model.title, model.dataset) for model in models)
        return [
            self._card(
                model,
                model.title if alike[model.title, model.dataset] == 1 else model.id,
                self._thumbnails.get(model.stamp),
            )
            for model in models
        ]

    def with_thumbnails(self) -> list[dict[str, Any]]:
        """Every card, drawing the thumbnails that are missing. Uses the device."""
        for model in self._studio.models.able("sample"):
            if model.stamp not in self._thumbnails:
                with suppress(BusyError, RequestError):  # the next visitor's page asks again
                    try:
                        self._thumbnails[model.stamp] = self._thumbnail(model)
                    except CheckpointError:
                        self._thumbnails[model.stamp] = None  # whoever chooses the model is told why
        return self.plain()

    def of(self, model: Model) -> dict[str, Any]:
        """The card of a model that was opened on the Hub; raises what drawing raises. Its thumbnail is not kept."""
        return self._card(model, model.id, self._thumbnail(model))

    def _thumbnail(self, model: Model) -> str:
        pixels = self._studio.samples(model.id, 0, TILES, 1.0, fewer=True).pixels
        count, height, width, _ = pixels.shape
        sheet = without_gaps(grid(pixels), count, (height, width), columns(count))
        sheet.thumbnail((SIDE, SIDE))
        return png_url(sheet)

    def _card(self, model: Model, title: str, src: str | None) -> dict[str, Any]:
        return {
            "id": model.id,
            "link": model.link,
            "title": title,
            "dataset": model.dataset,
            "exhibit": model.checkpoint.config.exhibit,
            "score": self._score(model),
            "src": src,
        }

    def _score(self, model: Model) -> dict[str, str] | None:
        """How close its pictures are to real ones, and how that was measured; None where it was not."""
        try:
            score = card_score(self._studio.models.scores(model))
        except CheckpointError:  # whoever compares the model is told why
            return None
        return None if score is None else {"text": on_card(score), "protocol": protocol(score)}
