"""The models that the page knows or has opened on the Hub, and a bounded cache of those it has loaded."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, product
from pathlib import Path
from threading import BoundedSemaphore, RLock

import torch
from pydantic import JsonValue, ValidationError

from ganzoo.checkpoints import Checkpoint, CheckpointError, find_checkpoints, read_checkpoint
from ganzoo.checkpoints.config import clipped
from ganzoo.checkpoints.film import Film, read_film
from ganzoo.checkpoints.reading import WEIGHT_FILES
from ganzoo.checkpoints.scores import Score, read_scores
from ganzoo.data.config import CLASSES, PUBLISHED
from ganzoo.device import pick_device
from ganzoo.game import AdversarialGame, Game
from ganzoo.generator import Direction, Discriminator, Generator, Network, Translator, parameter_count
from ganzoo.hub.fetching import Transfer, fetch
from ganzoo.hub.place import Place, parse_place
from ganzoo.inference import BusyError
from ganzoo.recipe import Recipe
from ganzoo.ui.recent import Recent
from ganzoo.ui.validation import RequestError, shown
from ganzoo.zoo import RECIPES

log = logging.getLogger(__name__)

OPENED = 4_000_000
"""Bytes of the descriptions of models opened on the Hub: about a thousand, and of those that fill theirs a few."""
AT_ONCE = 4
"""Models that are fetched at the same time."""
SHOWN = 60
"""Letters that are shown of a text of which only the beginning may be meant for people."""

Stamp = tuple[Path, int]
"""A folder and when its description was written: a newer checkpoint in the same place is another model."""


@dataclass(frozen=True)
class Model:
    """A checkpoint under the name by which visitors call it."""

    id: str
    checkpoint: Checkpoint
    stamp: Stamp
    place: Place | None = None
    """Where it was opened; None for those that lie in a folder of the page's own."""

    @property
    def file_name(self) -> str:
        """Its name as files can bear it."""
        return re.sub(r"[^\w.-]+", "_", self.id)[:100]

    @property
    def commit(self) -> str | None:
        """Which of the commits at its place it is; None for those of the page's own."""
        return self.checkpoint.folder.name if self.place else None

    @property
    def edition(self) -> str:
        """Its id and commit, for people: what an id of the Hub stands for changes when somebody opens it again."""
        return f"{self.id} at {self.commit[:7]}" if self.commit else self.id

    @property
    def link(self) -> str:
        """By what a link calls it: of the Hub the commit, for that stays what it is."""
        return f"{self.place.repo}@{self.commit}" if self.place else self.id

    @property
    def directions(self) -> Mapping[str, Direction]:
        """What a translator turns into what; none in what draws from seeds."""
        return self.checkpoint.directions

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width of what it draws, or of what a translator's first direction gives."""
        for _, given in self.directions.values():
            return given
        shape = self.checkpoint.config.networks.model.config["image_shape"]
        assert isinstance(shape, list)  # every generator's configuration has it, or it would not have been read
        channels, height, width = (int(str(size)) for size in shape)
        return channels, height, width

    @property
    def num_classes(self) -> int:
        """Of how many classes its pictures can be asked for; 0 where it is not class-conditional."""
        return self.checkpoint.num_classes

    @property
    def classes(self) -> tuple[str, ...]:
        """What each of its classes is called: as in its data set where that is a published one, else by number."""
        named = CLASSES.get(self.published_set or "", ())
        return named if self.num_classes == len(named) else tuple(map(str, range(self.num_classes)))

    @property
    def abilities(self) -> list[str]:
        """What can be done with it."""
        if self.directions:
            return ["translate"]
        able = {
            "classes": self.num_classes > 0,
            "style-mixing": self.checkpoint.num_ws > 1,
            "noise": self.checkpoint.noise_dim > 0,
            "judge": self.checkpoint.config.networks.discriminator is not None,
        }
        return ["sample", "interpolate", *(ability for ability, has in able.items() if has)]

    @property
    def recipe(self) -> type[Recipe] | None:
        """The recipe that it says it was trained by, if this version has that recipe."""
        return RECIPES.get(str(self.checkpoint.config.recipe.get("variant")))

    @cached_property
    def game(self) -> Game | None:
        """The game that it says it was trained in, whose networks are nobody's; None if this version cannot tell."""
        if self.recipe is None:
            return None
        told = self.checkpoint.config.recipe.items()
        try:
            recipe = self.recipe.model_validate(
                {name: value for name, value in told if name in self.recipe.model_fields}
            )
        except ValidationError:
            return None
        with torch.device("meta"):  # the rules matter
            return recipe.game()

    @property
    def judges_in_log_odds(self) -> bool:
        """Whether its discriminator's logits are log-odds."""
        return isinstance(self.game, AdversarialGame) and self.game.loss.log_odds

    @property
    def title(self) -> str:
        """The variant's name for people."""
        if self.recipe:
            return self.recipe.title
        return clipped(str(self.checkpoint.config.recipe.get("variant") or self.id), SHOWN)

    @property
    def dataset(self) -> str:
        """What it was trained on; of a folder only the last name, for the rest of a path is nobody's business."""
        if self._data_set is None:
            return "unknown data"
        kind, _, path = self._data_set.partition(":")
        return clipped(Path(path).name or kind, SHOWN)

    @property
    def published_set(self) -> str | None:
        """The name of the published set that it was trained on; None for others, and if it draws no such pictures."""
        if self._data_set not in PUBLISHED:
            return None
        return self._data_set if self.num_classes in {0, len(CLASSES[self._data_set])} else None

    def draws_as(self, other: "Model") -> bool:
        """Whether both learnt from the same data and draw pictures of one shape, so that people can choose between
        them; never of models that do not tell what they learnt from.
        """
        told = self._data_set is not None and self._data_set == other._data_set
        return told and self.image_shape == other.image_shape

    @property
    def _data_set(self) -> str | None:
        data = self.checkpoint.config.recipe.get("data")
        name = data.get("dataset") if isinstance(data, dict) else None
        return name if isinstance(name, str) else None

    def training(self, fact: str) -> JsonValue:
        """A fact about its training, None where the checkpoint does not tell."""
        return self.checkpoint.config.training.get(fact)


