"""Real pictures, to stand beside drawn ones: those that ship, and those that a visitor has asked for."""

from pathlib import Path
from threading import Lock

from ganzoo.data import DATA_ROOT, DataError
from ganzoo.data.held_out import COUNT, HeldOut, read_held_out, read_sprite, sprite_file
from ganzoo.data.rasters import reshaped
from ganzoo.inference import BusyError
from ganzoo.ui.absence import not_to_be_had
from ganzoo.ui.models import Model
from ganzoo.ui.validation import RequestError, shown


class Reality:
    """Pictures of the test splits of published sets, ``COUNT`` of each. Safe to use from several threads.

    Where nobody but the owner can reach the page, it is ``at_home``.
    """

    COUNT = COUNT

    def __init__(self, root: Path = DATA_ROOT, *, at_home: bool = False) -> None:
        self._root, self._at_home = root, at_home
        self._fetching = Lock()
        self._pictures: dict[str, HeldOut] = {}

    def of(self, model: Model, count: int) -> HeldOut | None:
        """``count`` pictures such as the model learnt from, in its shape; fewer if there are.

        None where it did not learn from a published set, or the pictures are not here; waits for nobody.
        """
        name = model.published_set
        if name is None:
            return None
        if name not in self._pictures and (sprite := sprite_file(name)).is_file():
            self._pictures[name] = read_sprite(sprite)
        found = self._pictures.get(name)
        if found is None:
            return None
        return HeldOut(reshaped(found.pictures[:count], model.image_shape), found.labels[:count])

    def fetch(self, model: Model) -> None:
        """Have such pictures here, from where data sets lie or from the network, which may take minutes.

        Raises ``RequestError`` where they are not to be had, and ``BusyError`` while others are fetched.
        """
        name = model.published_set
        if name is None:
            raise RequestError(f"{shown(model.id)} did not learn from a published set, so no real pictures are known.")
        if name in self._pictures:
            return
        if not self._fetching.acquire(blocking=False):
            raise BusyError("Real pictures are being fetched just now: try again in a moment.")
        try:
            self._pictures[name] = read_held_out(name, self._root)
        except DataError as error:
            raise not_to_be_had(f"Real pictures of {name}", error, at_home=self._at_home) from None
        finally:
            self._fetching.release()
