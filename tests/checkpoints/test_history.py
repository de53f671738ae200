import json
from itertools import pairwise
from pathlib import Path

from ganzoo.checkpoints.history import POINTS, loss_curves


def test_curves_are_thinned_to_means_and_keep_their_ends(tmp_path: Path) -> None:
    rows = [{"step": step, "loss/generator": float(step), "loss/discriminator": 1.0} for step in range(10_000)]
    (tmp_path / "history.jsonl").write_text("\n".join(map(json.dumps, rows)))
    curve = loss_curves(tmp_path)["generator"]
    assert 1 < len(curve) <= POINTS
    assert curve[-1][0] == 9_999.0
    assert all(loss == (before + 1 + step) / 2 for (before, _), (step, loss) in pairwise(curve))


def test_lines_that_are_no_history_are_passed_over(tmp_path: Path) -> None:
    good = [json.dumps({"step": step, "loss/generator": 1.0, "loss/discriminator": 2.0}) for step in range(3)]
    bad = [
        "",
        "[]",
        "3",
        "{",
        '{"step": 1}',
        '{"step": "x", "loss/generator": 1}',
        '{"step": 1, "loss/generator": NaN}',
        '{"step": 1, "loss/generator": -1e300, "loss/discriminator": 1}',
        f'{{"step": 1{"0" * 400}, "loss/generator": 1, "loss/discriminator": 1}}',
    ]
    (tmp_path / "history.jsonl").write_text("\n".join([*bad, *good, "[" * 100_000, "\x00"]))
    assert loss_curves(tmp_path)["generator"] == [(0.0, 1.0), (1.0, 1.0), (2.0, 1.0)]
