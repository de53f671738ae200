import json
import os
from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.multiprocessing.spawn import spawn
from torch.optim import SGD

from ganzoo.checkpoints import read_checkpoint
from ganzoo.data import DataConfig, ImagesInMemory
from ganzoo.recipe import OptimizerFactory
from ganzoo.training.processes import Processes, joined
from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder
from ganzoo.training.trainer import Trainer
from ganzoo.zoo.gan_small import GANSmall
from tests.ports import free_port

CPU = torch.device("cpu")


class PlainDescent(GANSmall):
    """No batch norm, whose statistics each process takes of its own share, and steps linear in the gradient."""

    def optimizers(self) -> dict[str, OptimizerFactory]:
        return dict.fromkeys(("discriminator", "generator"), partial(SGD, lr=0.1))


def play_and_save(processes: Processes, path: Path) -> None:
    noise = torch.randint(0, 256, (40, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    recipe = PlainDescent(width=8, batch_size=8, steps=2)
    trainer = Trainer(recipe, ImagesInMemory("noise", noise, licence="none"), seed=0, device=CPU, processes=processes)
    trainer.play()
    means = trainer.meter.peek(processes)
    tensors = {key: value for key, value in trainer.state()[0].items() if key.startswith("players/")}
    save_file(tensors | {key: torch.tensor(value) for key, value in means.items()}, path)


def meet(rank: int, port: int) -> None:
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}


def one_of_two(rank: int, port: int, folder: Path) -> None:
    meet(rank, port)
    with joined(CPU) as processes:
        play_and_save(processes, folder / f"{rank}.safetensors")


def test_two_processes_take_the_step_that_one_takes(tmp_path: Path) -> None:
    spawn(one_of_two, args=(free_port(), tmp_path), nprocs=2)
    play_and_save(Processes(), tmp_path / "alone.safetensors")
    alone, *both = (load_file(tmp_path / f"{name}.safetensors") for name in ("alone", "0", "1"))
    for process in both:
        assert process.keys() == alone.keys()
        for key, value in process.items():
            torch.testing.assert_close(value, alone[key], rtol=0, atol=1e-6)


def test_a_number_of_processes_without_a_rank_is_not_torchrun_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.setenv("WORLD_SIZE", "1")
    with joined(CPU) as processes:
        assert processes == Processes()


def run_and_go_on(rank: int, ports: tuple[int, int], folder: Path, data_root: Path) -> None:
    recipe = PlainDescent(data=DataConfig(dataset="fashion-mnist"), width=8, batch_size=8, steps=3)
    meet(rank, ports[0])
    run(recipe, RunFolder(folder), seed=0, device=CPU, data_root=data_root, keep_best=True)
    longer = recipe.model_copy(update={"steps": 5})
    meet(rank, ports[1])
    run(longer, RunFolder(folder), seed=0, device=CPU, data_root=data_root, resume=True)


def test_two_processes_leave_one_run_and_go_on_with_it(tmp_path: Path, sample_root: Path) -> None:
    ports = free_port(), free_port()
    spawn(run_and_go_on, args=(ports, tmp_path / "run", sample_root), nprocs=2)
    history = [json.loads(line) for line in (tmp_path / "run" / "history.jsonl").read_text().splitlines()]
    assert [line["step"] for line in history] == [1, 2, 3, 4, 5]
    assert all("quality/frechet-classifier-distance" in line for line in history)
    assert read_checkpoint(tmp_path / "run" / "checkpoint").config.training["images"] == 5 * 8
