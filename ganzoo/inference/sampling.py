"""Images from seeds."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganzoo.device import full_precision
from ganzoo.generator import Generator
from ganzoo.latents import latents

MAX_TRUNCATION = 2.0


def sample(model: Generator, seeds: Iterable[int], truncation: float = 1.0, *, batch_size: int = 64) -> Tensor:
    """One image for each seed: ``[N, C, H, W]`` in [-1, 1], float32, on the CPU.

    ``truncation`` scales each ``ws`` about the model's mean: 0 draws the mean image only, 1 leaves the latents alone,
    up to 2 exaggerates. A pixel depends on ``batch_size`` and on the device by rounding alone (at most 1/255 of the
    range from black to white). Raises ``ValueError`` for a seed, truncation or batch size out of range.
    """
    return draw(model, latents(seeds, model.z_dim), truncation, batch_size=batch_size)


def draw(model: Generator, z: Tensor, truncation: float | Tensor = 1.0, *, batch_size: int = 64) -> Tensor:
    """As ``sample``, of latents ``[N, z_dim]`` that the caller has; ``truncation`` may be one for each, ``[N]``."""
    strengths = _checked(truncation).expand(len(z))
    truncated = bool((strengths != 1.0).any())
    if batch_size < 1:
        raise ValueError("A batch holds at least one image.")
    device = next(model.parameters()).device
    images = torch.empty(len(z), *model.image_shape)
    with torch.inference_mode(), full_precision(), evaluating(model):
        for start in range(0, len(z), batch_size):
            ws = model.mapping(z[start : start + batch_size].to(device))
            if truncated:
                ws = model.mean_ws().lerp(ws, strengths[start : start + batch_size, None, None].to(ws))
            images[start : start + batch_size] = model.synthesis(ws)
    return images


def _checked(truncation: float | Tensor) -> Tensor:
    try:
        strengths = torch.as_tensor(truncation, dtype=torch.float32)
        in_range = not isinstance(truncation, bool) and bool(((strengths >= 0) & (strengths <= MAX_TRUNCATION)).all())
    except (TypeError, ValueError, RuntimeError, OverflowError):
        in_range = False
    if not in_range:
        raise ValueError(f"The truncation is a number from 0 to {MAX_TRUNCATION:g}.")
    return strengths


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Switch a model that is in training to evaluation for the block, and every module back as it was."""
    training = [module for module in model.modules() if module.training]
    try:
        for module in training:
            module.training = False
        yield
    finally:
        for module in training:
            module.training = True
