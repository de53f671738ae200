import json
import time
from collections.abc import Sequence
from copy import deepcopy
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import Tensor

from ganzoo.checkpoints import quality_curve, read_checkpoint
from ganzoo.data import load_images
from ganzoo.generator import Generator
from ganzoo.inference import sample
from ganzoo.metrics import MetricError
from ganzoo.metrics.glance import Glance
from ganzoo.recipe import Recipe
from ganzoo.training import run as running
from ganzoo.training.execution import Precision
from ganzoo.training.observer import find_glance
from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder, TrainingError
from ganzoo.training.trainer import Trainer
from tests.training.conftest import tiny_recipe

CPU = torch.device("cpu")
FASHION = {"dataset": "fashion-mnist"}


class Scripted(Glance):
    """Finds one distance after the other, and remembers what it looked at."""

    def __init__(self, distances: Sequence[float]) -> None:
        self._distances = iter(distances)
        self.seen: list[Generator] = []

    def measure(self, generator: Generator) -> dict[str, float]:
        self.seen.append(deepcopy(generator))
        return {"frechet-classifier-distance": next(self._distances), "missing-modes": 0.0}


def test_what_draws_nothing_from_seeds_is_not_measured(tmp_path: Path, sample_root: Path) -> None:
    recipe, folder = tiny_recipe("srgan", data=FASHION), RunFolder(tmp_path / "run")
    with pytest.raises(MetricError, match="What srgan learns draws nothing from seeds: train without --during"):
        run(recipe, folder, seed=0, device=CPU, data_root=sample_root, during=True, quiet=True)


def measured_run(
    folder: RunFolder, recipe: Recipe, sample_root: Path, distances: Sequence[float], *, resume: bool = False
) -> Scripted:
    """Train, measured by a script, and keep the best."""
    glance = Scripted(distances)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "find_glance", lambda *_: glance)
        run(
            recipe,
            folder,
            seed=0,
            device=CPU,
            data_root=sample_root,
            precision="float32",
            keep_best=True,
            resume=resume,
            quiet=True,
        )
    return glance


def end(folder: RunFolder) -> dict[str, Tensor]:
    state = folder.last_state()
    assert state is not None
    return state[0]


@pytest.mark.parametrize(("published", "precision"), [("averaged", "float32"), ("raw", "bfloat16")])
def test_a_run_that_is_measured_is_the_run_that_is_not(
    published: str, precision: Precision, tmp_path: Path, sample_root: Path
) -> None:
    recipe = tiny_recipe("gan", data=FASHION, steps=3, published=published)
    plain, measured = RunFolder(tmp_path / "plain"), RunFolder(tmp_path / "measured")
    train = partial(run, recipe, seed=0, device=CPU, data_root=sample_root, precision=precision, quiet=True)
    train(plain)
    train(measured, during=True)
    assert end(plain).keys() == end(measured).keys()
    assert all(torch.equal(value, end(measured)[key]) for key, value in end(plain).items())
    for name in ("model.safetensors", "film.webp"):
        assert (plain.checkpoint_path / name).read_bytes() == (measured.checkpoint_path / name).read_bytes()
    lines = [json.loads(line) for line in measured.history_path.read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3]
    for line in lines:
        assert line["quality/frechet-classifier-distance"] > 0
        assert 0 <= line["quality/missing-modes"] <= 9
    assert [quality.images for quality in quality_curve(measured.checkpoint_path)] == [8, 16, 24]


def test_pictures_of_another_size_are_measured_at_the_classifier_s(tmp_path: Path, sample_root: Path) -> None:
    recipe = tiny_recipe("gan", data={**FASHION, "resolution": 16, "channels": 3}, steps=1)
    folder = RunFolder(tmp_path / "run")
    run(recipe, folder, seed=0, device=CPU, data_root=sample_root, during=True, quiet=True)
    assert len(quality_curve(folder.checkpoint_path)) == 1


def test_few_pictures_of_another_size_stay_few(sample_root: Path) -> None:
    recipe = tiny_recipe("gan", data={**FASHION, "per_class": 15, "resolution": 16})
    glance = find_glance(recipe, load_images(recipe.data, sample_root), sample_root, CPU)
    assert glance.count == 10 * 15


def test_a_long_run_is_measured_at_even_steps_and_at_its_end(tmp_path: Path, sample_root: Path) -> None:
    recipe = tiny_recipe("gan-small", data=FASHION, steps=63)
    folder = RunFolder(tmp_path / "run")
    glance = measured_run(folder, recipe, sample_root, range(100, 0, -1))
    assert [quality.step for quality in quality_curve(folder.checkpoint_path)] == [*range(3, 64, 3)]
    assert len(glance.seen) == 21


