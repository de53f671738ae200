"""That a faster way of computing a step is a way of computing the same step."""

import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from ganzoo.checkpoints import read_checkpoint
from ganzoo.data import DataConfig, ImageSet, ImagesInMemory, load_images
from ganzoo.recipe import Recipe
from ganzoo.training.execution import COMPILED_FROM, Execution, compiling_pays, fast_precision
from ganzoo.training.preparation import choose_execution, ready_trainer
from ganzoo.training.run import run
from ganzoo.training.run_folder import RunFolder
from ganzoo.training.trainer import State, Trainer
from ganzoo.zoo import RECIPES
from tests.training.conftest import tiny_recipe

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
COMPILED = Execution(compiled=True)
KINDS: dict[str, dict[str, Any]] = {
    "batch norm": {"variant": "gan", "width": 16},
    "penalty": {"variant": "wgan-gp", "width": 16, "n_critic": 2},
    "convolutions": {"variant": "dcgan"},
    "classes": {"variant": "cgan"},
    "spectral normalisation": {"variant": "sngan"},
}
"""What differs in what is compiled."""


@pytest.fixture(scope="module")
def garments(sample_root: Path) -> ImageSet:
    return load_images(DataConfig(dataset="fashion-mnist"), sample_root)


def ready(recipe: Recipe, images: ImageSet, execution: Execution, device: torch.device = CPU) -> Trainer:
    return ready_trainer(recipe, images, seed=0, device=device, execution=execution, quiet=True)


def displacement(trainer: Trainer, steps: int = 3) -> Tensor:
    """By how much some steps move the parameters of all players, as one vector."""

    def weights() -> Tensor:
        return torch.cat([p.detach().flatten() for net in trainer.game.players.values() for p in net.parameters()])

    start = weights()
    for _ in range(steps):
        trainer.play()
    return weights() - start


def convolutions(recipe: Recipe) -> list[Tensor]:
    """The weights of all players' convolutions."""
    return [p for player in recipe.game().players.values() for p in player.parameters() if p.ndim == 4]


def copied(state: State) -> State:
    tensors, numbers = state
    return {name: tensor.clone() for name, tensor in tensors.items()}, dict(numbers)


