"""An examination: what a few hundred samples tell of a generator, in seconds."""

from dataclasses import dataclass

from ganzoo.metrics.collapse import has_collapsed
from ganzoo.metrics.density import density_and_coverage
from ganzoo.metrics.duplicates import duplicate_rate
from ganzoo.metrics.features import Seen
from ganzoo.metrics.histogram import ClassHistogram, class_histogram
from ganzoo.metrics.reference import Reference
from ganzoo.metrics.score import confident_share


@dataclass(frozen=True)
class Examination:
    histogram: ClassHistogram
    confident: float
    """The share of samples of whose class the classifier is sure."""
    duplicates: float
    """The share of samples that have a twin."""
    coverage: float
    """The share of real pictures with a sample in their neighbourhood."""

    @property
    def collapsed(self) -> bool:
        return has_collapsed(self.histogram, self.duplicates, self.confident)


def examine(samples: Seen, reference: Reference) -> Examination:
    """Of samples, no more than the reference has pictures, and what the same classifier sees in those.

    Raises ``MetricError`` for too few samples, and for too many.
    """
    real = reference.points.first(len(samples.features))
    return Examination(
        histogram=class_histogram(samples.probabilities, reference.counts),
        confident=confident_share(samples.probabilities),
        duplicates=duplicate_rate(samples.points, real),
        coverage=density_and_coverage(samples.points, real).coverage,
    )
