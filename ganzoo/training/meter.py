"""Running means of what the players report, summed on the device and read only when somebody looks."""

import torch
from torch import Tensor

from ganzoo.training.processes import Processes


class Meter:
    """Means since the last reading, by history key."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, ...]] = {}
        self._sums: dict[str, Tensor] = {}  # for each player the sum of each of its reports; last, their number

    def add(self, player: str, reports: dict[str, Tensor]) -> None:
        """Add one value of each of a player's reports, without waiting for the device."""
        one = next(iter(reports.values())).new_ones(())
        values = torch.stack([*reports.values(), one])
        self._keys[player] = tuple(reports)
        self._sums[player] = self._sums[player].add_(values) if player in self._sums else values

    def peek(self, processes: Processes) -> dict[str, float]:
        """The means so far, over all processes. Waits for the device."""
        processes.average_(self._sums.values())  # alike everywhere, so that any process may save them
        means: dict[str, float] = {}
        for player, sums in self._sums.items():
            means |= zip(self._keys[player], (sums[:-1] / sums[-1]).tolist(), strict=True)
        return means

    def reset(self) -> None:
        self._sums = {}

    def state(self) -> dict[str, Tensor]:
        """What ``restore`` needs."""
        return {f"{player}:{','.join(self._keys[player])}": sums for player, sums in self._sums.items()}

    def restore(self, state: dict[str, Tensor]) -> None:
        self.reset()
        for name, sums in state.items():
            player, _, keys = name.partition(":")
            self._keys[player], self._sums[player] = tuple(keys.split(",")), sums
