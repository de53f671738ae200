"""What one step of a recipe is made of, counted and not timed."""

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from benchmarks.tuned import cost
from ganzoo.recipe import Recipe

META = torch.device("meta")  # shapes without numbers: counting costs neither time nor memory


def flops_a_step(recipe: Recipe) -> int:
    """Floating-point operations of one eager step on the average, all players: matrix products and convolutions, there
    and back.

    What training does not need is not in it: gradients of a player that is not moving.
    """
    with META:
        game = recipe.game()
    real = repeat(torch.empty(recipe.batch_size, *recipe.data.image_shape, device=META))
    flops = 0.0
    for turn, number in recipe.turns_a_step().items():
        with (counter := FlopCounter()):
            cost(recipe, game, turn, real, META).backward()
        flops += number * counter.flops
    return round(flops)


class FlopCounter(TorchDispatchMode):
    """Adds up the operations inside the block, by PyTorch's own formulas.

    PyTorch's ``FlopCounterMode`` also tells whose they are, and cannot while a gradient is taken inside the graph, as a
    gradient penalty does.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.flops = 0

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if formula := flop_registry.get(func.overloadpacket):
            self.flops += formula(*args, **(kwargs or {}), out_val=result)
        return result
