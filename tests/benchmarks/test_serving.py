import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import hardware, pages, serving
from benchmarks.__main__ import main
from benchmarks.load import Order, Tally
from benchmarks.pages import RECIPES, Side
from benchmarks.serving import CROWDS, SEEDS_A_TURN, measure


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = {name: recipe.model_copy(update={"width": 4}) for name, recipe in RECIPES.items()}
    monkeypatch.setattr(pages, "RECIPES", tiny)
    monkeypatch.setattr(hardware, "PEAK_SECONDS", 0.01)


@pytest.fixture
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def served(side: Side) -> Iterator[str]:
        yield side.name

    monkeypatch.setattr(serving, "served", served)


def test_a_report_from_command_to_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "serving.json"
    words = ["--rows", "gan-clients-8", "--rounds", "1", "--seconds", "0.01", "--device", "cpu", "--json", str(path)]
    assert main(["serving", *words]) == 0
    assert "| gan-clients-8 |" in capsys.readouterr().out
    report = json.loads(path.read_text())
    (row,) = report["rows"]
    assert row["name"] == "gan-clients-8"
    assert row["unit"] == "requests/s"
    assert row["ratio"] == row["ours"] / row["ordinary"]
    details = row["details"]
    for side in ("ours", "ordinary"):
        assert details[f"{side}_min"] <= row[side] <= details[f"{side}_max"]
        assert details[f"{side}_latency_ms"] <= details[f"{side}_latency_of_the_slowest_tenth_ms"]
        assert details[f"{side}_answered"] >= 8
        assert details[f"{side}_refused"] == details[f"{side}_failed"] == 0
    assert report["versions"]["gradio"]


@pytest.mark.usefixtures("no_pages")
def test_pages_are_asked_in_turns_with_fresh_seeds_after_a_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order] = []

    def ask(order: Order) -> Tally:
        orders.append(order)
        answered = {"ours": 20, "ordinary": 5}[order.url] * len(orders)
        return Tally([0.002] * answered, refused=3, failed=1, seconds=2.0, failure="no")

    monkeypatch.setattr(serving, "ask", ask)
    (row,) = measure(rows=("dcgan-28-clients-32",), rounds=3, seconds=0.5, device="cpu")
    assert [order.url for order in orders] == ["ours", "ordinary"] * 4
    assert {(order.model, order.images, order.clients) for order in orders} == {("untrained-dcgan", 64, 32)}
    assert [order.seconds for order in orders] == [0.0] * 2 + [0.5] * 6
    assert all(order.fresh for order in orders)
    assert len({order.seed for order in orders}) == 4, "both sides are asked for the same"
    assert (row.ours, row.ordinary) == (20 * 5 / 2, 5 * 6 / 2), "the median of those after the warm-up"
    assert row.details["ours_answered"] == 20 * (3 + 5 + 7)
    assert (row.details["ours_refused"], row.details["ordinary_failed"]) == (9, 3)
    assert row.details["ours_latency_ms"] == 2


@pytest.mark.usefixtures("no_pages")
def test_again_asks_for_what_the_warm_up_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order] = []

    def ask(order: Order) -> Tally:
        orders.append(order)
        return Tally([0.002], seconds=1.0)

    monkeypatch.setattr(serving, "ask", ask)
    measure(rows=("again-clients-32",), rounds=2, device="cpu")
    assert len({order.seed for order in orders}) == 1
    assert not any(order.fresh for order in orders)


def test_a_turn_has_seeds_enough() -> None:
    assert SEEDS_A_TURN * 4 * len(CROWDS) < 2**32
    assert {crowd.clients for crowd in CROWDS.values()} == {1, 8, 32, 64}


@pytest.mark.usefixtures("no_pages")
@pytest.mark.parametrize(
    ("words", "tally", "sentence"),
    [
        (["--rounds", "0"], Tally(), "--rounds"),
        (["--seconds", "inf"], Tally(), "--seconds"),
        ([], Tally(failed=3, seconds=1.0, failure="ValueError: it went out"), "it went out"),
        ([], Tally(refused=3, seconds=1.0), "its queue was full"),
    ],
)
def test_what_goes_wrong_is_one_line(
    words: list[str],
    tally: Tally,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(serving, "ask", lambda order: tally)
    assert main(["serving", "--rows", "gan-clients-1", "--device", "cpu", *words]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert sentence in error
    assert error.count("\n") == 1
