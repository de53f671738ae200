from pathlib import Path

import pytest
import torch

from ganzoo.data import DataConfig, DataError, load_images
from ganzoo.data.held_out import COUNT, HeldOut, read_held_out, read_sprite, save_sprite, sprite_file


def test_a_few_test_pictures_are_chosen_once_for_all(sample_root: Path) -> None:
    chosen, labels = read_held_out("fashion-mnist", sample_root)
    test = load_images(DataConfig(dataset="fashion-mnist"), sample_root, split="test")
    assert len(chosen) == len(test) < COUNT
    assert torch.equal(chosen, read_held_out("fashion-mnist", sample_root).pictures)
    (in_order,) = test.batches(iter([torch.arange(len(test))]), torch.device("cpu"))
    assert not torch.equal(chosen, in_order)  # which may have a meaning
    assert test.labels is not None
    of_each = zip(in_order.sum((1, 2, 3)).tolist(), test.labels.tolist(), strict=True)
    assert sorted(zip(chosen.sum((1, 2, 3)).tolist(), labels.tolist(), strict=True)) == sorted(of_each)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 8, 8)])
def test_a_sprite_holds_pictures_to_the_pixel_and_their_classes(shape: tuple[int, int, int], tmp_path: Path) -> None:
    pictures, labels = torch.randint(256, (32, *shape), dtype=torch.uint8), torch.randint(100, (32,))
    save_sprite(HeldOut(pictures, labels), tmp_path / "sprite.png")
    read = read_sprite(tmp_path / "sprite.png")
    assert torch.equal(read.pictures, pictures)
    assert torch.equal(read.labels, labels)


def test_the_sprite_that_ships_is_of_fashion_mnist_and_says_under_which_licence() -> None:
    file = sprite_file("fashion-mnist")
    pictures, labels = read_sprite(file)
    assert pictures.shape == (COUNT, 1, 28, 28)
    assert labels.unique().tolist() == list(range(10))
    assert len({picture.numpy().tobytes() for picture in pictures}) == COUNT
    assert "MIT License" in file.with_name("README.md").read_text()


def test_pictures_that_are_not_to_be_had_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr("torchvision.datasets.MNIST.__init__", nowhere)
    with pytest.raises(DataError, match="MNIST cannot"):
        read_held_out("mnist", tmp_path)
