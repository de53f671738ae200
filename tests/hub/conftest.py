from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from huggingface_hub import constants

from ganzoo.hub import cache


@pytest.fixture
def files(zoo: Path) -> Mapping[str, bytes]:
    """What a repository with a small sound checkpoint holds."""
    return {path.name: path.read_bytes() for path in (zoo / "alpha").iterdir()}


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's fetched checkpoints are kept."""
    folder = tmp_path / "kept"
    monkeypatch.setattr(cache, "cached_assets_path", lambda *names: folder)
    return folder


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what HF_HUB_OFFLINE=1 does before the start."""
    return lambda: monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
