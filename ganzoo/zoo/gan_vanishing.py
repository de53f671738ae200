"""GAN-vanishing: the minimax game against a discriminator that has won, kept to show a gradient that vanishes."""

from typing import ClassVar

from pydantic import PositiveFloat, PositiveInt

from ganzoo.generator import Width
from ganzoo.zoo.gan_minimax import GANMinimax


class GANVanishing(GANMinimax):
    """GAN-minimax with a discriminator that makes five updates a step, and is sure before there is anything to see."""

    name: ClassVar[str] = "gan-vanishing"
    title: ClassVar[str] = "GAN, vanishing gradient"
    paper: ClassVar[str] = (
        "the vanishing gradient of Arjovsky & Bottou, Towards Principled Methods for Training Generative Adversarial "
        "Networks (2017), section 2.2, https://arxiv.org/abs/1701.04862; Keras-GAN's networks, narrow"
    )
    exhibit: ClassVar[str | None] = "vanishing gradient"
    story: ClassVar[str | None] = (
        "The discriminator has won before the generator could learn anything: the film begins with noise and ends "
        "with noise. Where the discriminator is sure that a picture is fake, log(1 − D(G(z))) is all but flat, so "
        "hardly any gradient reaches the generator, whereas under the non-saturating loss the same run is already "
        "drawing grey strokes in the middle of black tiles. One sees it in the curves: it is right about every "
        "picture, real or fake, from the first steps to the last, and both losses run to zero."
    )

    width: Width = 24
    """Units of the generator's first layer: 1×, 2×, 4× in the generator, 2×, 1× in the discriminator."""
    lr: PositiveFloat = 1e-3
    """Adam's learning rate, both players."""
    n_discriminator: PositiveInt = 5
    """Discriminator updates in one step (k in the 2014 paper)."""
    steps: PositiveInt | None = 360
    """Generator steps to train for; takes precedence over epochs."""
