"""Who is compared with whom: contenders, each a recipe with its changes, and arms, each a question to some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import torch

from ganzoo.recipe import Recipe
from ganzoo.zoo import RECIPES

Weights = Literal["averaged", "raw"]


@dataclass(frozen=True)
class Contender:
    """A recipe as its description has it, but for some changes."""

    variant: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    on_cpu: Mapping[str, Any] = field(default_factory=dict)
    """Further changes where there is no GPU, for what would take hours there."""

    def recipe(self, dataset: str, images: int, device: torch.device) -> Recipe:
        """With the steps in which about ``images`` real images are dealt."""
        changes = {**self.changes, **(self.on_cpu if device.type == "cpu" else {})}
        recipe = RECIPES[self.variant].model_validate({"data": {"dataset": dataset}, **changes})
        return recipe.model_copy(update={"steps": max(1, round(images / recipe.images_a_step()))})


CONTENDERS: Mapping[str, Contender] = {
    "gan": Contender("gan"),
    # The tutorial's width and batch take hours on a CPU, and with so few steps the paper's rates draw what the
    # tutorial's do not yet.
    "dcgan": Contender("dcgan", on_cpu={"width": 32, "batch_size": 64, "lr": 2e-4, "beta1": 0.5}),
    "wgan": Contender("wgan"),
    "wgan-gp": Contender("wgan-gp"),
    "wgan-lr-5e-4": Contender("wgan", {"lr": 5e-4}),
    "gan-minimax": Contender("gan-minimax"),
    "gan-k-5": Contender("gan", {"n_discriminator": 5}),
    "gan-minimax-k-5": Contender("gan-minimax", {"n_discriminator": 5}),
    "gan-smooth": Contender("gan-smooth"),
    "gan-smooth-label-1": Contender("gan-smooth", {"real_label": 1.0}),
    "wgan-gp-critic-1": Contender("wgan-gp", {"n_critic": 1}),
    "wgan-gp-critic-2": Contender("wgan-gp", {"n_critic": 2}),
}
"""By the name that tables, plots and run folders give them."""


@dataclass(frozen=True)
class Arm:
    """A question, and whose scores answer it."""

    title: str
    question: str
    contenders: Sequence[str]
    weights: Sequence[Weights] = ("averaged",)
    """Which generators of a run are shown. Along the run, and so in plots, it is always the averaged one."""


ArmName = Literal["base", "clipping", "minimax", "averaging", "smoothing", "critic-steps"]
ARMS: Mapping[ArmName, Arm] = {
    "base": Arm(
        "The base recipes",
        "How far do the recipes get with the same number of real images?",
        ("gan", "dcgan", "wgan", "wgan-gp"),
    ),
    "clipping": Arm(
        "Clipping against a penalty",
        "The same networks and critic steps, the critic clipped at the description's rate, at a tenfold one, and "
        "penalised instead.",
        ("wgan", "wgan-lr-5e-4", "wgan-gp"),
    ),
    "minimax": Arm(
        "The minimax loss against the non-saturating one",
        "The same networks, with one and with five discriminator steps for one of the generator: a better judge should "
        "leave the minimax generator without a gradient, most of all early on.",
        ("gan", "gan-minimax", "gan-k-5", "gan-minimax-k-5"),
    ),
    "averaging": Arm(
        "Averaged weights against raw ones",
        "Two generators of each run: the moving average, and the one that played.",
        ("gan", "dcgan", "wgan", "wgan-gp"),
        ("averaged", "raw"),
    ),
    "smoothing": Arm(
        "One-sided label smoothing",
        "The discriminator aims at 0.9 on real images, or at 1.",
        ("gan-smooth", "gan-smooth-label-1"),
    ),
    "critic-steps": Arm(
        "The number of critic steps",
        "One, two or five critic steps for one of the generator. With the same number of real images, fewer "
        "critic steps are more generator steps.",
        ("wgan-gp-critic-1", "wgan-gp-critic-2", "wgan-gp"),
    ),
}
"""By the name that the command line gives them. An arm that shares contenders with another one shares their runs."""
