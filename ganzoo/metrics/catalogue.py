"""A catalogue of training pictures, in which those are found that a picture resembles most."""

from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import torch
from torch import Tensor

from ganzoo.data import ImageSet
from ganzoo.metrics.classifiers import Judge
from ganzoo.metrics.evaluation import BATCH_SIZE
from ganzoo.metrics.neighbours import nearest, nearest_few
from ganzoo.metrics.reference import Reference

SHOWN = 5
"""Neighbours that are looked for."""


@dataclass(frozen=True)
class Resemblance:
    """What a picture resembles, and how much."""

    indices: tuple[int, ...]
    """Which training pictures are nearest, the nearest first."""
    distances: tuple[float, ...]
    """How far each is, between features."""
    share: float
    """The share of held-out pictures that have a nearer training picture; 0 for a copy."""


class Catalogue:
    """The training pictures of a set as a classifier sees them, beside held-out pictures, those of its ``reference``.

    To look at all takes a while, so it is done a part at a time. Safe to use from several threads.
    """

    def __init__(self, judge: Judge, training: ImageSet, reference: Reference) -> None:
        self.training, self.reference, self._judge = training, reference, judge
        self._features = torch.empty(len(training), judge.classifier.feature_count)
        self._looked, self._turn = 0, Lock()

    @property
    def progress(self) -> float:
        """The share of the training pictures that have been looked at."""
        return self._looked / len(self.training)

    def look(self, count: int) -> None:
        """Look at the next ``count`` training pictures, or at those that are left. Raises ``MetricError``."""
        with self._turn:
            part = torch.arange(self._looked, min(self._looked + count, len(self.training)))
            if len(part):
                batches = self.training.batches(iter(part.split(BATCH_SIZE)), torch.device("cpu"))
                self._features[part] = self._judge.look(batches).features.float()
                self._looked += len(part)

    @cached_property
    def usual(self) -> Tensor:
        """How far each held-out picture is from the nearest training picture, ``[N]``; all have been looked at."""
        return nearest(self.reference.points.features.float(), self._features).sqrt()

    def resembled(self, picture: Tensor) -> Resemblance:
        """Of a picture, uint8 ``[C, H, W]`` in the classifier's shape; all training pictures have been looked at."""
        features = self._judge.look([picture[None]]).features.float()
        squares, indices = nearest_few(features, self._features, SHOWN)
        distances = squares[0].sqrt()
        share = float((self.usual < distances[0]).double().mean())
        return Resemblance(tuple(indices[0].tolist()), tuple(distances.tolist()), share)

    def pictures(self, indices: tuple[int, ...]) -> Tensor:
        """Training pictures, uint8 ``[N, C, H, W]``."""
        (found,) = self.training.batches(iter([torch.tensor(indices)]), torch.device("cpu"))
        return found
