from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from huggingface_hub import constants


@pytest.fixture
def files(zoo: Path) -> Mapping[str, bytes]:
    """What a repository with a small sound checkpoint holds."""
    return {path.name: path.read_bytes() for path in (zoo / "alpha").iterdir()}


@pytest.fixture(autouse=True)
def kept(kept: Path) -> Path:
    """Also for tests without a ``hub``."""
    return kept


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what HF_HUB_OFFLINE=1 does before the start."""
    return lambda: monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
