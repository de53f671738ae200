"""A game in progress that is looked at while it is played."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import torch
from torch import Tensor

from ganzoo.data import to_float
from ganzoo.generator import Network
from ganzoo.inference import latents
from ganzoo.lab.recipe import LabRecipe
from ganzoo.lab.toys import Modes, image_set, modes
from ganzoo.training.processes import ALONE
from ganzoo.training.trainer import Trainer

LOOKED_AT = 512
"""How many of the generator's images are looked at, always of the same latents, and as many real ones."""
PLANE = 41
"""The discriminator's surface is known at so many times so many places of the plane."""
RECORD_EVERY = 20
"""Steps of which one line of the history has the means."""


class GameOverError(Exception):
    """A game that does not go on. Its text is one sentence for the one who plays."""


@dataclass(frozen=True)
class Line:
    """Means of what the players minimised since the line before."""

    step: int
    generator: float
    discriminator: float


@dataclass(frozen=True)
class Slopes:
    """Mean ‖∇D(x)‖₂ of the logits: how steep the discriminator is where images lie."""

    real: float
    drawn: float


class Session:
    """Plays a recipe with the project's own ``Trainer``, in pieces, and tells how it stands.

    What it does depends on the recipe and the seed alone, for its random numbers are its own; it leaves torch's as they
    are. Only one session may be in use at a time.
    """

    def __init__(self, recipe: LabRecipe, seed: int = 0) -> None:
        self.recipe = recipe
        self._random: Tensor | None = None
        with self._own_randomness():
            self.trainer = Trainer(recipe, image_set(recipe.toy), seed=seed, device=torch.device("cpu"))
        self.latents = latents(range(LOOKED_AT), recipe.z_dim)
        self._history: list[Line] = []

    @contextmanager
    def _own_randomness(self) -> Iterator[None]:
        with torch.random.fork_rng(devices=[]):
            if self._random is not None:
                torch.set_rng_state(self._random)
            yield
            self._random = torch.get_rng_state()

    @property
    def discriminator(self) -> Network:
        return self.trainer.game.players["discriminator"]

    @property
    def step(self) -> int:
        return self.trainer.step

    def play(self, steps: int) -> None:
        """Go on by so many generator steps. Raises ``GameOverError``."""
        with self._own_randomness():
            for _ in range(steps):
                self._play_once()
        self._check()

    def play_for(self, seconds: float) -> None:
        """Go on by as many generator steps as so long a time has, at least one. Raises ``GameOverError``."""
        end = monotonic() + seconds
        with self._own_randomness():
            self._play_once()
            while monotonic() < end:
                self._play_once()
        self._check()

    def _play_once(self) -> None:
        if self.step >= (self.recipe.steps or 0):
            raise GameOverError(f"The game has had its {self.step:,} steps: Reset begins anew.")
        self.trainer.play()
        if self.step % RECORD_EVERY == 0:
            means = self.trainer.meter.peek(ALONE)
            self.trainer.meter.reset()
            self._history.append(Line(self.step, means["loss/generator"], means["loss/discriminator"]))

    def _check(self) -> None:
        players = self.trainer.game.players.values()
        if not all(bool(parameter.isfinite().all()) for network in players for parameter in network.parameters()):
            raise GameOverError(
                f"The game blew up before step {self.step:,}, its weights are no numbers any more: "
                "reset it, and try lower learning rates or a penalty."
            )

    def lines(self) -> list[Line]:
        """What there is to the history since this was asked last."""
        new, self._history = self._history, []
        return new

    @property
    def real(self) -> Tensor:
        """Some of what is learnt from, ``[N, C, H, W]`` in [-1, 1]."""
        return to_float(image_set(self.recipe.toy).pixels[:LOOKED_AT])

    @torch.no_grad()
    def drawn(self) -> Tensor:
        """What the generator, or its average, makes of the same latents as ever, ``[N, C, H, W]``."""
        images: Tensor = self.trainer.published(self.latents)
        return images

    def modes(self) -> Modes | None:
        """Of what is drawn; None where nobody knows any."""
        return modes(self.recipe.toy, self.drawn().flatten(1)) if self.recipe.planar else None

    @torch.no_grad()
    def surface(self) -> Tensor:
        """The discriminator's logits over [-1, 1]²: rows are y, from -1 up, columns are x ``[PLANE, PLANE]``."""
        ticks = torch.linspace(-1, 1, PLANE)
        y, x = torch.meshgrid(ticks, ticks, indexing="ij")
        places = torch.stack([x, y], dim=-1).view(-1, 2, 1, 1)
        logits: Tensor = self.discriminator(places)
        return logits.view(PLANE, PLANE)

    def slopes(self) -> Slopes:
        return Slopes(*(self._slope(images) for images in (self.real, self.drawn())))

    def _slope(self, images: Tensor) -> float:
        images = images.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(self.discriminator(images).sum(), images)
        return float(torch.linalg.vector_norm(gradient.flatten(1), dim=1).mean())
