"""What visitors and programs may ask for. Nothing that comes from outside is believed: this is where it is checked."""

import base64
import warnings
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import prod
from typing import Any, Literal, get_args

import torch
from PIL import Image, ImageOps
from torch import Tensor

from ganzoo.data.folder import FORMATS
from ganzoo.data.rasters import MODES, brought
from ganzoo.inference import SEEDS
from ganzoo.inference.animation import Kind as Form
from ganzoo.inference.directions import Kind
from ganzoo.inference.interpolation import Method
from ganzoo.inference.mixing import Part
from ganzoo.inference.touring import Space
from ganzoo.lab.recipe import Constraint, LabRecipe, Loss
from ganzoo.lab.toys import Toy

MAX_COUNT = 256
MAX_VALUES = MAX_COUNT * 3 * 128**2
"""Numbers that all pictures of one answer consist of; enough for three of the largest that a model may draw."""
MAX_STEPS = 64
MAX_STOPS, MAX_SECONDS, MAX_FRAMES_PER_SECOND = 16, 20, 30
"""Of a film."""
MAX_SIDE = 12
"""Seeds that are mixed with as many others."""
MAX_NAMES = 64
MAX_PICKS = 500
"""Of duels that one visitor has seen."""
MAX_NAME = 500
"""Characters of a model's id."""
MAX_LENGTH = 4.0
"""Of a latent that is no seed, over √z_dim, which is the length of nearly all that are."""
MAX_TRUNCATION = 1.5
MAX_CRITIC_STEPS = 10
MIN_RATE, MAX_RATE = 1e-5, 0.1
"""Learning rates of the lab."""
AVERAGED = 0.99
"""Decay of the lab's averaged generator."""
MAX_PICTURE = 2_000_000
"""Characters of a picture that is sent as text; as a file it has three quarters as many bytes."""
MAX_PIXELS = 4096**2
"""Of such a picture."""


Choice = Literal["left", "right", "neither"]
"""Whom somebody prefers in a duel; neither, if they cannot tell."""
Pick = tuple[str, str, Choice]
"""Who was on the left, who on the right, and the choice."""


class RequestError(ValueError):
    """A request that cannot be answered. Its text is one sentence for the person who asked."""


def whole_number(value: object, what: str, lowest: int, highest: int) -> int:
    """``value`` as an int within the bounds, both included; ``what`` begins the sentence if it is not."""
    # The page's number fields send 3 as 3.0 at times; true, "3" and 3.5 are no whole numbers.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise RequestError(f"{what} is a whole number from {lowest} to {highest}, not {shown(value)}.")
    return value


def seed_range(seed: object, count: object, least: int = 1, most: int = MAX_COUNT) -> range:
    """The seeds of ``count`` pictures, at least and at most so many, the first of which is ``seed``."""
    number = whole_number(count, "The number of pictures", least, most)
    first = whole_number(seed, "The seed", 0, SEEDS - 1)
    if first + number > SEEDS:
        raise RequestError(
            f"Seeds end at {SEEDS - 1}: for {number} pictures choose a first seed of at most {SEEDS - number}."
        )
    return range(first, first + number)


def fitting(count: int, shapes: Sequence[tuple[int, int, int]], *, fewer: bool) -> int:
    """``count`` if one answer holds so many pictures of each shape (channels, height, width) together.

    If not, the most that it holds, where ``fewer`` says that they will do.
    """
    most = MAX_VALUES // sum(map(prod, shapes))
    if count <= most or (fewer and most):
        return min(count, most)
    _, height, width = max(shapes, key=prod)
    way = f"ask for at most {most}{' of each model' if len(shapes) > 1 else ''}" if most else "choose fewer models"
    raise RequestError(f"So many pictures of {height}×{width} pixels do not fit into one answer: {way}.")


def truncation(value: object) -> float:
    """How far latents may go from the mean; 1 leaves them alone."""
    return _number(value, "The truncation", MAX_TRUNCATION)


