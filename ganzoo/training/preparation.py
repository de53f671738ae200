"""From a recipe to a trainer that is ready to play: how is chosen, and what has to be compiled is compiled."""

import logging
import sys

import torch

from ganzoo.data import ImageSet
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Execution, Precision, compiling_pays, fast_precision
from ganzoo.training.processes import ALONE, Processes
from ganzoo.training.trainer import State, Trainer

logger = logging.getLogger(__name__)


def choose_execution(
    recipe: Recipe,
    steps: int,
    device: torch.device,
    processes: Processes = ALONE,
    *,
    compiled: bool | None = None,
    precision: Precision | None = None,
) -> Execution:
    """What is fastest for a run of so many steps on this device, alike in all processes, and precise enough.

    ``compiled`` and ``precision`` are forced where they are given.
    """
    if precision is None:
        slow = processes.any(recipe.precise or fast_precision(device) == "float32", device)
        precision = "float32" if slow else "bfloat16"
    if compiled is None:
        with torch.device("meta"):
            networks = recipe.game().players.values()
        compiled = compiling_pays(networks, round(steps * sum(recipe.turns_a_step().values())), device)
    return Execution(compiled=compiled, precision=precision)


def ready_trainer(
    recipe: Recipe,
    images: ImageSet,
    *,
    seed: int,
    device: torch.device,
    execution: Execution,
    processes: Processes = ALONE,
    state: State | None = None,
    quiet: bool = False,
) -> Trainer:
    """A trainer at the start of its run, or where ``state`` was taken, with everything compiled that has to be.

    Where compiling fails, in this process or another, a warning says so and the trainer is an eager one. Raises
    ``StateError`` for a state that does not fit.
    """
    trainer = Trainer(recipe, images, seed=seed, device=device, execution=execution, processes=processes)
    if state is not None:
        trainer.restore(state)
    if not execution.compiled:
        return trainer
    if not quiet:
        print("Compiling the training step, once: this takes some seconds.", file=sys.stderr, flush=True)
    reason = ""
    torch.compiler.reset()  # what another run of this process compiled counts towards a limit, and is over
    try:
        trainer.rehearse()
    except Exception as error:  # compilers raise what they like; what is no fault of theirs is raised again below
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
    if not processes.any(bool(reason), device):
        return trainer
    logger.warning(
        "The step cannot be compiled on this computer (%s), so it is computed eagerly, which is slower.",
        reason or "in another process",
    )
    del trainer  # or both would be in memory
    return ready_trainer(
        recipe,
        images,
        seed=seed,
        device=device,
        execution=execution.model_copy(update={"compiled": False}),
        processes=processes,
        state=state,
        quiet=quiet,
    )
