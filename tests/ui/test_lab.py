"""The lab's tab, as the browser asks it."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from ganzoo.lab.presets import PRESETS
from ganzoo.lab.recipe import Constraint, LabRecipe
from ganzoo.lab.session import LOOKED_AT, PLANE
from ganzoo.ui import lab, validation
from ganzoo.ui.games import PLACES
from ganzoo.ui.lab import settings
from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.primer import WORDS
from ganzoo.ui.validation import RequestError

Answer = Callable[..., dict[str, Any]]
RING = settings(LabRecipe())


@pytest.fixture
def lab_of(zoo: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Calls one of the lab's events, and gives what the browser is told, which JSON must be able to say."""
    monkeypatch.setattr(lab, "MOMENT", 0.0)
    page = build(Models([zoo], device="cpu"))

    def answer(event: str, *values: Any) -> dict[str, Any]:
        functions = [one.fn for one in page.fns.values() if one.fn is not None and one.fn.__module__ == lab.__name__]
        update = next(one for one in functions if one.__name__ == event)(*values)
        told: dict[str, Any] = update.constructor_args[{"begin": "begun", "go_on": "seen"}[event]]
        json.dumps(told, allow_nan=False)
        return told

    return answer


def test_before_it_is_played_a_game_shows_what_is_real_and_how_it_stands(lab_of: Answer) -> None:
    told = lab_of("begin", *RING)
    assert told["step"] == 0
    assert told["judge"] == "discriminator"
    assert len(told["real"]["points"]) == len(told["points"]) == 2 * LOOKED_AT
    assert len(told["surface"]["levels"]) == PLANE**2
    assert (told["surface"]["low"], told["surface"]["high"]) == (0.0, 1.0)
    assert told["modes"]["known"] == 8
    assert told["lines"] == []


def test_a_game_goes_on_where_it_was(lab_of: Answer) -> None:
    first = lab_of("go_on", {"ticket": "", "anew": True}, *RING)
    second = lab_of("go_on", {"ticket": first["ticket"], "anew": False}, *RING)
    assert (first["step"], second["step"]) == (1, 2)
    assert second["ticket"] == first["ticket"]
    assert second["turn"] != first["turn"]
    assert second["points"] != first["points"]


def test_a_game_that_begins_anew_takes_the_place_of_the_one_before(lab_of: Answer) -> None:
    ticket = ""
    for _ in range(PLACES + 2):
        told = lab_of("go_on", {"ticket": ticket, "anew": True}, *RING)
        assert told["step"] == 1
        ticket = told["ticket"]


def test_whoever_comes_when_all_places_are_taken_is_told(lab_of: Answer) -> None:
    for _ in range(PLACES):
        lab_of("go_on", None, *RING)
    assert "being played already" in lab_of("go_on", None, *RING)["over"]


def test_a_critic_is_called_one_and_its_scores_are_no_probabilities(lab_of: Answer) -> None:
    told = lab_of("begin", *settings(LabRecipe(loss="wasserstein")))
    assert told["judge"] == "critic"
    assert not told["probable"]
    assert told["surface"]["low"] < told["surface"]["high"]
    assert (min(told["surface"]["levels"]), max(told["surface"]["levels"])) == (0, 255)


def test_pictures_are_shown_as_pictures(lab_of: Answer) -> None:
    told = lab_of("begin", *settings(PRESETS["Pictures"].recipe))
    assert told["sheet"].startswith("data:image/png;base64,")
    assert told["real"]["sheet"] != told["sheet"]
    assert told["modes"] is None


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_chosen_by_hand(name: str) -> None:
    recipe = PRESETS[name].recipe
    assert validation.lab_recipe(*settings(recipe)) == recipe
    assert {recipe.lr_discriminator, recipe.lr_generator} <= set(lab.RATES)


@pytest.mark.parametrize("rate", [math.nan, math.inf, -1e-3, 0, 1e9, True, "0.001", None, [1e-3]])
@pytest.mark.parametrize("place", [4, 5])
def test_rates_that_are_none_are_refused(lab_of: Answer, rate: object, place: int) -> None:
    asked = [*RING[:place], rate, *RING[place + 1 :]]
    assert "rate is a number from 1e-05 to 0.1" in lab_of("begin", *asked)["over"]
    assert "rate is a number" in lab_of("go_on", None, *asked)["over"]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        *((0, toy, "The data is ring") for toy in ("moons", None, 3)),
        *((1, loss, "The loss is minimax") for loss in ("MINIMAX", None, 3)),
        *((2, constraint, "The constraint is none") for constraint in ("", None, "__class__")),
        *((3, steps, "The number of updates") for steps in (0, 11, 10**30, 2.5, math.nan)),
        (0, ["ring"], "The data is ring"),
        (1, {}, "The loss is minimax"),
        (3, "5", "The number of updates"),
    ],
)
def test_what_the_lab_does_not_know_is_refused(place: int, value: object, said: str) -> None:
    asked = [*RING[:place], value, *RING[place + 1 :]]
    with pytest.raises(RequestError, match=said):
        validation.lab_recipe(*asked)


@pytest.mark.parametrize("asked", [None, 3, "x", [], {"ticket": ["x"]}, {"ticket": None}, {"anew": 0}])
def test_a_question_without_a_ticket_begins_a_game(asked: object) -> None:
    assert validation.lab_ticket(asked) == ("", True)


def test_a_ticket_that_is_unknown_is_told_so(lab_of: Answer) -> None:
    told = lab_of("go_on", {"ticket": "x" * 100_000, "anew": False}, *RING)
    assert told.keys() == {"over", "turn"}
    assert "Reset begins anew" in told["over"]


def test_a_game_that_blows_up_is_told_in_one_sentence(lab_of: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MAX_RATE", 1e38)
    asked: Sequence[Any] = ["ring", "wasserstein", "none", 1, 1e38, 1e38, False]
    told = lab_of("go_on", None, *asked)
    for _ in range(20):
        if "over" in told:
            break
        told = lab_of("go_on", {"ticket": told["ticket"], "anew": False}, *asked)
    assert "blew up" in told["over"]


def test_each_constraint_is_explained_among_the_words() -> None:
    explained = {word for words in WORDS for word in words.split(", ")}
    assert {word for name in get_args(Constraint) for word in name.split(" + ")} <= explained | {"none"}
