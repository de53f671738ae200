"""Scores as the page tells them: a few numbers, each with all that says how it was measured, and who is ahead."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from ganzoo.checkpoints.config import clipped
from ganzoo.checkpoints.scores import IncomparableError, Score, rank

FIRST = ("frechet-classifier-distance", "coverage", "confident-share", "missing-modes", "collapsed")
"""Metrics that tell most in little room: how close, how varied, how clear, how complete, and the verdict."""
CARD = FIRST[0]
"""The metric on a model's card, where its initials have room."""


def by_metric(scores: Iterable[Score]) -> dict[str, Score]:
    """One score for each metric: that against the test split, where there is one."""
    found: dict[str, Score] = {}
    for score in scores:
        if score.metric not in found or (is_against_test(score) and not is_against_test(found[score.metric])):
            found[score.metric] = score
    return found


def is_against_test(score: Score) -> bool:
    """Whether the real pictures of the measurement are those that no model has learnt from."""
    return score.passport.get("real_split") == "test"


def card_score(scores: Iterable[Score]) -> Score | None:
    """How close a model's pictures are to real ones that no model has seen; None where that was not measured."""
    score = by_metric(scores).get(CARD)
    return score if score is not None and is_against_test(score) else None


def on_card(score: Score) -> str:
    """That score where there is little room."""
    return f"FCD {score.value:.3g}"


def entries(scores: Sequence[Score]) -> dict[str, list[dict[str, Any]]]:
    """The scores of a model as the browser takes them: the first few, and the others."""
    found = by_metric(scores)
    first = [found[metric] for metric in FIRST if metric in found]
    return {
        "scores": [entry(score) for score in first],
        "more": [entry(score) for score in scores if not any(score is shown for shown in first)],
    }


def entry(score: Score) -> dict[str, Any]:
    """One score as the browser takes it."""
    return {
        "name": named(score),
        "value": score.measured,
        "real": None if score.real is None else f"real pictures: {score.real:.4g}",
        "passport": [[fact.replace("_", " "), told(value)] for fact, value in score.passport.items()],
    }


def rankings(scores: Mapping[str, Sequence[Score]]) -> list[dict[str, Any]]:
    """How models rank, as the browser takes it, by each metric that all of them have and by which one can be better.

    Where they were not measured alike, the sentence that says so stands instead.
    """
    found = {name: by_metric(own) for name, own in scores.items()}
    first, *others = found.values()
    return [
        _ranking(metric, {name: own[metric] for name, own in found.items()})
        for metric, score in first.items()
        if score.better and all(metric in own for own in others)
    ]


def _ranking(metric: str, scores: Mapping[str, Score]) -> dict[str, Any]:
    first = next(iter(scores.values()))
    try:
        order = [[name, scores[name].measured] for name in rank(scores)]
    except IncomparableError as error:
        return {"metric": metric, "name": named(first), "refusal": clipped(str(error)), "order": []}
    return {"metric": metric, "name": f"{named(first)}, {first.better} is better", "refusal": None, "order": order}


def named(score: Score) -> str:
    """The metric, and against which pictures where it was taken against the test split, for people."""
    metric = score.metric.replace("-", " ").replace("frechet", "Fréchet")
    return f"{metric}{' against test pictures' if is_against_test(score) else ''}"


def protocol(score: Score) -> str:
    """A score and how it was measured, in lines of plain text."""
    real = "" if score.real is None else f" (real pictures: {score.real:.4g})"
    facts = [f"{fact.replace('_', ' ')}: {told(value)}" for fact, value in score.protocol.items() if fact != "metric"]
    return "\n".join([f"{named(score)} {score.measured}{real}", *facts])


def told(value: JsonValue) -> str:
    """A fact of a passport, for people."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
