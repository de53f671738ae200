"""ZeroGPU by a stand-in for its package, whose GPU is the processor: there is no other way to try it off a Space."""

import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import gradio as gr
import pytest
import torch
from gradio.context import LocalContext

from ganzoo.nn.mlp import mlp_networks
from ganzoo.ui import compare, zerogpu
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Models
from ganzoo.ui.sample import cost, grid_value

LARGE = 20
"""Pictures of alpha whose request is large in these tests."""


class Spaces(ModuleType):
    """What there is of the package: a decorator, which marks on ZeroGPU only what it decorates."""

    def __init__(self, *, zero: bool) -> None:
        super().__init__("spaces")
        self.zero = zero
        self.refusal: Exception | None = None
        self.durations: list[int] = []
        self.lent: list[tuple[Any, ...]] = []
        self.threads: list[int] = []

    def GPU(self, *, duration: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def decorate(task: Callable[..., Any]) -> Callable[..., Any]:
            def lent(*args: Any) -> Any:
                self.threads.append(threading.get_ident())
                if self.refusal:
                    raise self.refusal
                self.lent.append(args)
                return task(*args)

            lent.__dict__["zerogpu"] = None
            return lent if self.zero else task

        self.durations.append(duration)
        return decorate


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Spaces | None], None]]:
    """Makes a package, or none, what the module finds when it is imported."""

    def bring(package: Spaces | None) -> None:
        monkeypatch.setitem(sys.modules, "spaces", package)
        importlib.reload(zerogpu)
        monkeypatch.setattr(zerogpu, "GPU", torch.device("cpu"))
        generator, _ = mlp_networks((1, 28, 28), width=8, z_dim=16)
        monkeypatch.setattr(zerogpu, "LARGE", LARGE * zerogpu._operations(type(generator), generator.config))

    yield bring
    monkeypatch.undo()
    importlib.reload(zerogpu)


@pytest.fixture
def zero(brought: Callable[[Spaces | None], None]) -> Spaces:
    package = Spaces(zero=True)
    brought(package)
    return package


@pytest.fixture
def visitor() -> Iterator[None]:
    token = LocalContext.request.set(gr.Request())
    yield
    LocalContext.request.reset(token)


def studio_of(zoo: Path) -> Studio:
    return Studio(Models([zoo], device=zerogpu.OWN_DEVICE if zerogpu.LENDS else "cpu"))


@pytest.mark.usefixtures("visitor")
@pytest.mark.parametrize("package", [None, Spaces(zero=False)])
def test_elsewhere_nothing_is_asked_and_nothing_is_placed(
    zoo: Path, brought: Callable[[Spaces | None], None], package: Spaces | None
) -> None:
    brought(package)
    assert zerogpu.OWN_DEVICE == "auto"
    samples = studio_of(zoo).samples("alpha", 0, LARGE, 1.0)
    assert samples.cost.device == "CPU"
    assert samples.cost.remark is None
    assert not zerogpu._placed
    assert not (package and package.lent)


