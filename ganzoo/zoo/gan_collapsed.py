"""GAN-collapsed: GAN with steps far too large, kept to show a generator that has collapsed."""

from typing import Annotated, ClassVar

from pydantic import Field, PositiveFloat, PositiveInt

from ganzoo.generator import Width
from ganzoo.recipe import Beta
from ganzoo.zoo.gan import GAN


class GANCollapsed(GAN):
    """GAN's game at fifty times its learning rate and with momentum 0.9, between narrow networks."""

    name: ClassVar[str] = "gan-collapsed"
    title: ClassVar[str] = "GAN, collapsed"
    paper: ClassVar[str] = (
        "the collapse of Salimans et al., Improved Techniques for Training GANs (2016), section 3.2, "
        "https://arxiv.org/abs/1606.03498; Keras-GAN's networks, narrow"
    )
    exhibit: ClassVar[str | None] = "mode collapse"
    story: ClassVar[str | None] = (
        "Whatever the latent, the generator draws one picture or a few, and no longer heeds what it is given. "
        "Its steps are fifty times too large: it throws all of its pictures to wherever the discriminator was last "
        "deceived, and by the time that the discriminator follows, nothing is left in it that tells latents apart. "
        "One sees the same figure in every tile of the film, nearly all of the class histogram in one or two digits, "
        "and a share of duplicates near 1."
    )

    width: Width = 16
    """Units of the generator's first layer: 1×, 2×, 4× in the generator, 2×, 1× in the discriminator."""
    lr: PositiveFloat = 1e-2
    """Adam's learning rate, both players."""
    beta1: Beta = 0.9
    """Adam's decay of the mean gradient, both players."""
    steps: PositiveInt | None = 1_000
    """Generator steps to train for; takes precedence over epochs."""
    ema_decay: Annotated[float, Field(gt=0.0, lt=1.0)] | None = 0.99
    """Per-step decay of the averaged generator; None keeps no average."""
