"""Who knows the pictures of a published set: its classifier, and what that sees in pictures held out."""

from dataclasses import dataclass
from functools import cache

from torch import Tensor

from ganzoo.data.config import CLASSES
from ganzoo.data.rasters import reshaped
from ganzoo.metrics import Seen
from ganzoo.metrics.classifiers import Judge, load_classifier
from ganzoo.metrics.reference import Reference, read_reference, reference_file
from ganzoo.nn.classifiers import classifier_file
from ganzoo.ui.models import Model

AT_ONCE = 64
"""Pictures that a classifier is shown at once: of more it takes much memory, and no less time."""


@dataclass(frozen=True, eq=False)
class Expert:
    dataset: str
    judge: Judge
    reference: Reference

    @property
    def classes(self) -> tuple[str, ...]:
        """What the classes are called."""
        return CLASSES[self.dataset]

    def brought(self, pictures: Tensor) -> Tensor:
        """Pictures in the classifier's shape: uint8 ``[N, C, H, W]``."""
        return reshaped(pictures, self.judge.image_shape)

    def look(self, pictures: Tensor) -> Seen:
        """What the classifier sees in uint8 pictures of any shape, ``[N, C, H, W]``."""
        return self.judge.look(self.brought(pictures).split(AT_ONCE))


def expert_of(model: Model) -> Expert | None:
    """Who knows what the model learnt from; None where it was no published set."""
    return None if model.published_set is None else _expert(model.published_set)


@cache
def _expert(dataset: str) -> Expert:
    judge = load_classifier(classifier_file(dataset))
    return Expert(dataset, judge, read_reference(reference_file(dataset), judge))
