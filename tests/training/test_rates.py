from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.optim import Adam, Optimizer, RMSprop

from ganzoo.data import ImagesInMemory
from ganzoo.recipe import Schedule
from ganzoo.training.execution import Execution
from ganzoo.training.rates import Rates
from ganzoo.training.trainer import Trainer
from ganzoo.zoo.wgan import WGAN

CPU = torch.device("cpu")


class Falling(WGAN):
    """WGAN with rates that fall to nothing."""

    def schedule(self) -> Schedule | None:
        return lambda done: 1 - done


def falling(steps: int = 4) -> Falling:
    return Falling.model_validate({"width": 4, "batch_size": 8, "steps": steps, "n_critic": 1})


def rates(trainer: Trainer) -> list[float]:
    return [float(group["lr"]) for optimizer in trainer.optimizers.values() for group in optimizer.param_groups]


@pytest.mark.parametrize(
    "make", [lambda it: Adam(it, lr=0.1, fused=True), lambda it: RMSprop(it, lr=0.1)], ids=["fused Adam", "RMSprop"]
)
@pytest.mark.parametrize("schedule", [None, lambda done: 0.5 if done else 1.0], ids=["none", "halved"])
def test_optimisers_step_as_if_they_had_been_made_with_that_rate(
    make: Callable[[list[Tensor]], Optimizer], schedule: Schedule | None
) -> None:
    def moved(schedule: Schedule | None, rate: float) -> Tensor:
        weights = torch.ones(3, requires_grad=True)
        optimizer = make([weights])
        optimizer.param_groups[0]["lr"] = rate
        rates = Rates({"player": optimizer}, schedule)
        rates.set(0.7)
        weights.grad = torch.full((3,), 2.0)
        optimizer.step()
        return weights.detach()

    torch.testing.assert_close(moved(schedule, 0.1), moved(None, 0.1 if schedule is None else 0.05))


def test_each_step_has_the_rate_of_its_place_in_the_run_also_after_resuming(images: ImagesInMemory) -> None:
    trainer = Trainer(falling(), images, seed=0, device=CPU)
    for left in (1.0, 0.75):
        trainer.play()
        assert rates(trainer) == pytest.approx([left * 5e-5] * 2)
    tensors, numbers = trainer.state()
    saved = {name: tensor.clone() for name, tensor in tensors.items()}, dict(numbers)
    trainer.play()
    resumed = Trainer(falling(), images, seed=0, device=CPU)
    resumed.restore(saved)
    resumed.play()
    assert rates(resumed) == pytest.approx([0.5 * 5e-5] * 2)
    ends = [one.state()[0] for one in (trainer, resumed)]
    assert all(torch.equal(value, ends[1][name]) for name, value in ends[0].items())


def test_a_longer_run_falls_more_slowly(images: ImagesInMemory) -> None:
    trainer = Trainer(falling(8), images, seed=0, device=CPU)
    for _ in range(3):
        trainer.play()
    assert rates(trainer) == pytest.approx([0.75 * 5e-5] * 2)


def test_a_compiled_step_heeds_the_rate_and_is_compiled_once() -> None:
    weights = torch.ones(3, requires_grad=True)
    optimizer = RMSprop([weights], lr=0.1)
    rates = Rates({"player": optimizer}, lambda done: 1 - done)
    step = Execution(compiled=True).prepared_step(optimizer)
    moves, graphs = [], []
    for done in (0.0, 0.0, 0.25, 0.5, 0.75):
        before = weights.detach().clone()
        weights.grad = torch.full((3,), 2.0)
        optimizer.state.get(weights, {}).get("square_avg", torch.zeros(3)).fill_(0.0)  # so that all moves are alike
        rates.set(done)
        step()
        moves.append(float((before - weights.detach())[0]))
        graphs.append(torch._dynamo.utils.counters["stats"]["unique_graphs"])
    assert [move / moves[0] for move in moves] == pytest.approx([1.0, 1.0, 0.75, 0.5, 0.25], rel=1e-4)
    assert graphs[1:] == [graphs[1]] * 4
