"""The collapse meter, over untrained models."""

import json
from pathlib import Path

import pytest
import torch

from ganzoo.metrics import class_counts
from ganzoo.metrics.classifiers import load_classifier
from ganzoo.metrics.examination import Examination, examine
from ganzoo.metrics.histogram import ClassHistogram
from ganzoo.metrics.reference import read_reference, reference_file
from ganzoo.nn.classifiers import classifier_file
from ganzoo.ui.drawing import Studio
from ganzoo.ui.meter import Reading, plot, read, reading_value, twins
from ganzoo.ui.models import Models
from ganzoo.ui.validation import RequestError
from tests.copies import copied


@pytest.fixture
def studio(zoo: Path) -> Studio:
    return Studio(Models([zoo], device="cpu"))


def test_it_reads_what_the_library_finds(studio: Studio) -> None:
    told = read(studio, "alpha", 7, 300).plain()
    pictures = torch.cat(
        [studio.samples("alpha", 7, 256, 1.0).pictures, studio.samples("alpha", 263, 44, 1.0).pictures]
    )
    judge = load_classifier(classifier_file("mnist"))
    reference = read_reference(reference_file("mnist"), judge)
    seen = judge.look([pictures])
    expected = examine(seen, reference)
    assert told["histogram"] == class_counts(seen.probabilities).tolist()
    assert told["missing"] == expected.histogram.missing
    assert told["duplicates"] == pytest.approx(expected.duplicates)
    assert told["coverage"] == pytest.approx(expected.coverage)
    assert told["collapsed"] == expected.collapsed
    assert told["classes"] == list("0123456789")
    assert sum(told["data"]) == pytest.approx(1, abs=1e-3)
    json.dumps(told, allow_nan=False)


def test_pictures_of_another_shape_than_the_classifier_s_are_brought_to_it(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "gamma", tmp_path / "large", dataset="fashion-mnist")
    told = read(Studio(Models([tmp_path], device="cpu")), "large", 0, 100).plain()
    assert sum(told["histogram"]) == 100
    assert told["classes"][1] == "trouser"


def test_of_other_pictures_it_tells_twins_alone(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "alpha", tmp_path / "own", dataset="folder:cats")
    reading = read(Studio(Models([tmp_path], device="cpu")), "own", 0, 100, 0.0)
    assert reading.twins == 100  # truncation 0 draws one picture
    assert reading.verdict == (
        "No classifier here knows such pictures, so their kinds are not told: of 100 samples, 100 equal another to the "
        "pixel."
    )
    assert reading.plain()["collapsed"] is None
    assert plot(reading) == ""
    assert len(reading_value(reading)["facts"]) == 1


@pytest.mark.parametrize(
    ("missing", "duplicates", "confident", "said"),
    [
        (9, 0.96, 0.93, "It has collapsed: 9 of 10 kinds are missing, and 96 % of the samples have a twin."),
        (0, 0.70, 0.93, "It has collapsed: 70 % of the samples have a twin."),
        (8, 0.47, 0.27, "It fails, but not by collapse: 8 of 10 kinds are missing, and the classifier is sure of 27 %"),
        (1, 0.01, 0.90, "It has not collapsed, though 1 of 10 kinds is missing."),
        (0, 0.03, 0.76, "It has not collapsed: all 10 kinds are there, and 3 % have a twin."),
    ],
)
def test_the_verdict_is_one_sentence_of_the_samples_alone(
    studio: Studio, missing: int, duplicates: float, confident: float, said: str
) -> None:
    histogram = ClassHistogram(counts=(10,) * 10, missing=missing, divergence=0.0)
    examination = Examination(histogram, confident, duplicates, coverage=0.5)
    reading = Reading(studio.models["alpha"], range(100), 1.0, 0, None, examination)
    assert reading.verdict.startswith(said)


def test_twins_among_the_samples_are_not_taken_for_those_of_real_pictures(studio: Studio) -> None:
    histogram = ClassHistogram(counts=(10,) * 10, missing=0, divergence=0.0)
    examination = Examination(histogram, 0.9, duplicates=0.03, coverage=0.5)
    facts = reading_value(Reading(studio.models["alpha"], range(100), 1.0, 0, None, examination))["facts"]
    assert "Duplicates: 3 % have a twin among these 100 samples; of real pictures 1 % do" in facts


def test_twins_are_counted_to_the_pixel() -> None:
    pictures = torch.arange(5, dtype=torch.uint8)[:, None, None, None].repeat(1, 1, 2, 2)
    assert twins(pictures) == 0
    assert twins(torch.cat([pictures, pictures[:2], pictures[:1]])) == 5


@pytest.mark.parametrize(
    ("seed", "count", "said"),
    [(0, 99, "from 100 to 512, not 99"), (0, 513, "from 100 to 512"), (2**32 - 1, 100, "choose a first seed")],
)
def test_what_cannot_be_is_refused(studio: Studio, seed: int, count: int, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        read(studio, "alpha", seed, count)
