"""The verdict: whether a generator has collapsed, from what it draws alone."""

from ganzoo.metrics.histogram import ClassHistogram

# Blurs that resemble each other have twins too. Of seeds 0 to 2, WGAN-tight has 0.23 to 0.49, and GAN-collapsed 0.82 to
# 0.99, on MNIST: this is the middle.
DUPLICATE_SHARE = 0.65
MISSING_SHARE, CLEAR_SHARE = 0.25, 0.5


def has_collapsed(histogram: ClassHistogram, duplicates: float, confident: float) -> bool:
    """Whether it draws a few pictures again and again, or only few kinds (Goodfellow 2016, section 5.1).

    That is: more than ``DUPLICATE_SHARE`` of the samples have a twin, or more than ``MISSING_SHARE`` of the classes are
    missing among samples of which at least ``CLEAR_SHARE`` are clear. A classifier puts noise into one class as well,
    without being sure: that is a failure, but another one.
    """
    few_kinds = histogram.missing > MISSING_SHARE * len(histogram.counts)
    return duplicates > DUPLICATE_SHARE or (few_kinds and confident >= CLEAR_SHARE)
