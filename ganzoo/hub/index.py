"""What the Hub has of this project's models."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from time import monotonic
from typing import Any

from huggingface_hub import constants
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

from ganzoo.hub.client import PATIENCE, TAG, HubError, asking, checked_repo_id, within

MOST = 100
"""Models that are listed at most."""
FRESH, AGAIN = 600.0, 60.0
"""Seconds until the Hub is asked again, after an answer and after none."""


def find(owners: Sequence[str] | None = None, *, anonymously: bool = False) -> list[str]:
    """Names (OWNER/NAME) of public models under this project's tag, most downloaded first; at most ``MOST``.

    They are anybody's, or those of ``owners`` alone, one owner after another. Of what the Hub tells about them nothing
    else is kept: it is what strangers say. ``anonymously`` leaves this computer's token out of it. Raises ``HubError``.
    """
    found: dict[str, None] = {}
    for owner in [None] if owners is None else owners:
        what = f"the models of {owner}" if owner else f"models tagged {TAG}"
        with asking(what):
            for model in within(PATIENCE, what, partial(_list, owner, anonymously)):
                if not model["private"]:  # which a token may show, and a page its visitors not
                    with suppress(HubError):
                        found[checked_repo_id(model["id"])] = None
    return list(found)[:MOST]


def _list(owner: str | None, anonymously: bool) -> Any:
    """What the Hub answers, once: the client's own listing asks again and again for 23 s, and tells the console."""
    wanted: dict[str, str | int] = {"filter": TAG, "sort": "downloads", "limit": MOST}
    if owner:
        wanted["author"] = owner
    headers = build_hf_headers(token=False if anonymously else None, library_name=TAG)
    address = f"{constants.ENDPOINT}/api/models"
    response = get_session().get(address, params=wanted, headers=headers, timeout=PATIENCE)
    hf_raise_for_status(response)
    return response.json()


class Index:
    """What ``find`` found last. The Hub is asked by a thread, so that nobody has to wait. Safe to use from several."""

    def __init__(self, owners: Sequence[str] | None = None, *, anonymously: bool = False) -> None:
        self.names: list[str] = []
        """Empty until the Hub has answered; what it answered last for as long as it gives no other answer."""
        self.complaint: str | None = None
        """Why the Hub was asked in vain the last time, in one sentence; None where it has answered."""
        self._find = partial(find, owners, anonymously=anonymously)
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
