"""How a run's steps are computed: eagerly or compiled, in float32 or with bfloat16 products."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cache
from types import FunctionType
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict
from torch import nn
from torch.optim import Optimizer

Precision = Literal["float32", "bfloat16"]

COMPILED_FROM = 15_000
"""Updates, of all players together, after which compiling has won back what it costs: see docs/speed.md."""
PEAK_SIZE = 512
"""Side of the square matrices by which the two types are compared, once in a process."""
FAST = 1.3
"""bfloat16 is used where its products are at least so many times as fast: under that, the casts eat what it gains."""


class Execution(BaseModel):
    """Part of the run folder: another way rounds differently, and a resumed run goes on bit for bit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    compiled: bool = False
    """Whether each player's losses and gradients are one compiled function."""
    precision: Precision = "float32"
    """Of products and convolutions; weights, losses, averages and optimisers are float32 in any case."""

    def __str__(self) -> str:
        return f"{'compiled' if self.compiled else 'eager'}, {self.precision}"

    def autocast(self, device: torch.device) -> AbstractContextManager[object]:
        """Where products are computed in the chosen type (Micikevicius et al. 2018, with bfloat16 no loss scaling)."""
        return torch.autocast(device.type, torch.bfloat16, enabled=self.precision == "bfloat16")

    def prepared(self, turn: Callable[..., Any], device: torch.device) -> Callable[..., Any]:
        """``turn`` as it will be called: compiled, at its first call, where this execution compiles."""
        if not self.compiled:
            return turn
        # By default it is asked before each call whether all that was read is unchanged, which costs a small network a
        # tenth of its step. Nothing does change while a run goes on, so the questions are left out.
        own = _own(turn)

        @cache
        def compiled() -> Callable[[Any], Any]:
            options: dict[str, Any] = {"guard_filter_fn": torch.compiler.skip_all_guards_unsafe}
            if device.type == "cuda":
                options["triton.cudagraphs"] = True
            # Or else autograd.grad inside the function would be no part of what is compiled.
            torch._dynamo.config.trace_autograd_ops = True
            return torch.compile(own, fullgraph=True, dynamic=False, options=options)

        def call(batch: Any) -> Any:
            return compiled()(batch)

        return call

    def prepared_step(self, optimizer: Optimizer) -> Callable[[], object]:
        """An optimiser's step as it will be made: compiled, where this execution compiles and there is no fused kernel.

        One loop over each parameter then replaces a dozen. The first two steps compile, for the first one makes the
        optimiser's state.
        """

        def step() -> None:
            optimizer.step()

        return step if not self.compiled or optimizer.defaults.get("fused") else torch.compile(_own(step))


def _own(function: Callable[..., Any]) -> FunctionType:
    """A copy of a function with code of its own: with the code, torch.compile keeps what it compiled, for all runs."""
    return FunctionType(function.__code__.replace(), function.__globals__, closure=function.__closure__)


def compiling_pays(networks: Iterable[nn.Module], updates: int, device: torch.device) -> bool:
    """Whether a run of so many updates is over sooner if its turns are compiled first.

    On a CPU convolutions gain nothing by it, on a GPU everything does: there small networks wait for launches.
    """
    if device.type not in {"cpu", "cuda"} or updates < COMPILED_FROM:
        return False
    convolutional = any(isinstance(module, nn.modules.conv._ConvNd) for it in networks for module in it.modules())
    return device.type == "cuda" or not convolutional


def fast_precision(device: torch.device) -> Precision:
    """bfloat16 where the hardware multiplies it faster than float32, which is measured on a CPU."""
    match device.type:
        case "cuda":
            return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
        case "cpu":
            seconds = {kind: _seconds_of_a_product(kind) for kind in (torch.float32, torch.bfloat16)}
            return "bfloat16" if seconds[torch.float32] > FAST * seconds[torch.bfloat16] else "float32"
        case _:
            return "float32"


@cache
def _seconds_of_a_product(kind: torch.dtype) -> float:
    matrix = torch.ones(PEAK_SIZE, PEAK_SIZE, dtype=kind)
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        matrix @ matrix
        best = min(best, time.perf_counter() - began)
    return best
