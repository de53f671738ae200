"""From a recipe to a checkpoint: start or resume a run in its folder, train, publish into its ``checkpoint/``."""

import shlex
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import torch
from pydantic import BaseModel

import ganzoo
from ganzoo.checkpoints import HISTORY_FILE, save_checkpoint
from ganzoo.data import DataConfig, ImageSet, load_images
from ganzoo.device import describe_device
from ganzoo.generator import Network
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Execution, Precision
from ganzoo.training.loop import train
from ganzoo.training.preparation import choose_execution, ready_trainer
from ganzoo.training.processes import joined
from ganzoo.training.run_folder import Plan, RunFolder, TrainingError
from ganzoo.training.trainer import StateError, Trainer

RECORDS = 500
"""About how many lines the history of a whole run has."""
SAVES = 50
"""About how many resume states a whole run writes."""


def plan_run(recipe: Recipe, images: ImageSet, *, seed: int, execution: Execution) -> Plan:
    """Resolve how long the run is and how often it records and saves."""
    steps = recipe.total_steps(len(images))
    record_every = max(1, steps // RECORDS)
    return Plan(
        variant=recipe.name,
        recipe=recipe.model_dump(mode="json"),
        seed=seed,
        steps=steps,
        record_every=record_every,
        save_every=record_every * max(1, round(steps / SAVES / record_every)),
        data={
            "name": images.name,
            "size": len(images),
            "skipped": list(images.skipped),
            "licence": images.licence,
            "fingerprint": images.fingerprint,
        },
        execution=execution,
    )


def run(
    recipe: Recipe,
    folder: RunFolder,
    *,
    seed: int,
    device: torch.device,
    data_root: Path,
    compiled: bool | None = None,
    precision: Precision | None = None,
    resume: bool = False,
    quiet: bool = False,
) -> bool:
    """Train ``recipe`` in ``folder`` and leave a checkpoint there; False if somebody stopped the run before its end.

    ``compiled`` and ``precision`` are chosen where they are not given. Resuming goes on bit for bit from the last saved
    state, computed as the run began, or eagerly if what was compiled then cannot be compiled here; only the number of
    steps may have changed since. Raises ``TrainingError``, ``DataError`` or ``CheckpointError``, each with one sentence
    for the user.
    """
    if folder.holds_a_run() and not resume:
        raise TrainingError(
            f"{folder.path} already holds a run: add --resume to go on with it, or choose another --run-dir"
        )
    begun = folder.read_plan() if resume else None
    with joined(device) as processes, folder.locked() if processes.leads else nullcontext():
        with processes.leader_first():
            images = load_images(recipe.data, data_root)
        if begun is None:
            steps = recipe.total_steps(len(images))
            execution = choose_execution(recipe, steps, device, processes, compiled=compiled, precision=precision)
            plan = plan_run(recipe, images, seed=seed, execution=execution)
        else:
            plan = _in_step_with(begun, plan_run(recipe, images, seed=seed, execution=begun.execution))
        if recipe.batch_size % processes.world_size:
            raise TrainingError(
                f"a batch of {recipe.batch_size} cannot be shared by {processes.world_size} processes: "
                "choose a --batch-size that is a multiple of their number"
            )
        state = folder.last_state() if resume else None
        step = 0 if state is None else int(state[1].get("step", 0))
        if step > plan.steps:
            raise TrainingError(f"the run is at step {step} already: give --steps of at least that")
        if processes.leads:
            folder.rewind(step)
            folder.write_plan(plan)
        try:
            trainer = ready_trainer(
                recipe,
                images,
                seed=seed,
                device=device,
                execution=plan.execution,
                processes=processes,
                state=state,
                quiet=quiet or not processes.leads,
            )
        except StateError:
            raise TrainingError(
                f"the resume state in {folder.path} does not fit its recipe: start afresh in another folder"
            ) from None
        if trainer.execution != plan.execution:
            plan = plan.model_copy(update={"execution": trainer.execution})
            if processes.leads:
                folder.write_plan(plan)
        finished = train(trainer, plan, folder, quiet=quiet or not processes.leads)
        if processes.leads:
            publish(trainer, plan, folder)
    return finished


def _in_step_with(begun: Plan, plan: Plan) -> Plan:
    """``plan``, recorded and saved at the steps at which the run began to. The pictures must be the same."""
    if begun.data["fingerprint"] != plan.data["fingerprint"]:
        raise TrainingError(
            f"the pictures of {plan.data['name']} are not those that the run began with: "
            "bring them back, or start afresh in another folder"
        )
    return plan.model_copy(update={"record_every": begun.record_every, "save_every": begun.save_every})


def publish(trainer: Trainer, plan: Plan, folder: RunFolder) -> None:
    """Write the checkpoint: the generator that the recipe publishes, its opponents, the history and the film."""
    recipe = trainer.recipe
    networks: dict[str, Network] = {**trainer.game.players, "generator": trainer.published}
    save_checkpoint(
        folder.checkpoint_path,
        networks=networks,
        recipe={"variant": plan.variant, **_without_place(recipe).model_dump(mode="json"), "seed": plan.seed},
        training={
            "steps": trainer.step,
            "images": trainer.images_seen,
            "seconds": round(trainer.seconds, 1),
            "hardware": describe_device(trainer.device),
            "execution": str(trainer.execution),
            "weights": recipe.published,
            "versions": {"ganzoo": ganzoo.__version__, "torch": torch.__version__},
            "data_set_size": plan.data["size"],
            "data_licence": plan.data["licence"],
            "data_fingerprint": plan.data["fingerprint"],
            "command": command(plan),
        },
        exhibit=recipe.exhibit,
        attachments={HISTORY_FILE: folder.history_path.read_bytes(), **folder.film.assembled()},
    )


def command(plan: Plan) -> str:
    """The command line that starts this run again: variant, data set, options off their defaults, seed, execution."""
    recipe = _without_place(plan.resolved())
    kind = type(recipe)
    decided = kind.model_validate({field: getattr(recipe, field) for field in recipe.decisive})
    options = [
        f"--dataset {shlex.quote(recipe.data.dataset)}",
        *_options(recipe.data, DataConfig(dataset=recipe.data.dataset), DataConfig.model_fields),
        *_options(recipe, kind.model_validate({}), [field for field in recipe.decisive if field != "data"]),
        *_options(recipe, decided, [field for field in kind.model_fields if field not in recipe.decisive]),
    ]
    way = f"--compile {'yes' if plan.execution.compiled else 'no'} --precision {plan.execution.precision}"
    return " ".join(["python -m train", plan.variant, *options, f"--seed {plan.seed}", way])


def _without_place(recipe: Recipe) -> Recipe:
    """The recipe as it may be published: where somebody's pictures lie is nobody's business."""
    if recipe.data.folder is None:
        return recipe
    data = recipe.data.model_copy(update={"dataset": f"folder:{recipe.data.name}"})
    return recipe.model_copy(update={"data": data})


def _options(value: BaseModel, default: BaseModel, fields: Iterable[str]) -> list[str]:
    return [
        f"--{field.replace('_', '-')} {shlex.quote(str(given))}"
        for field in fields
        if (given := getattr(value, field)) != getattr(default, field)
    ]
