import json
from math import isnan
from pathlib import Path

import pytest

from benchmarks import hardware
from benchmarks.__main__ import main
from benchmarks.contest import memory
from benchmarks.crowd import rows
from benchmarks.roaming import TABS, Tally


def test_a_report_from_command_to_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "PEAK_SECONDS", 0.01)
    path = tmp_path / "crowd.json"
    words = ["--visitors", "4", "--painting", "1", "--playing", "1", "--seconds", "0.01", "--device", "cpu"]
    assert main(["crowd", *words, "--json", str(path)]) == 0
    assert "| lab |" in capsys.readouterr().out
    found = {row["name"]: row for row in json.loads(path.read_text())["rows"]}
    assert found["memory"]["details"]["failed"] == 0
    assert {"sample", "paint", "lab"} < set(found) <= {*TABS, "paint", "lab", "memory"}
    for name in {*found} - {"memory"}:
        assert 0 < found[name]["ours"] <= found[name]["details"]["slowest_ms"]


def test_waiting_is_a_median_and_memory_what_was_added() -> None:
    tally = Tally({"sample": [0.1, 0.3, 0.2], "lab": [2.0]}, ["lab: Too many."], [100.0, 180.0, 150.0])
    sample, lab, added = rows(tally)
    assert (sample.ours, sample.details["slowest_ms"], sample.details["answered"]) == (200, 300, 3)
    assert (lab.ours, lab.details["slowest_tenth_ms"]) == (2000, 2000)
    assert (added.ours, added.details["failed"], added.note) == (50, 1, "lab: Too many.")
    assert isnan(rows(Tally({}, [], [100.0]))[0].ours)


def test_who_comes_must_make_sense(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crowd", "--visitors", "3", "--playing", "4"]) == 1
    assert "mend the numbers" in capsys.readouterr().err


def test_a_process_that_is_gone_has_no_memory() -> None:
    assert memory("VmRSS", 2**22 + 1) is None
