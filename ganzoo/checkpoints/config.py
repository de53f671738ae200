"""``config.json``: what a checkpoint says of itself, and how far it is believed."""

import json
from math import isfinite
from pathlib import Path
from typing import Annotated, Literal, NoReturn, Self, TypeVar

import torch
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from torch import nn
from torch.overrides import TorchFunctionMode

from ganzoo.generator import MAX_PARAMETERS, Discriminator, Generator, Network, Translator, parameter_count
from ganzoo.zoo import ARCHITECTURES

MAX_CONFIG_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_DIGITS = 19


class CheckpointError(Exception):
    """A checkpoint that cannot be used or written. Its text is one sentence for the person who asked for it."""

    def __init__(self, sentence: str) -> None:
        # Paths and names may be a stranger's: nothing in them may reach a terminal as more than text.
        text = printable(sentence)
        super().__init__(text if len(text) <= 600 else f"{text[:300]}…{text[-300:]}")


def printable(text: str) -> str:
    """``text`` with its control characters escaped."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


class Strict(BaseModel):
    """What a checkpoint's JSON is made of: nothing is converted, and nothing unknown is passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class NetworkDescription(Strict):
    """A network's name in ``ARCHITECTURES`` and the configuration to build it from."""

    architecture: Annotated[str, Field(max_length=100)]
    config: dict[str, JsonValue]


class Networks(Strict):
    """A model, and perhaps a generator's opponent."""

    generator: NetworkDescription | None = None
    translator: NetworkDescription | None = None
    discriminator: NetworkDescription | None = None

    @model_validator(mode="after")
    def _hold_one_model(self) -> Self:
        if (self.generator is None) == (self.translator is None):
            raise ValueError("there is to be a generator or a translator, and not both")
        if self.translator and self.discriminator:
            raise ValueError("a discriminator stands beside a generator only")
        return self

    @property
    def role(self) -> Literal["generator", "translator"]:
        """Of the model."""
        return "generator" if self.generator else "translator"

    @property
    def model(self) -> NetworkDescription:
        """The generator or the translator."""
        model = self.generator or self.translator
        assert model is not None
        return model


class CheckpointConfig(Strict):
    """The content of ``config.json``."""

    format: Literal[1]
    networks: Networks
    recipe: dict[str, JsonValue]
    """The variant's name as ``variant``, the ``seed``, and every field of the recipe."""
    training: dict[str, JsonValue]
    """What came to pass: ``steps``, ``images``, ``seconds``, ``hardware``, ``weights`` (averaged or raw), and more.

    Where weights of another step than the last one were chosen, ``best_step`` and ``selected_by``, a metric, tell.
    """
    exhibit: Annotated[str, Field(max_length=100)] | None = None
    """A word for what the model is kept to show, such as a failure; None for most."""

    @property
    def dataset(self) -> str:
        """The data set's name; of a folder without its place, which is nobody's business."""
        data = self.recipe.get("data")
        return str(data.get("dataset", "unknown")).partition(":")[0] if isinstance(data, dict) else "unknown"

    @field_validator("format", mode="before")
    @classmethod
    def _format_is_known(cls, format: object) -> object:
        if format != 1 or isinstance(format, bool):
            raise ValueError("this version of ganzoo reads format 1 only, a newer one may read more")
        return format

    @field_validator("recipe", "training")
    @classmethod
    def _known_facts_have_their_types(cls, facts: dict[str, JsonValue]) -> dict[str, JsonValue]:
        for name, types in _FACTS.items():
            value = facts.get(name)
            if value is not None and (not isinstance(value, types) or isinstance(value, bool)):
                raise ValueError(f"{name} is not {'a text' if str in types else 'a number'}")
            if isinstance(value, int | float) and value < 0:
                raise ValueError(f"{name} is negative")
        return facts


_FACTS: dict[str, tuple[type, ...]] = {
    "variant": (str,),
    "seed": (int,),
    "steps": (int,),
    "images": (int,),
    "seconds": (int, float),
    "hardware": (str,),
    "weights": (str,),
    "best_step": (int,),
    "selected_by": (str,),
}
"""Facts that the page and the card read, where they are given."""


def parse_config(data: bytes, file: Path) -> CheckpointConfig:
    """``config.json`` as a checked value; raises ``CheckpointError``, naming ``file``."""
    return parse(TypeAdapter(CheckpointConfig), data, file)


REFETCH = "fetch or train the checkpoint again."
T = TypeVar("T")


def parse(kind: TypeAdapter[T], data: bytes, file: Path) -> T:
    """JSON of a stranger as a checked value; raises ``CheckpointError``, naming ``file``."""
    tree = _parse_json(data, file)
    try:
        return kind.validate_python(tree)
    except ValidationError as error:
        raise CheckpointError(f"{file}: {first_fault(error)}; {REFETCH}") from None


