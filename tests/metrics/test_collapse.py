import pytest

from ganzoo.metrics.collapse import has_collapsed
from ganzoo.metrics.histogram import ClassHistogram


@pytest.mark.parametrize(
    ("missing", "duplicates", "confident", "collapsed"),
    [
        (0, 0.01, 0.9, False),
        (2, 0.3, 0.9, False),
        (3, 0.01, 0.9, True),
        (9, 0.01, 0.1, False),  # noise, which is all of one class
        (9, 1.0, 0.1, True),
        (0, 0.6, 0.9, False),
        (0, 0.7, 0.9, True),
    ],
)
def test_few_kinds_or_the_same_pictures_again_are_a_collapse(
    missing: int, duplicates: float, confident: float, collapsed: bool
) -> None:
    histogram = ClassHistogram(counts=(0,) * missing + (10,) * (10 - missing), missing=missing, divergence=0.0)
    assert has_collapsed(histogram, duplicates, confident) is collapsed
