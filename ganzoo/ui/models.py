"""The models that the page knows, and a bounded cache of those it has loaded."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from threading import RLock

from pydantic import JsonValue

from ganzoo.checkpoints import Checkpoint, CheckpointError, find_checkpoints, read_checkpoint
from ganzoo.device import pick_device
from ganzoo.generator import Generator, parameter_count
from ganzoo.recipe import Recipe
from ganzoo.ui.recent import Recent
from ganzoo.ui.validation import RequestError, shown
from ganzoo.zoo import RECIPES

log = logging.getLogger(__name__)

Stamp = tuple[Path, int]
"""A folder and when its description was written: a newer checkpoint in the same place is another model."""


@dataclass(frozen=True)
class Model:
    """A checkpoint under the name by which visitors call it."""

    id: str
    checkpoint: Checkpoint
    stamp: Stamp

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""
        shape = self.checkpoint.config.networks.generator.config["image_shape"]
        assert isinstance(shape, list)  # every generator's configuration has it, or it would not have been read
        channels, height, width = (int(str(size)) for size in shape)
        return channels, height, width

    @property
    def abilities(self) -> list[str]:
        """What can be done with it."""
        judge = ["judge"] if self.checkpoint.config.networks.discriminator else []
        return ["sample", "interpolate", *judge]

    @property
    def recipe(self) -> type[Recipe] | None:
        """The recipe that it says it was trained by, if this version has that recipe."""
        return RECIPES.get(str(self.checkpoint.config.recipe.get("variant")))

    @property
    def title(self) -> str:
        """The variant's name for people."""
        return self.recipe.title if self.recipe else str(self.checkpoint.config.recipe.get("variant") or self.id)

    @property
    def dataset(self) -> str:
        """What it was trained on; of a folder only the last name, for the rest of a path is nobody's business."""
        data = self.checkpoint.config.recipe.get("data")
        name = data.get("dataset") if isinstance(data, dict) else None
        if not isinstance(name, str):
            return "unknown data"
        kind, _, path = name.partition(":")
        return Path(path).name or kind

    def training(self, fact: str) -> JsonValue:
        """A fact about its training, None where the checkpoint does not tell."""
        return self.checkpoint.config.training.get(fact)


class Models:
    """The sound checkpoints in ``folders``; the generators asked for last stay loaded, as long as they fit ``limit``.

    ``limit`` is in bytes of float32 parameters, and one generator is always kept. Safe to use from several threads. A
    broken checkpoint is logged and left out.
    """

    def __init__(self, folders: Iterable[Path], *, device: str = "auto", limit: int = 1_000_000_000) -> None:
        self.device = pick_device(device)
        self.broken: tuple[str, ...] = ()
        """For each folder that was left out, the sentence that says which and why."""
        self.version = 0
        """Another number whenever ``refresh`` has found something else than before."""
        self._folders = tuple(folders)
        self._lock = RLock()
        self._read: dict[Stamp, Checkpoint | CheckpointError] = {}
        self._models: dict[str, Model] = {}
        self._loaded: Recent[Stamp, Generator] = Recent(limit, _size)
        self.refresh()

    def refresh(self) -> None:
        """Look into the folders again. What has not changed since is not read again."""
        with self._lock:
            places: dict[Stamp, Path] = {}
            for place in (place for root in self._folders for place in find_checkpoints([root])):
                places.setdefault(_stamp(place), place)
            if places.keys() != self._read.keys():
                self.version += 1
            self._read = {stamp: self._read.get(stamp) or _read(place) for stamp, place in places.items()}
            sound = {stamp: it for stamp, it in self._read.items() if not isinstance(it, CheckpointError)}
            self.broken = tuple(str(it) for it in self._read.values() if isinstance(it, CheckpointError))
            named: dict[str, Model] = {}
            # What is kept to show a failure comes after what is kept for its pictures.
            for stamp, checkpoint in sorted(sound.items(), key=lambda item: bool(item[1].config.exhibit)):
                others = (f"{checkpoint.name}-{number}" for number in count(2))
                name = next(name for name in chain([checkpoint.name], others) if name not in named)
                named[name] = Model(name, checkpoint, stamp)
            self._models = named  # at once: others read it without the lock
            self._loaded.keep_only(self._read)

    def __len__(self) -> int:
        return len(self._models)

    def __iter__(self) -> Iterator[Model]:
        return iter(tuple(self._models.values()))

    def __getitem__(self, name: object) -> Model:
        """The model of this id; raises ``RequestError``."""
        model = self._models.get(name) if isinstance(name, str) else None
        if model is None:
            raise RequestError(f"There is no model {shown(name)} here: /models lists those there are.")
        return model

    def generator(self, model: Model) -> Generator:
        """Its generator on the device, loaded if it is not there already; raises ``CheckpointError``."""
        with self._lock:
            generator = self._loaded.get(model.stamp)
            if generator is None:
                try:
                    generator = model.checkpoint.load_generator(self.device.type)
                except CheckpointError as error:
                    raise _for_visitors(error, model.checkpoint.folder) from None
                self._loaded.put(model.stamp, generator)
            return generator


def _stamp(folder: Path) -> Stamp:
    try:
        return folder.resolve(), (folder / "config.json").stat().st_mtime_ns
    except OSError:
        return folder, 0


def _read(folder: Path) -> Checkpoint | CheckpointError:
    try:
        return read_checkpoint(folder)
    except CheckpointError as error:
        log.warning("Left out of the zoo: %s", error)
        return _for_visitors(error, folder)


def _for_visitors(error: CheckpointError, folder: Path) -> CheckpointError:
    """The same, but where the folder lies is nobody's business."""
    return CheckpointError(str(error).replace(str(folder), folder.name))


def _size(generator: Generator) -> int:
    return 4 * parameter_count(generator)
