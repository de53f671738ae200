"""The averaged model."""

from copy import deepcopy

import torch

from ganzoo.generator import Model


class Average:
    """Exponential moving average of a model's weights and buffers (Yazıcı et al. 2019, eq. 2).

    Early on the decay is smaller, (1 + t) / (10 + t) at step t, so that the average leaves the first weights quickly.
    """

    def __init__(self, source: Model, decay: float) -> None:
        self.generator: Model = deepcopy(source).requires_grad_(False).eval()
        self.decay = decay

    @torch.no_grad()
    def update(self, source: Model, step: int) -> None:
        """Move towards ``source``; counting buffers, which have no mean, are copied."""
        weight = 1.0 - min(self.decay, (1 + step) / (10 + step))
        for old, new in zip(self.generator.state_dict().values(), source.state_dict().values(), strict=True):
            if old.is_floating_point():
                old.lerp_(new, weight)
            else:
                old.copy_(new)
