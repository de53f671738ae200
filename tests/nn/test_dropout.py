import pytest
import torch

from ganzoo.nn.dropout import Dropout

COUNT = 200_003
"""Not a multiple of four."""


def dropped(rate: float, numbers: torch.Tensor, seed: int = 0) -> torch.Tensor:
    torch.manual_seed(seed)
    return Dropout(rate)(numbers)  # type: ignore[no-any-return]


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5])
def test_so_many_are_dropped_and_the_others_make_up_for_them(rate: float) -> None:
    result = dropped(rate, torch.ones(COUNT))
    kept = result[result != 0]
    assert abs(1 - len(kept) / COUNT - rate) < 5 * (rate * (1 - rate) / COUNT) ** 0.5
    torch.testing.assert_close(kept, torch.full_like(kept, 1 / (1 - rate)), rtol=1e-4, atol=0)


def test_neighbours_are_dropped_independently() -> None:
    lost = (dropped(0.3, torch.ones(COUNT)) == 0).float()
    for distance in range(1, 9):  # four share a draw
        both = (lost[distance:] * lost[:-distance]).mean()
        assert abs(both - 0.09) < 0.005


def test_the_layout_and_the_gradient_are_those_of_the_numbers() -> None:
    numbers = torch.ones(4, 3, 6, 5).to(memory_format=torch.channels_last).requires_grad_()
    result = dropped(0.3, numbers)
    assert result.stride() == numbers.stride()
    (gradient,) = torch.autograd.grad(result.sum(), numbers)
    assert torch.equal(gradient, result)


def test_the_seed_decides() -> None:
    assert torch.equal(dropped(0.3, torch.ones(99)), dropped(0.3, torch.ones(99)))
    assert not torch.equal(dropped(0.3, torch.ones(99)), dropped(0.3, torch.ones(99), seed=1))


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_nothing_or_everything(rate: float) -> None:
    assert torch.equal(dropped(rate, torch.ones(9)), torch.full((9,), 1 - rate))


def test_a_finished_network_drops_nothing() -> None:
    assert torch.equal(Dropout(0.3).eval()(torch.ones(99)), torch.ones(99))
