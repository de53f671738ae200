from pathlib import Path
from typing import NoReturn

import pytest
import torch
from PIL import Image

from ganzoo.data import held_out
from ganzoo.data.held_out import read_held_out, read_sprite, sprite_file
from train.sprite import main


def test_the_sprite_is_cut_again(sample_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_out, "COUNT", 64)
    assert main(["--data-root", str(sample_root), "--file", str(tmp_path / "sprite.png")]) == 0
    cut = read_sprite(tmp_path / "sprite.png")
    for shown, whole in zip(cut, read_held_out("fashion-mnist", sample_root), strict=True):
        assert torch.equal(shown, whole)


def test_the_digits_of_the_lab_are_made_again(tmp_path: Path) -> None:
    assert main(["--dataset", "digits", "--file", str(tmp_path / "digits.png")]) == 0
    made, shipped = read_sprite(tmp_path / "digits.png"), read_sprite(sprite_file("digits"))
    assert torch.equal(made.pictures, shipped.pictures)
    assert torch.equal(made.labels, shipped.labels)
    assert made.pictures.shape == (1792, 1, 8, 8)
    assert made.labels.bincount().min() > 170  # of ten classes, about alike often
    assert made.pictures.unique().tolist() == [round(level * 255 / 16) for level in range(17)]


def test_a_file_that_cannot_be_written_is_one_sentence(
    sample_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(held_out, "COUNT", 64)
    (tmp_path / "file").write_text("")
    assert main(["--data-root", str(sample_root), "--file", str(tmp_path / "file" / "sprite.png")]) == 1
    assert "choose another --file" in capsys.readouterr().err


def test_another_form_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--dataset", "digits", "--file", str(tmp_path / "digits.foo")]) == 1
    assert "let it end in .png" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_sprite_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(image: Image.Image, file: Path, *arguments: object, **options: object) -> NoReturn:
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    assert main(["--dataset", "digits", "--file", str(tmp_path / "digits.png")]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
