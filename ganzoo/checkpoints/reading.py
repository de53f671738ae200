"""From a folder to networks. Nothing is believed: not sizes, not names, not numbers."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from ganzoo.generator import (
    Direction,
    Discriminator,
    Generator,
    Model,
    Network,
    Translator,
    parameter_count,
)

CONFIG_FILE = "config.json"
MODEL_FILE = "model.safetensors"
WEIGHT_FILES = {"generator": MODEL_FILE, "translator": MODEL_FILE, "discriminator": "discriminator.safetensors"}
"""By role. A checkpoint has a generator or a translator."""


@dataclass(frozen=True)
class Checkpoint:
    """A folder whose description is sound; the values of its weights are looked at when they are loaded."""

    folder: Path
    config: CheckpointConfig
    parameters: int
    """Of the model: its generator or its translator."""
    num_classes: int = 0
    """Of a generator that is class-conditional; 0 for others."""
    num_ws: int = 1
    """Places of a generator that a style enters at."""
    noise_dim: int = 0
    """Numbers that a generator takes beside styles; 0 for most."""
    directions: Mapping[str, Direction] = field(default_factory=dict)
    """Those of a translator."""

    @property
    def name(self) -> str:
        """What people call it: the folder's name, or its run's if it lies in a run folder."""
        return checkpoint_name(self.folder)

    def load(self, device: str = "auto") -> Model:
        """What it holds, in evaluation mode, in float32, without gradients; raises ``CheckpointError``."""
        return self.load_translator(device) if self.config.networks.translator else self.load_generator(device)

    def load_generator(self, device: str = "auto") -> Generator:
        """As ``load``; raises ``CheckpointError`` also where it holds none."""
        if self.config.networks.generator is None:
            raise CheckpointError(f"{self.name} is a translator: it turns pictures into others, and draws none.")
        generator = self._load("generator", device)
        assert isinstance(generator, Generator)
        return generator

    def load_translator(self, device: str = "auto") -> Translator:
        """As ``load``; raises ``CheckpointError`` also where it holds none."""
        if self.config.networks.translator is None:
            raise CheckpointError(f"{self.name} is a generator: it draws pictures, and translates none.")
        translator = self._load("translator", device)
        assert isinstance(translator, Translator)
        return translator

    def load_discriminator(self, device: str = "auto") -> Discriminator | None:
        """As ``load``; None where the checkpoint has no discriminator."""
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
    model = networks[config.networks.role]
    if isinstance(model, Translator):
        return Checkpoint(folder, config, parameter_count(model), directions=model.directions)
    assert isinstance(model, Generator)
    sizes = {name: getattr(model, name) for name in ("num_classes", "num_ws", "noise_dim")}
    return Checkpoint(folder, config, parameter_count(model), **sizes)


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
    drawn, told = (getattr(networks.get(role), "num_classes", 0) for role in ("generator", "discriminator"))
    if told not in {0, drawn}:
        raise CheckpointError(f"{file}: its two networks are for different numbers of classes; {REFETCH}")
    return config, networks


def bounded_bytes(file: Path, limit: int) -> bytes:
    """All of a file; raises ``CheckpointError`` for one of more than ``limit`` bytes, or that cannot be read."""
    try:
        with file.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:  # it was there when it was looked for, and may have gone since
        raise CheckpointError(f"{file} cannot be read ({error.strerror}); {REFETCH}") from None
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
