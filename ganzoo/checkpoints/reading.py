"""From a folder to networks. Nothing is believed: not sizes, not names, not numbers."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from ganzoo.checkpoints.config import (
    MAX_CONFIG_BYTES,
    REFETCH,
    CheckpointConfig,
    CheckpointError,
    meta_network,
    parse_config,
)
from ganzoo.checkpoints.weights import check_header, load_weights
from ganzoo.device import pick_device
from ganzoo.generator import Discriminator, Generator, Network, parameter_count

CONFIG_FILE = "config.json"
WEIGHT_FILES = {"generator": "model.safetensors", "discriminator": "discriminator.safetensors"}


@dataclass(frozen=True)
class Checkpoint:
    """A folder whose description is sound; the values of its weights are looked at when they are loaded."""

    folder: Path
    config: CheckpointConfig
    parameters: int
    """Of the generator."""
    num_ws: int
    """Places of the generator that a style enters at."""
    noise_dim: int
    """Numbers that the generator takes beside styles; 0 for most."""

    @property
    def name(self) -> str:
        """What people call it: the folder's name, or its run's if it lies in a run folder."""
        return checkpoint_name(self.folder)

    def load_generator(self, device: str = "auto") -> Generator:
        """The generator, in evaluation mode, in float32, without gradients; raises ``CheckpointError``."""
        generator = self._load("generator", device)
        assert isinstance(generator, Generator)
        return generator

    def load_discriminator(self, device: str = "auto") -> Discriminator | None:
        """As the generator; None where the checkpoint has no discriminator."""
        if self.config.networks.discriminator is None:
            return None
        discriminator = self._load("discriminator", device)
        assert isinstance(discriminator, Discriminator)
        return discriminator

    def _load(self, role: str, device: str) -> Network:
        where = pick_device(device)
        network = meta_network(role, getattr(self.config.networks, role), self.folder / CONFIG_FILE)
        load_weights(network, file_inside(self.folder, WEIGHT_FILES[role]))
        network.settle(where)
        return network.eval().requires_grad_(False)


def read_checkpoint(folder: Path | str) -> Checkpoint:
    """Check everything about a checkpoint but the values of its weights, at little cost; raises ``CheckpointError``."""
    folder = Path(folder)
    config, networks = read_description(folder)
    for role, network in networks.items():
        check_header(network, file_inside(folder, WEIGHT_FILES[role]))
    generator = networks["generator"]
    assert isinstance(generator, Generator)
    return Checkpoint(folder, config, parameter_count(generator), generator.num_ws, generator.noise_dim)


def read_description(folder: Path) -> tuple[CheckpointConfig, dict[str, Network]]:
    """What a checkpoint says of itself, and its networks by role, without memory for their weights, which are not
    looked at; raises ``CheckpointError``.
    """
    file = file_inside(folder, CONFIG_FILE)
    config = parse_config(bounded_bytes(file, MAX_CONFIG_BYTES), file)
    networks = {
        role: meta_network(role, description, file)
        for role in WEIGHT_FILES
        if (description := getattr(config.networks, role)) is not None
    }
    shapes = {network.image_shape for network in networks.values() if isinstance(network, Generator | Discriminator)}
    if len(shapes) > 1:
        raise CheckpointError(f"{file}: its two networks are for images of different shapes; {REFETCH}")
    return config, networks


def bounded_bytes(file: Path, limit: int) -> bytes:
    """All of a file; raises ``CheckpointError`` for one of more than ``limit`` bytes."""
    with file.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise CheckpointError(f"{file} is larger than the {limit:,} bytes allowed; {REFETCH}")
    return data


def find_checkpoints(folders: Iterable[Path]) -> list[Path]:
    """Folders with a ``config.json``: each of ``folders``, its children, and a ``checkpoint`` in either; sorted.

    Hidden folders are passed over, and so is what cannot be read.
    """
    found: dict[Path, Path] = {}
    for folder in folders:
        for candidate in (folder, *_children(folder)):
            for place in (candidate, candidate / "checkpoint"):
                try:
                    if (place / CONFIG_FILE).is_file():
                        found.setdefault(place.resolve(), place)
                except (OSError, ValueError):
                    continue
    return sorted(found.values())


def checkpoint_name(folder: Path) -> str:
    """The folder's own name, or its parent's if the folder is a run's ``checkpoint``."""
    folder = folder.absolute()
    return folder.parent.name if folder.name == "checkpoint" else folder.name


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if not child.name.startswith("."))
    except (OSError, ValueError):
        return []


def file_inside(folder: Path, name: str) -> Path:
    """The path of a plain file that lies in ``folder``; raises ``CheckpointError`` if there is none."""
    file = folder / name
    try:
        if not folder.is_dir():
            raise CheckpointError(f"There is no folder {folder}: give the path of a checkpoint folder.")
        if not file.resolve(strict=True).is_relative_to(folder.resolve()):
            raise CheckpointError(f"{file} is a link that leads out of its folder; put the file itself there.")
        if not S_ISREG(file.stat().st_mode):
            raise CheckpointError(f"{file} is not a plain file; {REFETCH}")
        file.open("rb").close()
    except FileNotFoundError:
        raise CheckpointError(f"{folder} has no {name}, so it is no whole checkpoint; {_advice(folder)}") from None
    except (OSError, ValueError, RuntimeError) as error:  # the last for a link to itself, before Python 3.13
        reason = getattr(error, "strerror", None) or "no file can be there"
        raise CheckpointError(f"{file} cannot be read ({reason}); check the path and its permissions.") from None
    return file


def optional_file(folder: Path, name: str) -> Path | None:
    """As ``file_inside``; None where ``folder`` has nothing of that name."""
    return file_inside(folder, name) if os.path.lexists(folder / name) else None


def _advice(folder: Path) -> str:
    if (folder / "checkpoint" / CONFIG_FILE).is_file():
        return f"give {folder / 'checkpoint'} instead."
    return "give the path of a checkpoint folder, or fetch it again."
