"""What every set of training images is, and the usual one, which lies in memory."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import torch
from torch import Tensor


class DataError(Exception):
    """Pictures that are not to be had. Its message is one sentence that says what to do."""


class ImageSet(Protocol):
    """Images of one shape, in a fixed order."""

    @property
    def name(self) -> str:
        """What the set is called."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width."""

    @property
    def licence(self) -> str:
        """What the set's source says about its use."""

    @property
    def fingerprint(self) -> str:
        """A sha256 in hexadecimal that tells whether two runs saw the same images."""

    @property
    def labels(self) -> Tensor | None:
        """The class of each image, int64 ``[N]``, if the set has classes."""

    @property
    def skipped(self) -> tuple[str, ...]:
        """Files of a folder that could not be read, by their paths inside it."""

    def __len__(self) -> int: ...

    def batches(self, indices: Iterator[Tensor], device: torch.device) -> Iterator[Tensor]:
        """For every batch of indices, int64 ``[B]``, the images: uint8 ``[B, C, H, W]`` on the device.

        Indices may be taken from the iterator some batches ahead.
        """

    def parts(self, count: int) -> "Sequence[ImageSet]":
        """The set as ``count`` sets, for games that are dealt images of several kinds.

        They are the kinds that it was put together from or, where it was not, every ``count``-th image, in turn.
        """


@dataclass(eq=False)
class ImagesInMemory:
    """A set that lies in memory, on the device once it was asked for there and fits, so that a batch is one draw."""

    name: str
    pixels: Tensor
    """uint8 ``[N, C, H, W]``."""
    licence: str
    labels: Tensor | None = None
    skipped: tuple[str, ...] = ()
    first_kind: int | None = None
    """How many of the images, which come first, are of the first of two kinds; None where all are of one kind."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        _, channels, height, width = self.pixels.shape
        return channels, height, width

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of all pixels, in order, as bytes, and of how many are of the first of two kinds."""
        digest = hashlib.sha256(self.pixels.cpu().contiguous().numpy().data)
        if self.first_kind is not None:
            digest.update(str(self.first_kind).encode())
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self.pixels)

    def batches(self, indices: Iterator[Tensor], device: torch.device) -> Iterator[Tensor]:
        if self.pixels.device.type != device.type and _fits(self.pixels.nbytes, device):
            self.pixels = self.pixels.to(device)
        # Without non_blocking, CUDA would wait for all queued work before it takes the indices.
        non_blocking = self.pixels.is_cuda
        for index in indices:
            yield self.pixels[index.to(self.pixels.device, non_blocking=non_blocking)].to(device)

    def parts(self, count: int) -> "Sequence[ImagesInMemory]":
        if count == 1:
            return [self]
        return [
            ImagesInMemory(
                self.name, self.pixels[part], self.licence, None if self.labels is None else self.labels[part]
            )
            for part in slices(count, self.first_kind)
        ]


def slices(count: int, first_kind: int | None) -> list[slice]:
    """Where the images of each of ``count`` parts lie, if so many of the images, or None, are of a first kind."""
    if count == 2 and first_kind is not None:
        return [slice(first_kind), slice(first_kind, None)]
    return [slice(start, None, count) for start in range(count)]


def _fits(size: int, device: torch.device) -> bool:
    """Whether so many bytes leave the networks at least half of what is free on the device.

    On a device that shares the computer's memory they move rather than multiply.
    """
    return device.type != "cuda" or size <= torch.cuda.mem_get_info(device)[0] // 2
