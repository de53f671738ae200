"""An environment of its own for TensorFlow, made when it is first needed and never the user's."""

import subprocess
import sys
from pathlib import Path

import torch

from benchmarks.contest import ROOT

FOLDER = ROOT / ".venv-keras"
REQUIREMENT = {"cpu": "tensorflow-cpu>=2.16,<3", "cuda": "tensorflow[and-cuda]>=2.16,<3"}
"""With Keras 3, by the device it has to compute on; on others the plain package knows best."""


class EnvironmentUnavailableError(Exception):
    """It cannot be made here. Its message is one sentence that says why."""


def keras_python(device: torch.device, folder: Path = FOLDER) -> Path:
    """The Python of an environment that has TensorFlow for this device. Raises ``EnvironmentUnavailableError``."""
    requirement = REQUIREMENT[device.type] if sys.platform == "linux" else "tensorflow>=2.16,<3"
    python, stamp = folder / "bin" / "python", folder / "installed"
    if stamp.exists() and stamp.read_text() == requirement:
        return python
    print(f"Installing {requirement} into {folder}, once: about 1.6 GB.", file=sys.stderr)
    try:
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        _run(str(python), "-m", "pip", "--disable-pip-version-check", "install", requirement)
        stamp.write_text(requirement)
    except (OSError, _FailedError) as error:
        raise EnvironmentUnavailableError(f"TensorFlow cannot be installed into {folder} ({error})") from error
    return python


class _FailedError(Exception):
    """What a command said last."""


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        raise _FailedError(lines[-1].removeprefix("ERROR: ").removeprefix("Error: "))
