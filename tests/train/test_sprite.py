from pathlib import Path

import pytest
import torch

from ganzoo.data import held_out
from ganzoo.data.held_out import read_held_out, read_sprite
from train.sprite import main


def test_the_sprite_is_cut_again(sample_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_out, "COUNT", 64)
    assert main(["--data-root", str(sample_root), "--file", str(tmp_path / "sprite.png")]) == 0
    cut = read_sprite(tmp_path / "sprite.png")
    for shown, whole in zip(cut, read_held_out("fashion-mnist", sample_root), strict=True):
        assert torch.equal(shown, whole)


def test_a_file_that_cannot_be_written_is_one_sentence(
    sample_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(held_out, "COUNT", 64)
    assert main(["--data-root", str(sample_root), "--file", str(tmp_path / "nowhere" / "sprite.png")]) == 1
    assert "choose another --file" in capsys.readouterr().err
