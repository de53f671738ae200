"""The contracts that every network of the zoo keeps, so that nothing above it asks a model for its name."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


def _is_grey_or_colour(channels: int) -> int:
    if channels not in (1, 3):
        raise ValueError(f"an image has 1 channel, grey, or 3 of colour, not {channels}")
    return channels


Channels = Annotated[int, AfterValidator(_is_grey_or_colour)]
Pixels = Annotated[int, Field(ge=4, le=1024)]
ImageShape = tuple[Channels, Pixels, Pixels]
"""Channels, height, width."""

MAX_PARAMETERS = 128_000_000
"""Of one network: 512 MB of float32. What is larger is neither trained nor loaded."""

Width = Annotated[int, Field(ge=1, le=8192)]
"""Units or channels of one layer; the bound keeps a hostile configuration from asking for all memory."""

ZDim = Annotated[int, Field(ge=1, le=8192)]
NumClasses = Annotated[int, Field(ge=1, le=1000)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
"""A number between nothing and all: a slope, a drop-out rate."""


class NetworkConfig(BaseModel):
    """What a network is built from. Strict and closed: an unknown field or a wrong type is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Network(nn.Module):
    """A module that remembers the configuration it was built from, so that it can be saved and built again."""

    Config: ClassVar[type[NetworkConfig]]
    config: NetworkConfig

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config

    def settle(self, device: torch.device) -> None:
        """Move to the device, with channels last in memory, which convolutions are fastest with."""
        self.to(device).to(memory_format=torch.channels_last)


def parameter_count(network: nn.Module) -> int:
    """How many numbers training may change; takes no memory, so a network on the meta device may be asked."""
    return sum(parameter.numel() for parameter in network.parameters())


class Generator(Network, ABC):
    """Draws images from latents: ``z, y --mapping--> ws --synthesis--> images in [-1, 1]``.

    ``z`` is ``[N, z_dim]``, standard normal. ``ws`` is ``[N, num_ws, w_dim]``: one vector for every place of the
    synthesis that style enters at; here, unless a network says otherwise, the latent itself, once.
    """

    z_dim: int
    num_classes: int = 0
    """Of a class-conditional generator; 0 for others."""
    num_ws: int = 1
    noise_dim: int = 0
    """How many numbers of N(0, 1) the synthesis of one picture takes beside its style; 0 for most."""
    image_shape: tuple[int, int, int]

    def mapping(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Latents ``[N, z_dim]``, and classes ``[N]`` if the model has any, to ``ws`` ``[N, num_ws, w_dim]``."""
        return z[:, None]

    def mean_ws(self, y: Tensor | None = None) -> Tensor:
        """The centre that truncation pulls towards, broadcastable to ``ws``: the mean of N(0, I) by default.

        In a class-conditional generator each of the classes ``[N]`` has a centre of its own.
        """
        return torch.zeros(1, self.num_ws, self.z_dim, device=next(self.parameters()).device)

    @abstractmethod
    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        """``ws`` to images ``[N, C, H, W]`` in [-1, 1]; networks without noise inputs ignore ``noise``.

        ``noise`` is ``[N, noise_dim]``. Where it is not given, a network in training draws it, and another has none.
        """

    def entrances(self) -> Sequence[nn.Module]:
        """The layers that ``ws`` meet first, each linear up to its bias: here, unless a network says otherwise, one."""
        return [next(module for module in self.modules() if isinstance(module, nn.Linear | nn.ConvTranspose2d))]

    def forward(self, z: Tensor, y: Tensor | None = None, noise: Tensor | None = None) -> Tensor:
        return self.synthesis(self.mapping(z, y), noise)


Direction = tuple[tuple[int, int, int], tuple[int, int, int]]
"""Channels, height and width of what is taken, and of what is given."""


class Translator(Network, ABC):
    """Turns images into images: ``[N, C, H, W]`` in [-1, 1] to others in [-1, 1], perhaps of another shape.

    It knows one direction, or two, of which each leads back from where the other leads.
    """

    directions: Mapping[str, Direction]
    """By a name for people."""

    def back(self, direction: str) -> str | None:
        """The direction that leads back; None where there is one direction only."""
        return next((other for other in self.directions if other != direction), None)

    @abstractmethod
    def forward(self, images: Tensor, direction: str) -> Tensor: ...


Model = Generator | Translator
"""What is published of a game."""


class Discriminator(Network, ABC):
    """Judges images: ``[N, C, H, W]`` in [-1, 1] to one logit each, ``[N]``; high means real.

    In Wasserstein games it is called the critic and its output is a score, not a logit.
    """

    image_shape: tuple[int, int, int]
    num_classes: int = 0
    """Of a class-conditional one, which is told the class that an image is said to be of; 0 for others."""

    @property
    def mixes_samples(self) -> bool:
        """Whether its judgement of one image depends on the others of the batch."""
        return any(isinstance(module, _BatchNorm) for module in self.modules())

    @abstractmethod
    def forward(self, images: Tensor, y: Tensor | None = None) -> Tensor:
        """Logits ``[N]`` of images, and of their classes ``[N]`` if it is told any."""
