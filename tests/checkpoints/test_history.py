import json
from itertools import pairwise
from pathlib import Path

from ganzoo.checkpoints.history import POINTS, Quality, loss_curves, quality_curve


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


def test_what_was_measured_along_the_run_is_read_with_equal_suspicion(tmp_path: Path) -> None:
    losses = {"loss/generator": 1.0, "loss/discriminator": 2.0}
    rows: list[dict[str, object]] = [
        {"step": 1, "images": 64, "seconds": 0.5, **losses},
        {"step": 4, "images": 256, "seconds": 2.0, **losses, "quality/frechet-classifier-distance": 9.5},
        {"step": 2, "images": 128, "seconds": 1.0, "quality/frechet-classifier-distance": 20},
        {"step": 6, "images": 384, "seconds": float("inf"), "quality/frechet-classifier-distance": 1},
        {"step": 6, "images": 384, "quality/frechet-classifier-distance": 1},
        {"step": 6, "images": "many", "seconds": 3.0, "quality/frechet-classifier-distance": 1},
    ]
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    assert quality_curve(tmp_path) == [Quality(2, 128, 1.0, 20), Quality(4, 256, 2.0, 9.5)]
    assert [step for step, _ in loss_curves(tmp_path)["generator"]][:2] == [1.0, 4.0]
    file.write_text("\n".join(json.dumps(rows[1] | {"step": step}) for step in range(1_000)))
    assert 1 < len(quality_curve(tmp_path)) <= POINTS
    assert quality_curve(tmp_path / "nowhere") == []
