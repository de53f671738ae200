"""Checkpoints that came from the Hub, kept by commit in a folder with a bound."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from huggingface_hub import cached_assets_path

from ganzoo.files import written_whole
from ganzoo.hub.client import TAG

LIMIT = 2_000_000_000
"""Bytes that may be kept."""
ABANDONED = 3600
"""Seconds after which an unfinished download is somebody's who was killed."""


class Cache:
    """A folder for each commit, and for each branch or tag the commit that it last was.

    What was used longest ago goes when there is no more room. Several processes may share the folder.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = LIMIT) -> None:
        self.folder = folder or cached_assets_path(TAG, "checkpoints")
        self._limit = limit

    def find(self, repo: str, commit: str) -> Path | None:
        """Where this commit is kept; None if it is not. Counts as a use."""
        kept = self._kept(repo, commit)
        with suppress(OSError):
            os.utime(kept)
        return kept if kept.is_dir() else None

    @contextmanager
    def adding(self, repo: str, commit: str) -> Iterator[Path]:
        """An empty folder to fill; kept if all goes well, removed if not. Raises ``OSError`` as writing does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=self.folder))
        kept = self._kept(repo, commit)
        try:
            yield partial
            kept.parent.mkdir(parents=True, exist_ok=True)
            try:
                partial.rename(kept)
            except OSError:
                if not kept.is_dir():  # else somebody kept it meanwhile
                    raise
        finally:
            shutil.rmtree(partial, ignore_errors=True)
            self._make_room(kept)

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

    def _make_room(self, newest: Path) -> None:
        used: list[tuple[float, int, Path]] = []
        for folder in self.folder.glob("*/commits/*"):
            with suppress(OSError):  # somebody else makes room as well
                used.append((folder.stat().st_mtime, _size(folder), folder))
        for folder in self.folder.glob(".partial-*"):
            with suppress(OSError):
                if folder.stat().st_mtime < time.time() - ABANDONED:
                    shutil.rmtree(folder, ignore_errors=True)
        total = sum(size for _, size, _ in used)
        for _, size, folder in sorted(used):
            if total > self._limit and folder != newest:
                shutil.rmtree(folder, ignore_errors=True)
                total -= size
                if not any(folder.parent.iterdir()):
                    shutil.rmtree(folder.parents[1], ignore_errors=True)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
