"""Where a model is on the Hub, from whatever people have at hand: its name, or the address they copied."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from huggingface_hub import constants

from ganzoo.hub.client import checked_repo_id

HOSTS = {"huggingface.co", "www.huggingface.co", "hf.co", urlsplit(constants.ENDPOINT).netloc}
VIEWS = {"tree", "blob", "resolve", "commit"}
"""What stands before the revision in an address."""


@dataclass(frozen=True)
class Place:
    """A repository, and one of its branches, tags or commits; None for the branch that the Hub shows first."""

    repo: str
    revision: str | None = None

    def __str__(self) -> str:
        """The name by which the page calls what is there: OWNER/NAME, or OWNER/NAME@REVISION."""
        return f"{self.repo}@{self.revision}" if self.revision else self.repo


def parse_place(text: str) -> Place:
    """From OWNER/NAME, OWNER/NAME@REVISION, or the address of a model's page; raises ``HubError``.

    The form of the repository's name is checked; that of the revision when it is asked for.
    """
    name, _, revision = _without_host(text.strip()).partition("@")
    return Place(checked_repo_id(name), revision or None)


def _without_host(text: str) -> str:
    try:
        url = urlsplit(text if "://" in text else f"//{text}")
    except ValueError:
        return text
    if url.netloc not in HOSTS:
        return text
    match [unquote(part) for part in url.path.split("/") if part]:
        case [owner, name]:
            return f"{owner}/{name}"
        case [owner, name, view, revision, *_] if view in VIEWS:
            return f"{owner}/{name}@{revision}"
    return text