def assert_compiled_is_eager(
    kind: str, images: ImageSet, device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> Trainer:
    # Compiled code draws random numbers of its own, so what it drops out is not what eager code does.
    monkeypatch.setattr(torch.nn.Dropout, "forward", lambda _, images: images)
    recipe = tiny_recipe(**KINDS[kind])
    eager = displacement(ready(recipe, images, Execution(), device))
    trainer = ready(recipe, images, COMPILED, device)
    assert trainer.execution == COMPILED
    compiled = displacement(trainer)
    assert (compiled - eager).norm() < 1e-3 * eager.norm()
    return trainer


@pytest.mark.parametrize("kind", ["batch norm", "penalty"])
def test_a_compiled_step_is_the_eager_one_and_goes_on_bit_for_bit(
    kind: str, images: ImagesInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = assert_compiled_is_eager(kind, images, CPU, monkeypatch)
    saved = copied(trainer.state())
    displacement(trainer)
    whole = copied(trainer.state())
    trainer.restore(saved)
    displacement(trainer)
    assert all(torch.equal(tensor, whole[0][name]) for name, tensor in trainer.state()[0].items())


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("kind", KINDS)
def test_a_captured_step_is_the_eager_one(kind: str, images: ImagesInMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_compiled_is_eager(kind, images, CUDA, monkeypatch)


COARSE = [name for name, recipe in RECIPES.items() if not recipe.exhibit and not recipe.precise]
"""What is made to fail may have steps so large that any rounding leads elsewhere, and others say so of themselves."""
DEEP = 12
"""Convolutions that two shallow networks have together, at most."""


@pytest.mark.parametrize("variant", COARSE)
def test_bfloat16_products_lead_the_same_way(variant: str, garments: ImageSet) -> None:
    recipe = tiny_recipe(variant, width=16, batch_size=32)
    if len(convolutions(recipe)) > DEEP:  # in many layers roundings even out, and take long
        recipe = tiny_recipe(variant, width=8, batch_size=8)
    exact, coarse = (  # over some steps: Adam's first ones go by the gradients' signs, and small ones' are noise
        displacement(ready(recipe, garments, Execution(precision=kind)), steps=8) for kind in ("float32", "bfloat16")
    )
    assert not torch.equal(coarse, exact)
    assert torch.cosine_similarity(coarse, exact, dim=0) > 0.98


@pytest.mark.parametrize("variant", RECIPES)
def test_weights_losses_and_averages_stay_float32(variant: str, images: ImagesInMemory) -> None:
    trainer = ready(tiny_recipe(variant), images, Execution(precision="bfloat16"))
    trainer.play()
    kinds = {tensor.dtype for name, tensor in trainer.state()[0].items() if tensor.is_floating_point()}
    assert kinds == {torch.float32}


@pytest.mark.parametrize("variant", RECIPES)
def test_a_rehearsal_leaves_everything_as_it_was(variant: str, images: ImagesInMemory) -> None:
    trainer = Trainer(tiny_recipe(variant), images, seed=0, device=CPU)
    for _ in range(2):
        before = copied(trainer.state())
        trainer.rehearse()
        after = trainer.state()
        assert after[1] == before[1]
        assert after[0].keys() == before[0].keys()
        assert all(torch.equal(tensor, before[0][name]) for name, tensor in after[0].items())
        trainer.play()


def test_compiling_has_to_be_won_back() -> None:
    gan, dcgan = (list(tiny_recipe(variant).game().players.values()) for variant in ("gan", "dcgan"))
    assert compiling_pays(gan, COMPILED_FROM, CPU)
    assert not compiling_pays(gan, COMPILED_FROM - 1, CPU)
    assert not compiling_pays(dcgan, COMPILED_FROM, CPU)
    assert compiling_pays(dcgan, COMPILED_FROM, CUDA)
    assert not compiling_pays(gan, COMPILED_FROM, torch.device("mps"))


def test_the_choice_follows_the_length_of_the_run_and_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganzoo.training.preparation.fast_precision", lambda device: "bfloat16")
    recipe = tiny_recipe("wgan", n_critic=4)
    assert choose_execution(recipe, COMPILED_FROM // 5, CPU) == Execution(compiled=True, precision="bfloat16")
    assert choose_execution(recipe, COMPILED_FROM // 5 - 1, CPU) == Execution(compiled=False, precision="bfloat16")
    assert choose_execution(recipe, 1, CPU, compiled=True, precision="float32") == COMPILED
    precise = next(tiny_recipe(name) for name, kind in RECIPES.items() if kind.precise)
    assert choose_execution(precise, 1, CPU).precision == "float32"
    assert choose_execution(precise, 1, CPU, precision="bfloat16").precision == "bfloat16"
    assert choose_execution(recipe, 10**6, CPU, compiled=False, precision="float32") == Execution()


@pytest.mark.parametrize(("seconds", "precision"), [((3.0, 1.0), "bfloat16"), ((1.0, 1.0), "float32")])
def test_bfloat16_has_to_be_faster_on_this_very_machine(
    seconds: tuple[float, float], precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = dict(zip((torch.float32, torch.bfloat16), seconds, strict=True))
    monkeypatch.setattr("ganzoo.training.execution._seconds_of_a_product", taken.__getitem__)
    assert fast_precision(CPU) == precision


def test_a_run_remembers_how_it_is_computed(tmp_path: Path, sample_root: Path) -> None:
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=2)
    folder = RunFolder(tmp_path / "run")
    coarse = Execution(precision="bfloat16")
    run(recipe, folder, seed=0, device=CPU, data_root=sample_root, compiled=False, precision="bfloat16", quiet=True)
    assert folder.read_plan().execution == coarse
    training = read_checkpoint(folder.checkpoint_path).config.training
    assert training["execution"] == "eager, bfloat16"
    assert str(training["command"]).endswith("--seed 0 --compile no --precision bfloat16")

    longer = recipe.model_copy(update={"steps": 4})
    run(longer, folder, seed=0, device=CPU, data_root=sample_root, precision="float32", resume=True, quiet=True)
    assert folder.read_plan().execution == coarse


@pytest.mark.parametrize("at_once", [True, False])
def test_where_compiling_fails_one_line_says_so_and_the_run_goes_on(
    at_once: bool,
    tmp_path: Path,
    sample_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def call(*_: object) -> None:
        raise RuntimeError("there is no C++ compiler\nand much more to tell")

    def failing(*_: object, **__: object) -> Any:
        return call() if at_once else call

    monkeypatch.setattr(torch, "compile", failing)
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=2)
    folder = RunFolder(tmp_path / "run")
    with caplog.at_level(logging.WARNING):
        assert run(recipe, folder, seed=0, device=CPU, data_root=sample_root, compiled=True, precision="float32")
    assert [record.getMessage() for record in caplog.records] == [
        "The step cannot be compiled on this computer (there is no C++ compiler), so it is computed eagerly, which is "
        "slower."
    ]
    assert folder.read_plan().execution == Execution()
    assert (folder.checkpoint_path / "model.safetensors").exists()
