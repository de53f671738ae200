"""The training pictures in which the page looks for copies: fetched when a visitor asks, one set at a time."""

import logging
from pathlib import Path
from threading import Lock

from ganzoo.data import DATA_ROOT, DataConfig, DataError, load_images
from ganzoo.inference import BusyError
from ganzoo.metrics.catalogue import Catalogue
from ganzoo.ui.experts import expert_of
from ganzoo.ui.models import Model
from ganzoo.ui.validation import RequestError, shown

log = logging.getLogger(__name__)


class Catalogues:
    """The catalogue of the set that was asked for last. Safe to use from several threads."""

    def __init__(self, root: Path = DATA_ROOT) -> None:
        self._root, self._fetching = root, Lock()
        self._known: tuple[str, Catalogue] | None = None

    def of(self, model: Model) -> Catalogue | None:
        """That of what the model learnt from, of which some may be left to look at; None where it is not here."""
        known = self._known
        return known[1] if known and known[0] == model.published_set else None

    def fetch(self, model: Model) -> Catalogue:
        """Have it here, from where data sets lie or from the network, which may take minutes.

        Raises ``RequestError`` where the pictures are not to be had, and ``BusyError`` while others are fetched.
        """
        expert = expert_of(model)
        if expert is None:
            raise RequestError(
                f"{shown(model.id)} did not learn from a published set, so its training pictures are not known."
            )
        if found := self.of(model):
            return found
        if not self._fetching.acquire(blocking=False):
            raise BusyError("Training pictures are being fetched just now: try again in a moment.")
        try:
            training = load_images(DataConfig(dataset=expert.dataset), self._root)
            catalogue = Catalogue(expert.judge, training, expert.reference)
            self._known = expert.dataset, catalogue
            return catalogue
        except DataError as error:
            log.warning(
                "No training pictures of %s: %s", expert.dataset, error
            )  # where they lie is for the owner alone
            raise RequestError(
                f"The training pictures of {expert.dataset} are not here and could not be fetched: "
                "the log of this page says what to do."
            ) from None
        finally:
            self._fetching.release()
