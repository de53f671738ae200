"""From a recipe to a checkpoint: start or resume a run in its folder, train, publish into its ``checkpoint/``."""

import os
import shlex
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import torch
from pydantic import BaseModel

import ganzoo
from ganzoo.checkpoints import HISTORY_FILE, CheckpointError, add_scores, read_checkpoint, save_checkpoint
from ganzoo.checkpoints.history import DISTANCE
from ganzoo.checkpoints.scores import Score, read_scores
from ganzoo.checkpoints.writing import of_its_weights
from ganzoo.data import DataConfig, ImageSet, load_images
from ganzoo.device import describe_device
from ganzoo.generator import Generator, Network
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Execution, Precision
from ganzoo.training.loop import train
from ganzoo.training.observer import Best, Observer, find_glance
from ganzoo.training.preparation import choose_execution, ready_trainer
from ganzoo.training.processes import Processes, joined
from ganzoo.training.run_folder import Plan, RunFolder, SetFacts, TrainingError
from ganzoo.training.trainer import StateError, Trainer

RECORDS = 500
"""About how many lines the history of a whole run has."""
SAVES = 50
"""About how many resume states a whole run writes."""
MEASUREMENTS = 20
"""About how often a whole run is measured, where it is."""


def plan_run(
    recipe: Recipe,
    images: ImageSet,
    *,
    seed: int,
    execution: Execution,
    during: bool = False,
    keep_best: bool = False,
) -> Plan:
    """Resolve how long the run is and how often it records, saves and, for ``during`` or ``keep_best``, measures."""
    steps = recipe.total_steps(len(images))
    record_every = max(1, steps // RECORDS)

    def interval(count: int) -> int:
        """Steps between two of so many events, each at a line of the history."""
        return record_every * max(1, round(steps / count / record_every))

    return Plan(
        variant=recipe.name,
        recipe=recipe.model_dump(mode="json"),
        seed=seed,
        steps=steps,
        record_every=record_every,
        save_every=interval(SAVES),
        measure_every=interval(MEASUREMENTS) if during or keep_best else None,
        keep_best=keep_best,
        data=SetFacts(
            name=images.name,
            size=len(images),
            # Names of files are bytes: those that are not UTF-8 cannot stand in JSON as they are.
            skipped=tuple(os.fsencode(file).decode("utf-8", "backslashreplace") for file in images.skipped),
            licence=images.licence,
            fingerprint=images.fingerprint,
        ),
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
    during: bool = False,
    keep_best: bool = False,
    resume: bool = False,
    quiet: bool = False,
) -> bool:
    """Train ``recipe`` in ``folder`` and leave a checkpoint there; False if somebody stopped the run before its end.

    ``compiled`` and ``precision`` are chosen where they are not given. ``during`` measures the generator every so often
    by the classifier of the data set, and ``keep_best``, which implies it, publishes the weights that were best by it.
    Resuming goes on bit for bit from the last saved state, computed and measured as the run began, or eagerly if what
    was compiled then cannot be compiled here; only the number of steps may have changed since. Raises
    ``TrainingError``, ``DataError``, ``MetricError`` or ``CheckpointError``, each with one sentence for the user.
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
            plan = plan_run(recipe, images, seed=seed, execution=execution, during=during, keep_best=keep_best)
        else:
            during = begun.measure_every is not None
            plan = plan_run(
                recipe, images, seed=seed, execution=begun.execution, during=during, keep_best=begun.keep_best
            )
            plan = _in_step_with(begun, plan)
        _check_sizes(recipe, images, processes)
        state = folder.last_state() if resume else None
        step = 0 if state is None else int(state[1]["step"])
        if step > plan.steps:
            raise TrainingError(f"the run is at step {step} already: give --steps of at least that")
        observer = None
        if processes.leads and plan.measure_every is not None:  # before the trainer: a classifier draws random weights
            glance = find_glance(recipe, images, data_root, device)
            observer = Observer(glance, plan.measure_every, keep_best=plan.keep_best)
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
            if observer is not None and state is not None:
                observer.restore(state, trainer.published)
        except StateError:
            raise TrainingError(
                f"the resume state in {folder.path} does not fit its recipe: start afresh in another folder"
            ) from None
        if trainer.execution != plan.execution:
            plan = plan.model_copy(update={"execution": trainer.execution})
            if processes.leads:
                folder.write_plan(plan)
        finished = train(trainer, plan, folder, observer, quiet=quiet or not processes.leads)
        if processes.leads:
            publish(trainer, plan, folder, None if observer is None else observer.best)
    return finished


def _check_sizes(recipe: Recipe, images: ImageSet, processes: Processes) -> None:
    """Raise ``TrainingError`` where a process would have no share of a batch, or a kind of pictures no picture."""
    if recipe.batch_size % processes.world_size:
        raise TrainingError(
            f"a batch of {recipe.batch_size} cannot be shared by {processes.world_size} processes: "
            "choose a --batch-size that is a multiple of their number"
        )
    if len(images) < recipe.kinds:
        raise TrainingError(
            f"{images.name} is {len(images)} picture, and {recipe.name} learns from {recipe.kinds} kinds: add others"
        )


def _in_step_with(begun: Plan, plan: Plan) -> Plan:
    """``plan``, recorded, saved and measured at the steps at which the run began to, unless it has become longer.

    The pictures must be the same.
    """
    if begun.data.fingerprint != plan.data.fingerprint:
        raise TrainingError(
            f"the pictures of {plan.data.name} are not those that the run began with: "
            "bring them back, or start afresh in another folder"
        )
    if plan.steps > begun.steps:
        return plan
    return plan.model_copy(update=begun.model_dump(include={"record_every", "save_every", "measure_every"}))


def publish(trainer: Trainer, plan: Plan, folder: RunFolder, best: Best | None = None) -> None:
    """Write the checkpoint: the model that the recipe publishes, a generator's opponent, the history and the film.

    The model is as it was at its ``best`` where that is known; all else is as the last step left it. Scores of the very
    same weights, which were measured before, are kept.
    """
    recipe = trainer.recipe
    earlier = _earlier_scores(folder.checkpoint_path)
    model = trainer.published if best is None else best.generator
    networks: dict[str, Network] = {"translator": model}
    if isinstance(model, Generator):
        networks = {**trainer.game.players, "generator": model}
    save_checkpoint(
        folder.checkpoint_path,
        networks=networks,
        examples=trainer.examples,
        recipe={"variant": plan.variant, **_without_place(recipe).model_dump(mode="json"), "seed": plan.seed},
        training={
            "steps": trainer.step,
            "images": trainer.images_seen,
            "seconds": round(trainer.seconds, 1),
            "hardware": describe_device(trainer.device),
            "execution": str(trainer.execution),
            "weights": recipe.published,
            **({} if best is None else {"best_step": best.step, "selected_by": DISTANCE}),
            "versions": {"ganzoo": ganzoo.__version__, "torch": torch.__version__},
            "data_set_size": plan.data.size,
            "data_licence": plan.data.licence,
            "data_fingerprint": plan.data.fingerprint,
            "command": command(plan),
        },
        exhibit=recipe.exhibit,
        attachments={HISTORY_FILE: folder.history_path.read_bytes(), **folder.film.assembled(tuple(trainer.examples))},
    )
    if kept := of_its_weights(folder.checkpoint_path, earlier):
        add_scores(read_checkpoint(folder.checkpoint_path), kept)


def _earlier_scores(checkpoint: Path) -> list[Score]:
    """Those that lie there; what cannot be read is about to be replaced."""
    try:
        return read_scores(checkpoint) if checkpoint.exists() else []
    except CheckpointError:
        return []


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
    measured = ["--keep-best"] if plan.keep_best else ["--during"] if plan.measure_every else []
    return " ".join(["python -m train", plan.variant, *options, f"--seed {plan.seed}", way, *measured])


def _without_place(recipe: Recipe) -> Recipe:
    """The recipe as it may be published: where somebody's pictures lie is nobody's business."""
    if recipe.data.folder is None:
        return recipe
    data = recipe.data.model_copy(update={"dataset": f"{recipe.data.kind}:{recipe.data.name}"})
    return recipe.model_copy(update={"data": data})


def _options(value: BaseModel, default: BaseModel, fields: Iterable[str]) -> list[str]:
    return [
        f"--{field.replace('_', '-')} {shlex.quote(str(given))}"
        for field in fields
        if (given := getattr(value, field)) != getattr(default, field)
    ]
