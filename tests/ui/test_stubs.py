import inspect
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from subprocess import run

import gradio as gr
import pytest

from ganzoo.ui.stubs import without_stubs

NAME = "gradio.components.mine"
COMPONENT = """
from gradio.components.base import Component


class Mine(Component):
    EVENTS = ["change"]
"""


@pytest.mark.parametrize("context", [without_stubs, nullcontext])
def test_a_component_made_within_writes_no_stub(tmp_path: Path, context: type[AbstractContextManager[None]]) -> None:
    source = tmp_path / "mine.py"
    source.write_text(COMPONENT)
    spec = spec_from_file_location(NAME, source)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[NAME] = module = module_from_spec(spec)
    try:
        with context():
            spec.loader.exec_module(module)
    finally:
        del sys.modules[NAME]
    assert hasattr(module.Mine, "change")
    assert source.with_suffix(".pyi").exists() == (context is nullcontext)


def test_other_files_are_found_within_and_all_after_it() -> None:
    with without_stubs():
        assert inspect.getfile(Path).endswith("pathlib.py")
        with pytest.raises(OSError, match="stub"):
            inspect.getfile(gr.Button)
    assert inspect.getfile(gr.Button).endswith("button.py")


def test_the_page_imports_gradio_in_this_way() -> None:
    blinded = "import ast; ast.get_source_segment = None; import ganzoo.ui, gradio; print(gradio.Button.__name__)"
    done = run([sys.executable, "-c", blinded], capture_output=True, text=True, check=True)
    assert done.stdout == "Button\n"
