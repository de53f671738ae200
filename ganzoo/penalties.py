"""What keeps networks smooth: penalties on their gradients, or clipped weights."""

from collections.abc import Callable
from math import sqrt

import torch
from torch import Tensor, nn


def gradient_penalty(discriminator: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """E[(‖∇f(x̂)‖₂ - 1)²], one-centred, at x̂ = ε x + (1 - ε) x̃ on the line between a real and a fake image.

    Gulrajani et al. 2017, eq. 3. The norm is taken over all pixels and channels of one image, the mean over images.
    ``real`` and ``fake`` are ``[N, C, H, W]``, ``epsilon`` is ``[N]``, drawn evenly from [0, 1]; the result is a scalar
    that can be differentiated again.
    """
    between = torch.lerp(fake, real, epsilon.view(-1, *[1] * (real.ndim - 1))).requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(between).sum(), between, create_graph=True)
    norm: Tensor = torch.linalg.vector_norm(gradient.flatten(1), dim=1)
    return (norm - 1.0).square().mean()


def zero_centred_penalties(logits: Tensor, *batches: Tensor) -> list[Tensor]:
    """E[‖∇D(x)‖₂²] of each of the batches of images ``[N, C, H, W]``, all of whose ``logits`` were computed from them.

    At real images it is R1, at fake ones R2 (Mescheder et al. 2018, eq. 9 and 10, without their γ/2). The results are
    scalars that can be differentiated again.
    """
    gradients = torch.autograd.grad(logits.sum(), batches, create_graph=True)
    return [gradient.flatten(1).square().sum(1).mean() for gradient in gradients]


def path_lengths(images: Tensor, ws: Tensor) -> Tensor:
    """‖J_wᵀ y‖₂ ``[N]``, how much a step in w changes a picture: path-length regularisation wants it alike everywhere.

    Karras et al. 2020, section 3.2. ``images`` ``[N, C, H, W]`` were drawn from ``ws`` ``[N, num_ws, w_dim]``. y is of
    N(0, I), scaled so that lengths do not depend on the number of pixels; squares are averaged over the layers. The
    result can be differentiated again.
    """
    height, width = images.shape[2:]
    noise = torch.randn_like(images) / sqrt(height * width)
    (gradient,) = torch.autograd.grad((images * noise).sum(), ws, create_graph=True)
    lengths: Tensor = torch.linalg.vector_norm(gradient.flatten(1), dim=1)
    return lengths / sqrt(ws.shape[1])


@torch.no_grad()
def clip_weights(module: nn.Module, limit: float) -> None:
    """Clamp every parameter to [-limit, limit], in place (Arjovsky et al. 2017, algorithm 1, line 7)."""
    for parameter in module.parameters():
        parameter.clamp_(-limit, limit)
