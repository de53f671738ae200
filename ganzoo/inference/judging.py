"""What a discriminator says of pictures."""

import torch
from torch import Tensor

from ganzoo.device import full_precision
from ganzoo.generator import Discriminator
from ganzoo.inference.batching import most_at_once
from ganzoo.inference.sampling import evaluating


def judge(model: Discriminator, images: Tensor) -> Tensor:
    """One logit, or a critic's score, for each of ``images``, ``[N, C, H, W]`` in [-1, 1]: float32 ``[N]``, on the CPU.

    High means real. Batch norm goes by the statistics that it kept in training, so that no image's judgement depends on
    the others.
    """
    device = next(model.parameters()).device
    batches = images.split(most_at_once(model.image_shape))
    with torch.inference_mode(), full_precision(), evaluating(model):
        return torch.cat([model(batch.to(device)).cpu() for batch in batches])
