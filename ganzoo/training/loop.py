"""The loop: plays, records, films and saves until the run is over or somebody stops it."""

import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ganzoo.metrics import MetricError
from ganzoo.training.film import is_film_step
from ganzoo.training.observer import Observer
from ganzoo.training.progress import Progress
from ganzoo.training.run_folder import Plan, RunFolder, TrainingError
from ganzoo.training.trainer import State, Trainer


class Stop:
    """Whether somebody asked the run to stop. The first Ctrl-C asks; a second one interrupts at once."""

    asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn Ctrl-C and a scheduler's SIGTERM into a request to finish the step and save."""
    stop = Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def train(
    trainer: Trainer, plan: Plan, folder: RunFolder, observer: Observer | None = None, *, quiet: bool = False
) -> bool:
    """Train until ``plan.steps``; False if somebody stopped it before. What is needed to go on is saved either way.

    An ``observer`` changes nothing about the training, nor does its time count. Raises ``TrainingError`` where a loss
    or a picture is not finite or the disk takes no more; the last good state then stays.
    """
    saved_at = trainer.step
    try:
        with (
            stoppable() as stop,
            Progress(plan.steps, trainer.step, trainer.recipe.images_a_step(), quiet=quiet) as progress,
        ):
            seconds_before, began = trainer.seconds, time.perf_counter()
            if trainer.step == 0:
                _film(trainer, folder)
            stopped = False
            while trainer.step < plan.steps and not stopped:
                trainer.play()
                progress.advance()
                ends = trainer.step == plan.steps
                stopped = trainer.processes.any(stop.asked, trainer.device)
                trainer.seconds = seconds_before + time.perf_counter() - began
                if trainer.step % plan.record_every == 0 or ends:
                    line = _reading(trainer, saved_at)
                    if observer is not None and (trainer.step % observer.every == 0 or ends):
                        paused = time.perf_counter()
                        line |= _measurement(observer, trainer, saved_at)
                        began += time.perf_counter() - paused
                    progress.show(trainer.step, trainer.seconds - seconds_before, line)
                    if trainer.processes.leads:
                        folder.record(line)
                    trainer.meter.reset()
                if is_film_step(trainer.step, plan.steps):
                    _film(trainer, folder)
                if trainer.step % plan.save_every == 0 or ends or stopped:
                    _reading(trainer, saved_at)
                    if trainer.processes.leads:
                        folder.save(_state(trainer, observer))
                    saved_at = trainer.step
    except OSError as error:
        raise TrainingError(
            f"cannot write to {folder.path} ({error.strerror or error}): the last good state is that of step "
            f"{saved_at}; make room, then go on with --resume"
        ) from error
    return trainer.step == plan.steps


def _film(trainer: Trainer, folder: RunFolder) -> None:
    if trainer.processes.leads:
        folder.film.add(trainer.step, trainer.published, trainer.examples)


def _state(trainer: Trainer, observer: Observer | None) -> State:
    """All that the run needs to go on."""
    tensors, numbers = trainer.state()
    kept, facts = ({}, {}) if observer is None else observer.state()
    return tensors | kept, numbers | facts


def _measurement(observer: Observer, trainer: Trainer, saved_at: int) -> dict[str, float]:
    """What to add to a line of the history. Raises ``TrainingError`` where the pictures are not finite."""
    try:
        return observer.measure(trainer.step, trainer.published)
    except MetricError as error:
        raise _gone_astray("what the generator draws is not finite", trainer, saved_at) from error


def _gone_astray(what: str, trainer: Trainer, saved_at: int) -> TrainingError:
    return TrainingError(
        f"{what} at step {trainer.step}, so the run was stopped: the last good state is that of step {saved_at}; "
        "try again with a smaller --lr"
    )


def _reading(trainer: Trainer, saved_at: int) -> dict[str, float]:
    """A line of the history: means since the last one. Raises ``TrainingError`` where one is not finite."""
    means = trainer.meter.peek(trainer.processes)
    for key, value in means.items():
        if not math.isfinite(value):
            raise _gone_astray(f"{key} is {value}", trainer, saved_at)
    return {
        "step": trainer.step,
        "images": trainer.images_seen,
        "seconds": round(trainer.seconds, 3),
        **{key: float(f"{value:.6g}") for key, value in means.items()},
    }
