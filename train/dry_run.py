"""What a run would be, without running it."""

import time

import torch

from ganzoo.data import ImagesInMemory, expected_size
from ganzoo.device import describe_device
from ganzoo.generator import parameter_count
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Precision
from ganzoo.training.preparation import choose_execution, ready_trainer
from ganzoo.training.trainer import Trainer

TIMED_STEPS = 3
"""At least."""


def describe(
    recipe: Recipe,
    seed: int,
    device: torch.device,
    *,
    compiled: bool | None = None,
    precision: Precision | None = None,
) -> str:
    """The resolved recipe, the networks' sizes, memory and an estimate of the time, as text.

    The time is measured: a few steps are played on noise of the right shape, computed as the run would be, after one to
    warm up, and as many as it takes for every turn to come.
    """
    size = expected_size(recipe.data)
    steps = recipe.total_steps(size)
    noise = torch.randint(0, 256, (recipe.batch_size * recipe.kinds, *recipe.data.image_shape), dtype=torch.uint8)
    images = ImagesInMemory("noise", noise, licence="none")
    execution = choose_execution(recipe, steps, device, compiled=compiled, precision=precision)
    trainer = ready_trainer(recipe, images, seed=seed, device=device, execution=execution)
    seconds = _seconds_a_step(trainer)
    networks = "\n".join(
        f"  {player:14} {parameter_count(network):>12,} parameters  {type(network).__name__}"
        for player, network in trainer.game.players.items()
    )
    data_bytes = size * noise[0].numel()
    state_bytes = sum(tensor.nbytes for tensor in trainer.state()[0].values())
    gradient_bytes = sum(4 * parameter_count(network) for network in trainer.game.players.values())
    return f"""{type(recipe).title}: {recipe.name}
{recipe.model_dump_json(indent=2)}
seed {seed}, {steps:,} steps, {size:,} images of {"×".join(map(str, recipe.data.image_shape))}
{networks}
memory: images {_mebibytes(data_bytes)}, networks, averages and optimisers {_mebibytes(state_bytes + gradient_bytes)}
time: about {_duration(seconds * steps)} on {describe_device(device)}, {trainer.execution} \
({1000 * seconds:.1f} ms a step, measured now)"""


def _seconds_a_step(trainer: Trainer) -> float:
    steps = max([TIMED_STEPS, *trainer.recipe.intervals().values()])
    trainer.play()
    trainer.meter.peek(trainer.processes)  # waits for the device
    began = time.perf_counter()
    for _ in range(steps):
        trainer.play()
    trainer.meter.peek(trainer.processes)
    return (time.perf_counter() - began) / steps


def _mebibytes(count: float) -> str:
    return f"{count / 2**20:,.0f} MiB"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
