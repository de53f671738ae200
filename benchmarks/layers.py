"""The zoo's networks with the layers that everybody else has."""

from collections.abc import Mapping

from torch import nn

from ganzoo.nn.convolution import Conv2d, ConvTranspose2d
from ganzoo.nn.dropout import Dropout

PLAIN: Mapping[type[nn.Module], type[nn.Module]] = {
    Conv2d: nn.Conv2d,
    ConvTranspose2d: nn.ConvTranspose2d,
    Dropout: nn.Dropout,
}
"""For each layer of ours, the one that it is made from: it computes the same, slower."""


def with_plain_layers(network: nn.Module) -> nn.Module:
    """The network itself, its layers turned into PyTorch's own."""
    for module in network.modules():
        module.__class__ = PLAIN.get(type(module), type(module))
    return network
