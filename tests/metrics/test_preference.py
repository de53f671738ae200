import pytest
import torch

from ganzoo.metrics.preference import bradley_terry


@pytest.mark.parametrize(("won", "lost"), [(0, 0), (1, 0), (7, 3), (500, 0), (0, 2.5)])
def test_two_competitors_have_a_closed_form(won: float, lost: float) -> None:
    better, worse = bradley_terry(torch.tensor([[0.0, won], [lost, 0.0]])).tolist()
    assert better / worse == pytest.approx((won + 0.5) / (lost + 0.5))
    assert better * worse == pytest.approx(1.0)


def test_strengths_are_found_again_from_the_matches_that_they_lead_to() -> None:
    true = torch.tensor([4.0, 2.0, 1.0, 0.5, 0.25], dtype=torch.float64)
    share = true[:, None] / (true[:, None] + true)
    assert bradley_terry(1e5 * share.fill_diagonal_(0)).tolist() == pytest.approx(true.tolist(), rel=1e-3)


def test_at_the_most_likely_strengths_everybody_wins_as_often_as_expected() -> None:
    wins = torch.randint(0, 6, (5, 5), generator=torch.Generator().manual_seed(0)).double().fill_diagonal_(0)
    found = bradley_terry(wins)
    expected = (wins + wins.T) * found[:, None] / (found[:, None] + found)
    drawn = (1 - torch.eye(5)) / 4 * found[:, None] / (found[:, None] + found)  # of the match that each draws besides
    assert (expected + drawn).sum(1).tolist() == pytest.approx((wins.sum(1) + 0.5).tolist())


def test_names_do_not_matter() -> None:
    wins = torch.randint(0, 6, (5, 5), generator=torch.Generator().manual_seed(1)).double().fill_diagonal_(0)
    order = torch.tensor([3, 1, 4, 0, 2])
    assert torch.allclose(bradley_terry(wins)[order], bradley_terry(wins[order][:, order]))


def test_those_that_never_met_compare_by_whom_they_beat() -> None:
    wins = torch.zeros(4, 4)
    wins[0, 1] = wins[1, 2] = wins[3, 2] = 3
    found = bradley_terry(wins)
    assert found.isfinite().all()
    assert found[0] > found[1] > found[2] > 0
    assert found[0] > found[3] > found[2]


def test_ties_make_equals_and_so_does_nothing_at_all() -> None:
    ties = torch.full((3, 3), 2.5).fill_diagonal_(0)
    assert bradley_terry(ties).tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert bradley_terry(torch.zeros(3, 3)).tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert bradley_terry(torch.zeros(1, 1)).tolist() == [1.0]
