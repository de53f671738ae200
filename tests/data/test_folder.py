import logging
import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from ganzoo.data import DataConfig, DataError, ImageSet, expected_size, load_images
from ganzoo.data.folder import StreamedImages, decode

CPU = torch.device("cpu")
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def load(folder: Path, *, memory_limit: int = 2**20, **shape: Any) -> ImageSet:
    config = DataConfig(dataset=f"folder:{folder}", **{"resolution": 8} | shape)
    return load_images(config, Path("unused"), memory_limit=memory_limit)


def all_of(images: ImageSet) -> Tensor:
    (batch,) = images.batches(iter([torch.arange(len(images))]), CPU)
    return batch


def colour(pixels: Tensor) -> list[int]:
    return pixels.to(torch.float32).mean(dim=(-2, -1)).round().int().tolist()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four pictures of one colour each, in three formats and modes, two of them in folders inside."""
    for name, image in {
        "b.png": Image.new("RGB", (20, 10), RED),
        "a/z.JPG": Image.new("L", (9, 30), 128),
        "a/y.webp": Image.new("RGB", (8, 8), BLUE),
        "c.jpeg": Image.new("CMYK", (16, 16), (0, 0, 0, 0)),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        image.save(tmp_path / name, lossless=True)
    return tmp_path


def test_pictures_come_in_the_order_of_their_paths(folder: Path) -> None:
    images = load(folder)
    assert (len(images), images.image_shape, images.labels, images.skipped) == (4, (3, 8, 8), None, ())
    blue, grey, red, white = (colour(image) for image in all_of(images))
    assert (blue, grey, red, white) == ([0, 0, 255], [128] * 3, [255, 0, 0], [255] * 3)


def test_one_channel_is_grey(folder: Path) -> None:
    assert all_of(load(folder, channels=1))[:, 0, 4, 4].tolist() == [29, 128, 76, 255]


def test_the_short_side_is_scaled_and_the_centre_cut_out(tmp_path: Path) -> None:
    raster = np.zeros((40, 160, 3), np.uint8)
    raster[:, :60], raster[:, 60:100], raster[:, 100:] = RED, GREEN, BLUE
    Image.fromarray(raster).save(tmp_path / "wide.png")
    image = decode(tmp_path / "wide.png", (3, 8, 8))
    assert image.shape == (3, 8, 8)
    assert colour(image[:, :, 1:-1]) == [0, 255, 0]  # scaled before it was cut, the edges know of their neighbours
    Image.fromarray(raster.transpose(1, 0, 2).copy()).save(tmp_path / "high.png")
    assert torch.equal(decode(tmp_path / "high.png", (3, 8, 8)), image.transpose(1, 2))


def test_a_picture_of_the_right_size_is_taken_as_it_is(tmp_path: Path) -> None:
    raster = np.random.RandomState(0).randint(0, 256, (16, 16, 3), np.uint8)
    Image.fromarray(raster).save(tmp_path / "a.png")
    assert torch.equal(decode(tmp_path / "a.png", (3, 16, 16)), torch.from_numpy(raster).permute(2, 0, 1))


def test_pictures_lie_the_way_their_cameras_were_held(tmp_path: Path) -> None:
    upright = np.zeros((16, 16, 3), np.uint8)
    upright[:8] = RED
    exif = Image.Exif()
    exif[0x0112] = 6  # the stored picture has to be turned clockwise
    Image.fromarray(np.rot90(upright).copy()).save(tmp_path / "a.png", exif=exif)
    assert torch.equal(decode(tmp_path / "a.png", (3, 16, 16)), torch.from_numpy(upright).permute(2, 0, 1))


def palette_with_transparency() -> Image.Image:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([*RED, *GREEN, *BLUE])
    image.paste(2, (0, 0, 4, 8))
    image.info["transparency"] = 2
    return image


@pytest.mark.parametrize(
    ("image", "left", "right"),
    [
        (Image.new("RGBA", (8, 8), (0, 0, 0, 0)), [255, 255, 255], [255, 255, 255]),
        (Image.new("RGBA", (8, 8), (255, 0, 0, 128)), [255, 127, 127], [255, 127, 127]),
        (Image.new("LA", (8, 8), (0, 0)), [255, 255, 255], [255, 255, 255]),
        (Image.new("1", (8, 8), 1), [255, 255, 255], [255, 255, 255]),
        (palette_with_transparency(), [255, 255, 255], [0, 255, 0]),
        (Image.fromarray(np.full((8, 8), 100 * 257, np.uint16)), [100] * 3, [100] * 3),
    ],
    ids=["transparent", "translucent", "grey and alpha", "one bit", "palette", "16 bits"],
)
def test_every_mode_becomes_opaque_8_bit_colour(
    image: Image.Image, left: list[int], right: list[int], tmp_path: Path
) -> None:
    image.save(tmp_path / "a.png")
    pixels = decode(tmp_path / "a.png", (3, 8, 8))
    assert colour(pixels[..., :4]) == left
    assert colour(pixels[..., 4:]) == right


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_transparent_grey_becomes_white_of_8_bits_and_of_16(kind: type[np.unsignedinteger], tmp_path: Path) -> None:
    pixels = np.zeros((8, 8), kind)
    pixels[:, 4:] = np.iinfo(kind).max // 255 * 100
    Image.fromarray(pixels).save(tmp_path / "a.png", transparency=0)
    image = decode(tmp_path / "a.png", (3, 8, 8))
    assert colour(image[..., :4]) == [255, 255, 255]
    assert colour(image[..., 4:]) == [100, 100, 100]


def spoil(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Puts files into the folder that are no readable pictures, and gives their paths."""
    rng = np.random.RandomState(0)
    Image.fromarray(rng.randint(0, 256, (90, 90, 3), np.uint8)).save(folder / "truncated.png")
    os.truncate(folder / "truncated.png", 9000)
    Image.new("RGB", (400, 400)).save(folder / "a" / "bomb.png")
    Image.new("RGB", (600, 600)).save(folder / "a" / "worse.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 400 * 400 // 2 + 1)  # Pillow warns above it, refuses above twice it
    (folder / "empty.jpg").touch()
    (folder / "notes.txt").write_text("no picture")
    Image.new("RGB", (8, 8)).save(folder / "format.gif")
    (folder / "gone.png").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.png")
    (folder / ".DS_Store").write_text("hidden, and no concern of anyone")
    return sorted(
        ["truncated.png", "a/bomb.png", "a/worse.png", "empty.jpg", "notes.txt", "format.gif", "gone.png", "pipe.png"]
    )


@pytest.mark.parametrize("memory_limit", [2**20, 0], ids=["in memory", "streamed"])
def test_what_cannot_be_read_is_named(
    folder: Path, memory_limit: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt = spoil(folder, monkeypatch)
    images = load(folder, memory_limit=memory_limit)
    assert images.skipped == tuple(spoilt)
    assert len(images) == 4
    assert colour(all_of(images)[3]) == [255] * 3
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.message.startswith(f"8 of 12 files in {folder} cannot be read as PNG, JPEG or WebP and are left out:")
    assert record.message.endswith("'a/bomb.png', 'a/worse.png', 'empty.jpg', 'format.gif', 'gone.png', …")


def test_strange_file_names_are_no_trouble(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    for name in (b"bad\xff.png", b"bad\n.png"):
        shutil.copy(tmp_path / "a.png", tmp_path / f"good{os.fsdecode(name)}")
        (tmp_path / os.fsdecode(name)).touch()
    assert len(load(tmp_path, memory_limit=0)) == 3
    assert "\n" not in caplog.text.strip()
    caplog.text.encode()


@pytest.mark.parametrize("trouble", ["missing", "a file", "empty", "unreadable"])
def test_no_pictures_are_one_sentence(tmp_path: Path, trouble: str) -> None:
    folder = tmp_path / "pictures"
    if trouble == "a file":
        folder.touch()
    elif trouble != "missing":
        folder.mkdir()
    if trouble == "unreadable":
        (folder / "a.png").touch()
    with pytest.raises(DataError, match=rf"^[^\n]*{folder}[^\n]*: (choose|put) [^\n]*\.$"):
        load(folder)


def test_a_folder_has_no_test_split(folder: Path) -> None:
    with pytest.raises(DataError, match="no test split"):
        load_images(DataConfig(dataset=f"folder:{folder}"), Path("unused"), split="test")


@pytest.fixture
def streamed(folder: Path) -> StreamedImages:
    images = load(folder, memory_limit=4 * 3 * 8 * 8 - 1)
    assert isinstance(images, StreamedImages)
    return StreamedImages(**{**vars(images), "workers": 2})


def batches_of(size: int) -> Iterator[Tensor]:
    while True:
        yield torch.tensor([3, 0, 2])[:size]


def test_streamed_pictures_are_those_in_memory(folder: Path, streamed: StreamedImages) -> None:
    in_memory: ImageSet = load(folder, memory_limit=4 * 3 * 8 * 8)
    indices = [torch.tensor([3, 0]), torch.tensor([2, 2]), torch.tensor([1])]
    kept = list(in_memory.batches(iter(indices), CPU))
    drawn = list(streamed.batches(iter(indices), CPU))
    assert len(kept) == len(drawn) == 3
    assert all(torch.equal(a, b) for a, b in zip(kept, drawn, strict=True))
    assert (len(streamed), streamed.image_shape) == (len(in_memory), in_memory.image_shape)


def test_streaming_leaves_the_global_randomness_alone(streamed: StreamedImages) -> None:
    state = torch.random.get_rng_state()
    next(streamed.batches(batches_of(2), CPU))
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_streams_fingerprint_is_of_paths_and_sizes(folder: Path, streamed: StreamedImages) -> None:
    assert load(folder, memory_limit=0).fingerprint == streamed.fingerprint
    (folder / "b.png").rename(folder / "d.png")
    assert load(folder, memory_limit=0).fingerprint != streamed.fingerprint


def test_a_picture_that_vanishes_is_one_sentence(folder: Path, streamed: StreamedImages) -> None:
    (folder / "c.jpeg").unlink()
    with pytest.raises(DataError, match=r"^'c.jpeg' in [^\n]* can no longer be read: put it back[^\n]*\.$"):
        next(streamed.batches(batches_of(3), CPU))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a scheduler's end"])
def test_what_stops_all_processes_at_once_does_not_end_the_stream(streamed: StreamedImages, number: int) -> None:
    stream = streamed.batches(batches_of(2), CPU)
    first = next(stream)
    workers = multiprocessing.active_children()
    assert len(workers) == 2
    next(stream)  # one batch from each: both have started
    for worker in workers:
        assert worker.pid is not None
        os.kill(worker.pid, number)
    for _ in range(10):
        assert torch.equal(next(stream), first)


@pytest.mark.parametrize("memory_limit", [2**20, 1], ids=["in memory", "streamed"])
def test_two_kinds_of_pictures_lie_in_folders_of_their_own(tmp_path: Path, memory_limit: int) -> None:
    for name, grey in (("trainA/b", 10), ("trainA/a", 20), ("trainB/c", 30), ("trainB/deep/a", 40), ("trainB/d", 50)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), grey).save(tmp_path / f"{name}.png")
    for name in ("testA", "trainA/.hidden"):
        (tmp_path / name).mkdir()
        Image.new("L", (8, 8), 99).save(tmp_path / name / "other.png")
    (tmp_path / "trainA" / "broken.png").write_bytes(b"none")
    config = DataConfig(dataset=f"unpaired:{tmp_path}", resolution=8, channels=1)
    assert expected_size(config) == 6
    images = load_images(config, tmp_path, memory_limit=memory_limit)
    assert images.skipped == ("trainA/broken.png",)
    assert all_of(images)[:, 0, 0, 0].tolist() == [20, 10, 30, 50, 40]
    assert [all_of(part)[:, 0, 0, 0].tolist() for part in images.parts(2)] == [[20, 10], [30, 50, 40]]
    assert [len(part) for part in images.parts(1)] == [5]


@pytest.mark.parametrize("there", [[], ["trainA"], ["trainA", "trainB"]])
def test_what_is_missing_of_two_kinds_is_told(tmp_path: Path, there: list[str]) -> None:
    for name in there:
        (tmp_path / name).mkdir()
        Image.new("L", (8, 8)).save(tmp_path / name / "one.png")
    if "trainB" in there:
        (tmp_path / "trainB" / "one.png").write_bytes(b"none")
    config = DataConfig(dataset=f"unpaired:{tmp_path}", resolution=8)
    missing = "trainA" if not there else "trainB"
    with pytest.raises(DataError, match=rf"{missing} cannot be read|none of the 1 files in .*{missing} can be read"):
        load_images(config, tmp_path)