def class_of(value: object, num_classes: int) -> int | None:
    """The number of one of a model's classes; None where none is asked for."""
    if value is None:
        return None
    if not num_classes:
        raise RequestError("This model knows no classes: ask it for none.")
    return whole_number(value, "The class", 0, num_classes - 1)


def mix(value: object) -> float:
    """How far from one class to another."""
    return _number(value, "The mix", 1.0)


def _number(value: object, what: str, highest: float, lowest: float = 0.0) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise RequestError(f"{what} is a number from {lowest:g} to {highest:g}, not {shown(value)}.")
    return float(value)


def numbers(value: object, count: int, what: str, *, lowest: float, highest: float) -> Tensor:
    """``count`` finite numbers within the bounds, float32 ``[count]``; ``what`` begins the sentence if they are not."""
    if (
        not isinstance(value, list)
        or len(value) != count
        or not all(isinstance(one, int | float) and lowest <= one <= highest for one in value)
    ):
        raise RequestError(f"{what} is a list of {count} numbers from {lowest:g} to {highest:g}, not {shown(value)}.")
    return torch.tensor(value, dtype=torch.float32)


def latent(value: object, z_dim: int) -> Tensor:
    """A latent that is told by its numbers, ``[z_dim]``, and not longer than any that a model is asked to draw."""
    z = numbers(value, z_dim, "A latent of this model", lowest=-100.0, highest=100.0)
    if torch.linalg.vector_norm(z) > MAX_LENGTH * z_dim**0.5:
        most = MAX_LENGTH * z_dim**0.5
        raise RequestError(f"A latent of this model is at most {most:.3g} long, as few normal ones are: give another.")
    return z


def way(value: object) -> Kind:
    """The name of a way to find directions."""
    found: Kind = _one_of(Kind, value, "The kind of directions")
    return found


def method(value: object) -> Method:
    """The name of a way between two latents."""
    found: Method = _one_of(Method, value, "The method")
    return found


def space(value: object) -> Space:
    """The name of a space to tour through."""
    found: Space = _one_of(Space, value, "The space")
    return found


def kind(value: object) -> Form:
    """The form of a film."""
    found: Form = _one_of(Form, value, "The form")
    return found


def part(value: object) -> Part:
    """What pictures take from others when styles are mixed."""
    found: Part = _one_of(Part, value, "The part")
    return found


def _one_of(choices: Any, value: object, what: str) -> Any:
    """``value`` if it is one of a Literal's ``choices``; ``what`` begins the sentence if it is none."""
    *names, last = get_args(choices)
    if value not in (*names, last):
        raise RequestError(f"{what} is {', '.join(names)} or {last}, not {shown(value)}.")
    return value


def lab_recipe(
    toy: object,
    loss: object,
    constraint: object,
    critic_steps: object,
    lr_discriminator: object,
    lr_generator: object,
    averaged: object,
) -> LabRecipe:
    """A game for the lab."""
    return LabRecipe(
        toy=_one_of(Toy, toy, "The data"),
        loss=_one_of(Loss, loss, "The loss"),
        constraint=_one_of(Constraint, constraint, "The constraint"),
        n_discriminator=whole_number(critic_steps, "The number of updates", 1, MAX_CRITIC_STEPS),
        lr_discriminator=_number(lr_discriminator, "The discriminator’s rate", MAX_RATE, MIN_RATE),
        lr_generator=_number(lr_generator, "The generator’s rate", MAX_RATE, MIN_RATE),
        ema_decay=AVERAGED if averaged else None,
        published="averaged" if averaged else "raw",
    )


def lab_ticket(value: object) -> tuple[str, bool]:
    """The ticket of the lab's game that a browser asks for, and whether another one takes its place."""
    asked = value if isinstance(value, dict) else {}
    told = asked.get("ticket")
    ticket = told if isinstance(told, str) else ""
    return ticket, bool(asked.get("anew")) or not ticket


