import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import perf_counter, sleep

import pytest
from playwright.sync_api import Browser

from benchmarks import hardware, pages, sampling, visitor
from benchmarks.__main__ import main
from benchmarks.contest import ContestError
from benchmarks.pages import RECIPES, Side
from benchmarks.sampling import pictures_a_second, split
from benchmarks.visitor import Answer, Painting, Seen

PARTS = {"queue", "compute", "encode", "transfer", "paint"}
SPANS = {"queue_wait_ms": 2.0, "fn_call_ms": 50.0, "postprocess_save_pil_to_cache_ms": 7.0}


def seen(told: dict[str, float] | None = None, arrived: float = 0.0) -> Seen:
    return Seen(1e12, 1000.0, [Answer("a", 1080.0, 50.0, told)], [Painting(1120.0, arrived)])


@pytest.mark.parametrize(
    ("click", "spans", "parts"),
    [
        # A page that tells nothing, and whose picture is a file: what gradio noted.
        (seen(arrived=1095.0), SPANS, {"queue": 2, "compute": 50, "encode": 7, "paint": 25, "transfer": 36}),
        # The same file as before: the browser kept it.
        (seen(arrived=300.0), SPANS, {"queue": 2, "compute": 50, "encode": 7, "paint": 40, "transfer": 21}),
        # A page that tells, and whose picture came with an answer that gradio's queue had no part in.
        (
            seen({"draw": 30.0, "encode": 4.0}),
            {},
            {"queue": 16, "compute": 30, "encode": 4, "paint": 40, "transfer": 30},
        ),
        # Pictures that were kept, which tell of when they were drawn.
        (
            seen({"draw": 90.0, "encode": 4.0}),
            {},
            {"queue": 46, "compute": 0, "encode": 4, "paint": 40, "transfer": 30},
        ),
    ],
)
def test_the_parts_of_a_click_add_up_to_it(click: Seen, spans: Mapping[str, float], parts: dict[str, float]) -> None:
    found = split(click, spans)
    assert found == {"whole": 120, **parts}
    assert sum(parts.values()) == found["whole"]


def test_pictures_are_counted_from_the_first_movement_to_the_last_picture() -> None:
    drag = Seen(1e12, 1000.0, [], [Painting(painted, 0.0) for painted in (1200.0, 1700.0, 2500.0)])
    assert pictures_a_second(drag) == 2.0


def take(name: str, log: list[str]) -> Callable[[], Mapping[str, float]]:
    wholes = {"ours": iter([100.0, 1.0, 3.0, 2.0]), "ordinary": iter([100.0, 9.0, 7.0, 8.0])}[name]

    def go() -> Mapping[str, float]:
        log.append(name)
        whole = next(wholes)
        return {"whole": whole, "paint": whole / 2}

    return go


def test_a_row_is_the_medians_of_turns_that_alternate() -> None:
    log: list[str] = []
    turns = sampling._turns([take("ours", log), take("ordinary", log)], times=3, warm_up=1)
    assert log == ["ours", "ordinary"] * 4
    row = sampling._row("click-mlp", turns, "1.2")
    assert (row.ours, row.ordinary, row.unit, row.ratio) == (2, 8, "ms", 4)
    assert row.details == {
        **{"ours_min": 1, "ours_max": 3, "ours_paint_ms": 1},
        **{"ordinary_min": 7, "ordinary_max": 9, "ordinary_paint_ms": 4},
        "browser": "Chromium 1.2",
    }


@pytest.mark.browser
def test_a_report_from_command_to_table(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = {name: recipe.model_copy(update={"width": 4}) for name, recipe in RECIPES.items()}
    monkeypatch.setattr(pages, "RECIPES", tiny)
    monkeypatch.setattr(hardware, "PEAK_SECONDS", 0.01)
    monkeypatch.setattr(sampling, "WARM_UP", 1)
    monkeypatch.setattr(sampling, "browsing", lambda: nullcontext(browser))
    path = tmp_path / "sampling.json"
    words = ["--clicks", "1", "--rounds", "1", "--device", "cpu", "--json", str(path)]
    assert main(["sampling", "--rows", "drag-slider", "click-again", "click-mlp", *words]) == 0
    assert "| click-again |" in capsys.readouterr().out

    rows = {row["name"]: row for row in json.loads(path.read_text())["rows"]}
    assert list(rows) == ["click-again", "click-mlp", "drag-slider"]
    for name, row in rows.items():
        details = row["details"]
        assert row["unit"] == ("pictures/s" if name == "drag-slider" else "ms")
        assert details["browser"] == f"Chromium {browser.version}"
        for side in ("ours", "ordinary"):
            assert details[f"{side}_min"] == row[side] == details[f"{side}_max"] > 0
            parts = {part: details[f"{side}_{part}_ms"] for part in PARTS if f"{side}_{part}_ms" in details}
            assert parts.keys() == (PARTS if name.startswith("click") else set())
            assert min(parts.values(), default=0) >= 0
            assert not parts or sum(parts.values()) == pytest.approx(row[side])


@pytest.mark.browser
def test_a_start_lasts_from_the_command_to_the_first_picture(
    browser: Browser, page_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Side] = []

    @contextmanager
    def served(side: Side) -> Iterator[str]:
        asked.append(side)
        sleep(0.5)
        yield page_url

    monkeypatch.setattr(sampling, "browsing", lambda: nullcontext(browser))
    monkeypatch.setattr(sampling, "served", served)
    began = perf_counter()
    (row,) = sampling.measure(rows=("start",), rounds=1, device="cpu")
    assert [side.name for side in asked] == ["ours", "ordinary"] * 2
    assert 500 < row.ours < 1000 * (perf_counter() - began)


def test_without_playwright_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert main(["sampling", "--device", "cpu"]) == 1
    assert capsys.readouterr().err == (
        "error: Playwright, which drives the browser, is not here: install ganzoo's extra test\n"
    )


def test_without_a_browser_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("playwright.sync_api.sync_playwright", nullcontext)
    monkeypatch.setattr("benchmarks.browser.open_browser", lambda playwright: None)
    assert main(["sampling", "--device", "cpu"]) == 1
    assert capsys.readouterr().err == "error: no Chromium or Chrome was found: install one and measure again\n"


@pytest.mark.parametrize("words", [["--clicks", "0"], ["--rounds", "0"]])
def test_medians_of_nothing_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sampling", *words]) == 1
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.browser
def test_a_page_that_shows_nothing_is_named(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "PATIENCE", 2)
    nothing = Side("ordinary", [], {})
    says = r"ordinary showed no picture \(.*0 came in 2 s\)"
    with (
        visitor.visiting(browser, nothing, "data:text/html,nothing") as somebody,
        pytest.raises(ContestError, match=says),
    ):
        somebody.arrive()
