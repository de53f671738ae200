"""Images from seeds: first their styles, which are cheap, then the pictures of these."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganzoo.device import full_precision
from ganzoo.generator import Generator, Model
from ganzoo.latents import Classes, inputs

MAX_TRUNCATION = 2.0


def sample(
    model: Model,
    seeds: Iterable[int],
    truncation: float = 1.0,
    classes: Classes | None = None,
    *,
    batch_size: int = 64,
) -> Tensor:
    """One image for each seed: ``[N, C, H, W]`` in [-1, 1], float32, on the CPU.

    ``truncation`` scales each ``ws`` about the model's mean: 0 draws the mean image only, 1 leaves the latents alone,
    up to 2 exaggerates. A class-conditional model draws ``classes``, one for all or one for each; where not given, the
    seed modulo their number. A pixel depends on ``batch_size`` and on the device by rounding alone (at most 1/255 of
    the range from black to white). Raises ``ValueError`` for a seed, class, truncation or batch size out of range, and
    for a translator.
    """
    generator = drawing(model)
    z, y, noise = inputs(seeds, generator.z_dim, generator.num_classes, generator.noise_dim, classes)
    return draw(generator, styles(generator, z, y, truncation), noise, batch_size=batch_size)


def drawing(model: Model) -> Generator:
    """A model that draws; raises ``ValueError`` for one that does not."""
    if not isinstance(model, Generator):
        raise ValueError("This model is a translator, which draws nothing from seeds: ganzoo.translate is for it.")
    return model


def styles(model: Generator, z: Tensor, y: Tensor | None = None, truncation: float = 1.0) -> Tensor:
    """``ws`` ``[N, num_ws, w_dim]``, on the model's device, of latents ``[N, z_dim]`` and, where it has classes, ``y``.

    Raises ``ValueError`` for a truncation out of range.
    """
    strength, device = _checked(truncation), next(model.parameters()).device
    y = None if y is None else y.to(device)
    with torch.inference_mode(), full_precision(), evaluating(model):
        ws = model.mapping(z.to(device), y)
        return ws if strength == 1.0 else model.mean_ws(y).lerp(ws, strength)


def draw(model: Generator, ws: Tensor, noise: Tensor | None = None, *, batch_size: int = 64) -> Tensor:
    """The images of styles ``[N, num_ws, w_dim]``, as ``sample`` has them; without ``noise``, ``[N, noise_dim]``, there
    is none in them. Raises ``ValueError`` for a batch size out of range.
    """
    if batch_size < 1:
        raise ValueError("A batch holds at least one image.")
    noise = torch.zeros(len(ws), model.noise_dim) if noise is None else noise
    device = next(model.parameters()).device
    images = torch.empty(len(ws), *model.image_shape)
    with torch.inference_mode(), full_precision(), evaluating(model):
        for start in range(0, len(ws), batch_size):
            part = slice(start, start + batch_size)
            images[part] = model.synthesis(ws[part].to(device), noise[part].to(device))
    return images


def _checked(truncation: float) -> float:
    if isinstance(truncation, bool) or not isinstance(truncation, int | float) or not 0 <= truncation <= MAX_TRUNCATION:
        raise ValueError(f"The truncation is a number from 0 to {MAX_TRUNCATION:g}.")
    return float(truncation)


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
