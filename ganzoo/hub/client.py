"""How the Hub is asked, and one sentence for whatever it answers instead of what was asked."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TypeVar
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
from huggingface_hub.utils import disable_progress_bars, get_session, logging, validate_repo_id

import ganzoo
from ganzoo.checkpoints import CheckpointError
from ganzoo.checkpoints.config import clipped, shown

TAG = "ganzoo"
"""The tag by which the Hub finds this project's models; also the name of the library that reads them."""
PATIENCE = 4.0
"""Seconds to wait for the Hub's first answer."""
SILENCE = 60.0
"""Seconds without a byte after which the client gives up, where nothing shorter is said."""
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


def address(repo: str) -> str:
    """Where people find a model's repository."""
    return f"{constants.ENDPOINT}/{repo}"


def _host() -> str:
    return urlsplit(constants.ENDPOINT).netloc


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn what the client raises about ``what``, a repository or an account, into ``HubError``."""
    try:
        yield
    except OfflineModeIsEnabled:
        raise UnreachableError(
            f"HF_HUB_OFFLINE keeps the Hub out of reach, so it was not asked for {what}: unset it and try again."
        ) from None
    except LocalTokenNotFoundError:
        raise HubError(f"The Hub wants to know who asks for {what}: {LOG_IN}.") from None
    except GatedRepoError:
        raise HubError(f"{what} is gated: ask its owner for access at {address(what)}, then {LOG_IN}.") from None
    except DisabledRepoError:
        raise HubError(f"The Hub has disabled {what}: choose another one.") from None
    except RevisionNotFoundError:
        raise HubError(f"{what} has no such revision: its branches and tags stand at {address(what)}.") from None
    except RepositoryNotFoundError:
        raise HubError(f"The Hub shows no {what}: check the name, or, if it is private, {LOG_IN}.") from None
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
            except (RuntimeError, ValueError) as error:  # in which the client wraps what it was answered
                raise error.__cause__ or OSError(str(error)) from None
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
            seconds = error.response.headers.get("Retry-After", "")
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

    ``what`` is what the account is wanted for.
    """
    hub = api()
    with asking(what):
        known = within(PATIENCE, what, hub.whoami)
        role = known.get("auth", {}).get("accessToken", {}).get("role")
    if role == "read":
        raise HubError(f"The token for {what} may only read: make one that may write, and {LOG_IN}.")
    return hub