def mixing_side(value: object) -> int:
    """How many seeds are mixed with as many others."""
    return whole_number(value, "The number of seeds a side", 1, MAX_SIDE)


def direction(value: object, known: Iterable[str]) -> str:
    """One of the ``known`` directions, which need not be named where there is no other."""
    ways = list(known)
    if value in ways or (value in (None, "") and len(ways) == 1):
        return str(value or ways[0])
    raise RequestError(f"The direction is {' or '.join(ways)}, not {shown(value)}.")


def picture(value: object) -> Image.Image:
    """A picture that was sent as text: a file's bytes in base64, which may stand in an address (``data:…;base64,…``).

    PNG, JPEG and WebP of any mode, upright.
    """
    if not isinstance(value, str) or not value.strip():
        raise RequestError(f"A picture is sent as a text, the base64 of a file, not {shown(value)}.")
    if len(value) > MAX_PICTURE:
        raise RequestError(f"A picture is sent as at most {MAX_PICTURE:,} characters, not {len(value):,}: send less.")
    try:
        data = base64.b64decode(value.partition(";base64,")[2] or value)
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=FORMATS) as file:
            if prod(file.size) > MAX_PIXELS:
                raise RequestError(f"A picture has at most {MAX_PIXELS:,} pixels, not {prod(file.size):,}: send less.")
            return ImageOps.exif_transpose(file)
    except RequestError:
        raise
    except Exception:  # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise RequestError("The picture cannot be read as PNG, JPEG or WebP: send another one.") from None


def pixels_for(picture: Image.Image, taken: tuple[int, int, int], given: tuple[int, int, int]) -> Tensor:
    """A picture as a translator is shown it, or as large as what it gives where that is larger: uint8 ``[C, H, W]``.

    One of just the size that is taken stays as it is.
    """
    channels, height, width = taken
    if channels not in MODES:
        raise RequestError(f"This model takes pictures of {channels} channels, and there are no such files.")
    exactly = picture.size == (width, height)
    size = (height, width) if exactly else (max(height, given[1]), max(width, given[2]))
    return brought(picture, (channels, *size))


def text(value: object, what: str) -> str:
    """Some text; ``what`` begins the sentence if it is none."""
    if not isinstance(value, str) or not value.strip():
        raise RequestError(f"{what} is a text, not {shown(value)}.")
    return value


def names(value: object) -> Sequence[str]:
    """Model ids, each once, at least one; whether there are such models is not looked at."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise RequestError(f"The models are a list of names, not {shown(value)}.")
    if not value:
        raise RequestError("Choose at least one model to compare.")
    if len(value) > MAX_NAMES:
        raise RequestError(f"Choose at most {MAX_NAMES} models to compare.")
    return list(dict.fromkeys(value))


def items(value: object) -> list[Any]:
    """What is in a list; nothing is in anything else."""
    return value if isinstance(value, list) else []


def picks(value: list[Any]) -> list[Pick]:
    """What a visitor has chosen so far, as their browser has kept it."""
    if len(value) > MAX_PICKS:
        raise RequestError(f"After {MAX_PICKS} duels the ranking is complete: load the page anew for another one.")
    return [pick(one) for one in value]


def pick(value: object) -> Pick:
    """The choice in one duel; whether there are such models is not looked at."""
    match value:
        case [str(left), str(right), choice] if left != right and max(len(left), len(right)) <= MAX_NAME:
            found: Choice = _one_of(Choice, choice, "The choice")
            return left, right, found
    raise RequestError("A pick is a list of the model on the left, another one on the right, and the choice.")


def opened(value: object) -> list[str]:
    """The ids that a visitor's browser has kept; what cannot be one is passed over."""
    return [name for name in items(value) if isinstance(name, str)][-MAX_NAMES:]


def shown(value: object) -> str:
    """Something from outside, short enough to stand in a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
