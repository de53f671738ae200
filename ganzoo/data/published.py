"""Data sets that others published and torchvision knows how to find, download and read."""

import contextlib
import errno
import io
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError

from torch import Tensor

from ganzoo.data.image_set import DataError

NETWORK_TIMEOUT = 15.0
"""Seconds of silence after which a download is given up."""


@dataclass(frozen=True)
class PublishedSet:
    """A set that can be had by its name."""

    title: str
    licence: str
    """What its source says about its use."""
    training_images: int
    """How many the training split has."""
    read: Callable[[Path, bool], tuple[Tensor, Tensor]]
    """From the data root, the training split or else the test split: uint8 ``[N, C, H, W]``, labels int64 ``[N]``."""


@dataclass(frozen=True)
class Archives:
    """The files a set comes in."""

    address: str
    """Where they are published, up to their names."""
    folder: Path
    """Where they belong."""
    checksums: Sequence[tuple[str, str]]
    """Name and md5 of each."""
    unpacked: Sequence[Path]
    """The files that come out of them."""

    @property
    def are_unpacked(self) -> bool:
        return all(path.is_file() for path in self.unpacked)

    def damaged(self) -> list[str]:
        """Names of the archives that are in place but are not what was published."""
        from torchvision.datasets.utils import check_integrity

        return [
            name
            for name, md5 in self.checksums
            if (self.folder / name).is_file() and not check_integrity(self.folder / name, md5)
        ]


def obtain(title: str, dataset: Callable[..., Any], root: Path, train: bool, archives: Archives) -> Any:
    """The torchvision data set under the root: as it lies there, else from archives there, else downloaded.

    Raises DataError, which says what to put where, when none of it works.
    """
    with contextlib.suppress(Exception):  # missing or broken: what follows tells which
        return dataset(root, train=train, download=False)
    try:
        with quiet_network():
            return dataset(root, train=train, download=True)
    except OSError as error:
        if not isinstance(error, URLError | TimeoutError | ConnectionError):
            raise DataError(
                f"{title} cannot be unpacked in {archives.folder} ({reason(error)}): "
                "choose a data root that can be written to and has room."
            ) from error
        raise DataError(_how_to_place(title, archives, error)) from error
    except Exception as error:  # torchvision, and the formats below it, raise what they like
        if archives.are_unpacked and not isinstance(error, HTTPException):
            raise DataError(broken(title, archives)) from error
        raise DataError(_how_to_place(title, archives, error)) from error


def broken(title: str, archives: Archives) -> str:
    """The sentence for unpacked files that do not hold the set."""
    names = ", ".join(sorted(path.name for path in archives.unpacked))
    return (
        f"{title} in {archives.unpacked[0].parent} is broken: delete the files {names} there, "
        "and they are unpacked or downloaded again."
    )


def _how_to_place(title: str, archives: Archives, error: Exception) -> str:
    damaged = archives.damaged()
    names = damaged or [name for name, _ in archives.checksums]
    if damaged or archives.are_unpacked:
        trouble = f"{', '.join(damaged) or 'what lies'} in {archives.folder} is damaged"
    else:
        trouble = f"it is not in {archives.folder}"
    return (
        f"{title} cannot be read, for {trouble} and could not be downloaded ({reason(error)}): "
        f"put {', '.join(names)} from {archives.address} into {archives.folder}."
    )


def reason(error: Exception) -> str:
    """What went wrong with a file or a download, in a few words."""
    if isinstance(error, OSError) and error.errno is not None:
        return str(error.strerror or errno.errorcode.get(error.errno))
    lines = str(error).strip().splitlines()
    return lines[-1].strip(" <>.") if lines else type(error).__name__


@contextlib.contextmanager
def quiet_network() -> Iterator[None]:
    """No waiting for ever on a silent network, and progress bars only on a terminal."""
    timeout = socket.getdefaulttimeout()
    socket.setdefaulttimeout(NETWORK_TIMEOUT)
    try:
        if sys.stderr.isatty():
            yield
        else:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                yield
    finally:
        socket.setdefaulttimeout(timeout)
