import sys
from pathlib import Path

import pytest
import torch

from benchmarks import environment
from benchmarks.environment import EnvironmentUnavailableError, keras_python

CPU = torch.device("cpu")


def test_an_environment_that_is_there_is_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, ...]] = []

    def run(*command: str) -> None:
        (tmp_path / "keras").mkdir(exist_ok=True)
        ran.append(command)

    monkeypatch.setattr(environment, "_run", run)
    python = keras_python(CPU, tmp_path / "keras")
    assert python.is_relative_to(tmp_path)
    assert [command[0] for command in ran] == [sys.executable, str(python)]
    assert keras_python(CPU, tmp_path / "keras") == python
    assert len(ran) == 2
    keras_python(torch.device("cuda"), tmp_path / "keras")
    assert len(ran) == (4 if sys.platform == "linux" else 2), "another device needs another TensorFlow"


def test_where_it_cannot_be_made_one_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentUnavailableError, match="TensorFlow cannot be installed into"):
        keras_python(CPU, tmp_path / "file" / "keras")
