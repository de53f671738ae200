"""A measure that is cheap enough to be taken every so often while a generator learns."""

import torch

from ganzoo.data import ImageSet
from ganzoo.generator import Generator
from ganzoo.metrics.evaluation import BATCH_SIZE, Extractor, chosen, drawn
from ganzoo.metrics.features import Seen
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.histogram import class_counts, class_histogram

COUNT = 2_000


class Glance:
    """What a generator draws, beside as many training images as an extractor sees them.

    Test images are left alone: whoever chose a generator by them could not measure it by them any more. So few samples
    make a distance larger than an evaluation does, and alike along a run.
    """

    def __init__(self, extractor: Extractor, training: ImageSet, *, count: int = COUNT) -> None:
        """Look at ``count`` of the training images, or all if there are fewer. Raises ``MetricError`` for too few."""
        self.count, self._extractor = min(count, len(training)), extractor
        indices = iter(chosen(training, count).split(BATCH_SIZE))
        self._real = extractor.look(training.batches(indices, torch.device("cpu")))
        self._compare(self._real)  # what nothing can be measured by says so here, and not in the middle of a run

    def measure(self, generator: Generator) -> dict[str, float]:
        """By metric, of seeds 0 to ``count`` − 1. Leaves the global random state alone.

        Raises ``MetricError`` for what is not finite.
        """
        return self._compare(self._extractor.look(drawn(generator, self.count, self._extractor.image_shape)))

    def _compare(self, samples: Seen) -> dict[str, float]:
        histogram = class_histogram(samples.probabilities, class_counts(self._real.probabilities))
        return {
            "frechet-classifier-distance": frechet_distance(samples.features, self._real.features),
            "missing-modes": float(histogram.missing),
        }
