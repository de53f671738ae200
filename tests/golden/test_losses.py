"""The first losses of every recipe, to the digits that rounding leaves: what should not alter them must not."""

import json
from typing import Any

import pytest

from tests.cases import PAIRS
from tests.golden.regenerate import PATH, first_losses


@pytest.fixture(scope="module")
def golden() -> Any:
    return json.loads(PATH.read_text(encoding="utf-8"))


def test_every_recipe_is_recorded(golden: Any) -> None:
    assert list(golden) == list(PAIRS), "run python -m tests.golden.regenerate"


@pytest.mark.parametrize("name", PAIRS)
def test_first_losses_are_the_recorded_ones(golden: Any, name: str) -> None:
    losses = first_losses(name)
    assert losses.keys() == golden[name].keys()
    for player, values in losses.items():
        assert values == pytest.approx(golden[name][player], rel=3e-4, abs=1e-8), player
