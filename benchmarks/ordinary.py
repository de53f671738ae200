"""The ordinary way to train: the loops of tutorials and popular scripts, written anew around the zoo's networks.

What they have in common: a ``DataLoader`` over torchvision's data set, whose transforms handle one image at a time; one
eager float32 operation after another; Adam or RMSprop as they come; a discriminator that also asks for gradients while
only the generator moves; losses that are read in every step. Networks, losses and hyper-parameters are the recipe's, so
that the same is learnt; the layers are PyTorch's own. Where scripts learn by another algorithm, showing one batch of
fakes to both players, or do what is plainly a slip, such as letting the critic's loss run back through the generator,
the loops here do not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer, RMSprop
from torch.utils.data import DataLoader

from benchmarks.layers import with_plain_layers
from ganzoo.game import AdversarialGame
from ganzoo.recipe import KERAS_EPSILON, Recipe
from ganzoo.zoo.dcgan import DCGAN
from ganzoo.zoo.gan import GAN
from ganzoo.zoo.wgan import WGAN
from ganzoo.zoo.wgan_gp import WGANGP


@dataclass(frozen=True)
class Step:
    """What a script would print after a generator step."""

    images: int
    """Real images that the discriminator was dealt."""
    discriminator_loss: float
    generator_loss: float


def batches(recipe: Recipe, root: Path, workers: int) -> Iterator[Tensor]:
    """Fashion-MNIST without end, as float32 batches in [-1, 1]; the last batch of an epoch may be a smaller one."""
    from torchvision import transforms
    from torchvision.datasets import FashionMNIST

    resolution = recipe.data.image_shape[1]
    resize = [] if resolution == 28 else [transforms.Resize(resolution)]
    transform = transforms.Compose([*resize, transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    dataset = FashionMNIST(str(root), train=True, transform=transform)
    loader = DataLoader(dataset, batch_size=recipe.batch_size, shuffle=True, num_workers=workers)
    while True:
        for images, _ in loader:
            yield images


def gan(recipe: GAN, game: AdversarialGame, real_batches: Iterator[Tensor], device: torch.device) -> Iterator[Step]:
    """Two multilayer perceptrons (gan.py of PyTorch-GAN)."""
    betas = recipe.beta1, 0.999
    return _alternate(
        game,
        Adam(game.discriminator.parameters(), lr=recipe.lr, betas=betas, eps=KERAS_EPSILON),
        Adam(game.generator.parameters(), lr=recipe.lr, betas=betas, eps=KERAS_EPSILON),
        real_batches,
        device,
    )


def dcgan(recipe: DCGAN, game: AdversarialGame, real_batches: Iterator[Tensor], device: torch.device) -> Iterator[Step]:
    """Two convolutional networks (dcgan/main.py of PyTorch's examples, dcgan.py of PyTorch-GAN)."""
    betas = recipe.beta1, 0.999
    return _alternate(
        game,
        Adam(game.discriminator.parameters(), lr=recipe.lr, betas=betas, eps=recipe.eps),
        Adam(game.generator.parameters(), lr=recipe.lr, betas=betas, eps=recipe.eps),
        real_batches,
        device,
    )


def _alternate(
    game: AdversarialGame,
    discriminator_optimizer: Optimizer,
    generator_optimizer: Optimizer,
    real_batches: Iterator[Tensor],
    device: torch.device,
) -> Iterator[Step]:
    """Both players move once a step, each on fakes of its own."""
    generator, discriminator = game.generator, game.discriminator
    criterion = nn.BCEWithLogitsLoss()
    for real_cpu in real_batches:
        real = real_cpu.to(device)
        ones, zeros = torch.ones(len(real), device=device), torch.zeros(len(real), device=device)

        discriminator_optimizer.zero_grad()
        fake = generator(torch.randn(len(real), generator.z_dim, device=device)).detach()
        discriminator_loss = criterion(discriminator(real), ones) + criterion(discriminator(fake), zeros)
        discriminator_loss.backward()
        discriminator_optimizer.step()

        generator_optimizer.zero_grad()
        z = torch.randn(len(real), generator.z_dim, device=device)
        generator_loss = criterion(discriminator(generator(z)), ones)
        generator_loss.backward()
        generator_optimizer.step()

        yield Step(len(real), discriminator_loss.item(), generator_loss.item())


def wgan(recipe: WGAN, game: AdversarialGame, real_batches: Iterator[Tensor], device: torch.device) -> Iterator[Step]:
    """Several critic steps with clipped weights for one of the generator (wgan.py of PyTorch-GAN)."""
    generator, critic = game.generator, game.discriminator
    critic_optimizer = RMSprop(critic.parameters(), lr=recipe.lr)
    generator_optimizer = RMSprop(generator.parameters(), lr=recipe.lr)
    while True:
        images = 0
        for _ in range(recipe.n_critic):
            real = next(real_batches).to(device)
            images += len(real)
            z = torch.randn(len(real), recipe.z_dim, device=device)

            critic_optimizer.zero_grad()
            fake = generator(z).detach()
            critic_loss = torch.mean(critic(fake)) - torch.mean(critic(real))
            critic_loss.backward()
            critic_optimizer.step()
            for parameter in critic.parameters():
                parameter.data.clamp_(-recipe.clip, recipe.clip)

        generator_optimizer.zero_grad()
        z = torch.randn(len(real), recipe.z_dim, device=device)
        generator_loss = -torch.mean(critic(generator(z)))
        generator_loss.backward()
        generator_optimizer.step()

        yield Step(images, critic_loss.item(), generator_loss.item())


def wgan_gp(
    recipe: WGANGP, game: AdversarialGame, real_batches: Iterator[Tensor], device: torch.device
) -> Iterator[Step]:
    """Several critic steps with a gradient penalty for one of the generator (wgan_gp.py of PyTorch-GAN)."""
    generator, critic = game.generator, game.discriminator
    critic_optimizer = Adam(critic.parameters(), lr=recipe.lr, betas=(0.0, 0.9))
    generator_optimizer = Adam(generator.parameters(), lr=recipe.lr, betas=(0.0, 0.9))
    while True:
        images = 0
        for _ in range(recipe.n_critic):
            real = next(real_batches).to(device)
            images += len(real)
            z = torch.randn(len(real), recipe.z_dim, device=device)

            critic_optimizer.zero_grad()
            fake = generator(z).detach()
            penalty = _gradient_penalty(critic, real, fake)
            critic_loss = torch.mean(critic(fake)) - torch.mean(critic(real)) + recipe.penalty_weight * penalty
            critic_loss.backward()
            critic_optimizer.step()

        generator_optimizer.zero_grad()
        z = torch.randn(len(real), recipe.z_dim, device=device)
        generator_loss = -torch.mean(critic(generator(z)))
        generator_loss.backward()
        generator_optimizer.step()

        yield Step(images, critic_loss.item(), generator_loss.item())


def _gradient_penalty(critic: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    alpha = torch.rand(len(real), 1, 1, 1, device=real.device)
    between = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    scores = critic(between)
    (gradient,) = torch.autograd.grad(
        scores, between, grad_outputs=torch.ones_like(scores), create_graph=True, retain_graph=True
    )
    norm: Tensor = gradient.view(len(real), -1).norm(2, dim=1)
    return ((norm - 1) ** 2).mean()


LOOPS: Mapping[str, Callable[[Any, AdversarialGame, Iterator[Tensor], torch.device], Iterator[Step]]] = {
    GAN.name: gan,
    DCGAN.name: dcgan,
    WGAN.name: wgan,
    WGANGP.name: wgan_gp,
}
"""By the variant whose game they play."""


def ordinary(recipe: Recipe, real_batches: Iterator[Tensor], device: torch.device) -> Iterator[Step]:
    """Play without end, or for as long as there are batches."""
    game = recipe.game()
    assert isinstance(game, AdversarialGame)
    for network in game.players.values():
        with_plain_layers(network).to(device).train()
    return LOOPS[recipe.name](recipe, game, real_batches, device)
