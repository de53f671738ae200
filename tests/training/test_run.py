from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pytest
import torch
from PIL import Image
from torch import Tensor

from ganzoo.checkpoints import add_scores, read_checkpoint
from ganzoo.checkpoints.film import FILM_FILE
from ganzoo.checkpoints.scores import Score, read_scores
from ganzoo.checkpoints.writing import weights_hash
from ganzoo.data import ImagesInMemory, load_images, to_float
from ganzoo.generator import Generator, Model
from ganzoo.inference import sample, translate
from ganzoo.training.execution import Execution
from ganzoo.training.run import plan_run, run
from ganzoo.training.run_folder import RunFolder, TrainingError
from ganzoo.zoo import RECIPES
from tests.training.conftest import tiny_recipe

CPU = torch.device("cpu")


@pytest.mark.parametrize("variant", RECIPES)
def test_every_recipe_goes_from_pictures_to_a_checkpoint(variant: str, tmp_path: Path, sample_root: Path) -> None:
    recipe = tiny_recipe(variant, data={"dataset": "fashion-mnist"}, steps=3)
    folder = RunFolder(tmp_path / "run")
    assert run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    checkpoint = read_checkpoint(folder.checkpoint_path)
    assert checkpoint.name == "run"
    assert checkpoint.config.recipe["variant"] == variant
    assert checkpoint.config.training["steps"] == 3
    assert checkpoint.config.exhibit == recipe.exhibit
    game, state = recipe.game(), folder.last_state()
    assert state is not None
    averaged = {key.removeprefix("average/"): value for key, value in state[0].items() if key.startswith("average/")}
    game.model.load_state_dict(averaged)
    (pictures,) = load_images(recipe.data, sample_root).batches(iter([torch.arange(8)]), CPU)
    examples = game.examples(dict.fromkeys(game.kinds, to_float(pictures)))

    def made_by(model: Model) -> Tensor:
        if isinstance(model, Generator):
            return sample(model, range(8))
        return torch.cat([translate(model, images, direction).flatten() for direction, images in examples.items()])

    made, expected = made_by(checkpoint.load("cpu")), made_by(game.model)
    assert (made - expected).abs().max() <= 2 / 255  # float16 moves no pixel by more than 1/255


def test_where_a_folder_of_pictures_lies_stays_private(tmp_path: Path) -> None:
    pictures = tmp_path / "secret place" / "Cats"
    pictures.mkdir(parents=True)
    for grey in range(4):
        Image.new("L", (40, 30), grey * 60).save(pictures / f"{grey}.png")
    recipe = tiny_recipe("gan", data={"dataset": f"folder:{pictures}", "resolution": 16, "channels": 1}, steps=1)
    folder = RunFolder(tmp_path / "run")
    run(recipe, folder, seed=0, device=CPU, data_root=tmp_path, quiet=True)
    for name in ("config.json", "README.md"):
        text = (folder.checkpoint_path / name).read_text(encoding="utf-8")
        assert "secret" not in text
        assert "folder:cats" in text
    assert read_checkpoint(folder.checkpoint_path).load_generator("cpu").image_shape == (1, 16, 16)


def test_one_picture_is_not_two_kinds(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    Image.new("L", (16, 16)).save(pictures / "only.png")
    recipe = tiny_recipe("cyclegan", data={"dataset": f"folder:{pictures}", "resolution": 16, "channels": 1})
    with pytest.raises(TrainingError, match="is 1 picture, and cyclegan learns from 2 kinds"):
        run(recipe, RunFolder(tmp_path / "run"), seed=0, device=CPU, data_root=tmp_path, quiet=True)


def test_a_file_whose_name_is_not_utf_8_is_left_out_like_any_other(tmp_path: Path, images: ImagesInMemory) -> None:
    skipped = replace(images, skipped=("caf\udce9.txt",))  # as Python reads the name b"caf\xe9.txt"
    plan = plan_run(tiny_recipe("gan"), skipped, seed=0, execution=Execution())
    folder = RunFolder(tmp_path / "run")
    folder.write_plan(plan)
    assert folder.read_plan().data.skipped == (r"caf\xe9.txt",)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, sample_root: Path) -> None:
    (tmp_path / "file").write_text("")
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"})
    for place in (tmp_path / "file" / "run", tmp_path / ("a" * 300)):
        with pytest.raises(TrainingError, match=r"cannot write to .*choose another --run-dir"):
            run(recipe, RunFolder(place), seed=0, device=CPU, data_root=sample_root, quiet=True)


def test_a_run_that_has_become_longer_saves_as_seldom_as_a_long_one(tmp_path: Path, sample_root: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=2)
    run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    longer = recipe.model_copy(update={"steps": 100})
    run(longer, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
    plan = folder.read_plan()
    assert (plan.save_every, plan.measure_every) == (2, None)


def test_scores_of_the_same_weights_outlive_a_run_that_has_nothing_left_to_do(
    tmp_path: Path, sample_root: Path
) -> None:
    folder = RunFolder(tmp_path / "run")
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=1)
    run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    checkpoint = read_checkpoint(folder.checkpoint_path)
    score = Score(metric="coverage", value=0.5, passport={"weights_sha256": weights_hash(checkpoint.folder)})
    add_scores(checkpoint, [score])
    run(recipe, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
    assert read_scores(folder.checkpoint_path) == [score]
    longer = recipe.model_copy(update={"steps": 2})
    run(longer, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
    assert read_scores(folder.checkpoint_path) == []


def test_a_run_whose_film_is_gone_is_published_without_one(tmp_path: Path, sample_root: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=1)
    run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    rmtree(folder.film.folder)
    assert run(recipe, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
    assert not (folder.checkpoint_path / FILM_FILE).exists()
    assert read_checkpoint(folder.checkpoint_path).config.training["steps"] == 1


def test_a_run_cannot_end_before_where_it_is(tmp_path: Path, sample_root: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    recipe = tiny_recipe("gan", data={"dataset": "fashion-mnist"}, steps=3)
    run(recipe, folder, seed=0, device=CPU, data_root=sample_root, quiet=True)
    shorter = recipe.model_copy(update={"steps": 2})
    with pytest.raises(TrainingError, match="step 3 already"):
        run(shorter, folder, seed=0, device=CPU, data_root=sample_root, resume=True, quiet=True)
