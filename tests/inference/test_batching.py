import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
import torch
from torch import Tensor

from ganzoo.generator import Generator, NetworkConfig
from ganzoo.inference import Batcher, BusyError, batching, draw, latents
from ganzoo.inference.batching import PASS, SHARE, WAITING
from ganzoo.nn.mlp import mlp_networks

POISON = 1e6
PATIENCE = 60.0
"""Seconds after which a test that waits in vain fails."""


class Gated(Generator):
    """Shows ``ws`` as pixels, or fails over a latent of ``POISON``. Its first pass lasts until ``gate`` is set."""

    def __init__(self, side: int = 2) -> None:
        super().__init__(NetworkConfig())
        self.z_dim, self.image_shape = 4, (1, side, side)
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.gate, self.begun = Event(), Event()
        self.passes: list[int] = []

    def synthesis(self, ws: Tensor, noise: Tensor | None = None) -> Tensor:
        self.passes.append(len(ws))
        self.begun.set()
        assert self.gate.wait(PATIENCE)
        if (ws >= POISON).any():
            raise RuntimeError("poisoned")
        return ws.reshape(len(ws), 1, 2, 2).repeat(1, 1, self.image_shape[1] // 2, self.image_shape[2] // 2)


class Crowd:
    """Threads that ask one batcher; those after the first wait while its pass lasts."""

    def __init__(self, model: Gated) -> None:
        self.model = model
        self.batcher = Batcher()
        self.pool = ThreadPoolExecutor(WAITING + 2)
        self.first = self.asks(torch.zeros(1, 4))
        model.begun.wait()

    def asks(self, z: Tensor, model: Generator | None = None) -> "Future[Tensor]":
        return self.pool.submit(lambda: self.batcher.draw(model or self.model, z[:, None])[0])

    def queues(self, count: int) -> None:
        """Wait until so many have come."""
        deadline = time.monotonic() + PATIENCE
        while len(self.batcher._waiting) < count:
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def answers(self) -> None:
        self.model.gate.set()
        self.pool.shutdown()


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Gated())


def test_a_pass_gives_one_who_asks_alone_what_drawing_gives() -> None:
    torch.manual_seed(0)
    model = mlp_networks((1, 28, 28), width=8, z_dim=16)[0].eval()
    ws = latents(range(3 * SHARE + 1), 16)[:, None]
    images, seconds, ahead, _ = Batcher().draw(model, ws)
    assert torch.equal(images, draw(model, ws, batch_size=SHARE))
    assert seconds > 0
    assert ahead == 0


def test_those_who_wait_are_drawn_in_one_pass_and_each_gets_its_own(crowd: Crowd) -> None:
    latents_of = [latents(range(i, i + 1 + i % 3), 4) for i in range(32)]
    asked = [crowd.asks(z) for z in latents_of]
    crowd.queues(32)
    crowd.answers()
    assert crowd.model.passes == [1, sum(map(len, latents_of))]
    for z, answer in zip(latents_of, asked, strict=True):
        assert torch.equal(answer.result(), z.view(-1, 1, 2, 2))


def test_an_error_is_told_only_to_whom_it_belongs(crowd: Crowd) -> None:
    good = [crowd.asks(torch.full((2, 4), float(i))) for i in range(3)]
    bad = [crowd.asks(torch.full((1, 4), POISON)), crowd.asks(torch.zeros(1, 5))]
    crowd.queues(5)
    crowd.answers()
    for i, answer in enumerate(good):
        assert (answer.result() == i).all()
    with pytest.raises(RuntimeError, match="poisoned"):
        bad[0].result()
    with pytest.raises(RuntimeError):
        bad[1].result()


