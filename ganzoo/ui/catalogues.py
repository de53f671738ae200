"""The training pictures in which the page looks for copies: fetched when a visitor asks, one set at a time."""

from pathlib import Path
from threading import Lock

from ganzoo.data import DATA_ROOT, DataConfig, DataError, load_images
from ganzoo.inference import BusyError
from ganzoo.metrics.catalogue import Catalogue
from ganzoo.ui.absence import not_to_be_had
from ganzoo.ui.experts import expert_of
from ganzoo.ui.models import Model
from ganzoo.ui.validation import RequestError, shown


class Catalogues:
    """The catalogue of the set that was asked for last. Safe to use from several threads.

    Where nobody but the owner can reach the page, it is ``at_home``.
    """

    def __init__(self, root: Path = DATA_ROOT, *, at_home: bool = False) -> None:
        self._root, self._at_home, self._fetching = root, at_home, Lock()
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
            raise RequestError(unknown(model.id))
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
            pictures = f"The training pictures of {expert.dataset}"
            raise not_to_be_had(pictures, error, at_home=self._at_home) from None
        finally:
            self._fetching.release()


def unknown(name: str) -> str:
    """Why a model has no training pictures to look at, in one sentence."""
    return f"{shown(name)} did not learn from a published set, so its training pictures are not known here."