@pytest.mark.usefixtures("visitor")
def test_a_large_request_is_drawn_at_once_by_what_is_lent_and_is_the_same(zoo: Path, zero: Spaces) -> None:
    studio = studio_of(zoo)
    large = studio.samples("alpha", 3, LARGE, 0.5)
    walk = studio.walk("alpha", 3, 14, LARGE, "slerp")
    assert [len(args[2]) for args in zero.lent] == [LARGE, LARGE]
    assert cost(large).startswith(f"ZeroGPU: {LARGE} pictures in ")
    assert cost(walk).startswith(f"ZeroGPU: {LARGE} pictures in ")
    assert cost(studio.samples("alpha", 3, LARGE, 0.5)) == f"ZeroGPU: {LARGE} pictures drawn before"
    alone = Studio(Models([zoo], device="cpu")).samples("alpha", 3, LARGE // 2, 0.5)
    assert alone.cost.device == "CPU"
    assert abs(large.pixels[: LARGE // 2].astype(int) - alone.pixels).max() <= 1


@pytest.mark.usefixtures("visitor")
def test_it_is_asked_for_in_the_visitor_s_own_thread_and_for_seconds(zoo: Path, zero: Spaces) -> None:
    studio_of(zoo).samples("alpha", 0, LARGE, 1.0)
    assert zero.threads == [threading.get_ident()]
    assert zero.durations == [zerogpu.SECONDS]


@pytest.mark.usefixtures("visitor")
def test_a_small_request_never_asks(zoo: Path, zero: Spaces) -> None:
    assert studio_of(zoo).samples("alpha", 0, LARGE - 1, 1.0).cost.device == "CPU"
    assert not zero.threads


def test_what_no_visitor_asks_for_takes_nobody_s_quota(zoo: Path, zero: Spaces) -> None:
    assert studio_of(zoo).samples("alpha", 0, LARGE, 1.0).cost.device == "CPU"
    assert not zero.threads


@pytest.mark.usefixtures("visitor")
@pytest.mark.parametrize(
    ("refusal", "remark"),
    [
        (gr.Error("You have exceeded your quota", title="ZeroGPU quota exceeded"), "ZeroGPU quota exceeded"),
        (
            gr.Error("No GPU was available", title="ZeroGPU <b>queue</b> timeout"),
            "ZeroGPU &lt;b&gt;queue&lt;/b&gt; timeout",
        ),
        (gr.Error("GPU task aborted", title="ZeroGPU worker error"), "ZeroGPU worker error"),
        (RuntimeError("ZeroGPU API /schedule error: 500"), "no GPU was to be had"),
        (ConnectionError(), "no GPU was to be had"),
    ],
)
def test_where_none_is_to_be_had_the_processor_draws_with_a_remark(
    zoo: Path, zero: Spaces, refusal: Exception, remark: str
) -> None:
    zero.refusal = refusal
    studio = studio_of(zoo)
    samples = studio.samples("alpha", 0, LARGE, 1.0)
    assert cost(samples).startswith(f"CPU: {LARGE} pictures in ")
    assert cost(samples).endswith(f" ({remark})")
    assert samples.cost.remark in compare.column(samples, grid_value, [])["facts"]
    assert cost(studio.samples("alpha", 0, LARGE, 1.0)) == f"CPU: {LARGE} pictures drawn before"


@pytest.mark.usefixtures("visitor")
def test_so_many_wait_for_a_gpu_and_no_more(zoo: Path, zero: Spaces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zerogpu, "_asking", threading.BoundedSemaphore(1))
    studio = studio_of(zoo)
    with zerogpu._asking:
        assert studio.samples("alpha", 0, LARGE, 1.0).cost.remark == "too many wait for a GPU"
    for seed in (1, 2):  # one after the other, for each leaves its place
        assert studio.samples("alpha", seed, LARGE, 1.0).cost.device == "ZeroGPU"


@pytest.mark.usefixtures("visitor")
def test_models_of_large_requests_are_placed_at_the_start_and_later_ones_come_with_the_call(
    zoo: Path, tmp_path: Path, zero: Spaces
) -> None:
    (tmp_path / "alpha").symlink_to(zoo / "alpha")
    studio = studio_of(tmp_path)
    (tmp_path / "later").mkdir()
    for file in (zoo / "alpha").iterdir():
        (tmp_path / "later" / file.name).write_bytes(file.read_bytes())
    studio.models.refresh()
    assert list(zerogpu._placed) == [studio.models["alpha"].stamp]
    placed, later = (studio.samples(name, 0, LARGE, 1.0) for name in ("alpha", "later"))
    assert [args[1] is None for args in zero.lent] == [True, False]
    assert (placed.pixels == later.pixels).all()


def test_models_whose_requests_are_never_large_stay_where_they_are(zoo: Path, zero: Spaces, tmp_path: Path) -> None:
    zerogpu.LARGE *= 1000
    studio_of(zoo)
    assert not zerogpu._placed


def test_a_model_that_proves_broken_does_not_keep_the_page_from_starting(
    zero: Spaces, zoo: Path, tmp_path: Path
) -> None:
    for file in (zoo / "alpha").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\xff\xff\xff\x7f")
    studio_of(tmp_path)
    assert not zerogpu._placed


def test_operations_are_counted_as_products_and_sums() -> None:
    generator, _ = mlp_networks((1, 28, 28), width=8, z_dim=16)
    weights = sum(parameter.numel() for parameter in generator.parameters() if parameter.dim() == 2)
    assert zerogpu._operations(type(generator), generator.config) == 2 * weights
