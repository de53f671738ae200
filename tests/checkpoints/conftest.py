"""A small checkpoint to read, break and replace."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from ganzoo.checkpoints import save_checkpoint
from ganzoo.generator import Network
from ganzoo.nn.mlp import MLPDiscriminator, MLPDiscriminatorConfig, MLPGenerator, MLPGeneratorConfig

SHAPE = (1, 8, 8)


@pytest.fixture(scope="session")
def networks() -> dict[str, Network]:
    torch.manual_seed(0)
    generator = MLPGenerator(MLPGeneratorConfig(image_shape=SHAPE, z_dim=4, hidden=(8,)))
    generator(torch.randn(16, 4))  # so that the batch norm has seen something
    return {
        "generator": generator,
        "discriminator": MLPDiscriminator(MLPDiscriminatorConfig(image_shape=SHAPE, hidden=(8,))),
    }


@pytest.fixture(scope="session")
def save(networks: dict[str, Network]) -> Callable[..., None]:
    """``save_checkpoint`` of these networks, a matching recipe and a short training."""

    def save(folder: Path, **changes: object) -> None:
        facts: dict[str, object] = {
            "networks": networks,
            "recipe": {"variant": "gan", "seed": 7, "data": {"dataset": "mnist"}, "width": 8, "steps": 10},
            "training": {"steps": 10, "images": 640, "seconds": 1.5, "hardware": "2 CPU cores", "weights": "raw"},
        }
        save_checkpoint(folder, **(facts | changes))  # type: ignore[arg-type]

    return save


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory, save: Callable[..., None]) -> Path:
    folder = tmp_path_factory.mktemp("pristine") / "gan-mnist"
    save(folder)
    return folder


@pytest.fixture
def checkpoint(tmp_path: Path, pristine: Path) -> Path:
    """A sound checkpoint of its own for the test."""
    return Path(shutil.copytree(pristine, tmp_path / "gan-mnist"))
