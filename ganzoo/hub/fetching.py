"""From a repository's name to a checked checkpoint on this computer. What a repository holds is a stranger's."""

import hashlib
import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import httpx2
from huggingface_hub import cached_assets_path, get_token, hf_hub_url
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

from ganzoo.checkpoints import HISTORY_FILE, Checkpoint, CheckpointError, read_checkpoint
from ganzoo.checkpoints.config import MAX_CONFIG_BYTES, REFETCH, shown
from ganzoo.checkpoints.film import FILM_FILE, FILM_INDEX
from ganzoo.checkpoints.reading import CONFIG_FILE, MODEL_FILE, WEIGHT_FILES, read_description
from ganzoo.checkpoints.scores import SCORES_FILE
from ganzoo.checkpoints.weights import MAX_HEADER_BYTES, MAX_WEIGHT_BYTES
from ganzoo.hub.cache import Cache
from ganzoo.hub.client import (
    PATIENCE,
    TAG,
    HubError,
    UnreachableError,
    asking,
    checked_repo_id,
    checked_revision,
    get,
    within,
)

log = logging.getLogger(__name__)

MAX_EXTRA_BYTES = 16_000_000
EXTRAS = (HISTORY_FILE, SCORES_FILE, FILM_FILE, FILM_INDEX)
"""What comes along where it is there and not too large."""
PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib")
HEAD_BYTES = 65_536
"""Asked for first of a file of weights: nearly every header is shorter."""
SILENCE = 10.0
"""Seconds without a byte after which a download is given up."""
SLOWEST = 20_000
"""Bytes a second below which a download is given up, after a grace of ``SILENCE``."""
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass
class Transfer:
    """A download that another thread can watch, and stop, while it goes on."""

    size: int = 0
    """How many bytes will travel; 0 as long as that is not known."""
    received: int = 0
    """How many have."""
    stopped: bool = False
    """Set to True it has whoever waits get a ``HubError`` when the next bytes arrive, and nothing is kept."""

    @property
    def progress(self) -> float | None:
        """The share that is here, from 0 to 1; None as long as nobody knows."""
        return min(1.0, self.received / self.size) if self.size else None


@dataclass(frozen=True)
class _File:
    """What the Hub says of a file: its size in bytes, and its hash."""

    name: str
    size: int
    algorithm: str
    hash: str


@dataclass(frozen=True)
class _Listing:
    """What a repository holds at one commit."""

    repo: str
    commit: str
    files: Mapping[str, _File]
    token: str | Literal[False]
    anonymously: bool
    transfer: Transfer


def is_repo_id(text: str) -> bool:
    """Whether a text has the form of a repository's name, OWNER/NAME."""
    try:
        checked_repo_id(text)
    except HubError:
        return False
    return True


def fetch(
    repo: str, revision: str | None = None, *, anonymously: bool = False, transfer: Transfer | None = None
) -> Checkpoint:
    """The checkpoint that ``repo`` holds at ``revision``: a branch, a tag or a commit, ``main`` where not given.

    Its description and the headers of its weights are looked at before the weights travel, everything is compared with
    the hashes that the Hub tells, and only what can be loaded is kept, by commit. Where the Hub gives no answer, the
    commit that was the revision last is read, if it is kept. ``anonymously`` leaves out this computer's token, and what
    was fetched with it; through ``transfer`` others can watch it, and stop it. Raises ``CheckpointError``.
    """
    checked_repo_id(repo)
    wanted = checked_revision(revision or "main")
    try:
        cache = Cache(cached_assets_path(TAG, "public" if anonymously else "checkpoints"))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{repo} cannot be kept on this computer ({error}): set HF_ASSETS_CACHE elsewhere."
        ) from None
    commit = wanted if COMMIT.fullmatch(wanted) else None
    # Who asks anonymously may not see any more what once was for all to see: so the Hub is asked in any case.
    if commit and not anonymously and (kept := _kept(cache, repo, commit)):
        return kept
    try:
        listing = _look(repo, wanted, anonymously=anonymously, transfer=transfer or Transfer())
    except UnreachableError as error:
        commit = commit or cache.commit_of(repo, wanted)
        kept = _kept(cache, repo, commit) if commit else None
        if kept is None:
            raise
        log.warning("%s Until then the copy that is kept here serves.", error)
        return kept
    checkpoint = _kept(cache, repo, listing.commit) or _download(listing, cache)
    cache.remember(repo, wanted, listing.commit)
    return checkpoint


def _kept(cache: Cache, repo: str, commit: str) -> Checkpoint | None:
    """What is kept of a commit; None if that is nothing, or no longer whole and so thrown away."""
    folder = cache.find(repo, commit)
    if folder is None:
        return None
    try:
        return read_checkpoint(folder)
    except CheckpointError:
        if folder.is_dir():  # or others needed the room while it was read
            cache.discard(repo, commit)
        return None


def _look(repo: str, revision: str, *, anonymously: bool, transfer: Transfer) -> _Listing:
    """Ask which commit the revision is, and what it holds."""
    token = (not anonymously and get_token()) or False
    path = f"/api/models/{repo}/revision/{quote(revision, safe='')}"
    with asking(repo, anonymously=anonymously):
        told = within(PATIENCE, repo, lambda: get(path, {"blobs": True}, token=token))
        commit = str(told["sha"])
        found = {file.name: file for file in map(_file, told["siblings"]) if file is not None}
    if not COMMIT.fullmatch(commit):
        raise HubError(f"The Hub does not tell which commit of {repo} {revision} is: try again later.")
    return _Listing(repo, commit, found, token, anonymously, transfer)


