"""How the Hub is asked, and one sentence for whatever it answers instead of what was asked."""

import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import HfApi, constants
from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import (
    build_hf_headers,
    disable_progress_bars,
    get_session,
    hf_raise_for_status,
    logging,
    parse_ratelimit_headers,
    validate_repo_id,
)

import ganzoo
from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.config import clipped, shown

TAG = "ganzoo"
"""The tag by which the Hub finds this project's models; also the name of the library that reads them."""
PATIENCE = 4.0
"""Seconds to wait for the Hub's first answer."""
SILENCE = 60.0
"""Seconds without a byte after which the client gives up, where nothing shorter is said."""
REVISION = re.compile(r"\w[\w./-]{0,249}")
LOG_IN = "log in with `hf auth login`, or set HF_TOKEN"
R = TypeVar("R")


class HubError(CheckpointError):
    """The Hub does not do what it was asked. Its text is one sentence for the person who asked."""


class UnreachableError(HubError):
    """The Hub gives no answer now, and may later: what is kept from an earlier answer may serve meanwhile."""


def api() -> HfApi:
    """The client, which takes the address from ``HF_ENDPOINT`` and the token from where ``hf auth login`` put it."""
    get_session().timeout = SILENCE  # by itself it would wait for ever
    return HfApi(library_name=TAG, library_version=ganzoo.__version__)


def quieten() -> None:
    """Keep the client from telling of every new try, for the end is told, and of progress where nobody watches."""
    logging.set_verbosity_error()
    if not sys.stderr.isatty():
        disable_progress_bars()


def checked_repo_id(repo: str) -> str:
    """``repo`` if it has the form OWNER/NAME; raises ``HubError``."""
    try:
        if repo.count("/") != 1:
            raise HFValidationError
        validate_repo_id(repo)
    except HFValidationError:
        raise HubError(f"{shown(repo)} is no name on the Hub: give OWNER/NAME, as in its address.") from None
    return repo


def checked_revision(revision: str) -> str:
    """``revision`` if a branch, a tag or a commit can be called so; raises ``HubError``."""
    if not REVISION.fullmatch(revision) or ".." in revision:
        raise HubError(f"{shown(revision)} is no name of a revision: give a branch, a tag or a commit.")
    return revision


def address(repo: str) -> str:
    """Where people find a model's repository."""
    return f"{constants.ENDPOINT}/{repo}"


def _host() -> str:
    return urlsplit(constants.ENDPOINT).netloc


def get(path: str, question: Mapping[str, str | int | bool], *, token: str | Literal[False]) -> Any:
    """The Hub's answer as JSON, asked for once: the client's own ways ask again and again, and tell the console."""
    headers = build_hf_headers(token=token, library_name=TAG)
    response = get_session().get(f"{constants.ENDPOINT}{path}", params=question, headers=headers, timeout=PATIENCE)
    hf_raise_for_status(response)
    return response.json()


@contextmanager
def asking(what: str, *, anonymously: bool = False) -> Iterator[None]:
    """Turn what the client raises about ``what``, a repository or an account, into ``HubError``.

    Who asks ``anonymously`` is not told to log in.
    """
    private = "what is private cannot be opened here" if anonymously else f"if it is private, {LOG_IN}"
    try:
        yield
    except OfflineModeIsEnabled:
        raise UnreachableError(
            f"HF_HUB_OFFLINE keeps the Hub out of reach, so it was not asked for {what}: unset it and try again."
        ) from None
    except LocalTokenNotFoundError:
        raise HubError(f"The Hub wants to know who asks for {what}: {LOG_IN}.") from None
    except GatedRepoError:
        way = "which cannot be had here" if anonymously else f"ask for it at {address(what)}, then {LOG_IN}"
        raise HubError(f"{what} is gated, so it wants its owner's consent: {way}.") from None
    except DisabledRepoError:
        raise HubError(f"The Hub has disabled {what}: choose another one.") from None
    except RevisionNotFoundError:
        raise HubError(f"{what} has no such revision: its branches and tags stand at {address(what)}.") from None
    except RepositoryNotFoundError:
        raise HubError(f"The Hub shows no {what}: check the name; {private}.") from None
    except HfHubHTTPError as error:
        raise _refusal(what, error) from None
    except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
        raise UnreachableError(
            f"The connection to the Hub broke off while it was asked for {what}: try again."
        ) from None
    except (httpx2.HTTPError, OSError) as error:
        reason = f" ({clipped(str(error), 100)})" if str(error) else ""
        raise UnreachableError(
            f"The Hub at {_host()} cannot be reached for {what}{reason}: check the network and try again."
        ) from None
    except UnicodeEncodeError:
        raise HubError(f"The token for the Hub holds letters that no token has: {LOG_IN} anew.") from None
    except RecursionError:
        raise HubError(f"What the Hub tells of {what} is nested too deeply to be read: choose another one.") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnreachableError(
            f"What answers at {_host()} about {what} is not the Hub: perhaps the network wants you to log in first."
        ) from None


