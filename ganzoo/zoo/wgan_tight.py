"""WGAN-tight: WGAN with its weights clipped ten times tighter, kept to show a critic that can tell nothing."""

from typing import ClassVar

from pydantic import PositiveFloat, PositiveInt

from ganzoo.generator import Width
from ganzoo.zoo.wgan import WGAN


class WGANTight(WGAN):
    """WGAN with every weight within ±0.001: the critic is all but constant."""

    name: ClassVar[str] = "wgan-tight"
    title: ClassVar[str] = "WGAN, clipped too tight"
    paper: ClassVar[str] = (
        "the warning of Arjovsky et al., Wasserstein GAN (2017), section 3, https://arxiv.org/abs/1701.07875; "
        "Keras-GAN's networks, narrow"
    )
    exhibit: ClassVar[str | None] = "clipping too tight"
    story: ClassVar[str | None] = (
        "The generator draws grey blobs in the middle of black tiles, the mean of all digits, and stops there. "
        "Each weight of the critic is held within ±0.001, which two or three steps of its optimiser cross, so that it "
        "is nearly constant and can tell little more than where pictures are bright; with WGAN's ±0.01 the same run "
        "draws digits. One sees it in the curves: the Wasserstein estimate falls to nothing, though the pictures are "
        "bad, and the critic is right about half of the time, as if it guessed."
    )

    width: Width = 16
    """The first or narrowest layer: units (mlp), or channels (dcgan: 64 at 28×28 and 128 at 32×32 and 64×64)."""
    clip: PositiveFloat = 1e-3
    """Every weight of the critic is clamped to ± this after each of its steps."""
    lr: PositiveFloat = 5e-4
    """RMSprop's learning rate, both players."""
    steps: PositiveInt | None = 2_000
    """Generator steps to train for; takes precedence over epochs."""
