import pytest

from ganzoo.metrics.collapse import has_collapsed
from ganzoo.metrics.histogram import ClassHistogram


@pytest.mark.parametrize(
    ("missing", "duplicates", "collapsed"),
    [(0, 0.01, False), (2, 0.3, False), (3, 0.01, True), (9, 1.0, True), (0, 0.6, True)],
)
def test_few_kinds_or_the_same_pictures_again_are_a_collapse(missing: int, duplicates: float, collapsed: bool) -> None:
    histogram = ClassHistogram(counts=(0,) * missing + (10,) * (10 - missing), missing=missing, divergence=0.0)
    assert has_collapsed(histogram, duplicates) is collapsed
