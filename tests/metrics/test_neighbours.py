import pytest
import torch
from torch import Tensor

from ganzoo.metrics import neighbours
from ganzoo.metrics.neighbours import Points, nearest, nearest_few, nearest_other, squared_distances


def draw(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def exact(rows: Tensor, columns: Tensor) -> Tensor:
    return (rows[:, None] - columns).square().sum(2)


@pytest.mark.parametrize("chunk", [1, 100, 1_000_000])
def test_distances_are_exact_however_many_there_are_at_once(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "CHUNK", chunk)
    rows, columns = draw(23), draw(31, seed=1)
    parts = [(part, squares.clone()) for part, squares in squared_distances(rows, columns)]
    assert len(parts) == {1: 23, 100: 8, 1_000_000: 1}[chunk]
    assert [i for part, _ in parts for i in range(part.start, part.stop)] == list(range(23))
    torch.testing.assert_close(torch.cat([squares for _, squares in parts]), exact(rows, columns))
    torch.testing.assert_close(nearest(rows, columns), exact(rows, columns).amin(1))
    few, places = nearest_few(rows, columns, 3)
    torch.testing.assert_close(few, exact(rows, columns).sort(1).values[:, :3])
    torch.testing.assert_close(exact(rows, columns).gather(1, places), few)
    among = exact(rows, rows).sort(1).values  # itself first
    for k in (1, 4, 22):
        torch.testing.assert_close(nearest_other(rows, k), among[:, k])


def test_memory_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "CHUNK", 100)
    assert len({squares.data_ptr() for _, squares in squared_distances(draw(23), draw(31))}) == 1


@pytest.mark.parametrize("far", [0.0, 1e6])
def test_equal_points_are_at_no_distance_and_points_close_by_are_at_theirs(far: float) -> None:
    points = draw(300) + far
    assert not nearest(points, points.flip(0)).any()
    assert not nearest_other(points[[1, 1, 2, 2]], 1).any()
    close = points + torch.eye(7, dtype=torch.float64)[0] * 1e-3
    torch.testing.assert_close(nearest(close, points), torch.full((300,), 1e-6, dtype=torch.float64), rtol=1e-4, atol=0)


def test_points_remember_their_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    points, others = Points(draw(23)), Points(draw(31, seed=1))

    def distances() -> list[Tensor]:
        return [points.nearest(others), points.nearest(points), *map(points.nearest_other, (1, 3))]

    rows = points.features
    expected = [nearest(rows, others.features), nearest(rows, rows), nearest_other(rows, 1), nearest_other(rows, 3)]
    found = distances()
    assert all(map(torch.equal, found, expected))
    monkeypatch.delattr(neighbours, "squared_distances")
    assert all(map(torch.equal, distances(), expected))


def test_the_first_points_are_others_unless_they_are_all() -> None:
    points = Points(draw(23))
    assert points.first(23) is points.first(24) is points
    assert torch.equal(points.first(5).features, points.features[:5])
    assert torch.equal(points.first(5).nearest_other(1), nearest_other(points.features[:5], 1))
