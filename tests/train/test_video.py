"""The command that makes films."""

from pathlib import Path
from typing import NoReturn

import imageio_ffmpeg
import pytest
import torch
from PIL import Image

from ganzoo.checkpoints import save_checkpoint
from ganzoo.nn.mlp import mlp_networks
from train import video
from train.video import main


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    generator, discriminator = mlp_networks((1, 8, 8), width=8, z_dim=6)
    networks = {"generator": generator, "discriminator": discriminator}
    save_checkpoint(tmp_path / "tiny" / "checkpoint", networks=networks, recipe={"variant": "gan"}, training={})
    return tmp_path / "tiny"


def test_a_film_has_the_length_and_the_rate_that_were_asked_for(checkpoint: Path, tmp_path: Path) -> None:
    file = tmp_path / "walk.mp4"
    way = ["--seconds", "1.5", "--frames-per-second", "10", "--file", str(file)]
    assert main([str(checkpoint), "--seeds", "1", "2", "3", *way]) == 0
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(file)
    assert frames == 15
    assert seconds == pytest.approx(1.5, abs=0.05)


def test_the_ending_says_the_form(checkpoint: Path, tmp_path: Path) -> None:
    file = tmp_path / "walk.webp"
    assert main([str(checkpoint), "--seconds", "1", "--space", "w", "--file", str(file)]) == 0
    assert Image.open(file).format == "WEBP"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--file", "walk.avi"], "let it end in .mp4, .webp or .gif"),
        (["--seeds", "1"], "two seeds at least"),
        (["--seeds", "1", "-1"], "A seed is a whole number"),
        (["--truncation", "9"], "The truncation is a number from 0 to 2"),
        (["--seconds", "0"], "from 1 to 10,000 frames"),
        (["--seconds", "1e9"], "from 1 to 10,000 frames"),
        (["--seconds", "nan"], "from 1 to 10,000 frames"),
        (["--seconds", "inf"], "from 1 to 10,000 frames"),
        (["--file", "walk.gif", "--frames-per-second", "51"], "a GIF shows at most 50 frames a second"),
        (["--frames-per-second", "0"], "from 1 to 10,000 frames"),
        (["--file", "/dev/null/walk.webp", "--seconds", "0.1"], "choose another --file"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(
    arguments: list[str], said: str, checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(checkpoint), *arguments]) == 1
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1


def test_ctrl_c_leaves_no_film(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*arguments: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(video, "draw", interrupted)
    assert main([str(checkpoint), "--seconds", "1", "--file", str(tmp_path / "walk.webp")]) == 130
    assert capsys.readouterr().err == "Stopped: nothing was written.\n"
    assert not (tmp_path / "walk.webp").exists()


def test_a_folder_without_a_checkpoint_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