def _file(told: Mapping[str, Any]) -> _File | None:
    """What the Hub tells of a file, None where that is not enough to believe it."""
    match told:
        case {"rfilename": str(name), "lfs": {"size": int(size), "sha256": str(hash)}}:
            return _File(name, size, "sha256", hash)
        case {"rfilename": str(name), "size": int(size), "blobId": str(hash)}:
            return _File(name, size, "sha1", hash)
    return None


def _download(listing: _Listing, cache: Cache) -> Checkpoint:
    """Keep the checkpoint if it can be loaded; raises ``CheckpointError``."""
    # Without it the repository is of another kind, whatever its description says.
    _wanted(listing, MODEL_FILE, MAX_WEIGHT_BYTES)
    config = _wanted(listing, CONFIG_FILE, MAX_CONFIG_BYTES)
    extras = _extras(listing)
    files = [config, *extras, *(listing.files[name] for name in {*WEIGHT_FILES.values()} & listing.files.keys())]
    size = listing.transfer.size = sum(min(file.size, MAX_WEIGHT_BYTES) for file in files)
    try:
        with cache.adding(listing.repo, listing.commit, size) as folder, _called(listing.repo, folder):
            _fetch(listing, config, folder)
            _, networks = read_description(folder)
            weights = [_wanted(listing, WEIGHT_FILES[role], MAX_WEIGHT_BYTES) for role in networks]
            for file in weights:
                _fetch_header(listing, file, folder)
            read_checkpoint(folder)
            for file in [*weights, *extras]:
                _fetch(listing, file, folder)
            checkpoint = read_checkpoint(folder)
            checkpoint.load("cpu")
            checkpoint.load_discriminator("cpu")
    except OSError as error:
        raise CheckpointError(
            f"{listing.repo} could not be kept on this computer ({error.strerror or error}): make room and try again."
        ) from None
    kept = _kept(cache, listing.repo, listing.commit)
    if kept is None:
        raise CheckpointError(f"{listing.repo} was fetched, but others needed the room for it at once: try again.")
    return kept


def _wanted(listing: _Listing, name: str, limit: int) -> _File:
    file = listing.files.get(name)
    if file is None:
        pickles = sorted(other for other in listing.files if other.lower().endswith(PICKLES))
        if pickles:
            raise CheckpointError(
                f"{listing.repo} holds its weights as a pickle ({shown(pickles[0], quote=False)}), which may run any "
                "code when it is opened, so ganzoo never does: ask its owner to publish them as safetensors, which "
                "safetensors.torch.save_file writes."
            )
        raise CheckpointError(f"{listing.repo} has no {name}, so it holds no checkpoint that ganzoo can open.")
    if not 0 <= file.size <= limit:
        raise CheckpointError(f"{listing.repo}/{name} has {file.size:,} bytes, more than the {limit:,} allowed.")
    return file


def _extras(listing: _Listing) -> list[_File]:
    found = (listing.files.get(name) for name in EXTRAS)
    return [file for file in found if file is not None and 0 <= file.size <= MAX_EXTRA_BYTES]


def _fetch(listing: _Listing, file: _File, folder: Path) -> None:
    """All of a file, if it is what the Hub said."""
    hash = hashlib.new(file.algorithm, usedforsecurity=False)
    if file.algorithm == "sha1":
        hash.update(b"blob %d\0" % file.size)  # git's way
    with (folder / file.name).open("wb") as stream:
        for chunk in _received(listing, file.name, file.size):
            hash.update(chunk)
            stream.write(chunk)
    if hash.hexdigest() != file.hash:
        raise HubError(f"{listing.repo}/{file.name} arrived damaged, so it was thrown away: try again.")


def _fetch_header(listing: _Listing, file: _File, folder: Path) -> None:
    """The header of a file of weights, and emptiness in place of the rest, which takes no room on most disks."""
    head = b"".join(_received(listing, file.name, min(HEAD_BYTES, file.size), first=0))
    whole = 8 + int.from_bytes(head[:8], "little")
    if len(head) < whole <= min(file.size, MAX_HEADER_BYTES):
        head += b"".join(_received(listing, file.name, whole - len(head), first=len(head)))
    with (folder / file.name).open("wb") as stream:
        stream.write(head[:whole])
        stream.truncate(file.size)


def _received(listing: _Listing, name: str, size: int, *, first: int | None = None) -> Iterator[bytes]:
    """``size`` bytes of a file, from its start or, where ``first`` is given, of a part of it; never more."""
    headers = build_hf_headers(token=listing.token, library_name=TAG) | {"Accept-Encoding": "identity"}
    if first is not None:
        headers["Range"] = f"bytes={first}-{first + size - 1}"
    url = hf_hub_url(listing.repo, name, revision=listing.commit)
    deadline = time.monotonic() + SILENCE + size / SLOWEST
    timeout = httpx2.Timeout(SILENCE, connect=PATIENCE)
    question = get_session().stream("GET", url, headers=headers, timeout=timeout)
    with asking(listing.repo, anonymously=listing.anonymously), question as response:
        hf_raise_for_status(response)
        for chunk in response.iter_raw():
            listing.transfer.received += len(chunk)
            if listing.transfer.stopped:
                raise HubError(f"Fetching {listing.repo} was stopped, and nothing of it is kept.")
            yield chunk[:size]
            size -= len(chunk)
            if size <= 0:
                return
            if time.monotonic() > deadline:
                raise UnreachableError(f"{listing.repo}/{name} arrives too slowly: try again later.")


@contextmanager
def _called(repo: str, folder: Path) -> Iterator[None]:
    """Tell what is wrong in ``folder`` by the repository's name."""
    try:
        yield
    except HubError:
        raise
    except CheckpointError as error:
        sentence = str(error).replace(str(folder), repo).replace(f"; {REFETCH}", ", so ganzoo cannot open it.")
        raise CheckpointError(sentence) from None
