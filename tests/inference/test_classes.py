from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from ganzoo.generator import Generator, NetworkConfig
from ganzoo.inference import inputs, interpolate, latents, lerp, sample
from ganzoo.nn.mlp import mlp_networks

CLASSES = 3


class Echo(Generator):
    """Shows ``ws``, the latent and the class, one hot, as pixels."""

    def __init__(self) -> None:
        super().__init__(NetworkConfig())
        self.z_dim, self.num_classes, self.image_shape = 1, CLASSES, (1, 2, 2)
        self.weight = torch.nn.Parameter(torch.ones(1))

    def mapping(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        assert y is not None
        return torch.cat([z, F.one_hot(y, CLASSES)], dim=1)[:, None]

    def mean_ws(self, y: Tensor | None = None) -> Tensor:
        assert y is not None
        return self.mapping(torch.zeros(len(y), 1), y)

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        return ws.reshape(len(ws), *self.image_shape)


def shown(images: Tensor) -> tuple[Tensor, Tensor]:
    """The latents ``[N, 1]``, and how much there is of each class, ``[N, CLASSES]``."""
    z, classes = images.flatten(1).split([1, CLASSES], dim=1)
    return z, classes


def drawn(classes: int | Iterable[int] | None = None, truncation: float = 1.0) -> list[int]:
    """The classes that are drawn of seeds 4 to 7."""
    z, found = shown(sample(Echo(), range(4, 8), truncation, classes))
    torch.testing.assert_close(z, truncation * latents(range(4, 8), 1))
    assert torch.equal(found.sum(1), torch.ones(4))
    return found.argmax(1).tolist()


def test_a_seed_s_own_class_is_its_remainder() -> None:
    assert drawn() == [1, 2, 0, 1]


def test_one_class_can_be_asked_for_or_one_for_each() -> None:
    asked: list[Any] = [[2, 1, 0, 2], torch.tensor([2, 1, 0, 2]), np.array([2, 1, 0, 2]), iter([2, 1, 0, 2])]
    for classes in asked:
        assert drawn(classes) == [2, 1, 0, 2]
    assert drawn(2) == [2, 2, 2, 2]
    one: Any = np.int64(0)
    assert drawn(one) == [0, 0, 0, 0]


def test_truncation_pulls_to_the_centre_of_the_class() -> None:
    assert drawn(2, truncation=0.25) == [2, 2, 2, 2]


@pytest.mark.parametrize("classes", [3, -1, 0.0, "four", True, [0, 1, 2, 3], [0, 1, None, 2]], ids=str)
def test_no_class(classes: Any) -> None:
    with pytest.raises(ValueError, match=r"^A class is a whole number from 0 to 2\.$"):
        drawn(classes)


def test_as_many_classes_as_seeds() -> None:
    with pytest.raises(ValueError, match=r"^Give one class for all or one for each: 2 are not 4\.$"):
        drawn([0, 1])


def test_a_model_without_classes_is_asked_for_none() -> None:
    generator, _ = mlp_networks((1, 8, 8), width=4, z_dim=3)
    assert inputs([7], generator.z_dim, generator.num_classes).y is None
    with pytest.raises(ValueError, match=r"^This model knows no classes: leave them out\.$"):
        sample(generator, [7], classes=0)


def test_a_walk_goes_evenly_from_class_to_class() -> None:
    z, classes = shown(interpolate(Echo(), 5, 5, 5, classes=(0, 2)))
    torch.testing.assert_close(z, latents([5], 1).expand(5, 1))  # the seed is one and stays
    torch.testing.assert_close(classes[:, 2], torch.linspace(0, 1, 5))
    torch.testing.assert_close(classes[:, 0], torch.linspace(1, 0, 5))


def test_a_walk_stays_in_a_class_or_goes_between_the_seeds_own() -> None:
    z, classes = shown(interpolate(Echo(), 4, 8, 5, "lerp", classes=1))
    start, end = latents([4, 8], 1)
    torch.testing.assert_close(z, lerp(start, end, 5))
    assert classes.argmax(1).tolist() == [1] * 5
    _, classes = shown(interpolate(Echo(), 4, 8, 5, "lerp"))
    torch.testing.assert_close(classes[-1] - classes[0], torch.tensor([0.0, -1.0, 1.0]))
    with pytest.raises(ValueError, match="3 are not 2"):
        interpolate(Echo(), 4, 8, 5, "lerp", classes=(0, 1, 2))
