import json
from pathlib import Path

import pytest

from benchmarks.report import Report, ReportError, Row, check_place


@pytest.fixture
def report() -> Report:
    return Report(
        benchmark="training",
        date="2026-01-02T03:04:05+00:00",
        hardware={"cpu": "Abacus", "gpu": None, "peak_gflops": {"float32": 150.9}},
        versions={"ganzoo": "0.1.0"},
        rows=[
            Row("gan", 15982.4, 3243.0, "images/s", {"ours_min": 15000.0, "ours_max": 16000.0, "ordinary_workers": 2}),
            Row("click", 20.0, None, "ms", {"encode": 0.123456}, note="in Chromium"),
        ],
        notes=["How it was counted.", "click: in Chromium"],
    )


def test_a_ratio_over_one_is_better_whichever_way_the_unit_goes() -> None:
    assert Row("a", 200.0, 50.0, "images/s").ratio == 4
    assert Row("b", 50.0, 200.0, "requests/s").ratio == 0.25
    assert Row("c", 50.0, 200.0, "ms").ratio == 4
    assert Row("d", 50.0, None, "ms").ratio is None


def test_a_unit_that_goes_neither_way_is_refused() -> None:
    with pytest.raises(ValueError, match="furlongs"):
        Row("a", 1.0, 1.0, "furlongs")


def test_the_json_holds_everything(report: Report, tmp_path: Path) -> None:
    report.save(tmp_path / "report.json")
    saved = json.loads((tmp_path / "report.json").read_text())
    assert list(saved) == ["benchmark", "date", "hardware", "versions", "rows", "notes"]
    assert saved["hardware"]["peak_gflops"] == {"float32": 150.9}
    gan, click = saved["rows"]
    assert gan["name"] == "gan"
    assert gan["ratio"] == gan["ours"] / gan["ordinary"]
    assert gan["unit"] == "images/s"
    assert gan["details"]["ordinary_workers"] == 2
    assert click["ordinary"] is None
    assert click["ratio"] is None


def test_the_markdown_shows_rows_with_their_spread_then_details_then_notes(report: Report) -> None:
    text = report.markdown()
    assert "Measured on: cpu Abacus; peak_gflops float32 151." in text
    assert "| gan | 15,982 (15,000–16,000) | 3,243 | images/s | 4.93 |" in text
    assert "| click | 20 | – | ms | – |" in text
    assert "|  | gan | click |" in text
    assert "| ordinary_workers | 2 | – |" in text
    assert "| encode | – | 0.123 |" in text
    assert "ours_min" not in text
    assert text.endswith("- How it was counted.\n- click: in Chromium")


def test_a_place_that_takes_no_report_is_named(report: Report, tmp_path: Path) -> None:
    check_place(tmp_path / "new.json")
    for path in (tmp_path, tmp_path / "nowhere" / "new.json"):
        with pytest.raises(ReportError, match="--json"):
            check_place(path)
    with pytest.raises(ReportError, match="--json"):
        report.save(tmp_path)
    assert list(tmp_path.iterdir()) == []
