"""Spectral normalisation: a layer that stretches nothing by more than 1."""

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrize import register_parametrization

from ganzoo.nn.initialisation import fill_normal

Layer = TypeVar("Layer", bound=nn.Linear | nn.Conv2d)


class SpectralNorm(nn.Module):
    """W / σ(W), σ being the largest singular value of W as a matrix ``[outputs, rest]`` (Miyato et al. 2018, eq. 8).

    Each pass in training comes closer to the singular vectors by one step of the power iteration, and follows W as it
    moves (algorithm 1); the left one, ``u``, is kept. PyTorch's own does so with products that autocast rounds, and is
    built on the meta device, as every network that is loaded, by importing the compiler: two seconds.
    """

    u: Tensor

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.register_buffer("u", fill_normal(torch.empty(outputs)))

    def forward(self, weight: Tensor) -> Tensor:
        matrix = weight.flatten(1)
        with torch.no_grad():  # sums, for autocast would round products
            v = F.normalize((self.u[:, None] * matrix).sum(0), dim=0)
            u = F.normalize((matrix * v).sum(1), dim=0)
            if self.training:
                self.u.copy_(u)
        return weight / (u[:, None] * matrix * v).sum()


def spectral_norm(layer: Layer) -> Layer:
    """The layer, its weight normalised whenever it is used."""
    # "Unsafe" is not to try it at once: on the meta device that would import the compiler.
    register_parametrization(layer, "weight", SpectralNorm(len(layer.weight)), unsafe=True)
    return layer