def test_what_measuring_takes_is_no_time_of_training(
    tmp_path: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0

    def measure(glance: Scripted, generator: Generator) -> dict[str, float]:
        nonlocal now
        now += 1_000.0
        return {"frechet-classifier-distance": 1.0}

    play = Trainer.play

    def play_a_second(trainer: Trainer) -> None:
        nonlocal now
        now += 1.0
        play(trainer)

    monkeypatch.setattr(time, "perf_counter", lambda: now)
    monkeypatch.setattr(Scripted, "measure", measure)
    monkeypatch.setattr(Trainer, "play", play_a_second)
    folder = RunFolder(tmp_path / "run")
    measured_run(folder, tiny_recipe("gan-small", data=FASHION, steps=3), sample_root, [])
    assert [quality.seconds for quality in quality_curve(folder.checkpoint_path)] == [1.0, 2.0, 3.0]
    assert read_checkpoint(folder.checkpoint_path).config.training["seconds"] == 3.0


def test_the_best_weights_are_published_and_survive_a_stop(tmp_path: Path, sample_root: Path) -> None:
    recipe = tiny_recipe("gan", data=FASHION, steps=6)
    whole, stopped = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "stopped")
    glance = measured_run(whole, recipe, sample_root, [5.0, 3.0, 4.0, 3.0, 7.0, 8.0])
    checkpoint = read_checkpoint(whole.checkpoint_path)
    assert checkpoint.config.training["best_step"] == 2
    assert checkpoint.config.training["selected_by"] == "frechet-classifier-distance"
    assert checkpoint.config.training["steps"] == 6
    drawn = sample(checkpoint.load_generator("cpu"), range(8))
    assert (drawn - sample(glance.seen[1], range(8))).abs().max() <= 2 / 255  # float16 moves a pixel by so much at most
    second, last = glance.seen[1].state_dict(), glance.seen[-1].state_dict()
    assert all(torch.equal(end(whole)[f"best/{key}"], value) for key, value in second.items())
    assert not all(torch.equal(last[key], value) for key, value in second.items())

    play = Trainer.play

    def fails_in_step_4(trainer: Trainer) -> None:
        if trainer.step == 3:
            raise KeyboardInterrupt
        play(trainer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "play", fails_in_step_4)
        with pytest.raises(KeyboardInterrupt):
            measured_run(stopped, recipe, sample_root, [5.0, 3.0, 4.0])
    measured_run(stopped, recipe, sample_root, [3.0, 7.0, 8.0], resume=True)
    assert all(torch.equal(value, end(stopped)[key]) for key, value in end(whole).items())
    assert quality_curve(stopped.checkpoint_path)[0].distance == 5.0
    for name in ("model.safetensors", "discriminator.safetensors"):
        assert (stopped.checkpoint_path / name).read_bytes() == (whole.checkpoint_path / name).read_bytes()
    assert read_checkpoint(stopped.checkpoint_path).config.training["best_step"] == 2


def test_what_was_best_has_to_fit_when_it_comes_back(tmp_path: Path, sample_root: Path) -> None:
    recipe = tiny_recipe("gan-small", data=FASHION, steps=1)
    folder = RunFolder(tmp_path / "run")
    measured_run(folder, recipe, sample_root, [5.0])
    state = folder.last_state()
    assert state is not None
    folder.save(({key: value for key, value in state[0].items() if not key.startswith("best/")}, state[1]))
    with pytest.raises(TrainingError, match="does not fit its recipe"):
        measured_run(folder, recipe.model_copy(update={"steps": 2}), sample_root, [], resume=True)


def test_a_generator_gone_astray_stops_the_run(
    tmp_path: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = Trainer.play

    def diverging(trainer: Trainer) -> None:
        play(trainer)
        if trainer.step == 2:
            for value in trainer.published.parameters():
                value.fill_(float("nan"))

    monkeypatch.setattr(Trainer, "play", diverging)
    recipe, folder = tiny_recipe("gan", data=FASHION, steps=3), RunFolder(tmp_path / "run")
    with pytest.raises(TrainingError, match=r"draws is not finite at step 2.*state is that of step 1"):
        run(recipe, folder, seed=0, device=CPU, data_root=sample_root, during=True, quiet=True)


def test_pictures_without_a_classifier_are_told_before_there_is_a_run(tmp_path: Path) -> None:
    from PIL import Image

    for grey in range(4):
        Image.new("L", (16, 16), grey * 60).save(tmp_path / f"{grey}.png")
    recipe = tiny_recipe("gan", data={"dataset": f"folder:{tmp_path}", "resolution": 16, "channels": 1}, steps=1)
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(MetricError, match="train without --during and --keep-best"):
        run(recipe, folder, seed=0, device=CPU, data_root=tmp_path, keep_best=True, quiet=True)
    assert not folder.holds_a_run()
