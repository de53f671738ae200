"""Every recipe with each of its named options, tiny, and the plainest way to play it."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import product
from typing import Literal, get_args, get_origin

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ganzoo.data import DataConfig
from ganzoo.game import Batch, Game, player_of
from ganzoo.generator import Generator, Translator
from ganzoo.recipe import GeneratorRecipe, Recipe
from ganzoo.zoo import RECIPES

Shape = tuple[int, int, int]
SHAPES: tuple[Shape, ...] = ((1, 28, 28), (1, 32, 32), (3, 32, 32), (3, 64, 64))
"""What every recipe takes."""


def data(shape: Shape) -> DataConfig:
    return DataConfig.model_validate({"channels": shape[0], "resolution": shape[1]})


def _options() -> dict[str, tuple[type[Recipe], dict[str, str]]]:
    found = {}
    for variant, recipe in RECIPES.items():
        fields = {
            name: sorted(get_args(field.annotation), key=field.default.__ne__)
            for name, field in recipe.model_fields.items()
            if get_origin(field.annotation) is Literal and name not in Recipe.model_fields
        }
        for values in product(*fields.values()):
            options = dict(zip(fields, values, strict=True))
            found[" ".join([variant, *(f"{name}={value}" for name, value in options.items())])] = recipe, options
    return found


OPTIONS = _options()
"""Case -> recipe and options: every combination of what the recipe lets one choose by name, its defaults first."""


def tiny(case: str, shape: Shape = SHAPES[0], *, width: int = 2, batch_size: int = 4) -> Recipe:
    recipe, options = OPTIONS[case]
    size = {"width": width, "z_dim": 5, "batch_size": batch_size}
    known = {name: value for name, value in size.items() if name in recipe.model_fields}
    return recipe.model_validate({"data": data(shape), **known, **options})


def _different(shapes: tuple[Shape, ...], *, whole_config: bool) -> dict[str, tuple[str, Shape]]:
    found, seen = {}, set()
    for case, shape in product(OPTIONS, shapes):
        networks = tiny(case, shape).game().players.values()
        key = OPTIONS[case][0], *((type(network), network.config if whole_config else None) for network in networks)
        if key not in seen:
            seen.add(key)
            found[f"{case} {'x'.join(map(str, shape))}"] = case, shape
    return found


NETWORKS = _different(SHAPES, whole_config=True)
"""One case and shape for every configuration of networks that a recipe plays with."""

GENERATORS, TRANSLATORS = (
    {name: one for name, one in NETWORKS.items() if isinstance(tiny(*one).game().model, kind)}
    for kind in (Generator, Translator)
)
"""Those whose model draws, and those whose model translates."""

PAIRS = _different(((1, 28, 28), (3, 32, 32)), whole_config=False)
"""One case and shape for every pair of architectures that a recipe plays with."""


def deal(recipe: Recipe, random: torch.Generator) -> Batch:
    """Bright noise to tell from the networks' own, which is grey, latents, places between images, and classes."""
    z_dim = recipe.z_dim if isinstance(recipe, GeneratorRecipe) else 0
    with torch.device("meta"):
        kinds = recipe.game().kinds
    return {
        **{kind: torch.rand(recipe.batch_size, *recipe.data.image_shape, generator=random) for kind in kinds},
        "z": torch.randn(recipe.batch_size, z_dim, generator=random),
        "epsilon": torch.rand(recipe.batch_size, generator=random),
        "y": torch.arange(recipe.batch_size) % (recipe.data.num_classes or 1),
    }


def optimizers(recipe: Recipe, game: Game) -> Mapping[str, Optimizer]:
    return {player: make(game.players[player].parameters()) for player, make in recipe.optimizers().items()}


def update(game: Game, turn: str, batch: Batch, optimizer: Optimizer) -> Tensor:
    """One turn of one player from start to end; what it cost."""
    loss, _ = game.turn(turn, batch)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    game.project(player_of(turn))
    return loss.detach()


def play(recipe: Recipe, steps: int, *, seed: int = 0, dropout: bool = True) -> dict[str, list[float]]:
    """The loss of each kind of turn at each of its times."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    game = recipe.game()
    if not dropout:
        for network in game.players.values():
            for module in network.modules():
                if isinstance(module, nn.Dropout):
                    module.eval()
    moves = optimizers(recipe, game)
    losses = defaultdict(list)
    for _ in range(steps):
        for turn, updates in recipe.updates().items():
            for _ in range(updates):
                losses[turn].append(update(game, turn, deal(recipe, random), moves[player_of(turn)]).item())
    return dict(losses)
