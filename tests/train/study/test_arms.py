import pytest
import torch

from ganzoo.data.config import PUBLISHED
from train.study.arms import ARMS, CONTENDERS
from train.study.plots import COLOURS

CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.mark.parametrize("dataset", PUBLISHED)
@pytest.mark.parametrize("name", CONTENDERS)
def test_every_contender_is_dealt_as_many_images(name: str, dataset: str) -> None:
    for device in (CPU, GPU):
        recipe = CONTENDERS[name].recipe(dataset, 600_000, device)
        assert recipe.data.dataset == dataset
        assert abs(recipe.total_steps(1) * recipe.images_a_step() - 600_000) <= recipe.images_a_step() / 2
    assert CONTENDERS[name].recipe(dataset, 1, CPU).steps == 1


def test_on_a_gpu_nothing_changes_that_is_no_question() -> None:
    base = ARMS["base"].contenders
    for name in base:
        recipe = CONTENDERS[name].recipe("mnist", 600_000, GPU)
        own = type(recipe).model_validate({"data": recipe.data})
        assert recipe == own.model_copy(update={"steps": recipe.steps})
    changed = [name for name in CONTENDERS if CONTENDERS[name].on_cpu]
    assert changed == ["dcgan"]


def test_arms_and_contenders_know_each_other() -> None:
    asked = [name for arm in ARMS.values() for name in arm.contenders]
    assert set(asked) == set(CONTENDERS)
    assert max(len(arm.contenders) for arm in ARMS.values()) <= len(COLOURS)
