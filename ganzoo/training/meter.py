"""Running means of what the players report, summed on the device and read only when somebody looks."""

import torch
from torch import Tensor

from ganzoo.training.processes import Processes


class Meter:
    """Means since the last reading, by history key."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, ...]] = {}
        self._sums: dict[str, Tensor] = {}  # for each kind of turn the sum of each of its reports; last, their number

    def add(self, turn: str, reports: dict[str, Tensor]) -> None:
        """Add one value of each of a turn's reports, without waiting for the device."""
        one = next(iter(reports.values())).new_ones(())
        values = torch.stack([*reports.values(), one])
        self._keys[turn] = tuple(reports)
        self._sums[turn] = self._sums[turn].add_(values) if turn in self._sums else values

    def peek(self, processes: Processes) -> dict[str, float]:
        """The means so far, over all processes. Waits for the device."""
        processes.average_(self._sums.values())  # alike everywhere, so that any process may save them
        means: dict[str, float] = {}
        for turn, sums in self._sums.items():
            means |= zip(self._keys[turn], (sums[:-1] / sums[-1]).tolist(), strict=True)
        return means

    def reset(self) -> None:
        self._sums = {}

    def state(self) -> dict[str, Tensor]:
        """What ``restore`` needs."""
        return {f"{turn}:{','.join(self._keys[turn])}": sums for turn, sums in self._sums.items()}

    def restore(self, state: dict[str, Tensor]) -> None:
        self.reset()
        for name, sums in state.items():
            turn, _, keys = name.partition(":")
            self._keys[turn], self._sums[turn] = tuple(keys.split(",")), sums
