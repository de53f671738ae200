import json
from pathlib import Path

import pytest

from ganzoo.checkpoints import read_checkpoint
from ganzoo.recipe import Recipe
from ganzoo.training.execution import Execution
from ganzoo.training.run import command, plan_run
from ganzoo.training.run_folder import RunFolder
from ganzoo.zoo import RECIPES
from train.__main__ import main, resolve

TINY = ["--width", "4", "--batch-size", "8", "--device", "cpu"]
NEWER = {"measure_every", "keep_best"}
"""What plans of earlier versions do not tell."""


def resolved(line: str) -> Recipe:
    return resolve(line.split())[0]


@pytest.mark.parametrize("variant", RECIPES)
def test_every_variant_resolves_to_its_description_and_explains_every_option(
    variant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert resolved(variant) == RECIPES[variant].model_validate({})
    with pytest.raises(SystemExit, match="0"):
        main([variant, "--help"])
    text = capsys.readouterr().out
    for option in (
        *RECIPES[variant].model_fields,
        "dataset",
        "seed",
        "device",
        "compile",
        "precision",
        "during",
        "keep_best",
        "run_dir",
        "data_root",
        "resume",
        "dry_run",
    ):
        assert option == "data" or f"--{option.replace('_', '-')}" in text


def test_defaults_follow_what_they_depend_on_and_given_options_win() -> None:
    assert resolved("dcgan --dataset cifar10").model_dump()["width"] == 128
    assert resolved("dcgan --dataset cifar10 --width 64").model_dump()["width"] == 64
    assert resolved("wgan --network dcgan").model_dump()["width"] == 64
    assert resolved("wgan --network dcgan --width 256").model_dump()["width"] == 256
    assert resolved("gan --steps 5 --dataset fashion-mnist --resolution 32").data.image_shape == (1, 32, 32)


def test_a_run_from_command_to_checkpoint_and_on(
    tmp_path: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--run-dir", str(tmp_path / "run"), "--data-root", str(sample_root)]
    assert main(["gan", "--dataset", "fashion-mnist", "--steps", "4", "--seed", "7", *TINY, *where]) == 0
    assert "loss D" in capsys.readouterr().err
    folder = RunFolder(tmp_path / "run")
    checkpoint = read_checkpoint(folder.checkpoint_path)
    assert checkpoint.config.recipe["seed"] == 7
    assert checkpoint.config.training["steps"] == 4
    lines = [json.loads(line) for line in folder.history_path.read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert {
        "step",
        "images",
        "seconds",
        "loss/discriminator",
        "loss/generator",
        "accuracy/real",
        "accuracy/fake",
    } == set(lines[-1])
    assert lines[-1]["images"] == 32

    assert main(["gan", "--steps", "4", *where]) == 1
    assert "--resume" in capsys.readouterr().err
    assert main(["gan", "--resume", "--width", "8", *where]) == 1
    assert "width would change" in capsys.readouterr().err
    assert main(["gan", "--resume", "--compile", "yes", *where]) == 1
    assert "compile would change" in capsys.readouterr().err
    assert main(["dcgan", "--resume", *where]) == 1
    assert "the run is a gan" in capsys.readouterr().err
    assert main(["gan", "--resume", "--steps", "6", *where]) == 0
    assert [json.loads(line)["step"] for line in folder.history_path.read_text().splitlines()] == [1, 2, 3, 4, 5, 6]


def test_a_run_is_measured_as_it_began_to_be(
    tmp_path: Path, sample_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--run-dir", str(tmp_path / "run"), "--data-root", str(sample_root)]
    assert main(["gan-small", "--dataset", "fashion-mnist", "--steps", "1", "--keep-best", *TINY, *where]) == 0
    assert "Fréchet classifier distance" in capsys.readouterr().err
    assert main(["gan-small", "--resume", "--no-keep-best", *where]) == 1
    assert "keep_best would change" in capsys.readouterr().err
    assert main(["gan-small", "--resume", "--keep-best", "--steps", "2", *where]) == 0
    training = read_checkpoint(tmp_path / "run" / "checkpoint").config.training
    assert training["best_step"] in {1, 2}
    assert str(training["command"]).endswith("--keep-best")

    plan = tmp_path / "run" / "recipe.json"
    older = {name: value for name, value in json.loads(plan.read_text()).items() if name not in NEWER}
    plan.write_text(json.dumps(older))
    assert main(["gan-small", "--resume", "--during", *where]) == 1
    assert "during would change" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("gan --dataset imagenet", "choose mnist, fashion-mnist, cifar10, folder:PATH or unpaired:PATH"),
        ("gan --width 0", "--width"),
        ("gan --channels 2", "--channels"),
        ("dcgan --resolution 48", "48"),
        ("gan --dataset folder:/nowhere", "/nowhere"),
        ("gan --published averaged --ema-decay None", "published raw"),
        ("gan --resume", "holds no run"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(
    line: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main([*line.split(), "--run-dir", str(tmp_path / "run")])
    except SystemExit as exit_:
        status = int(exit_.code or 0)
    assert status in {1, 2}
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error


def test_a_dry_run_shows_the_recipe_and_trains_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gan-small", "--dry-run", *TINY, "--run-dir", str(tmp_path / "run")]) == 0
    text = capsys.readouterr().out
    assert '"batch_size": 8' in text
    assert "10,000 steps" in text
    assert "parameters" in text
    assert "memory" in text
    assert "ms a step" in text
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_of_two_kinds_of_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    tiny = ["--width", "2", "--blocks", "1", "--resolution", "16", "--device", "cpu"]
    assert main(["cyclegan", "--dry-run", *tiny]) == 0
    assert '"batch_size": 1' in capsys.readouterr().out


@pytest.mark.parametrize(("during", "keep_best"), [(False, False), (True, False), (True, True)])
def test_the_card_s_command_starts_the_same_run(during: bool, keep_best: bool, sample_root: Path) -> None:
    from ganzoo.data import load_images

    recipe = resolved("wgan --network dcgan --width 16 --dataset fashion-mnist --resolution 32 --steps 9 --clip 0.02")
    execution = Execution(compiled=True, precision="bfloat16")
    images = load_images(recipe.data, sample_root)
    plan = plan_run(recipe, images, seed=5, execution=execution, during=during, keep_best=keep_best)
    words = command(plan).removeprefix("python -m train ").split()
    again, options = resolve(words)
    assert again == recipe
    assert options.seed == 5
    assert (options.compile, options.precision) == ("yes", "bfloat16")
    assert (options.during or options.keep_best, options.keep_best) == (during, keep_best)
