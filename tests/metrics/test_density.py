import pytest
import torch
from torch import Tensor

from ganzoo.metrics import MetricError, Points, density_and_coverage, neighbours, precision_and_recall


def draw(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_a_set_covers_itself_in_any_order(training: Tensor) -> None:
    assert density_and_coverage(Points(training), Points(training)).coverage == 1
    assert density_and_coverage(Points(training.flip(0)), Points(training)).coverage == 1


def test_sets_far_apart_have_nothing_of_each_other() -> None:
    found = density_and_coverage(Points(draw(50)), Points(draw(60, seed=1) + 100))
    assert (found.density, found.coverage) == (0, 0)


def test_draws_of_one_distribution_are_as_dense_and_cover_as_much_as_the_paper_says() -> None:
    found = density_and_coverage(Points(draw(3000)), Points(draw(3000, seed=1)))
    assert found.density == pytest.approx(1, abs=0.03)
    assert found.coverage == pytest.approx(1 - 2**-5, abs=0.01)


def test_what_is_drawn_of_half_the_data_covers_half() -> None:
    halves = draw(100), draw(100, seed=1) + 100
    assert density_and_coverage(Points(halves[0].repeat(2, 1)), Points(torch.cat(halves))).coverage == 0.5


def test_one_outlier_does_not_make_bad_samples_good() -> None:
    real, samples = Points(torch.cat([draw(200), torch.full((1, 5), 50.0).double()])), Points(draw(200, seed=1) + 20)
    assert precision_and_recall(samples, real).precision == 1
    found = density_and_coverage(samples, real)
    assert found.density == pytest.approx(1 / 5)
    assert found.coverage < 0.01


@pytest.mark.parametrize("chunk", [1, 500, 2**22])
def test_it_is_what_the_paper_says(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "CHUNK", chunk)
    samples, real = draw(60) * 1.3, draw(80, seed=1)
    reach = torch.cdist(real, real).sort(1).values[:, 5]
    inside = [[bool((x - y).norm() <= r) for y in samples] for x, r in zip(real, reach, strict=True)]
    found = density_and_coverage(Points(samples), Points(real))
    assert found.density == pytest.approx(sum(map(sum, inside)) / (5 * 60))
    assert found.coverage == pytest.approx(sum(map(any, inside)) / 80)


def test_too_few_are_refused() -> None:
    for pair in ((draw(5), draw(6)), (draw(6), draw(5))):
        with pytest.raises(MetricError, match=r"at least 6 pictures of a kind and has 5"):
            density_and_coverage(*map(Points, pair))
