import pytest
import torch
from torch import Tensor

from ganzoo.metrics import MetricError, Points, neighbours, precision_and_recall


def draw(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_a_set_lies_among_itself_in_any_order(training: Tensor) -> None:
    for samples in (training, training.flip(0)):
        found = precision_and_recall(Points(samples), Points(training))
        assert (found.precision, found.recall) == (1, 1)


def test_sets_far_apart_have_nothing_of_each_other() -> None:
    found = precision_and_recall(Points(draw(50)), Points(draw(60, seed=1) + 100))
    assert (found.precision, found.recall) == (0, 0)


def test_what_is_drawn_of_half_the_data_is_precise_and_no_more_than_half_is_recalled() -> None:
    halves = draw(100), draw(100, seed=1) + 100
    real, half = Points(torch.cat(halves)), halves[0]
    found = precision_and_recall(Points(half.repeat(2, 1)), real)
    assert (found.precision, found.recall) == (1, 0.5)
    found = precision_and_recall(real, Points(half))
    assert (found.precision, found.recall) == (0.5, 1)


@pytest.mark.parametrize("chunk", [1, 500, 2**22])
def test_it_is_what_the_paper_says(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "CHUNK", chunk)
    samples, real = draw(60) * 1.3, draw(80, seed=1)

    def share_among(points: Tensor, others: Tensor) -> float:
        reach = torch.cdist(others, others).sort(1).values[:, 3]
        among = [any((point - other).norm() <= r for other, r in zip(others, reach, strict=True)) for point in points]
        return sum(among) / len(points)

    found = precision_and_recall(Points(samples), Points(real))
    assert (found.precision, found.recall) == (share_among(samples, real), share_among(real, samples))
    assert 0 < found.precision < found.recall < 1


def test_too_few_are_refused() -> None:
    for pair in ((draw(3), draw(4)), (draw(4), draw(3))):
        with pytest.raises(MetricError, match=r"at least 4 pictures of a kind and has 3"):
            precision_and_recall(*map(Points, pair))
