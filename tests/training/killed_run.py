"""A run that kills itself as a power cut would: ``python -m tests.training.killed_run RUN_DIR DATA_ROOT STEP MOMENT``.

It starts or resumes the run of ``recipe`` and dies by SIGKILL in step STEP: MOMENT ``step`` dies after the step is
played, ``save`` while the resume state is being written.
"""

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

import torch

from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder
from ganzoo.training.trainer import State, Trainer
from tests.training.conftest import tiny_recipe

recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=100)
"""Batch norm and averaging; saved every second step."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(run_dir: str, data_root: str, step: int, moment: str) -> None:
    play, save = Trainer.play, RunFolder.save

    def play_and_die(trainer: Trainer) -> None:
        play(trainer)
        if trainer.step == step:
            die()

    def save_and_die(folder: RunFolder, state: State) -> None:
        if state[1]["step"] == step:
            (folder.path / ".resume.safetensors.half").write_bytes(b"half a state")
            die()
        save(folder, state)

    folder = RunFolder(Path(run_dir))
    dying = (Trainer, "play", play_and_die) if moment == "step" else (RunFolder, "save", save_and_die)
    cpu, resume = torch.device("cpu"), folder.holds_a_run()
    with patch.object(*dying):
        run(recipe, folder, seed=0, device=cpu, data_root=Path(data_root), resume=resume, quiet=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
