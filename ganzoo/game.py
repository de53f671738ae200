"""Games: who plays, what each player is dealt, and what it minimises."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from ganzoo.generator import Discriminator, Generator, Model, Network, Translator
from ganzoo.losses import AdversarialLoss
from ganzoo.penalties import clip_weights, gradient_penalty, zero_centred_penalties

Batch = Mapping[str, Tensor]
"""What one turn is dealt, by name: ``real`` images ``[N, C, H, W]`` in [-1, 1], or ``real_a`` and so on if they are of
several kinds, latents ``z`` ``[N, z_dim]`` drawn from N(0, I), shares ``epsilon`` ``[N]`` drawn evenly from [0, 1],
classes ``y``, int64 ``[N]``: those of the real images, or drawn evenly where there are none."""


def player_of(turn: str) -> str:
    """Who makes a turn: it is named after its player, or PLAYER/WHAT where that player makes turns of several kinds."""
    return turn.partition("/")[0]


class Game(ABC):
    """Players that take turns, each minimising a loss of its own."""

    players: Mapping[str, Network]
    """In the order in which they move."""

    inputs: Mapping[str, tuple[str, ...]]
    """For each kind of turn, what it is dealt."""

    generator: Generator
    """What draws from latents; there is none in games of translators."""

    def __init__(self) -> None:
        self.memory = nn.Module()
        """What the game itself remembers from turn to turn, as buffers: saved with a run, and never published."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names under which real images are dealt, each those of a kind of their own."""
        dealt = dict.fromkeys(name for names in self.inputs.values() for name in names)
        return tuple(name for name in dealt if name.partition("_")[0] == "real")

    @property
    def model(self) -> Model:
        """What is averaged and published: the player called ``generator``."""
        model = self.players["generator"]
        assert isinstance(model, Generator | Translator)
        return model

    def settle(self, device: torch.device) -> None:
        """Move all that takes part to the device."""
        for network in self.players.values():
            network.settle(device)
        self.memory.to(device)

    @abstractmethod
    def turn(self, turn: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """The scalar that the turn's player minimises on this batch, and detached scalars worth reporting, by history
        key.
        """

    def project(self, player: str) -> None:
        """Bring ``player`` back into the set it must stay in, after its optimiser's step."""

    def examples(self, batch: Batch) -> Mapping[str, Tensor]:
        """What a translator is shown of real images, by direction; nothing for what draws from latents.

        It depends on the images alone, and not on what the players have learnt.
        """
        return {}


class AdversarialGame(Game):
    """One generator against one discriminator (Goodfellow et al. 2014).

    ``penalty_weight`` adds the gradient penalty to the discriminator's loss, ``gamma`` adds γ/2 (R1 + R2), the
    zero-centred penalties at real and at fake images, or γ/2 R1 without ``r2``; ``clip`` clamps its weights after each
    of its steps. Real and fake images are shown to it in one batch, unless its judgement of an image depends on the
    others of the batch: then they are two batches, each with statistics of its own. A class-conditional generator draws
    images of the same classes as the real ones, and the discriminator is told them.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        loss: AdversarialLoss,
        *,
        penalty_weight: float = 0.0,
        gamma: float = 0.0,
        r2: bool = True,
        clip: float | None = None,
    ) -> None:
        super().__init__()
        self.generator, self.discriminator, self.loss = generator, discriminator, loss
        self.penalty_weight, self.gamma, self.r2, self.clip = penalty_weight, gamma, r2, clip
        self.players = {"discriminator": discriminator, "generator": generator}
        classes = ("y",) if generator.num_classes else ()
        between = ("epsilon",) if penalty_weight else ()
        rivals = ("real",) if loss.paired else ()
        self.inputs = {"discriminator": ("real", "z", *classes, *between), "generator": (*rivals, "z", *classes)}

    @property
    def formulas(self) -> Mapping[str, str]:
        """What each player minimises, penalties and bounds included."""
        of_discriminator = self.loss.of_discriminator
        if self.gamma:
            of_discriminator += f" + {self.gamma:g}/2 E‖∇D(x)‖²"
        if self.gamma and self.r2:
            of_discriminator += f" + {self.gamma:g}/2 E‖∇D(G(z))‖²"
        if self.penalty_weight:
            of_discriminator += f" + {self.penalty_weight:g} E[(‖∇D(x̂)‖ − 1)²], x̂ between x and G(z)"
        if self.clip is not None:
            of_discriminator += f", no weight beyond ±{self.clip:g}"
        return {"discriminator": of_discriminator, "generator": self.loss.of_generator}

    def turn(self, turn: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        return self._generator_turn(batch) if turn == "generator" else self._discriminator_turn(batch)

    def _generator_turn(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        fake, y = self._drawn(batch), batch.get("y")
        if not self.loss.paired:
            return self.loss.generator(self._judged(fake, y)), {}
        real_logits, fake_logits = self._both_judged(batch["real"], fake, y)
        return self.loss.generator(fake_logits, real_logits), {}

    def _discriminator_turn(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        real, y = batch["real"], batch.get("y")
        with torch.no_grad():
            fake = self._drawn(batch)
        if self.gamma:
            real, fake = real.detach().requires_grad_(), fake.requires_grad_()
        real_logits, fake_logits = self._both_judged(real, fake, y)
        loss = self.loss.discriminator(real_logits, fake_logits)
        reports = judgement(real_logits.detach(), fake_logits.detach(), self.loss)
        if self.gamma:
            at_real, at_fake = zero_centred_penalties(torch.cat([real_logits, fake_logits]), real, fake)
            loss = loss + self.gamma / 2 * (at_real + at_fake if self.r2 else at_real)
            reports |= {"penalty/real": at_real.detach(), "penalty/fake": at_fake.detach()}
        if self.penalty_weight:
            penalty = gradient_penalty(lambda images: self._judged(images, y), real, fake, batch["epsilon"])
            loss = loss + self.penalty_weight * penalty
            reports["penalty"] = penalty.detach()
        return loss, reports

    def _drawn(self, batch: Batch) -> Tensor:
        images: Tensor = self.generator(batch["z"], batch.get("y"))
        return images.float()

    def _both_judged(self, real: Tensor, fake: Tensor, y: Tensor | None) -> tuple[Tensor, Tensor]:
        if self.discriminator.mixes_samples:
            return self._judged(real, y), self._judged(fake, y)
        logits = self._judged(torch.cat([real, fake]), None if y is None else torch.cat([y, y]))
        real_logits, fake_logits = logits.chunk(2)
        return real_logits, fake_logits

    def _judged(self, images: Tensor, y: Tensor | None) -> Tensor:
        """Logits in float32, also where the products before them were not: losses are small differences."""
        logits: Tensor = self.discriminator(images, y)
        return logits.float()

    def project(self, player: str) -> None:
        if self.clip is not None and player == "discriminator":
            clip_weights(self.discriminator, self.clip)


def judgement(real: Tensor, fake: Tensor, loss: AdversarialLoss) -> dict[str, Tensor]:
    """How often the discriminator is right, from its logits ``[N]``, by the loss that it was trained with.

    Where images are judged in pairs it is right about those in which it finds the real one more real. A critic is
    defined up to a constant: the middle between the two means decides, and its estimate of the Wasserstein distance,
    E[f(x)] - E[f(G(z))], is reported as well.
    """
    reports = {}
    line: Tensor | float
    if loss.paired:
        right = (real > fake).float().mean()
        return {"accuracy/real": right, "accuracy/fake": right}
    if loss.boundary is None:
        real_mean, fake_mean = real.mean(), fake.mean()
        reports["wasserstein"] = real_mean - fake_mean
        line = (real_mean + fake_mean) / 2
    else:
        line = loss.boundary
    reports["accuracy/real"] = (real > line).float().mean()
    reports["accuracy/fake"] = (fake <= line).float().mean()
    return reports
