import hashlib
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from ganzoo.data.image_set import ImageSet, ImagesInMemory


@pytest.fixture
def images() -> ImagesInMemory:
    return ImagesInMemory("test", torch.arange(48, dtype=torch.uint8).view(4, 3, 2, 2), licence="none")


def test_a_batch_is_a_draw_of_indices(images: ImagesInMemory) -> None:
    indices = [torch.tensor([3, 0]), torch.tensor([1, 1, 2])]
    first, second = images.batches(iter(indices), torch.device("cpu"))
    assert torch.equal(first, images.pixels[[3, 0]])
    assert torch.equal(second, images.pixels[[1, 1, 2]])
    assert first.dtype == torch.uint8


def test_an_endless_stream_is_drawn_one_by_one(images: ImagesInMemory) -> None:
    def endless() -> Iterator[Tensor]:
        while True:
            yield torch.tensor([0])

    assert next(images.batches(endless(), torch.device("cpu"))).shape == (1, 3, 2, 2)


def test_it_is_an_image_set(images: ImagesInMemory) -> None:
    kept: ImageSet = images
    assert len(kept) == 4
    assert kept.image_shape == (3, 2, 2)
    assert kept.labels is None
    assert kept.skipped == ()


def test_the_fingerprint_is_that_of_the_pixels(images: ImagesInMemory) -> None:
    assert images.fingerprint == hashlib.sha256(bytes(range(48))).hexdigest()
    permuted = ImagesInMemory("test", images.pixels[[1, 0, 2, 3]], licence="none")
    assert permuted.fingerprint != images.fingerprint


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_pixels_move_to_the_device_where_they_fit(images: ImagesInMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    device, indices = torch.device("cuda"), torch.tensor([3, 0])
    expected, fingerprint = images.pixels[[3, 0]], images.fingerprint
    with monkeypatch.context() as full:
        full.setattr(torch.cuda, "mem_get_info", lambda _: (8, 8))
        (batch,) = images.batches(iter([indices]), device)
        assert batch.device.type == "cuda"
        assert torch.equal(batch.cpu(), expected)
        assert images.pixels.device.type == "cpu"
    (batch,) = images.batches(iter([indices]), device)
    assert batch.device.type == "cuda"
    assert torch.equal(batch.cpu(), expected)
    assert images.pixels.device.type == "cuda"
    del images.fingerprint
    assert images.fingerprint == fingerprint
    (batch,) = images.batches(iter([indices]), torch.device("cpu"))
    assert torch.equal(batch, expected)


def numbered(count: int, first_kind: int | None = None) -> ImagesInMemory:
    """Images of one pixel, which is the image's number."""
    pixels = torch.arange(count, dtype=torch.uint8).view(-1, 1, 1, 1)
    return ImagesInMemory("numbers", pixels, "none", labels=torch.arange(count), first_kind=first_kind)


def test_parts_of_one_kind_take_turns_and_leave_nothing_out() -> None:
    whole = numbered(7)
    assert list(whole.parts(1)) == [whole]
    parts = whole.parts(2)
    assert [part.pixels.flatten().tolist() for part in parts] == [[0, 2, 4, 6], [1, 3, 5]]
    assert [part.labels.tolist() for part in parts if part.labels is not None] == [[0, 2, 4, 6], [1, 3, 5]]
    (batch,) = parts[1].batches(iter([torch.tensor([2, 0])]), torch.device("cpu"))
    assert batch.flatten().tolist() == [5, 1]


def test_the_fingerprint_of_two_kinds_tells_where_the_second_begins() -> None:
    prints = {numbered(7, first_kind).fingerprint for first_kind in (None, 3, 4)}
    assert len(prints) == 3


def test_two_kinds_stay_apart() -> None:
    parts = numbered(7, first_kind=5).parts(2)
    assert [part.pixels.flatten().tolist() for part in parts] == [[0, 1, 2, 3, 4], [5, 6]]
