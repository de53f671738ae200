from pathlib import Path

import pytest
import torch

from ganzoo.data import DataConfig, load_images
from ganzoo.training import series
from ganzoo.training.run_folder import RunFolder, TrainingError
from ganzoo.training.series import completed, steps_published
from tests.training.conftest import tiny_recipe

CPU = torch.device("cpu")


def test_a_run_that_is_over_is_not_trained_again(
    tmp_path: Path, sample_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=2)
    images, folder = load_images(DataConfig(dataset="fashion-mnist"), sample_root), RunFolder(tmp_path / "run")
    assert steps_published(folder) == 0

    def complete(seed: int = 0) -> None:
        assert completed(recipe, folder, images, seed=seed, device=CPU, data_root=sample_root).name == "run"

    complete()
    assert steps_published(folder) == 2
    monkeypatch.delattr(series, "run")
    complete()
    with pytest.raises(TrainingError, match="another recipe"):
        complete(seed=1)
    recipe = recipe.model_copy(update={"width": 5})
    with pytest.raises(TrainingError, match="another recipe"):
        complete()
