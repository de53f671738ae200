"""Tiny runs for the tests of training."""

import pytest
import torch

from ganzoo.data import ImagesInMemory
from ganzoo.recipe import Recipe
from ganzoo.zoo import RECIPES


def tiny_recipe(variant: str, **fields: object) -> Recipe:
    """A recipe that plays in milliseconds."""
    return RECIPES[variant].model_validate({"width": 4, "batch_size": 8, "steps": 12, **fields})


@pytest.fixture
def images() -> ImagesInMemory:
    """Forty 28×28 pictures of noise."""
    noise = torch.Generator().manual_seed(1)
    pixels = torch.randint(0, 256, (40, 1, 28, 28), dtype=torch.uint8, generator=noise)
    return ImagesInMemory("noise", pixels, licence="none")
