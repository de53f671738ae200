"""The tuned way to train, eager and in float32: what is to be had without compiling and without another number type.

The data lies in memory as one tensor of bytes, Adam is one fused kernel, the other player asks for no gradients, the
generator is not differentiated in the discriminator's turn, and nothing waits for a loss.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count

import torch
from torch import Tensor

from benchmarks.layers import with_plain_layers
from ganzoo.data import ImageSet, index_stream, to_float
from ganzoo.game import Game, player_of
from ganzoo.recipe import Recipe


def tuned(recipe: Recipe, images: ImageSet, device: torch.device) -> Iterator[int]:
    """Play without end; for every step, how many real images it was dealt."""
    game = recipe.game()
    for network in game.players.values():
        with_plain_layers(network).to(device).train()
    optimizers = {player: make(game.players[player].parameters()) for player, make in recipe.optimizers().items()}
    real = map(to_float, images.batches(index_stream(len(images), recipe.batch_size, seed=0), device))
    for step in count():
        dealt = 0
        for turn in recipe.turns(step):
            player = player_of(turn)
            optimizers[player].zero_grad()
            cost(recipe, game, turn, real, device).backward()
            optimizers[player].step()
            game.project(player)
            dealt += recipe.batch_size if "real" in game.inputs[turn] else 0
        yield dealt


def cost(recipe: Recipe, game: Game, turn: str, real: Iterator[Tensor], device: torch.device) -> Tensor:
    """What a turn's player minimises, on a batch that is dealt now; only its own parameters ask for gradients."""
    for name, network in game.players.items():
        network.requires_grad_(name == player_of(turn))
    dealers: Mapping[str, Callable[[], Tensor]] = {  # classes cost the same, whichever they are
        "real": lambda: next(real),
        "z": lambda: torch.randn(recipe.batch_size, game.generator.z_dim, device=device),
        "epsilon": lambda: torch.rand(recipe.batch_size, device=device),
        "y": lambda: torch.randint(game.generator.num_classes, (recipe.batch_size,), device=device),
    }
    loss, _ = game.turn(turn, {name: dealers[name]() for name in game.inputs[turn]})
    return loss
