"""The verdict: whether a generator has collapsed, from what it draws alone."""

from ganzoo.metrics.histogram import ClassHistogram

MISSING_SHARE = 0.25
DUPLICATE_SHARE = 0.5


def has_collapsed(histogram: ClassHistogram, duplicates: float) -> bool:
    """Whether more than ``MISSING_SHARE`` of the classes are missing, or ``DUPLICATE_SHARE`` of samples have a twin.

    That is mode collapse as Goodfellow 2016, section 5.1, has it: of the data only a few kinds are drawn, or a few
    pictures again and again. Pictures that are merely bad are of some class, each of its own.
    """
    return histogram.missing > MISSING_SHARE * len(histogram.counts) or duplicates > DUPLICATE_SHARE
