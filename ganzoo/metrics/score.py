"""Whether single pictures are clear, and all together varied: the classifier score and the Inception Score."""

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
    """The ``inception_score`` by a classifier whose classes are all in the data.

    ``seed`` says how the set is parted. Raises ``MetricError`` for fewer samples than K a part, of which the highest
    score could not come, and for probabilities that are not finite.
    """
    check(probabilities, PARTS * probabilities.shape[1], "A classifier score")
    return inception_score(probabilities, seed=seed)


def inception_score(probabilities: Tensor, *, seed: int = 0) -> Estimate:
    """The mean over parts of exp of ``mutual_information``, from 1 to K (Salimans et al. 2016).

    ``probabilities`` of K classes are float64 ``[N, K]``. One clear picture of each class has the highest score there
    is, so it finds out a blurred or a one-sided generator, and no other. Few samples make it smaller, so only scores of
    equal counts compare. Of the parts, papers tell the standard deviation, which is √PARTS times the standard error.
    ``seed`` says how the set is parted. Raises ``MetricError`` for fewer samples than parts, and for probabilities that
    are not finite.
    """
    check(probabilities, PARTS, "An Inception Score")
    return estimate(lambda part: exp(mutual_information(part)), probabilities, seed=seed)


def mutual_information(probabilities: Tensor) -> float:
    """Of pictures and their classes, in nats: E_x KL(p(y|x) ‖ p(y)) = H(E_x p(y|x)) − E_x H(p(y|x)), from 0 to ln K."""
    together, alone = torch.special.entr(probabilities.mean(0)).sum(), torch.special.entr(probabilities).sum(1).mean()
    return float((together - alone).clamp(min=0))
