"""From a checkpoint folder to a repository on the Hub: all of it in one commit, or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from huggingface_hub import HfApi
from huggingface_hub.errors import RepositoryNotFoundError

import ganzoo
from ganzoo.checkpoints import HISTORY_FILE, loss_curves, read_checkpoint
from ganzoo.checkpoints.card import CARD_FILE, LICENCE, LOSSES_FILE, SAMPLES_FILE, Publication, card
from ganzoo.checkpoints.film import FILM_FILE, FILM_INDEX
from ganzoo.checkpoints.reading import CONFIG_FILE, WEIGHT_FILES, file_inside, optional_file
from ganzoo.checkpoints.scores import SCORES_FILE, read_scores
from ganzoo.generator import Generator, Network
from ganzoo.hub.client import (
    PATIENCE,
    TAG,
    HubError,
    address,
    asking,
    checked_repo_id,
    checked_revision,
    in_one_piece,
    within,
)
from ganzoo.hub.commits import commit, file_names
from ganzoo.hub.pictures import draw_losses, draw_samples, last_frame

BROUGHT = (SCORES_FILE, HISTORY_FILE, FILM_FILE, FILM_INDEX)
"""Files that a checkpoint may bring along, besides its description and its weights."""
FORMAT = {CONFIG_FILE, *WEIGHT_FILES.values(), *BROUGHT, CARD_FILE, SAMPLES_FILE, LOSSES_FILE}
"""All that a published checkpoint consists of. What else lies in a repository is left alone."""
BLANK = {".gitattributes", CARD_FILE}
"""What a repository may hold that holds no model yet."""


@dataclass(frozen=True)
class Parcel:
    """A checkpoint, checked and ready to go to ``repo``."""

    repo: str
    revision: str | None
    files: Mapping[str, bytes | Path]
    """By name, what was made for it, or where it lies."""

    @property
    def card(self) -> str:
        text = self.files[CARD_FILE]
        assert isinstance(text, bytes)
        return text.decode()

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each file."""
        return {
            name: len(data) if isinstance(data, bytes) else data.stat().st_size for name, data in self.files.items()
        }


def pack(folder: Path, repo: str, revision: str | None = None, *, licence: str = LICENCE) -> Parcel:
    """Check a checkpoint, load it and draw from it, and make its card and pictures. ``folder`` stays as it is.

    ``revision`` is the branch to publish on, None for the main one; ``licence`` is the Hub's name for one. Raises
    ``CheckpointError``.
    """
    checked_repo_id(repo)
    if revision is not None:
        checked_revision(revision)
    checkpoint = read_checkpoint(folder)
    model, discriminator = checkpoint.load("cpu"), checkpoint.load_discriminator("cpu")
    networks: dict[str, Network] = {checkpoint.config.networks.role: model}
    if discriminator:
        networks["discriminator"] = discriminator
    own = {name: file_inside(folder, name) for name in (CONFIG_FILE, *(WEIGHT_FILES[role] for role in networks))}
    brought = {name: file for name in BROUGHT if (file := optional_file(folder, name))}
    pictures = {}
    if samples := draw_samples(model) if isinstance(model, Generator) else last_frame(folder):
        pictures[SAMPLES_FILE] = samples
    if curves := loss_curves(folder):
        pictures[LOSSES_FILE] = draw_losses(curves)
    thumbnail = f"{address(repo)}/resolve/{_quoted(revision or 'main')}/{SAMPLES_FILE}"
    text = card(
        checkpoint.config,
        name=repo.partition("/")[2],
        networks=networks,
        scores=read_scores(folder),
        licence=licence,
        publication=Publication(
            repo, revision, thumbnail if SAMPLES_FILE in pictures else None, losses=LOSSES_FILE in pictures
        ),
    )
    return Parcel(repo, revision, {**own, **brought, **pictures, CARD_FILE: text.encode()})


def check_name(hub: HfApi, repo: str, *, private: bool = False) -> None:
    """Raise ``HubError`` unless ``repo`` is a name that is free, or holds a checkpoint of this project already."""
    with asking(repo):
        try:
            there = within(PATIENCE, repo, lambda: hub.model_info(repo, timeout=PATIENCE))
        except RepositoryNotFoundError:
            return
    if not file_names(there) <= BLANK and TAG not in (there.tags or ()):
        raise HubError(f"{repo} is taken by something that is no checkpoint of ganzoo: choose another name.")
    if private and not there.private:
        raise HubError(f"{repo} is public already: make it private at {address(repo)}/settings, and publish again.")


def publish(hub: HfApi, parcel: Parcel, *, private: bool = False) -> str:
    """Make the repository and its branch where they are missing, and replace what it holds in one commit.

    Returns the address; raises ``HubError``.
    """
    repo, revision = parcel.repo, parcel.revision
    check_name(hub, repo, private=private)
    with in_one_piece(repo):
        hub.create_repo(repo, private=private or None, exist_ok=True)
        if revision:
            hub.create_branch(repo, branch=revision, exist_ok=True)
        there = hub.model_info(repo, revision=revision, timeout=PATIENCE)
        commit(
            hub,
            there,
            add=parcel.files,
            delete=(file_names(there) & FORMAT) - parcel.files.keys(),
            message=f"Publish with ganzoo {ganzoo.__version__}",
            revision=revision,
        )
    return f"{address(repo)}/tree/{_quoted(revision)}" if revision else address(repo)


def collect(hub: HfApi, repos: Iterable[str], *, title: str, owner: str) -> str:
    """Put models into the owner's collection of this title, which is made where it is missing; its address.

    Raises ``HubError``.
    """
    with asking(f"the collection {title}"):
        collection = hub.create_collection(title, namespace=owner, exists_ok=True)
        for repo in repos:
            hub.add_collection_item(collection.slug, repo, "model", exists_ok=True)
    return collection.url


def _quoted(revision: str) -> str:
    """As it stands in an address."""
    return quote(revision, safe="")
