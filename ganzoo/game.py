"""Games: who plays, what each player is dealt, and what it minimises."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

import torch
from torch import Tensor

from ganzoo.generator import Discriminator, Generator, Network
from ganzoo.losses import AdversarialLoss
from ganzoo.penalties import clip_weights, gradient_penalty

Batch = Mapping[str, Tensor]
"""What one turn is dealt, by name: ``real`` images ``[N, C, H, W]`` in [-1, 1], latents ``z`` ``[N, z_dim]``
drawn from N(0, I), shares ``epsilon`` ``[N]`` drawn evenly from [0, 1]."""


class Game(ABC):
    """Players that take turns, each minimising a loss of its own."""

    players: Mapping[str, Network]
    """In the order in which they move."""

    inputs: Mapping[str, tuple[str, ...]]
    """For each player, what its turn is dealt."""

    generator: Generator
    """What is averaged and published."""

    @abstractmethod
    def turn(self, player: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """The scalar that ``player`` minimises on this batch, and detached scalars worth reporting, by history key."""

    def project(self, player: str) -> None:
        """Bring ``player`` back into the set it must stay in, after its optimiser's step."""


class AdversarialGame(Game):
    """One generator against one discriminator (Goodfellow et al. 2014).

    ``penalty_weight`` adds the gradient penalty to the discriminator's loss; ``clip`` clamps its weights after each of
    its steps. Real and fake images are shown to it in one batch, unless its judgement of an image depends on the others
    of the batch: then they are two batches, each with statistics of its own.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        loss: AdversarialLoss,
        *,
        penalty_weight: float = 0.0,
        clip: float | None = None,
    ) -> None:
        self.generator, self.discriminator, self.loss = generator, discriminator, loss
        self.penalty_weight, self.clip = penalty_weight, clip
        self.players = {"discriminator": discriminator, "generator": generator}
        between = ("epsilon",) if penalty_weight else ()
        self.inputs = {"discriminator": ("real", "z", *between), "generator": ("z",)}

    def turn(self, player: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        if player == "generator":
            return self.loss.generator(self._judged(self.generator(batch["z"]).float())), {}
        return self._discriminator_turn(batch)

    def _discriminator_turn(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        real = batch["real"]
        with torch.no_grad():
            fake = self.generator(batch["z"]).float()
        if self.discriminator.mixes_samples:
            real_logits, fake_logits = self._judged(real), self._judged(fake)
        else:
            real_logits, fake_logits = self._judged(torch.cat([real, fake])).chunk(2)
        loss = self.loss.discriminator(real_logits, fake_logits)
        reports = judgement(real_logits.detach(), fake_logits.detach(), self.loss.boundary)
        if self.penalty_weight:
            penalty = gradient_penalty(self._judged, real, fake, batch["epsilon"])
            loss = loss + self.penalty_weight * penalty
            reports["penalty"] = penalty.detach()
        return loss, reports

    def _judged(self, images: Tensor) -> Tensor:
        """Logits in float32, also where the products before them were not: losses are small differences."""
        logits: Tensor = self.discriminator(images)
        return logits.float()

    def project(self, player: str) -> None:
        if self.clip is not None and player == "discriminator":
            clip_weights(self.discriminator, self.clip)


def judgement(real: Tensor, fake: Tensor, boundary: float | None) -> dict[str, Tensor]:
    """How often the discriminator is right, from its logits.

    Without a boundary (Wasserstein: a critic is defined up to a constant) the middle between the two means decides,
    and the estimate of the distance, E[f(x)] - E[f(G(z))], is reported as well.
    """
    reports = {}
    line: Tensor | float
    if boundary is None:
        real_mean, fake_mean = real.mean(), fake.mean()
        reports["wasserstein"] = real_mean - fake_mean
        line = (real_mean + fake_mean) / 2
    else:
        line = boundary
    reports["accuracy/real"] = (real > line).float().mean()
    reports["accuracy/fake"] = (fake <= line).float().mean()
    return reports
