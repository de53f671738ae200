"""Learning rates along a run."""

from collections.abc import Mapping

import torch
from torch.optim import Optimizer

from ganzoo.recipe import Schedule


class Rates:
    """Sets what is left of the rates that ``optimizers`` began with, by a recipe's schedule, if it has one."""

    def __init__(self, optimizers: Mapping[str, Optimizer], schedule: Schedule | None) -> None:
        self._optimizers, self._schedule = optimizers, schedule
        self._whole = {player: [group["lr"] for group in it.param_groups] for player, it in optimizers.items()}
        if schedule is not None:
            for optimizer in optimizers.values():
                for group in optimizer.param_groups:
                    group["lr"] = torch.tensor(group["lr"])  # a number would be compiled anew each time it changes

    def set(self, done: float) -> None:
        """For the step before which this share of the run is over."""
        if self._schedule is None:
            return
        left = self._schedule(done)
        for player, optimizer in self._optimizers.items():
            for group, whole in zip(optimizer.param_groups, self._whole[player], strict=True):
                group["lr"].fill_(left * whole)
