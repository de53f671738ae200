"""How good pictures are, and how varied: pure functions of what a classifier sees in them.

By the features of this project's own classifiers, the distances are the Fréchet *classifier* distance (FCD) and the
kernel *classifier* distance (KCD), and the score is the classifier score. FID, KID and Inception Score are names for
the features of one network of 2015, and their numbers do not compare with these.
"""

from ganzoo.metrics.density import DensityCoverage, density_and_coverage
from ganzoo.metrics.duplicates import duplicate_rate
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.features import MetricError, Seen, extract_features
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.histogram import ClassHistogram, class_counts, class_histogram
from ganzoo.metrics.kernel import kernel_distance
from ganzoo.metrics.memorisation import Memorisation, measure_memorisation
from ganzoo.metrics.neighbours import Points
from ganzoo.metrics.precision import PrecisionRecall, precision_and_recall
from ganzoo.metrics.score import classifier_score

__all__ = [
    "ClassHistogram",
    "DensityCoverage",
    "Estimate",
    "Memorisation",
    "MetricError",
    "Points",
    "PrecisionRecall",
    "Seen",
    "class_counts",
    "class_histogram",
    "classifier_score",
    "density_and_coverage",
    "duplicate_rate",
    "extract_features",
    "frechet_distance",
    "kernel_distance",
    "measure_memorisation",
    "precision_and_recall",
]
