"""The pool's law."""

import pytest
import torch
from torch import Tensor

from ganzoo.nn.pool import ImagePool


def numbered(first: int, count: int) -> Tensor:
    """Images of one pixel, which is the image's number, from 1 on."""
    return torch.arange(first, first + count, dtype=torch.float32).view(-1, 1, 1, 1)


def numbers(images: Tensor) -> list[int]:
    return [int(number) for number in images.flatten()]


@pytest.mark.parametrize("batch", [1, 4, 5])
def test_until_it_is_full_what_comes_is_given_back_and_kept(batch: int) -> None:
    pool = ImagePool(10, (1, 1, 1))
    for first in range(1, 11 - batch, batch):
        images = numbered(first, batch)
        assert torch.equal(pool(images), images)
    assert set(range(1, 1 + len(range(1, 11 - batch, batch)) * batch)) <= set(numbers(pool.images))


@pytest.mark.parametrize("batch", [1, 3, 10])
def test_every_image_is_given_back_once_or_is_kept(batch: int) -> None:
    torch.manual_seed(0)
    pool = ImagePool(10, (1, 1, 1))
    pool(numbered(1, 10))
    kept = set(numbers(pool.images))
    for turn in range(40):
        images = numbered(100 + turn * batch, batch)
        given = numbers(pool(images))
        assert len(set(given)) == batch
        before, kept = kept | set(numbers(images)), set(numbers(pool.images))
        assert set(given) | kept == before
        assert not set(given) & kept


def test_half_of_the_images_are_swapped_and_every_place_alike() -> None:
    torch.manual_seed(0)
    pool, swapped, places = ImagePool(20, (1, 1, 1)), 0, torch.zeros(20)
    pool(numbered(1, 20))
    for turn in range(600):
        before = pool.images.clone()
        images = numbered(100 + 10 * turn, 10)
        given = pool(images)
        swapped += int((given != images).sum())
        places += (pool.images != before).flatten()
    assert swapped == pytest.approx(3000, abs=150)  # of 6,000: four standard deviations
    assert int(places.sum()) == swapped
    assert places.min() > 100
    assert places.max() < 200


def test_an_image_is_swapped_for_one_that_was_kept_in_its_place() -> None:
    torch.manual_seed(1)
    pool = ImagePool(4, (1, 1, 1))
    pool(numbered(1, 4))
    before = pool.images.clone()
    images = numbered(10, 2)
    given = pool(images)
    for image, back in zip(numbers(images), numbers(given), strict=True):
        if image == back:
            assert image not in numbers(pool.images)
        else:
            assert numbers(pool.images).index(image) == numbers(before).index(back)


def test_of_more_than_it_holds_the_last_pass_by() -> None:
    pool = ImagePool(3, (1, 1, 1))
    for _ in range(5):
        images = numbered(1, 8)
        assert torch.equal(pool(images)[3:], images[3:])


def test_a_pool_of_none_gives_all_back() -> None:
    pool, images = ImagePool(0, (1, 2, 2)), torch.rand(3, 1, 2, 2)
    assert torch.equal(pool(images), images)


def test_what_it_keeps_is_all_that_decides_what_it_gives_and_is_part_of_its_state() -> None:
    pool, other = ImagePool(5, (1, 2, 2)), ImagePool(5, (1, 2, 2))
    for _ in range(4):
        pool(torch.rand(3, 1, 2, 2))
    other.load_state_dict(pool.state_dict())
    images = torch.rand(3, 1, 2, 2)
    torch.manual_seed(7)
    given = pool(images)
    torch.manual_seed(7)
    assert torch.equal(other(images), given)
    assert torch.equal(other.images, pool.images)


def test_gradients_end_there() -> None:
    assert not ImagePool(5, (1, 2, 2))(torch.rand(3, 1, 2, 2, requires_grad=True)).requires_grad
