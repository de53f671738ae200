import hashlib
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzoo.latents import latents


def test_values_for_ever() -> None:
    """Seeds are shared between people: their latents may never change, to the last bit."""
    z = latents([0, 1, 2**32 - 1], 100)
    assert z.dtype == torch.float32
    assert z.device.type == "cpu"
    assert z[0, :3].tolist() == pytest.approx([1.7640524, 0.4001572, 0.978738], abs=1e-7)
    digest = hashlib.sha256(z.numpy().astype("<f4").tobytes()).hexdigest()
    assert digest == "f2c749e4fc8557e08683bdad48860ff65208b91a9a9c714e0cc9122fa14d4526"


@settings(deadline=None)  # a busy machine is no error
@given(st.lists(st.integers(0, 2**32 - 1), max_size=6), st.integers(1, 40))
def test_a_latent_depends_on_its_seed_only(seeds: list[int], z_dim: int) -> None:
    together = latents(seeds, z_dim)
    assert together.shape == (len(seeds), z_dim)
    for row, seed in zip(together, seeds, strict=True):
        assert torch.equal(row, latents([seed], z_dim)[0])


def test_they_are_standard_normal_and_no_two_alike() -> None:
    z = latents(range(2000), 100)
    assert abs(z.mean()) < 0.01
    assert abs(z.std() - 1) < 0.01
    assert len(torch.unique(z, dim=0)) == 2000


def test_numpy_integers_and_iterators_are_seeds() -> None:
    seeds: Any = np.arange(3)
    assert torch.equal(latents(iter(seeds), 5), latents(range(3), 5))


@pytest.mark.parametrize("seed", [-1, 2**32, 2**70_000, 0.0, 1.5, "1", None, True, float("nan")], ids=type)
def test_no_seed(seed: object) -> None:
    with pytest.raises(ValueError, match=r"A seed is a whole number from 0 to 4,294,967,295\."):
        latents([seed], 4)  # type: ignore[list-item]
