"""Runs of a series, such as a study's: the command that trains them goes on, and trains nothing twice."""

from pathlib import Path

import torch

from ganzoo.checkpoints import Checkpoint, CheckpointError, read_checkpoint
from ganzoo.data import ImageSet
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Precision
from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder, TrainingError


def completed(
    recipe: Recipe,
    folder: RunFolder,
    images: ImageSet,
    *,
    seed: int,
    device: torch.device,
    data_root: Path,
    compiled: bool | None = None,
    precision: Precision | None = None,
    during: bool = False,
) -> Checkpoint:
    """The checkpoint of a run that is over: it was, or it is trained now, from where it was stopped.

    Raises ``KeyboardInterrupt`` where somebody stops it, ``TrainingError`` where another run lies there, and whatever
    ``run`` raises.
    """
    begun = folder.holds_a_run()
    if begun:
        plan = folder.read_plan()
        if (plan.resolved(), plan.seed, plan.data.fingerprint) != (recipe, seed, images.fingerprint):
            raise TrainingError(
                f"{folder.path} holds a run of another recipe, another seed or other pictures: move it away, or choose "
                "another --runs-dir"
            )
    over = begun and steps_published(folder) == recipe.total_steps(len(images))
    if not over and not run(
        recipe,
        folder,
        seed=seed,
        device=device,
        data_root=data_root,
        compiled=compiled,
        precision=precision,
        during=during,
        resume=begun,
    ):
        raise KeyboardInterrupt
    return read_checkpoint(folder.checkpoint_path)


def steps_published(folder: RunFolder) -> int:
    """How far the run was when it was published, 0 where it was not. A run that is stopped is published too."""
    try:
        steps = read_checkpoint(folder.checkpoint_path).config.training.get("steps")
    except CheckpointError:
        return 0
    return steps if isinstance(steps, int) else 0