def _parse_json(data: bytes, file: Path) -> object:
    def constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is not a number of JSON")

    def real(text: str) -> float:
        if not isfinite(value := float(text)):
            raise ValueError(f"the number {shown(text)} is too large")
        return value

    def whole(text: str) -> int:
        if len(text) > MAX_DIGITS:
            raise ValueError(f"the number {shown(text)} is too large")
        return int(text)

    def fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
        result: dict[str, object] = {}
        for name, value in pairs:
            if name in result:
                raise ValueError(f"the field {shown(name)} is given twice")
            result[name] = value
        return result

    try:
        text = data.decode("utf-8")
        tree = json.loads(text, parse_constant=constant, parse_float=real, parse_int=whole, object_pairs_hook=fields)
        _refuse_depth(tree)
        json.dumps(tree, ensure_ascii=False).encode()  # fails on halves of characters
    except json.JSONDecodeError as error:
        raise CheckpointError(f"{file} is not JSON (line {error.lineno}: {error.msg}); {REFETCH}") from None
    except UnicodeError:
        raise CheckpointError(f"{file} is not UTF-8 text; {REFETCH}") from None
    except RecursionError:
        raise CheckpointError(f"{file} is nested too deeply; {REFETCH}") from None
    except ValueError as error:
        raise CheckpointError(f"{file}: {clipped(str(error))}; {REFETCH}") from None
    return tree


def _refuse_depth(tree: object) -> None:
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise RecursionError
        inner: list[object] = []
        for node in level:
            if isinstance(node, dict):
                inner += node.values()
            elif isinstance(node, list):
                inner += node
        level = inner


def meta_network(role: str, description: NetworkDescription, file: Path) -> Network:
    """The described network without memory for its weights; raises ``CheckpointError``, naming ``file``.

    ``role`` is ``generator``, ``translator`` or ``discriminator``, and the network is one.
    """
    name = description.architecture
    architecture = ARCHITECTURES.get(name)
    if architecture is None:
        raise CheckpointError(
            f"{file}: the {role}'s architecture {shown(name)} is not known; a newer version of ganzoo may know it."
        )
    if not issubclass(architecture, _KINDS[role]):
        raise CheckpointError(f"{file}: the architecture {shown(name)} is not a {role}; {REFETCH}")
    try:
        # By way of JSON, where a list may stand for a tuple and all else stays strict.
        config = architecture.Config.model_validate_json(json.dumps(description.config))
        with torch.device("meta"), _WithoutInitialValues():
            network = architecture(config)
    except ValidationError as error:
        raise CheckpointError(f"{file}: networks.{role}.config: {first_fault(error)}; {REFETCH}") from None
    except RuntimeError:  # sizes that overflow
        raise CheckpointError(f"{file}: the {role} that it describes cannot be built; {REFETCH}") from None
    if (count := parameter_count(network)) > MAX_PARAMETERS:
        raise CheckpointError(
            f"{file}: the {role} that it describes has {count:,} parameters, more than the {MAX_PARAMETERS:,} allowed."
        )
    return network


_KINDS: dict[str, type[Network]] = {"generator": Generator, "translator": Translator, "discriminator": Discriminator}


class _WithoutInitialValues(TorchFunctionMode):
    """Passes over ``torch.nn.init``, whose values are to be replaced: on the meta device it imports for seconds."""

    def __torch_function__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
        kwargs = kwargs or {}
        if getattr(func, "__module__", None) == nn.init.__name__:
            return args[0] if args else kwargs["tensor"]
        return func(*args, **kwargs)


def first_fault(error: ValidationError) -> str:
    """Pydantic's first complaint as half a sentence: where, and what is wrong."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = clipped(".".join(shown(str(part), quote=False) for part in fault["loc"]))
    match fault["type"]:
        case "missing":
            return f"the field {place} is missing"
        case "extra_forbidden":
            return f"the field {place} is not known"
        case "model_type" | "dict_type":
            return f"{place or 'its content'} is not an object with named fields"
        case "value_error":
            return clipped(f"{place}: {fault['msg'].removeprefix('Value error, ')}")
        case _:
            message = fault["msg"]
            return clipped(f"{place}: {message[:1].lower()}{message[1:]}")


def shown(text: str, *, quote: bool = True) -> str:
    """A stranger's text, cut to a length and with its control characters escaped."""
    escaped = repr(clipped(text, 60))
    return escaped if quote else escaped[1:-1]


def clipped(text: str, length: int = 240) -> str:
    return text if len(text) <= length else text[:length] + "…"
