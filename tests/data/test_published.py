import errno
import gzip
import shutil
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import URLError

import numpy as np
import pytest
import torch
from torchvision.datasets import CIFAR10, MNIST, FashionMNIST
from torchvision.datasets import utils as downloads

from ganzoo.data import DataConfig, DataError, ImageSet, load_images
from ganzoo.data.published import NETWORK_TIMEOUT

FASHION = DataConfig(dataset="fashion-mnist")
RAW = Path("FashionMNIST", "raw")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*args: object, **options: object) -> NoReturn:
        assert socket.getdefaulttimeout() == NETWORK_TIMEOUT
        print("noise", file=sys.stderr)
        raise URLError(OSError("no route to host"))

    monkeypatch.setattr(downloads.urllib.request, "urlopen", unreachable)


def md5(path: Path) -> Any:
    return downloads.calculate_md5(path)


def sentence(config: DataConfig, root: Path, **options: Any) -> str:
    """The error's message, once it was seen to be one sentence."""
    with pytest.raises(DataError) as caught:
        load_images(config, root, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_the_sample_is_read_as_it_lies(sample_root: Path) -> None:
    images: ImageSet = load_images(FASHION, sample_root)
    assert (len(images), images.image_shape, images.name) == (1000, (1, 28, 28), "fashion-mnist")
    assert "MIT" in images.licence
    assert images.skipped == ()
    assert images.labels is not None
    assert Counter(images.labels.tolist()) == dict.fromkeys(range(10), 100)
    assert len(load_images(FASHION, sample_root, split="test")) == 200


def test_the_pixels_are_those_of_the_file(sample_root: Path) -> None:
    images = load_images(FASHION, sample_root)
    (batch,) = images.batches(iter([torch.tensor([0, 999])]), torch.device("cpu"))
    raw = (sample_root / RAW / "train-images-idx3-ubyte").read_bytes()[16:]
    assert batch.numpy().tobytes() == raw[:784] + raw[-784:]


def test_the_fingerprint_knows_the_shape(sample_root: Path) -> None:
    bigger = DataConfig(dataset="fashion-mnist", resolution=32)
    assert load_images(bigger, sample_root).image_shape == (1, 32, 32)
    assert load_images(FASHION, sample_root).fingerprint == load_images(FASHION, sample_root).fingerprint
    assert load_images(bigger, sample_root).fingerprint != load_images(FASHION, sample_root).fingerprint


def test_archives_in_place_are_unpacked(sample_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / RAW).mkdir(parents=True)
    resources = []
    for path in (sample_root / RAW).iterdir():
        archive = tmp_path / RAW / f"{path.name}.gz"
        archive.write_bytes(gzip.compress(path.read_bytes()))
        resources.append((archive.name, md5(archive)))
    monkeypatch.setattr(FashionMNIST, "resources", resources)
    assert load_images(FASHION, tmp_path).fingerprint == load_images(FASHION, sample_root).fingerprint


@pytest.mark.parametrize(
    ("dataset", "folder", "names", "address"),
    [
        ("mnist", "MNIST/raw", [name for name, _ in MNIST.resources], MNIST.mirrors[0]),
        ("fashion-mnist", "FashionMNIST/raw", [name for name, _ in FashionMNIST.resources], FashionMNIST.mirrors[0]),
        ("cifar10", "", ["cifar-10-python.tar.gz"], "https://www.cs.toronto.edu/~kriz/"),
    ],
)
def test_no_network_says_which_file_goes_where(
    dataset: str, folder: str, names: list[str], address: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    message = sentence(DataConfig(dataset=dataset), tmp_path)
    assert message.endswith(f"put {', '.join(names)} from {address} into {tmp_path / folder}.")
    assert "no route to host" in message
    assert capfd.readouterr() == ("", "")
    assert socket.getdefaulttimeout() is None


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / RAW).mkdir(parents=True)
    (tmp_path / RAW / "t10k-labels-idx1-ubyte.gz").write_bytes(b"half a file")
    message = sentence(FASHION, tmp_path)
    assert f"t10k-labels-idx1-ubyte.gz in {tmp_path / RAW} is damaged" in message
    assert "put t10k-labels-idx1-ubyte.gz from" in message


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
@pytest.mark.parametrize("content", [b"", b"\0" * 4, b"\0\0\x08\x03\0\0\0\x02\0\0\0\x1c\0\0\0\x1cxyz"])
def test_a_broken_unpacked_file_is_one_sentence(sample_root: Path, tmp_path: Path, name: str, content: bytes) -> None:
    shutil.copytree(sample_root / "FashionMNIST", tmp_path / "FashionMNIST")
    (tmp_path / RAW / name).write_bytes(content)
    assert f"Fashion-MNIST in {tmp_path / RAW} is broken: delete the files" in sentence(FASHION, tmp_path)


def test_as_many_labels_as_pictures_are_wanted(sample_root: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_root / "FashionMNIST", tmp_path / "FashionMNIST")
    shutil.copy(tmp_path / RAW / "t10k-labels-idx1-ubyte", tmp_path / RAW / "train-labels-idx1-ubyte")
    assert "is broken" in sentence(FASHION, tmp_path)


def test_a_root_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> NoReturn:
        raise OSError(errno.EROFS, "Read-only file system", "somewhere")

    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", refuse)
    message = sentence(FASHION, tmp_path)
    assert f"cannot be unpacked in {tmp_path / RAW} (Read-only file system): choose a data root that can" in message


def test_a_file_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "FashionMNIST").touch()
    assert "choose a data root" in sentence(FASHION, tmp_path)


