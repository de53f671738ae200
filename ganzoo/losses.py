"""Adversarial losses: pure functions of the discriminator's logits.

Every loss is a value with two methods. ``discriminator(real, fake)`` and ``generator(fake, real)`` take logits ``[N]``
and return what that player minimises, a scalar. In formulas D is the logit, σ the sigmoid, x a real image, z a latent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from torch import Tensor
from torch.nn.functional import relu, softplus


class AdversarialLoss(Protocol):
    """What one move costs each of the two players."""

    of_discriminator: ClassVar[str]
    """What the discriminator minimises, as a formula."""
    of_generator: ClassVar[str]
    """What the generator minimises, as a formula."""
    change: ClassVar[str]
    """What is different with this loss, in a few words for people."""

    @property
    def boundary(self) -> float | None:
        """The logit over which the discriminator says "real"; None where only differences of logits mean something."""

    @property
    def log_odds(self) -> bool:
        """Whether the discriminator learns log-odds: ``sigmoid(logit)`` is then how probable it finds "real"."""

    @property
    def paired(self) -> bool:
        """Whether each fake image is held against a real one, which the generator's loss then needs as well."""

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor: ...

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor: ...


@dataclass(frozen=True)
class Minimax:
    """The game as first written: min_G max_D  E[log σ(D(x))] + E[log(1 - σ(D(G(z))))]  (Goodfellow et al. 2014, eq. 1).

    The generator's gradient vanishes where the discriminator is sure, which is why nobody trains with it.
    """

    of_discriminator: ClassVar[str] = "−E[log σ(D(x))] − E[log(1 − σ(D(G(z))))]"
    of_generator: ClassVar[str] = "E[log(1 − σ(D(G(z))))]"
    change: ClassVar[str] = (
        "The game as first written. Where the discriminator is sure, this is flat, and the generator learns nothing."
    )

    boundary: float | None = 0.0
    log_odds: bool = True
    paired: bool = False

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        return -softplus(fake).mean()  # log(1 - sigmoid(x)) = -softplus(x)

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return softplus(-real).mean() + softplus(fake).mean()


@dataclass(frozen=True)
class NonSaturating:
    """The generator maximises log σ(D(G(z))) instead (Goodfellow et al. 2014, section 3).

    ``real_label`` under 1 is one-sided label smoothing (Salimans et al. 2016, section 3.4): the discriminator is asked
    to be that sure of real images and no surer; the target for fakes stays 0.
    """

    of_discriminator: ClassVar[str] = "−E[log σ(D(x))] − E[log(1 − σ(D(G(z))))]"
    of_generator: ClassVar[str] = "−E[log σ(D(G(z)))]"
    change: ClassVar[str] = (
        "The same discriminator. The generator's slope is steepest where it is losing, so that it can catch up."
    )

    real_label: float = 1.0
    boundary: float | None = 0.0
    log_odds: bool = True
    paired: bool = False

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        return softplus(-fake).mean()

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        # Cross-entropy to a target t:  t softplus(-x) + (1 - t) softplus(x)  =  softplus(-x) + (1 - t) x
        on_real = softplus(-real) + (1.0 - self.real_label) * real
        return on_real.mean() + softplus(fake).mean()


@dataclass(frozen=True)
class LeastSquares:
    """Squared distance to the targets 1 (real) and 0 (fake) (Mao et al. 2017, eq. 9: a = 0, b = c = 1)."""

    of_discriminator: ClassVar[str] = "½ E[(D(x) − 1)²] + ½ E[D(G(z))²]"
    of_generator: ClassVar[str] = "½ E[(D(G(z)) − 1)²]"
    change: ClassVar[str] = (
        "Pictures are pulled towards a number, also those that the discriminator gets right already."
    )

    boundary: float | None = 0.5
    log_odds: bool = False
    paired: bool = False

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        return 0.5 * (fake - 1.0).square().mean()

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return 0.5 * (real - 1.0).square().mean() + 0.5 * fake.square().mean()


@dataclass(frozen=True)
class Hinge:
    """Logits past the margin ±1 cost nothing (Lim & Ye 2017; Miyato et al. 2018, eq. 16-17)."""

    of_discriminator: ClassVar[str] = "E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))]"
    of_generator: ClassVar[str] = "−E[D(G(z))]"
    change: ClassVar[str] = "What the discriminator is sure enough of teaches it nothing: it works on the hard cases."

    boundary: float | None = 0.0
    log_odds: bool = False
    paired: bool = False

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        return -fake.mean()

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return relu(1.0 - real).mean() + relu(1.0 + fake).mean()


@dataclass(frozen=True)
class Wasserstein:
    """The critic estimates the earth mover's distance E[f(x)] - E[f(G(z))] (Arjovsky et al. 2017, eq. 2-3).

    It is an estimate only while the critic is kept Lipschitz, by clipping or by a penalty.
    """

    of_discriminator: ClassVar[str] = "E[D(G(z))] − E[D(x)]"
    of_generator: ClassVar[str] = "−E[D(G(z))]"
    change: ClassVar[str] = (
        "The critic estimates how far one heap of pictures must be moved to become the other; its slope needs a bound."
    )

    boundary: float | None = None
    log_odds: bool = False
    paired: bool = False

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        return -fake.mean()

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return fake.mean() - real.mean()


@dataclass(frozen=True)
class Relativistic:
    """The discriminator tells how much more real an image is than its partner (Jolicoeur-Martineau 2019).

    The pairing form, RpGAN, whose landscape has no bad minima where others drop modes (Sun et al. 2020; Huang et al.
    2024, eq. 2), with the non-saturating f(t) = -log(1 + e^-t).
    """

    of_discriminator: ClassVar[str] = "E[log(1 + exp(D(G(z)) − D(x)))]"
    of_generator: ClassVar[str] = "E[log(1 + exp(D(x) − D(G(z))))]"
    change: ClassVar[str] = (
        "Pictures are judged in pairs, so no real one can be given up: what is drawn must match them all."
    )

    boundary: float | None = None
    log_odds: bool = False
    paired: bool = True

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        assert real is not None
        return softplus(real - fake).mean()

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return softplus(fake - real).mean()


LOSSES: Mapping[str, type[AdversarialLoss]] = {
    "minimax": Minimax,
    "non-saturating": NonSaturating,
    "least-squares": LeastSquares,
    "hinge": Hinge,
    "wasserstein": Wasserstein,
}
