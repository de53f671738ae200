"""Recipes: a whole experiment as one frozen, checked value, whose fields are its hyper-parameters."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, ClassVar, Literal, Self

import torch
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError, model_validator
from torch import Tensor
from torch.optim import Adam, Optimizer

from ganzoo.data import DataConfig
from ganzoo.game import Game
from ganzoo.generator import MAX_PARAMETERS, Generator, Width, ZDim, parameter_count

OptimizerFactory = Callable[[Iterable[Tensor]], Optimizer]
Schedule = Callable[[float], float]
"""From the share of a run's steps that are over, under 1, to what is left of every learning rate then."""
Beta = Annotated[float, Field(ge=0.0, lt=1.0)]
BatchSize = Annotated[int, Field(ge=2)]
"""One image has no variance for batch norm to divide by."""

MAX_LENGTH = 10**12
"""Steps or epochs: more than anybody waits for, and few enough for a checkpoint's description to hold them."""

KERAS_EPSILON = 1e-7


class Recipe(BaseModel, ABC):
    """What is learnt from which pictures, by which game, and for how long.

    A variant is a subclass with its description's values as defaults. The command line is made from these fields, the
    run folder and the checkpoint hold them as JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    name: ClassVar[str]
    """How the variant is called on the command line and in model ids."""
    title: ClassVar[str]
    """A short name for people."""
    paper: ClassVar[str]
    """The description that the defaults reproduce, as a citation."""
    decisive: ClassVar[tuple[str, ...]] = ("data",)
    """Fields on which the defaults of the others depend."""
    precise: ClassVar[bool] = False
    """Whether its steps lead elsewhere where products are coarse, so that they are computed in float32 anywhere."""
    exhibit: ClassVar[str | None] = None
    """What its models are kept to show, in a few words, where it is made to fail; None for most."""
    story: ClassVar[str | None] = None
    """How they fail, why, and how one sees it, in three sentences; None for most."""

    data: DataConfig = DataConfig()
    """The pictures to learn from."""
    width: Width
    """Scales every layer; the description's networks at its default."""
    batch_size: BatchSize
    """Images in one batch, over all processes together."""
    steps: PositiveInt | None = None
    """Generator steps to train for; takes precedence over epochs."""
    epochs: PositiveFloat | None = None
    """Passes over the data set to train for, by the turn that is dealt most of it, where steps is not given."""
    ema_decay: Annotated[float, Field(gt=0.0, lt=1.0)] | None = 0.999
    """Per-step decay of the averaged generator; None keeps no average."""
    published: Literal["averaged", "raw"] = "averaged"
    """Which generator the checkpoint holds."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.steps is None and self.epochs is None:
            raise ValueError("one of steps and epochs must say how long to train")
        if max(self.steps or 0, self.epochs or 0) > MAX_LENGTH:
            raise ValueError(f"a run has at most {MAX_LENGTH:,} steps or epochs: choose fewer")
        if self.published == "averaged" and self.ema_decay is None:
            raise ValueError("there is no average to publish without ema_decay: choose published raw")
        return self

    @model_validator(mode="after")
    def _can_be_played(self) -> Self:
        try:
            with torch.device("meta"):  # takes no memory and draws no random numbers
                players = self.game().players
        except ValidationError as error:
            fault = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise ValueError(f"these options make a network that cannot be: {fault}") from None
        for player, network in players.items():
            if (count := parameter_count(network)) > MAX_PARAMETERS:
                raise ValueError(
                    f"the {player} would have {count:,} parameters, and {MAX_PARAMETERS:,} are allowed: "
                    "choose a smaller width or resolution"
                )
        return self

    @abstractmethod
    def game(self) -> Game:
        """Fresh networks and the rules they play by. Draws weights from torch's global generator."""

    @abstractmethod
    def optimizers(self) -> Mapping[str, OptimizerFactory]:
        """For each player, what makes its optimiser from its parameters."""

    @property
    def draws(self) -> bool:
        """Whether what it publishes draws from latents, as a generator does and a translator does not."""
        with torch.device("meta"):
            return isinstance(self.game().model, Generator)

    def updates(self) -> Mapping[str, int]:
        """For each kind of turn in the order of play, how many updates it makes in a step that has it."""
        return {"discriminator": 1, "generator": 1}

    def intervals(self) -> Mapping[str, int]:
        """For turns that not every step has, how many steps lie from one to the next."""
        return {}

    def turns(self, step: int) -> Sequence[str]:
        """The turns that make up a step, the first of a run being step 0, in the order of play."""
        every = self.intervals()
        return [turn for turn, n in self.updates().items() if step % every.get(turn, 1) == 0 for _ in range(n)]

    def turns_a_step(self) -> Mapping[str, float]:
        """For each kind of turn, how many of it a step has on the average."""
        every = self.intervals()
        return {turn: n / every.get(turn, 1) for turn, n in self.updates().items()}

    def schedule(self) -> Schedule | None:
        """How learning rates change along the run; None where they stay as they are."""
        return None

    def images_a_step(self) -> int:
        """How many real images one step is dealt on the average, over all processes together."""
        return round(sum(self._images_a_turn()))

    def total_steps(self, data_set_size: int) -> int:
        """Generator steps of the whole run on a data set of so many images."""
        if self.steps is not None:
            return self.steps
        assert self.epochs is not None
        return max(1, round(self.epochs * data_set_size / max(self._images_a_turn())))

    @property
    def kinds(self) -> int:
        """How many kinds of real images it learns from."""
        with torch.device("meta"):
            return len(self.game().kinds)

    def _images_a_turn(self) -> list[float]:
        """How many real images each kind of turn that is dealt any has in a step, on the average."""
        with torch.device("meta"):
            game = self.game()
        kinds = set(game.kinds)
        dealt = [n for turn, n in self.turns_a_step().items() if kinds.intersection(game.inputs[turn])]
        return [self.batch_size * len(kinds) * n for n in dealt]


class GeneratorRecipe(Recipe):
    """A recipe of what draws from latents."""

    z_dim: ZDim = 100
    """Numbers in one latent, each drawn from N(0, 1)."""


def adam(lr: float, beta1: float, beta2: float = 0.999, *, eps: float = 1e-8) -> OptimizerFactory:
    """Adam with one fused kernel for all parameters (Kingma & Ba 2015)."""
    return partial(Adam, lr=lr, betas=(beta1, beta2), eps=eps, fused=True)
