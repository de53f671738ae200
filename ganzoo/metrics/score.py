"""The classifier score: whether single pictures are clear, and all together varied. And how many are clear."""

from math import exp

import torch
from torch import Tensor

from ganzoo.metrics.estimate import PARTS, Estimate, estimate
from ganzoo.metrics.features import check

CONFIDENT = 0.9


def confident_share(probabilities: Tensor) -> float:
    """The share of pictures of whose class, float64 ``[N, K]``, the classifier is surer than ``CONFIDENT``.

    Raises ``MetricError`` for no pictures, and for probabilities that are not finite.
    """
    check(probabilities, 1, "A confident share")
    return float((probabilities.amax(1) > CONFIDENT).double().mean())


def classifier_score(probabilities: Tensor, *, seed: int = 0) -> Estimate:
    """The formula of the Inception Score (Salimans et al. 2016) over parts: exp of ``mutual_information``, from 1 to K.

    ``probabilities`` of K classes are float64 ``[N, K]``. One clear picture of each class has the highest score there
    is, so it finds out a blurred or a one-sided generator, and no other. Of the parts, papers tell the standard
    deviation, which is √PARTS times the standard error. ``seed`` says how the set is parted. Raises ``MetricError`` for
    fewer samples than K a part, and for probabilities that are not finite.
    """
    check(probabilities, PARTS * probabilities.shape[1], "A classifier score")
    return estimate(lambda part: exp(mutual_information(part)), probabilities, seed=seed)


def mutual_information(probabilities: Tensor) -> float:
    """Of pictures and their classes, in nats: E_x KL(p(y|x) ‖ p(y)) = H(E_x p(y|x)) − E_x H(p(y|x)), from 0 to ln K."""
    together, alone = torch.special.entr(probabilities.mean(0)).sum(), torch.special.entr(probabilities).sum(1).mean()
    return float((together - alone).clamp(min=0))
