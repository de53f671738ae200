"""What a classifier sees in real pictures that no model learnt from: this ships, where the pictures may not.

Each data set's is one safetensors file beside its classifier's, and belongs to that classifier alone.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from ganzoo.data import ImageSet
from ganzoo.files import written_whole
from ganzoo.metrics.classifiers import Judge
from ganzoo.metrics.evaluation import BATCH_SIZE
from ganzoo.metrics.features import MetricError, check
from ganzoo.metrics.histogram import class_counts
from ganzoo.metrics.neighbours import Points

COUNT = 512
"""Pictures whose features are kept: those of ``held_out.py`` first, in the same order."""
SHIPPED = Path(__file__).with_name("references")


@dataclass(frozen=True, eq=False)
class Reference:
    """Real pictures of a test split, as a classifier sees them."""

    points: Points
    """The features of ``COUNT`` pictures, float64 ``[N, D]``."""
    counts: Tensor
    """How many of all test pictures it puts into each class, int64 ``[K]``."""

    def __len__(self) -> int:
        return len(self.points)


def take_reference(judge: Judge, test: ImageSet, order: Tensor) -> Reference:
    """Look at all pictures of a test split, and keep the features of the first ``COUNT`` in this order, int64 ``[N]``.

    Raises ``MetricError`` for pictures of another shape than the classifier's.
    """
    seen = judge.look(test.batches(iter(order.split(BATCH_SIZE)), torch.device("cpu")))
    return Reference(Points(seen.features[:COUNT]), class_counts(seen.probabilities))


def reference_file(dataset: str) -> Path:
    """Where the one of a data set ships."""
    return SHIPPED / f"{dataset}.safetensors"


def save_reference(file: Path, reference: Reference, judge: Judge) -> None:
    """Write one, with which classifier it is of; raises ``OSError`` as writing does."""
    tensors = {"features": reference.points.features.half(), "counts": reference.counts}
    with written_whole(file) as path:
        path.write_bytes(save(tensors, {"classifier_sha256": judge.hash}))


def read_reference(file: Path, judge: Judge) -> Reference:
    """One of this classifier; raises ``MetricError``."""
    try:
        with safe_open(file, framework="pt") as tensors:
            of = (tensors.metadata() or {}).get("classifier_sha256")
            features, counts = tensors.get_tensor("features").double(), tensors.get_tensor("counts")
    except (OSError, SafetensorError) as error:
        raise MetricError(f"There is no sound {file}: python -m train.reference makes one.") from error
    if of != judge.hash:
        raise MetricError(f"{file} is of another classifier: python -m train.reference makes one of this.")
    check(features, 1, "A reference")
    return Reference(Points(features), counts)
