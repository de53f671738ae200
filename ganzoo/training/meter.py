"""Running means of what the players report, summed on the device and read only when somebody looks."""

import torch
from torch import Tensor

from ganzoo.training.processes import Processes


class Meter:
    """Means since the last reading, by history key."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}

    def add(self, reports: dict[str, Tensor]) -> None:
        """Add one value of each report, without waiting for the device."""
        for key, value in reports.items():
            pair = torch.stack([value.detach().float(), torch.ones((), device=value.device)])
            self.sums[key] = self.sums[key] + pair if key in self.sums else pair

    def peek(self, processes: Processes) -> dict[str, float]:
        """The means so far, over all processes. Waits for the device."""
        if not self.sums:
            return {}
        table = torch.stack(list(self.sums.values()))
        processes.average_([table])
        self.sums = dict(zip(self.sums, table, strict=True))  # alike everywhere, so that any process may save them
        means = (table[:, 0] / table[:, 1]).tolist()
        return dict(zip(self.sums, means, strict=True))

    def reset(self) -> None:
        self.sums = {}
