"""Images from images."""

import torch
from torch import Tensor

from ganzoo.device import full_precision
from ganzoo.generator import Model, Translator
from ganzoo.inference.sampling import evaluating


def translate(model: Model, images: Tensor, direction: str | None = None, *, batch_size: int = 64) -> Tensor:
    """Each of ``images``, ``[N, C, H, W]`` in [-1, 1], in one of the model's directions: float32, on the CPU.

    The direction may be left out where there is one only. Raises ``ValueError`` for one that there is not, for images
    of another shape than it takes, for a batch size out of range, and for a generator.
    """
    if not isinstance(model, Translator):
        raise ValueError("This model is a generator, which translates nothing: ganzoo.sample is for it.")
    if direction is None and len(model.directions) == 1:
        (direction,) = model.directions
    if direction is None or direction not in model.directions:
        raise ValueError(f"There is no such direction: choose {' or '.join(map(repr, model.directions))}.")
    taken, given = model.directions[direction]
    if images.shape[1:] != taken:
        shown, wanted = ("×".join(map(str, shape)) for shape in (images.shape[1:], taken))
        raise ValueError(f"The images are {shown} and {direction!r} takes {wanted}: bring them to that shape.")
    if batch_size < 1:
        raise ValueError("A batch holds at least one image.")
    device = next(model.parameters()).device
    found = torch.empty(len(images), *given)
    with torch.inference_mode(), full_precision(), evaluating(model):
        for start in range(0, len(images), batch_size):
            part = slice(start, start + batch_size)
            found[part] = model(images[part].to(device), direction)
    return found
