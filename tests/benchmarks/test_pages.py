import sys
from pathlib import Path
from time import sleep

import pytest
import torch

import ganzoo
from benchmarks import pages
from benchmarks.contest import ContestError
from benchmarks.pages import RECIPES, Side, served, untrained_zoo
from ganzoo.generator import parameter_count

PAGE = """
import os, subprocess, sys, time
child = "import sys, time\\nwhile True:\\n open(sys.argv[1], 'a').write('.'); time.sleep(0.01)"
subprocess.Popen([sys.executable, "-c", child, sys.argv[1]])
open(sys.argv[2], "w").write(os.environ["GRADIO_TEMP_DIR"])
print("a greeting")
print("* Running on local URL:  http://127.0.0.1:7999", flush=True)
time.sleep(600)
"""
"""Starts a child that writes for ever, tells where its files lie, and says that it is up."""


@pytest.mark.parametrize("error", [None, KeyboardInterrupt])
def test_a_page_ends_with_its_block_and_so_does_what_it_started(
    tmp_path: Path, error: type[BaseException] | None
) -> None:
    log, told = tmp_path / "log", tmp_path / "told"
    side = Side("ours", [sys.executable, "-c", PAGE, str(log), str(told)], {})

    def visit() -> None:
        with served(side) as url:
            assert url == "http://127.0.0.1:7999"
            while not log.exists():
                sleep(0.01)
            if error is not None:
                raise error

    if error is None:
        visit()
    else:
        with pytest.raises(error):
            visit()
    written = log.stat().st_size
    sleep(0.1)
    assert log.stat().st_size == written
    assert not Path(told.read_text()).exists()


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("print('no page'); raise SystemExit(7)", r"ordinary did not come up \(exit status 7\)"),
        (
            "print('no page'); raise SystemExit('There is no abacus.')",
            r"ordinary did not come up \(There is no abacus\.\)",
        ),
    ],
)
def test_a_page_that_does_not_come_up_is_named(program: str, sentence: str) -> None:
    with pytest.raises(ContestError, match=sentence), served(Side("ordinary", [sys.executable, "-c", program], {})):
        pass


def test_the_untrained_zoo_holds_the_published_networks_while_it_is_used() -> None:
    with untrained_zoo() as zoo:
        for name, recipe in RECIPES.items():
            generator = ganzoo.load(zoo / name, "cpu")
            assert parameter_count(generator) == parameter_count(recipe.game().players["generator"])
            assert generator.image_shape == (1, 28, 28)
    assert not zoo.exists()
    assert RECIPES["untrained-dcgan"].width == 64


def test_both_sides_are_told_the_device_and_the_models(tmp_path: Path) -> None:
    ours, ordinary = (side(torch.device("cpu"), tmp_path) for side in (pages.ours, pages.ordinary))
    assert ours.environment == {"GANZOO_DEVICE": "cpu", "GANZOO_ZOO": str(tmp_path)}
    assert list(ordinary.command)[-2:] == ["cpu", str(tmp_path)]
