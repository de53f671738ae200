import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import torch

from ganzoo.data import DataError
from ganzoo.data.held_out import HeldOut
from ganzoo.inference import BusyError
from ganzoo.ui import reality as ui_reality
from ganzoo.ui.models import Model, Models
from ganzoo.ui.reality import Reality
from ganzoo.ui.validation import RequestError
from tests.copies import copied


def learnt_from(dataset: object, source: Path, folder: Path) -> Model:
    """The model of ``source``, copied, which says that it learnt from this set."""
    return Models([copied(source, folder, dataset=dataset)])[folder.name]


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sets that have been read, in order: of each, pictures that are all of one grey."""
    names: list[str] = []

    def read(name: str, root: Path) -> HeldOut:
        names.append(name)
        return HeldOut(torch.full((20, 1, 28, 28), 7, dtype=torch.uint8), torch.arange(20) % 10)

    monkeypatch.setattr(ui_reality, "read_held_out", read)
    return names


def test_fashion_mnist_is_here_in_every_shape_and_nothing_is_read_for_it(
    zoo: Path, tmp_path: Path, fetched: list[str]
) -> None:
    reality = Reality(tmp_path)
    grey, colour = (learnt_from("fashion-mnist", zoo / name, tmp_path / name) for name in ("alpha", "gamma"))
    found = reality.of(grey, 5)
    assert found is not None
    assert (found.pictures.shape, found.pictures.dtype) == ((5, 1, 28, 28), torch.uint8)
    coloured = reality.of(colour, 5)
    assert coloured is not None
    assert coloured.pictures.shape == (5, 3, 32, 32)
    assert torch.equal(coloured.labels, found.labels)
    assert fetched == []


def test_others_come_when_they_are_asked_for_and_once(zoo: Path, tmp_path: Path, fetched: list[str]) -> None:
    reality, model = Reality(tmp_path), Models([zoo])["alpha"]
    assert reality.of(model, 5) is None
    for _ in range(2):
        reality.fetch(model)
    found = reality.of(model, 64)
    assert found is not None
    assert found.pictures.shape == (20, 1, 28, 28)
    assert len(found.labels) == 20
    assert fetched == ["mnist"]


@pytest.mark.parametrize("dataset", ["folder:/somebody/mnist", "imagenet", 3, ["mnist"], "mnist/../cifar10"])
def test_what_is_no_published_set_is_never_read(zoo: Path, tmp_path: Path, dataset: object, fetched: list[str]) -> None:
    reality, model = Reality(tmp_path), learnt_from(dataset, zoo / "alpha", tmp_path / "model")
    assert reality.of(model, 5) is None
    with pytest.raises(RequestError, match="did not learn from a published set"):
        reality.fetch(model)
    assert fetched == []


def test_what_is_not_to_be_had_is_one_sentence_without_a_place(
    zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def nowhere(name: str, root: Path) -> HeldOut:
        raise DataError(f"put it into {root}")

    monkeypatch.setattr(ui_reality, "read_held_out", nowhere)
    with caplog.at_level(logging.WARNING), pytest.raises(RequestError, match="could not be fetched") as refusal:
        Reality(tmp_path).fetch(Models([zoo])["alpha"])
    assert str(tmp_path) not in str(refusal.value)
    assert str(refusal.value).endswith("whoever runs this page finds the reason in its log.")
    assert str(tmp_path) in caplog.text
    with pytest.raises(RequestError) as refusal:  # its owner needs no log to be told
        Reality(tmp_path, at_home=True).fetch(Models([zoo])["alpha"])
    assert str(refusal.value) == f"put it into {tmp_path}"


def test_one_is_fetched_at_a_time_and_nobody_waits(zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = Event(), Event()

    def slow(name: str, root: Path) -> HeldOut:
        begun.set()
        assert go_on.wait(60)
        return HeldOut(torch.zeros(20, 1, 28, 28, dtype=torch.uint8), torch.zeros(20, dtype=torch.int64))

    monkeypatch.setattr(ui_reality, "read_held_out", slow)
    reality, model = Reality(tmp_path), Models([zoo])["alpha"]
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(reality.fetch, model)
        begun.wait()
        with pytest.raises(BusyError, match="try again"):
            reality.fetch(model)
        assert reality.of(model, 5) is None
        go_on.set()
        first.result()
    assert reality.of(model, 5) is not None
