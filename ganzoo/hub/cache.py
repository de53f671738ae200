"""Checkpoints that came from the Hub, kept by commit in a folder with a bound."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

from ganzoo.files import written_whole

LIMIT = 2_000_000_000
"""Bytes that may be kept."""
PARTIAL = ".partial-"
ABANDONED = 3600
"""Seconds after which an unfinished download is somebody's who was killed."""


class Cache:
    """A folder for each commit, and for each branch or tag the commit that it last was.

    What was used longest ago goes when there is no more room. Several processes may share the folder.
    """

    def __init__(self, folder: Path, *, limit: int = LIMIT) -> None:
        self.folder = folder
        self._limit = limit
        self._lock = FileLock(self.folder / ".lock")

    def find(self, repo: str, commit: str) -> Path | None:
        """Where this commit is kept; None if it is not. Counts as a use."""
        kept = self._kept(repo, commit)
        with suppress(OSError):
            os.utime(kept)
        return kept if kept.is_dir() else None

    @contextmanager
    def adding(self, repo: str, commit: str, size: int) -> Iterator[Path]:
        """An empty folder to fill with ``size`` bytes, for which there is room then; kept if all goes well.

        Raises ``OSError`` as writing does.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._make_room(size)
            partial = self._partial()
        kept = self._kept(repo, commit)
        try:
            yield partial
            with self._lock:
                self._make_room(0)  # others may have been given the same room
                if not kept.is_dir():  # else somebody kept it meanwhile
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    partial.rename(kept)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def discard(self, repo: str, commit: str) -> None:
        """Keep this commit no longer."""
        with suppress(OSError), self._lock:
            self._remove(self._kept(repo, commit))

    def commit_of(self, repo: str, revision: str) -> str | None:
        """The commit that a branch or tag was when the Hub was last asked."""
        try:
            return self._revision(repo, revision).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            return None

    def remember(self, repo: str, revision: str, commit: str) -> None:
        """Keep what a branch or tag is now."""
        with suppress(OSError), written_whole(self._revision(repo, revision)) as path:
            path.write_text(commit, encoding="ascii")

    def _repo(self, repo: str) -> Path:
        return self.folder / repo.replace("/", "--")  # which no name on the Hub holds

    def _kept(self, repo: str, commit: str) -> Path:
        return self._repo(repo) / "commits" / commit

    def _revision(self, repo: str, revision: str) -> Path:
        return self._repo(repo) / "revisions" / quote(revision, safe="")

    def _partial(self) -> Path:
        return Path(tempfile.mkdtemp(prefix=PARTIAL, dir=self.folder))

    def _make_room(self, size: int) -> None:
        """Remove what was used longest ago until ``size`` bytes more would fit."""
        for folder in self.folder.glob(f"{PARTIAL}*"):
            with suppress(OSError):  # whose download it is may be done with it just now
                if _newest(folder) < time.time() - ABANDONED:
                    shutil.rmtree(folder, ignore_errors=True)
        used = [(folder.stat().st_mtime, _size(folder), folder) for folder in self.folder.glob("*/commits/*")]
        total = size + sum(size for _, size, _ in used) + sum(map(_size, self.folder.glob(f"{PARTIAL}*")))
        for _, freed, folder in sorted(used):
            if total > self._limit:
                self._remove(folder)
                total -= freed
                if not any(folder.parent.iterdir()):
                    self._remove(folder.parents[1])

    def _remove(self, folder: Path) -> None:
        """By another name first, so that nobody who looks for it finds half of it, not even after a crash."""
        doomed = self._partial()
        folder.rename(doomed / folder.name)
        shutil.rmtree(doomed, ignore_errors=True)


def _newest(folder: Path) -> float:
    """When something in a folder was last written to: a large file that arrives leaves the folder's own time alone."""
    return max(path.stat().st_mtime for path in [folder, *folder.rglob("*")])


def _size(folder: Path) -> int:
    """Bytes in a folder, which may vanish meanwhile, as may what is in it."""
    size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += os.stat(os.path.join(place, name)).st_size
    return size