def test_a_large_request_gets_its_share_of_each_pass_and_lets_the_others_through(crowd: Crowd) -> None:
    large = crowd.asks(torch.ones(5 * SHARE, 4))
    crowd.queues(1)
    small = [crowd.asks(torch.zeros(PASS // 4, 4)) for _ in range(4)]
    crowd.queues(5)
    crowd.answers()
    # The first that waits goes first, with as many of the others as fit; then those left over, and the rest of it.
    assert crowd.model.passes == [1, SHARE + PASS // 2, PASS // 2 + SHARE, SHARE, SHARE, SHARE]
    assert large.result().shape == (5 * SHARE, 1, 2, 2)
    assert (large.result() == 1).all()
    assert all((answer.result() == 0).all() for answer in small)


def test_each_generator_has_passes_of_its_own(crowd: Crowd) -> None:
    other = Gated()
    other.gate.set()
    asked = [crowd.asks(torch.full((1, 4), float(i)), model=(crowd.model, other)[i % 2]) for i in range(8)]
    crowd.queues(8)
    crowd.answers()
    assert (crowd.model.passes, other.passes) == ([1, 4], [4])
    assert [int(answer.result()[0, 0, 0, 0]) for answer in asked] == list(range(8))


def test_who_waits_is_told_how_many_came_first(crowd: Crowd) -> None:
    asked = []
    for i in range(3):
        asked.append(crowd.pool.submit(crowd.batcher.draw, crowd.model, torch.zeros(1, 1, 4)))
        crowd.queues(i + 1)
    crowd.answers()
    assert [answer.result().ahead for answer in asked] == [1, 2, 3]
    assert all(answer.result().waited > 0 for answer in asked)


def test_no_more_than_a_bounded_number_wait(crowd: Crowd) -> None:
    for _ in range(WAITING):
        crowd.asks(torch.zeros(1, 4))
    crowd.queues(WAITING)
    with pytest.raises(BusyError, match="Too many pictures are being drawn"):
        crowd.batcher.draw(crowd.model, torch.zeros(1, 1, 4))
    crowd.answers()
    assert crowd.batcher.draw(crowd.model, torch.zeros(1, 1, 4))[0].shape == (1, 1, 2, 2)


@pytest.mark.parametrize(("side", "passes"), [(768, [1, 4, 2]), (1774, [1] * 7)])
def test_a_pass_of_large_images_has_fewer_and_at_least_one(side: int, passes: list[int]) -> None:
    crowd = Crowd(Gated(side))
    asked = [crowd.asks(torch.full((2, 4), float(i))) for i in range(3)]
    crowd.queues(3)
    crowd.answers()
    assert crowd.model.passes == passes
    for i, answer in enumerate(asked):
        assert (answer.result() == i).all()


def test_together_those_who_wait_ask_for_no_more_than_so_many_images(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "VALUES", 4)  # one image of the crowd's model
    crowd.asks(torch.zeros(WAITING - 1, 4))
    crowd.queues(1)
    with pytest.raises(BusyError, match="Too many pictures are being drawn"):
        crowd.batcher.draw(crowd.model, torch.zeros(2, 1, 4))
    last = crowd.asks(torch.zeros(1, 4))
    crowd.queues(2)
    crowd.answers()
    assert len(last.result()) == 1


def test_nothing_is_drawn_at_once() -> None:
    batcher = Batcher()
    generator, _ = mlp_networks((1, 4, 4), width=2, z_dim=3)
    images, seconds, *_ = batcher.draw(generator, torch.empty(0, 1, 3))
    assert images.shape == (0, 1, 4, 4)
    assert seconds == 0
    assert not batcher._waiting


def test_what_is_computed_alone_has_no_pass_beside_it() -> None:
    batcher, model = Batcher(), Gated()
    with ThreadPoolExecutor(1) as pool:
        with batcher.alone():
            drawn = pool.submit(batcher.draw, model, torch.zeros(1, 1, 4))
            assert not model.begun.wait(0.05)
        model.gate.set()
        assert len(drawn.result()[0]) == 1
    with batcher.alone():  # the pass is over, and another can begin
        pass


def test_who_computes_alone_has_a_turn_like_any_other(crowd: Crowd) -> None:
    turns: list[tuple[str, int]] = []

    def computes(name: str, times: int) -> None:
        for _ in range(times):
            with crowd.batcher.alone():
                turns.append((name, len(crowd.model.passes)))

    asked: list[Future[Any]] = [crowd.pool.submit(computes, "twice", 2)]
    crowd.queues(1)
    asked.append(crowd.pool.submit(computes, "once", 1))
    crowd.queues(2)
    asked.append(crowd.asks(torch.zeros(1, 4)))
    crowd.queues(3)
    crowd.answers()
    assert all(answer.exception() is None for answer in asked)
    assert turns == [("twice", 1), ("once", 1), ("twice", 2)]
