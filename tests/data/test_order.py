from itertools import islice

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzoo.data import index_stream


def drawn(size: int, batch_size: int, seed: int, images: int, start: int = 0) -> list[int]:
    batches = islice(index_stream(size, batch_size, seed, start), -(-images // batch_size))
    return torch.cat(list(batches)).tolist()[:images]


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 90), st.integers(0, 2**32 - 1), st.integers(0, 200))
def test_a_stream_continues_exactly_where_another_stopped(size: int, batch_size: int, seed: int, start: int) -> None:
    whole = drawn(size, batch_size, seed, start + 100)
    assert drawn(size, batch_size, seed, 100, start) == whole[start:]


def test_every_epoch_holds_every_image_once_in_an_order_of_its_own() -> None:
    images = drawn(10, 4, seed=0, images=30)
    epochs = [images[i : i + 10] for i in (0, 10, 20)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2] != epochs[0]


def test_batches_are_full_even_from_a_set_smaller_than_one() -> None:
    batch = next(index_stream(3, 8, seed=0))
    assert batch.shape == (8,)
    assert batch.dtype == torch.int64
    assert batch.bincount().tolist() in ([3, 3, 2], [3, 2, 3], [2, 3, 3])


def test_the_order_is_the_seeds() -> None:
    assert drawn(50, 8, seed=1, images=100) == drawn(50, 25, seed=1, images=100)
    assert drawn(50, 8, seed=1, images=50) != drawn(50, 8, seed=2, images=50)
    assert drawn(50, 8, seed=1, images=50, start=50) != drawn(50, 8, seed=2, images=50)


def test_the_order_of_a_seed_is_for_ever() -> None:
    first, second = [8, 7, 6, 1, 9, 2, 3, 5, 4, 0], [7, 3, 2, 6, 5, 9, 1, 4, 8, 0]
    assert drawn(10, 5, seed=7, images=20) == first + second


def test_the_global_randomness_is_left_alone() -> None:
    state = torch.random.get_rng_state()
    drawn(10, 4, seed=0, images=30)
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize(("size", "batch_size", "start"), [(0, 1, 0), (1, 0, 0), (1, 1, -1)])
def test_nothing_to_draw_is_an_error(size: int, batch_size: int, start: int) -> None:
    with pytest.raises(ValueError, match="no batches"):
        next(index_stream(size, batch_size, 0, start))
