"""What all tests share."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def sample_root() -> Path:
    """A data root with a thousand real pictures of Fashion-MNIST, for which no network is needed."""
    return Path(__file__).parent / "sample"
