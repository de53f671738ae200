"""What a discriminator says of pictures."""

import torch
from torch import Tensor

from ganzoo.device import full_precision
from ganzoo.generator import Discriminator
from ganzoo.inference.batching import most_at_once
from ganzoo.inference.sampling import evaluating
from ganzoo.latents import Classes, labels


def judge(model: Discriminator, images: Tensor, classes: Classes | None = None) -> Tensor:
    """One logit, or a critic's score, for each of ``images``, ``[N, C, H, W]`` in [-1, 1]: float32 ``[N]``, on the CPU.

    High means real. A class-conditional one is told the ``classes`` that the images are said to be of, one for all or
    one for each; others ask for none. Batch norm goes by the statistics that it kept in training, so that no image's
    judgement depends on the others. Raises ``ValueError`` for classes that are missing or out of range.
    """
    if not model.num_classes:
        y = None
    elif classes is None:
        raise ValueError("This discriminator is told classes: say of which one the images are said to be.")
    else:
        y = labels(classes, len(images), model.num_classes)
    device, size = next(model.parameters()).device, most_at_once(model.image_shape)
    with torch.inference_mode(), full_precision(), evaluating(model):
        parts = [slice(start, start + size) for start in range(0, len(images), size)]
        return torch.cat([model(images[it].to(device), None if y is None else y[it].to(device)).cpu() for it in parts])
