"""A run that kills itself as a power cut would: ``python -m tests.training.killed_run RUN_DIR DATA_ROOT STEP MOMENT``.

It starts or resumes the run of ``recipe`` and dies by SIGKILL in step STEP: MOMENT ``step`` dies after the step is
played, ``save`` when the resume state is written to its temporary name and not yet renamed.
"""

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

import torch

from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder
from ganzoo.training.trainer import Trainer
from tests.training.conftest import tiny_recipe

recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=100)
"""Batch norm and averaging; saved every second step."""


PARTIAL = ".resume.safetensors.partial"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(run_dir: str, data_root: str, step: int, moment: str) -> None:
    play, fsync = Trainer.play, os.fsync
    playing: list[Trainer] = []

    def play_and_die(trainer: Trainer) -> None:
        playing[:] = [trainer]
        play(trainer)
        if trainer.step == step and moment == "step":
            die()

    def sync_and_die(handle: int) -> None:
        if playing and playing[0].step == step and moment == "save" and (folder.path / PARTIAL).exists():
            die()
        fsync(handle)

    folder = RunFolder(Path(run_dir))
    cpu, resume = torch.device("cpu"), folder.holds_a_run()
    with patch.object(Trainer, "play", play_and_die), patch("os.fsync", sync_and_die):
        run(recipe, folder, seed=0, device=cpu, data_root=Path(data_root), resume=resume, quiet=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
