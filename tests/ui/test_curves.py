from pathlib import Path

from ganzoo.checkpoints import loss_curves
from ganzoo.ui.curves import plots
from ganzoo.ui.models import Models
from ganzoo.ui.plots import Line, plot


def test_without_history_there_are_no_curves_and_that_is_said(tmp_path: Path, zoo: Path) -> None:
    assert loss_curves(tmp_path) == {}
    (tmp_path / "inside").mkdir()
    (tmp_path / "elsewhere").write_bytes((zoo / "alpha" / "history.jsonl").read_bytes())
    (tmp_path / "inside" / "history.jsonl").symlink_to(tmp_path / "elsewhere")  # a link out of the folder
    assert loss_curves(tmp_path / "inside") == {}
    assert "no loss curves" in plots([])
    assert plots(list(Models([zoo]))).count("<svg") == 3


def test_a_flat_curve_can_be_drawn_and_names_are_escaped() -> None:
    drawn = plot("<b>", [Line("<i>", "first", [0, 1], [2.0, 2.0])], unit="steps", x_end=1)
    assert "nan" not in drawn
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert "&lt;b&gt;" in drawn


def test_words_at_the_ends_of_curves_that_meet_do_not_cover_each_other() -> None:
    drawn = plot("x", [Line(name, "first", [0, 1], [0.0, 1.0]) for name in ("a", "b")], unit="steps", x_end=1)
    assert 'style="top:0.0%">a<' in drawn
    assert 'style="top:16.0%">b<' in drawn