@contextmanager
def in_one_piece(repo: str) -> Iterator[None]:
    """As ``asking``, for what ends in one commit: of whatever fails in the block also say what is left of it."""
    try:
        with asking(repo):
            try:
                yield
            except RuntimeError as error:  # in which the client wraps what it was answered
                raise error.__cause__ or OSError(str(error)) from None
            except ValueError as error:
                raise error.__cause__ or error from None
    except HubError as error:
        raise type(error)(
            f"{str(error).removesuffix('.')}; nothing is half published, though the repository may exist by now: it is "
            "safe to run it again."
        ) from None


def _refusal(what: str, error: HfHubHTTPError) -> HubError:
    status = error.response.status_code
    said = f" ({clipped(' '.join(error.server_message.split()), 200)})" if error.server_message else ""
    match status:
        case 401:
            return HubError(f"The Hub does not know the token it was shown for {what}: {LOG_IN} anew.")
        case 403:
            return HubError(f"The Hub does not let this token do that to {what}{said}: use one that may write there.")
        case 409 | 412:
            return HubError(f"Somebody else changed {what} meanwhile{said}: look at {address(what)}, and try again.")
        case 429:
            headers = error.response.headers
            limit, seconds = parse_ratelimit_headers(headers), headers.get("Retry-After", "")
            if limit is not None and limit.remaining == 0:
                seconds = str(limit.reset_in_seconds)
            wait = f"{seconds} seconds" if seconds.isdecimal() else "a while"
            return UnreachableError(f"The Hub was asked too often, and for {what} wants {wait} to pass: try then.")
        case _ if status >= 500:
            return UnreachableError(f"The Hub has trouble of its own ({status}) with {what}: try again later.")
        case _:
            return HubError(f"The Hub refuses what it was asked about {what} ({status}){said}.")


def within(seconds: float, what: str, question: Callable[[], R]) -> R:
    """The answer to ``question``, asked by a thread of its own; ``UnreachableError`` if it takes longer.

    Time-outs of the client do not count looking a host name up, which without a network can take the system long.
    """
    answers: SimpleQueue[R | BaseException] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(question())
        except BaseException as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise UnreachableError(
            f"The Hub at {_host()} does not answer about {what}: check the network and try again."
        ) from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def open_account(what: str) -> HfApi:
    """The client, once the Hub has said that it knows its token and lets it write; raises ``HubError``.

    ``what`` is what the account is wanted for: an owner, or a repository as ``address`` takes it.
    """
    hub, owner = api(), what.removeprefix("spaces/").partition("/")[0]
    with asking(what):
        known = within(PATIENCE, what, hub.whoami)
        role = known.get("auth", {}).get("accessToken", {}).get("role")
        allowed = _may_write(known, owner)
    if role == "read":
        raise HubError(f"The token for {what} may only read: make one that may write, and {LOG_IN}.")
    if not allowed:
        raise HubError(
            f"The token for {what} may not write to repositories of {owner}: give another owner, or make a token that "
            f"may, and {LOG_IN}."
        )
    return hub


def _may_write(known: dict[str, Any], owner: str) -> bool:
    """Whether a token, of which the Hub says what is ``known``, may write to some repository of ``owner``.

    What the Hub leaves open counts as yes: it still refuses what it must, but a wrong no would have no way round it.
    """
    match known:
        case {"auth": {"accessToken": {"role": "fineGrained", "fineGrained": {"scoped": list(scopes)}}}}:
            holders = [scope.get("entity", {}) for scope in scopes if "repo.write" in scope.get("permissions", ())]
        case {"orgs": list(orgs)}:
            holders = [known, *orgs]
        case _:
            return True
    return any(
        holder.get("type") not in ("user", "org") or holder.get("name", owner).lower() == owner.lower()
        for holder in holders
    )
