"""The zoo: every network a checkpoint may name, and every recipe that can be trained. A new variant adds its lines."""

from collections.abc import Mapping

from ganzoo.generator import Network
from ganzoo.nn.dcgan import DCGAN28Discriminator, DCGAN28Generator, DCGANDiscriminator, DCGANGenerator
from ganzoo.nn.mlp import MLPDiscriminator, MLPGenerator
from ganzoo.recipe import Recipe
from ganzoo.zoo.cgan import CGAN, CGANDiscriminator, CGANGenerator
from ganzoo.zoo.cyclegan import CycleDiscriminator, CycleGAN, CycleTranslator
from ganzoo.zoo.dcgan import DCGAN
from ganzoo.zoo.gan import GAN
from ganzoo.zoo.gan_collapsed import GANCollapsed
from ganzoo.zoo.gan_minimax import GANMinimax
from ganzoo.zoo.gan_small import GANSmall
from ganzoo.zoo.gan_smooth import GANSmooth
from ganzoo.zoo.gan_vanishing import GANVanishing
from ganzoo.zoo.r3gan import R3GAN, R3GANDiscriminator, R3GANGenerator
from ganzoo.zoo.sngan import SNGAN, SNGANDiscriminator, SNGANGenerator
from ganzoo.zoo.srgan import SRGAN, SRDiscriminator, SRTranslator
from ganzoo.zoo.stylegan2 import StyleDiscriminator, StyleGAN2, StyleGenerator
from ganzoo.zoo.wgan import WGAN
from ganzoo.zoo.wgan_gp import WGANGP
from ganzoo.zoo.wgan_tight import WGANTight

ARCHITECTURES: Mapping[str, type[Network]] = {
    "mlp-generator": MLPGenerator,
    "mlp-discriminator": MLPDiscriminator,
    "dcgan28-generator": DCGAN28Generator,
    "dcgan28-discriminator": DCGAN28Discriminator,
    "dcgan-generator": DCGANGenerator,
    "dcgan-discriminator": DCGANDiscriminator,
    "cgan-generator": CGANGenerator,
    "cgan-discriminator": CGANDiscriminator,
    "sngan-generator": SNGANGenerator,
    "sngan-discriminator": SNGANDiscriminator,
    "style-generator": StyleGenerator,
    "style-discriminator": StyleDiscriminator,
    "r3gan-generator": R3GANGenerator,
    "r3gan-discriminator": R3GANDiscriminator,
    "srgan-translator": SRTranslator,
    "srgan-discriminator": SRDiscriminator,
    "cyclegan-translator": CycleTranslator,
    "cyclegan-discriminator": CycleDiscriminator,
}
"""By the name that ``config.json`` gives them. A published name is never reused for another network."""

RECIPES: Mapping[str, type[Recipe]] = {
    recipe.name: recipe
    for recipe in (
        *(GAN, GANMinimax, GANSmall, GANSmooth, DCGAN, WGAN, WGANGP),
        *(CGAN, SNGAN, StyleGAN2, R3GAN),
        *(SRGAN, CycleGAN),
        *(GANCollapsed, GANVanishing, WGANTight),
    )
}
"""By the name that the command line gives them."""
