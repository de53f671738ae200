"""The folder that a run lives in: its recipe, history, film, resume state, and at its end a checkpoint."""

import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt, PositiveInt, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from ganzoo.checkpoints import HISTORY_FILE
from ganzoo.checkpoints.config import first_fault
from ganzoo.files import written_whole
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Execution
from ganzoo.training.film import Film
from ganzoo.training.trainer import State
from ganzoo.zoo import RECIPES

MAX_SEED = 2**63
"""Below which seeds are: what torch takes on every device, and JSON holds."""


class TrainingError(Exception):
    """One sentence that tells a user what stopped the training and how to go on."""


class SetFacts(BaseModel):
    """What ``recipe.json`` tells of the pictures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: PositiveInt
    """How many they are."""
    skipped: tuple[str, ...]
    """The files that could not be read."""
    licence: str
    fingerprint: str
    """By which a resumed run knows them."""


class Plan(BaseModel):
    """A resolved run, as ``recipe.json`` holds it: enough to start it again, or to go on with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variant: str
    recipe: dict[str, Any]
    seed: Annotated[int, Field(ge=0, lt=MAX_SEED)]
    steps: PositiveInt
    """Generator steps of the whole run, resolved from the recipe and the size of the data set."""
    record_every: PositiveInt
    """Steps between two lines of the history."""
    save_every: PositiveInt
    """Steps between two resume states."""
    measure_every: PositiveInt | None = None
    """Steps between two measurements of the published generator; None where it is not measured."""
    keep_best: bool = False
    """Whether the published weights are those that were measured best, not the last ones."""
    data: SetFacts
    execution: Execution = Execution()
    """How steps are computed; runs that do not tell were computed in the plain way."""

    def resolved(self) -> Recipe:
        """The recipe as a value. Raises ``KeyError`` for an unknown variant, ``ValidationError`` for unknown fields."""
        return RECIPES[self.variant].model_validate(self.recipe)


class _Numbers(BaseModel):
    """What a resume state holds besides its tensors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    step: NonNegativeInt
    images: NonNegativeInt
    seconds: NonNegativeFloat
    best_step: NonNegativeInt | None = None
    best_distance: float | None = None


class RunFolder:
    """Reads and writes a run's files, each whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.film = Film(path / "film")
        self.history_path = path / HISTORY_FILE
        self.checkpoint_path = path / "checkpoint"
        self._plan_path = path / "recipe.json"
        self._state_path = path / "resume.safetensors"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process; raises ``TrainingError`` where another one trains in it."""
        lock = FileLock(self.path / ".lock", timeout=0)
        with self._writing():
            self.path.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire()
            except Timeout:
                raise TrainingError(
                    f"another process is training in {self.path}: wait for it, or choose another --run-dir"
                ) from None
        with lock:
            yield

    def holds_a_run(self) -> bool:
        return os.path.exists(self._plan_path)  # which, unlike Path's, raises for no name; whoever writes there will

    def write_plan(self, plan: Plan) -> None:
        with self._writing(), written_whole(self._plan_path) as path:
            path.write_text(plan.model_dump_json(indent=2) + "\n", encoding="utf-8")

    def read_plan(self) -> Plan:
        """Raises ``TrainingError`` where there is no plan, or none that this version understands."""
        try:
            plan = Plan.model_validate_json(self._plan_path.read_text(encoding="utf-8"))
            plan.resolved()
        except FileNotFoundError:
            raise TrainingError(f"{self.path} holds no run to resume: start one without --resume") from None
        except (ValidationError, KeyError, OSError, UnicodeDecodeError) as error:
            reason = str(error).partition("\n")[0]
            raise TrainingError(
                f"{self._plan_path} cannot be read ({reason}): start afresh in another folder"
            ) from None
        return plan

    def save(self, state: State) -> None:
        """Replace the resume state."""
        tensors, numbers = state
        contiguous = {key: value.detach().cpu().contiguous() for key, value in tensors.items()}
        with written_whole(self._state_path) as path:
            path.write_bytes(save(contiguous, metadata={"numbers": json.dumps(numbers)}))

    def last_state(self) -> State | None:
        """The resume state, None before the first save. Raises ``TrainingError`` where the file is damaged."""
        if not self._state_path.exists():
            return None
        try:
            with safe_open(self._state_path, framework="pt") as file:
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  # not a mapping
                numbers = _Numbers.model_validate_json(file.metadata()["numbers"])
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            reason = first_fault(error) if isinstance(error, ValidationError) else error
            raise TrainingError(f"{self._state_path} is damaged ({reason}): start afresh in another folder") from None
        return tensors, numbers.model_dump(exclude_none=True)

    def record(self, line: Mapping[str, float | int]) -> None:
        """Append to the history."""
        with self.history_path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def rewind(self, step: int) -> None:
        """Forget history and film after ``step``, which a resumed run will make again."""
        kept = []
        if self.history_path.exists():
            for line in self.history_path.read_bytes().splitlines(keepends=True):
                if _step_of(line) > step:
                    break
                kept.append(line)
        with self._writing():
            with written_whole(self.history_path) as path:
                path.write_bytes(b"".join(kept))
            self.film.cut_after(step)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TrainingError(
                f"cannot write to {self.path} ({error.strerror or error}): make room, or choose another --run-dir"
            ) from None


def _step_of(line: bytes) -> float:
    """The step of a history line; infinity for what a killed process left of one."""
    try:
        return float(json.loads(line)["step"]) if line.endswith(b"\n") else math.inf
    except (ValueError, KeyError, TypeError):
        return math.inf
