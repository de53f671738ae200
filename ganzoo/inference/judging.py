"""What a discriminator says of pictures, and by what in them."""

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
    y = _told(model, len(images), classes)
    device, size = next(model.parameters()).device, most_at_once(model.image_shape)
    with torch.inference_mode(), full_precision(), evaluating(model):
        parts = [slice(start, start + size) for start in range(0, len(images), size)]
        return torch.cat([model(images[it].to(device), None if y is None else y[it].to(device)).cpu() for it in parts])


def explain(model: Discriminator, images: Tensor, classes: Classes | None = None) -> tuple[Tensor, Tensor]:
    """As ``judge``, and how much each pixel matters to what is said: the saliency, float32 ``[N, H, W]``, on the CPU.

    That is the largest |∂ logit / ∂ x| of its channels (Simonyan et al. 2014, section 3.1): by how much the logit moves
    for a small change of the pixel, whose range is 2.
    """
    device, size = next(model.parameters()).device, most_at_once(model.image_shape)
    judged, found = [], []
    with torch.inference_mode(False), torch.enable_grad(), full_precision(), evaluating(model):
        y = _told(model, len(images), classes)
        for start in range(0, len(images), size):
            part = slice(start, start + size)
            x = images[part].clone().to(device).requires_grad_()
            logits = model(x, None if y is None else y[part].to(device))
            (slope,) = torch.autograd.grad(logits.sum(), x)
            judged.append(logits.detach().cpu())
            found.append(slope.abs().amax(1).cpu())
    return torch.cat(judged), torch.cat(found)


def _told(model: Discriminator, count: int, classes: Classes | None) -> Tensor | None:
    """The classes that a discriminator is told, int64 ``[count]``; None for one that asks for none."""
    if not model.num_classes:
        return None
    if classes is None:
        raise ValueError("This discriminator is told classes: say of which one the images are said to be.")
    return labels(classes, count, model.num_classes)