class Models:
    """The sound checkpoints in ``folders``, which are listed, and those on the Hub, which are opened by their names.

    The networks asked for last stay loaded, as long as they fit ``limit``, in bytes of float32 parameters; one is
    always kept. ``anonymously`` leaves this computer's token out of what visitors ask of the Hub. Safe to use from
    several threads. A broken checkpoint is logged and left out.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        *,
        device: str = "auto",
        limit: int = 1_000_000_000,
        anonymously: bool = False,
    ) -> None:
        self.device = pick_device(device)
        self.anonymously = anonymously
        """Whether strangers may be asking, who are told nothing of this computer."""
        self.broken: tuple[str, ...] = ()
        """For each folder that was left out, the sentence that says which and why."""
        self.version = 0
        """Another number whenever ``refresh`` has found something else than before."""
        self._folders = tuple(folders)
        self._lock = RLock()
        self._read: dict[Stamp, Checkpoint | CheckpointError] = {}
        self._models: dict[str, Model] = {}
        self._opened: Recent[str, Model] = Recent(OPENED, _description_size)
        self._fetching = BoundedSemaphore(AT_ONCE)
        self._loaded: Recent[tuple[Stamp, str], Network] = Recent(limit, _size)
        self.refresh()

    def refresh(self) -> None:
        """Look into the folders again. What has not changed since is not read again."""
        with self._lock:
            places: dict[Stamp, Path] = {}
            for place in (place for root in self._folders for place in find_checkpoints([root])):
                places.setdefault(_stamp(place), place)
            if places.keys() != self._read.keys():
                self.version += 1
            self._loaded.forget(product(self._read.keys() - places.keys(), WEIGHT_FILES))
            self._read = {stamp: self._read.get(stamp) or _read(place) for stamp, place in places.items()}
            sound = {stamp: it for stamp, it in self._read.items() if not isinstance(it, CheckpointError)}
            self.broken = tuple(str(it) for it in self._read.values() if isinstance(it, CheckpointError))
            named: dict[str, Model] = {}
            # What is kept to show a failure comes after what is kept for its pictures.
            for stamp, checkpoint in sorted(sound.items(), key=lambda item: bool(item[1].config.exhibit)):
                others = (f"{checkpoint.name}-{number}" for number in count(2))
                name = next(name for name in chain([checkpoint.name], others) if name not in named)
                before = self._models.get(name)  # which may know its game by now
                named[name] = before if before and before.stamp == stamp else Model(name, checkpoint, stamp)
            self._models = named  # at once: others read it without the lock

    def __len__(self) -> int:
        return len(self._models)

    @property
    def first(self) -> Model | None:
        """The one that the page opens with, if there is any."""
        return next(iter(self.able("sample")), None)

    def __iter__(self) -> Iterator[Model]:
        return iter(tuple(self._models.values()))

    def __getitem__(self, name: object) -> Model:
        """The model of this id; one on the Hub is opened, unless it is still known from before.

        Raises ``RequestError``, and what ``open`` raises.
        """
        if isinstance(name, str):
            if model := self._models.get(name):
                return model
            if "/" in name:
                place = parse_place(name)
                return self._opened.get(str(place)) or self.open(place)
        raise RequestError(f"There is no model {shown(name)} here: /models lists those there are.")

    def asked(self, name: object, ability: str) -> Model:
        """The model of this id, of which something is asked that it can do.

        Raises ``RequestError`` where it cannot, and what getting it raises.
        """
        model = self[name]
        if ability not in model.abilities:
            raise RequestError(f"{shown(model.id)} cannot {ability}: it can {' and '.join(model.abilities)}.")
        return model

    def able(self, ability: str) -> list[Model]:
        """The page's own that can do something."""
        return [model for model in self if ability in model.abilities]

    def still_known(self, names: Iterable[str]) -> list[Model]:
        """Those of these ids that were opened on the Hub and need not be opened again."""
        return [model for name in names if (model := self._opened.get(name))]

    def open(self, place: Place, transfer: Transfer | None = None) -> Model:
        """What is at ``place`` on the Hub now, and loaded; raises ``CheckpointError`` and ``BusyError``.

        Through ``transfer`` others can watch it come, and stop it.
        """
        checkpoint = self._fetch(place, transfer)
        model = Model(str(place), checkpoint, _stamp(checkpoint.folder), place)
        self._network(model, checkpoint.config.networks.role, checkpoint.load)
        self._opened.put(model.id, model)
        return model

    def generator(self, model: Model) -> Generator:
        """Its generator on the device, loaded if it is not there already; raises ``CheckpointError``, ``BusyError``."""
        generator = self._network(model, "generator", model.checkpoint.load_generator)
        assert isinstance(generator, Generator)
        return generator

    def translator(self, model: Model) -> Translator:
        """As the generator."""
        translator = self._network(model, "translator", model.checkpoint.load_translator)
        assert isinstance(translator, Translator)
        return translator

    def discriminator(self, model: Model) -> Discriminator | None:
        """As the generator; None where it came without one."""
        if "judge" not in model.abilities:
            return None
        discriminator = self._network(model, "discriminator", model.checkpoint.load_discriminator)
        assert isinstance(discriminator, Discriminator)
        return discriminator

    def scores(self, model: Model) -> list[Score]:
        """What is known of how well it does, as its folder has it now; raises ``CheckpointError``."""
        try:
            return read_scores(model.checkpoint.folder)
        except CheckpointError as error:
            raise _for_visitors(error, model.checkpoint.folder, model.id) from None

    def film(self, model: Model) -> Film | None:
        """What it drew along its training, if it came with a film; raises ``CheckpointError``."""
        try:
            return read_film(model.checkpoint.folder)
        except CheckpointError as error:
            raise _for_visitors(error, model.checkpoint.folder, model.id) from None

    def _network(self, model: Model, role: str, load: Callable[[str], Network | None]) -> Network:
        folder, key = model.checkpoint.folder, (model.stamp, role)
        if model.place and not self._loaded.get(key) and not folder.is_dir():
            self._fetch(Place(model.place.repo, model.commit))  # the same commit: what is kept on the disk has a bound
        with self._lock:
            network = self._loaded.get(key)
            if network is None:
                try:
                    network = load(self.device.type)
                except CheckpointError as error:
                    raise _for_visitors(error, folder, model.id) from None
                assert network is not None
                self._loaded.put(key, network)
            return network

    def _fetch(self, place: Place, transfer: Transfer | None = None) -> Checkpoint:
        if not self._fetching.acquire(blocking=False):
            raise BusyError("Other models are being fetched from the Hub just now: try again in a moment.")
        try:
            return fetch(place.repo, place.revision, anonymously=self.anonymously, transfer=transfer)
        finally:
            self._fetching.release()


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
        return _for_visitors(error, folder, folder.name)


def _for_visitors(error: CheckpointError, folder: Path, name: str) -> CheckpointError:
    """The same, but where the folder lies is nobody's business."""
    return CheckpointError(str(error).replace(str(folder), name))


def _description_size(model: Model) -> int:
    return len(model.checkpoint.config.model_dump_json())


def _size(network: Network) -> int:
    return 4 * parameter_count(network)
