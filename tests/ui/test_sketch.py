from pathlib import Path

import ganzoo
from ganzoo.inference.pictures import to_pixels
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import Models
from ganzoo.ui.reality import Reality
from ganzoo.ui.sketch import example
from tests.copies import copied


def test_examples_are_real_where_there_are_any_and_else_the_model_s_own(zoo: Path, tmp_path: Path) -> None:
    copied(zoo / "alpha", tmp_path / "garments", dataset="fashion-mnist")
    copied(zoo / "alpha", tmp_path / "digits", dataset="mnist")
    studio, reality = Studio(Models([tmp_path], device="cpu")), Reality(tmp_path)
    held_out = reality.of(studio.models["garments"], 3)
    assert held_out is not None
    assert (example(studio, reality, "garments", 2)[..., 0] == held_out.pictures[2, 0].numpy()).all()
    assert (example(studio, reality, "garments", 3) != example(studio, reality, "garments", 4)).any()
    own = to_pixels(ganzoo.sample(ganzoo.load(zoo / "alpha", "cpu"), [1002]))[0]
    assert (example(studio, reality, "digits", 2) == own).all()
