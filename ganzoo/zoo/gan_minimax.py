"""GAN-minimax: the game as first written, kept to show why nobody plays it so."""

from typing import ClassVar, Literal

from ganzoo.zoo.gan import GAN


class GANMinimax(GAN):
    """GAN's networks, but the generator minimises log(1 - D(G(z))), whose gradient dies where D is sure."""

    name: ClassVar[str] = "gan-minimax"
    title: ClassVar[str] = "GAN, minimax"
    paper: ClassVar[str] = (
        "Goodfellow et al., Generative Adversarial Networks (2014), algorithm 1, https://arxiv.org/abs/1406.2661"
    )

    loss: Literal["minimax"] = "minimax"
    """What the players minimise: this variant is its loss."""
