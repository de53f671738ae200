from math import log

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from ganzoo.metrics import MetricError, class_counts, class_histogram


def of_classes(*counts: int) -> Tensor:
    """Probabilities of so many samples of each class."""
    classes = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    return 0.6 * F.one_hot(classes, len(counts)).double() + 0.4 / len(counts)


def test_samples_as_the_data_are() -> None:
    found = class_histogram(of_classes(20, 60), torch.tensor([100, 300]))
    assert (found.counts, found.missing) == ((20, 60), 0)
    assert found.divergence == pytest.approx(0, abs=1e-12)


def test_a_class_that_is_not_there_and_one_that_is_hardly_there() -> None:
    found = class_histogram(of_classes(0, 2, 38, 40), torch.tensor([250, 250, 250, 250]))
    assert (found.counts, found.missing) == ((0, 2, 38, 40), 1)
    found = class_histogram(of_classes(0, 1, 39, 40), torch.tensor([250, 250, 250, 250]))
    assert found.missing == 2
    assert found.divergence == pytest.approx(sum(n / 80 * log(4 * n / 80) for n in (1, 39, 40)))


def test_what_is_missed_is_a_share_of_what_the_data_have() -> None:
    data = torch.tensor([10, 990])
    assert class_histogram(of_classes(2, 998), data).missing == 0
    assert class_histogram(of_classes(0, 1000), data).missing == 1


def test_collapse_onto_one_class_is_ln_k_away() -> None:
    found = class_histogram(of_classes(0, 0, 100, 0), torch.tensor([5, 5, 5, 5]))
    assert found.missing == 3
    assert found.divergence == pytest.approx(log(4))


def test_a_histogram_of_real_images() -> None:
    assert class_counts(of_classes(3, 0, 4)).tolist() == [3, 0, 4]


def test_what_says_nothing_is_refused() -> None:
    with pytest.raises(MetricError, match=r"at least 20 pictures of a kind and has 19"):
        class_histogram(of_classes(9, 10), torch.tensor([1, 1]))
    with pytest.raises(MetricError, match="real images lack a class"):
        class_histogram(of_classes(10, 10), torch.tensor([1, 0]))
