import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder, TrainingError
from ganzoo.training.trainer import Trainer
from tests.training.killed_run import PARTIAL, recipe

CPU = torch.device("cpu")


def history(folder: RunFolder) -> list[dict[str, float]]:
    """The history without the one thing that may differ between two equal runs."""
    lines = [json.loads(line) for line in folder.history_path.read_text().splitlines()]
    return [{key: value for key, value in line.items() if key != "seconds"} for line in lines]


def test_a_run_killed_again_and_again_ends_like_one_that_was_not(tmp_path: Path, sample_root: Path) -> None:
    killed = RunFolder(tmp_path / "killed")
    saved_at, recorded_at = [], []
    for step, moment in ((1, "step"), (50, "save"), (52, "step")):
        arguments = [str(killed.path), str(sample_root), str(step), moment]
        process = subprocess.run([sys.executable, "-m", "tests.training.killed_run", *arguments], check=False)
        assert process.returncode == -signal.SIGKILL
        state = killed.last_state()
        saved_at.append(None if state is None else state[1]["step"])
        recorded_at.append(max((line["step"] for line in history(killed)), default=None))
    assert saved_at == [None, 48, 50]
    assert not (killed.path / PARTIAL).exists()  # the third life overwrote what the second one left
    assert recorded_at == [None, 50, 51]  # what was recorded after the last save will be made again

    starts = []
    play = Trainer.play

    def watched(trainer: Trainer) -> None:
        starts.append(trainer.step)
        play(trainer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "play", watched)
        assert run(recipe, killed, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
    assert starts == list(range(50, 100))

    whole = RunFolder(tmp_path / "whole")
    assert run(recipe, whole, seed=0, device=CPU, data_root=sample_root, quiet=True)
    assert history(killed) == history(whole)
    assert killed.film.steps() == whole.film.steps()
    for name in ("model.safetensors", "discriminator.safetensors", "film.webp"):
        assert (killed.checkpoint_path / name).read_bytes() == (whole.checkpoint_path / name).read_bytes()
    ends = [folder.last_state() for folder in (killed, whole)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert all(torch.equal(value, ends[1][0][key]) for key, value in ends[0][0].items())


def test_ctrl_c_finishes_the_step_saves_and_goes_on(
    tmp_path: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "run")
    play = Trainer.play

    def interrupted(trainer: Trainer) -> None:
        if trainer.step == 4:
            os.kill(os.getpid(), signal.SIGINT)
        play(trainer)

    monkeypatch.setattr(Trainer, "play", interrupted)
    assert not run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    state = folder.last_state()
    assert state is not None
    assert state[1]["step"] == 5
    assert (folder.checkpoint_path / "model.safetensors").exists()

    monkeypatch.setattr(Trainer, "play", play)
    longer = recipe.model_copy(update={"steps": 9})
    assert run(longer, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
    assert [line["step"] for line in history(folder)] == list(range(1, 10))


def test_a_folder_in_use_or_with_a_run_is_left_alone(tmp_path: Path, sample_root: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    short = recipe.model_copy(update={"steps": 1})
    with folder.locked(), pytest.raises(TrainingError, match="another process"):
        run(short, RunFolder(folder.path), seed=0, device=CPU, data_root=sample_root, quiet=True)
    with pytest.raises(TrainingError, match="holds no run"):
        run(short, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
    assert run(short, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    with pytest.raises(TrainingError, match="--resume"):
        run(short, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)


def test_a_damaged_state_is_one_sentence(tmp_path: Path, sample_root: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    short = recipe.model_copy(update={"steps": 1})
    run(short, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    path = folder.path / "resume.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(TrainingError, match="damaged"):
        run(short, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], "its content is not an object"),
        ({"step": 1}, "the field images is missing"),
        ({"step": "x", "images": 8, "seconds": 0.1}, "step: input should be a valid integer"),
        ({"step": -3, "images": 8, "seconds": 0.1}, "step: input should be greater than or equal to 0"),
    ],
)
def test_a_state_with_damaged_numbers_is_one_sentence(tmp_path: Path, numbers: object, said: str) -> None:
    folder = RunFolder(tmp_path)
    save_file({}, tmp_path / "resume.safetensors", metadata={"numbers": json.dumps(numbers)})
    with pytest.raises(TrainingError, match=rf"is damaged \({said}.*start afresh"):
        folder.last_state()


def test_a_plan_that_does_not_tell_its_pictures_is_one_sentence(tmp_path: Path, sample_root: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    short = recipe.model_copy(update={"steps": 1})
    run(short, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    path = folder.path / "recipe.json"
    plan = json.loads(path.read_text())
    del plan["data"]["fingerprint"]
    path.write_text(json.dumps(plan))
    with pytest.raises(TrainingError, match=r"cannot be read .*start afresh"):
        run(short, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)


def test_other_pictures_are_refused_on_resume(tmp_path: Path, sample_root: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    short = recipe.model_copy(update={"steps": 1})
    run(short, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    plan = folder.read_plan()
    folder.write_plan(plan.model_copy(update={"data": plan.data.model_copy(update={"fingerprint": "another"})}))
    with pytest.raises(TrainingError, match="not those that the run began with"):
        run(short, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)


def test_a_loss_that_is_not_finite_stops_and_keeps_the_last_good_state(
    tmp_path: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "run")
    play = Trainer.play

    def diverging(trainer: Trainer) -> None:
        if trainer.step == 5:
            with torch.no_grad():
                next(trainer.game.players["generator"].parameters()).fill_(float("nan"))
        play(trainer)

    monkeypatch.setattr(Trainer, "play", diverging)
    with pytest.raises(TrainingError, match=r"is nan at step 6.*state is that of step 4"):
        run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    state = folder.last_state()
    assert state is not None
    assert state[1]["step"] == 4
    assert all(value.isfinite().all() for value in state[0].values() if value.is_floating_point())


def test_a_full_disk_stops_with_one_sentence_and_keeps_the_last_good_state(
    tmp_path: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "run")
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if "resume" in path.name and folder.last_state() is not None:
            write(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(TrainingError, match=r"No space left on device.*state is that of step 2"):
        run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    state = folder.last_state()
    assert state is not None
    assert state[1]["step"] == 2
    assert not (folder.path / PARTIAL).exists()