def test_a_size_beyond_memory_is_refused_before_it_is_taken(sample_root: Path) -> None:
    config = DataConfig(dataset="fashion-mnist", resolution=1024, channels=3)
    message = sentence(config, sample_root, memory_limit=2**30)
    assert "2.9 GiB at a resolution of 1024, more than the 1.0 GiB" in message


def test_cifar10_comes_as_channels_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def put_pixels(self: Any, root: Path, train: bool, download: bool) -> None:
        self.data = np.arange(2 * 32 * 32 * 3).astype(np.uint8).reshape(2, 32, 32, 3)
        self.targets = [3, 9]

    monkeypatch.setattr(CIFAR10, "__init__", put_pixels)
    images = load_images(DataConfig(dataset="cifar10"), tmp_path)
    (batch,) = images.batches(iter([torch.tensor([0])]), torch.device("cpu"))
    assert images.image_shape == (3, 32, 32)
    assert batch[0, :, 0, :2].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert images.labels is not None
    assert images.labels.tolist() == [3, 9]


def test_cifar10_files_that_were_changed_are_never_unpickled(tmp_path: Path) -> None:
    (tmp_path / CIFAR10.base_folder).mkdir()
    for name in (*(name for name, _ in CIFAR10.train_list + CIFAR10.test_list), "batches.meta"):
        (tmp_path / CIFAR10.base_folder / name).write_bytes(b"cos\nabort\n(tR.")  # ends the process if it is opened
    message = sentence(DataConfig(dataset="cifar10"), tmp_path)
    assert "what lies in" in message
    assert "is damaged and could not be downloaded" in message


def test_a_few_images_of_each_class_are_the_same_for_the_same_choice(sample_root: Path) -> None:
    def few(per_class: int, choice: int = 0) -> ImageSet:
        return load_images(DataConfig(dataset="fashion-mnist", per_class=per_class, choice=choice), sample_root)

    one, again, other = few(3), few(3), few(3, choice=1)
    assert one.labels is not None
    assert one.labels.bincount().tolist() == [3] * 10
    assert one.fingerprint == again.fingerprint != other.fingerprint
    with pytest.raises(DataError, match="choose --per-class of at most that"):
        few(5000)


def test_there_is_no_image_of_each_class_where_there_are_no_classes(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="have no classes, so leave --per-class out"):
        load_images(DataConfig(dataset=f"folder:{tmp_path}", per_class=1), tmp_path)
