"""What the Hub has of this project's models."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from time import monotonic

from ganzoo.hub.client import PATIENCE, TAG, HubError, asking, checked_repo_id, get, within

MOST = 100
"""Models that are listed at most."""
FRESH, AGAIN = 600.0, 60.0
"""Seconds until the Hub is asked again, after an answer and after none."""


def find(owners: Sequence[str] | None = None) -> list[str]:
    """Names (OWNER/NAME) of public models under this project's tag, most downloaded first; at most ``MOST``.

    They are anybody's, or those of ``owners`` alone, one owner after another. Of what the Hub tells about them nothing
    else is kept: it is what strangers say. Raises ``HubError`` where no question is answered.
    """
    found: dict[str, None] = {}
    refusals = []
    for owner in [None] if owners is None else owners:
        what = f"the models of {owner}" if owner else f"models tagged {TAG}"
        wanted: dict[str, str | int] = {"filter": TAG, "sort": "downloads", "limit": MOST}
        if owner:
            wanted["author"] = owner
        try:
            with asking(what):
                for model in within(PATIENCE, what, partial(get, "/api/models", wanted, token=False)):
                    with suppress(HubError):
                        found[checked_repo_id(model["id"])] = None
        except HubError as error:
            refusals.append(error)
    if refusals and not found:
        raise refusals[0]
    return list(found)[:MOST]


class Index:
    """What ``find`` found last. The Hub is asked by a thread, so that nobody has to wait. Safe to use from several."""

    def __init__(self, owners: Sequence[str] | None = None) -> None:
        self.names: list[str] = []
        """Empty until the Hub has answered; what it answered last for as long as it gives no other answer."""
        self.complaint: str | None = None
        """Why the Hub was asked in vain the last time, in one sentence; None where it has answered."""
        self._find = partial(find, owners)
        self._lock = Lock()
        self._asking = Thread()
        self._due = 0.0

    def refresh(self) -> None:
        """Have the Hub asked, unless that was done lately."""
        with self._lock:
            if monotonic() < self._due or self._asking.is_alive():
                return
            self._asking = Thread(target=self._ask, daemon=True)
            self._asking.start()

    def wait(self) -> None:
        """Until the Hub has answered, if it is being asked just now."""
        with self._lock:
            asking = self._asking
        if asking.is_alive():
            asking.join()

    def _ask(self) -> None:
        try:
            self.names, self.complaint = self._find(), None
            self._due = monotonic() + FRESH
        except HubError as error:
            self.complaint = str(error)
            self._due = monotonic() + AGAIN
