"""Loads the checkpoint folders named on standard input, a JSON string a line, and says what came of each.

A process of its own, so that the memory that loading takes can be seen.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path

from ganzoo.checkpoints import read_checkpoint


def peak_megabytes() -> float:
    """The most memory this process has held since ``forget_peak``, or since its start where that is not to be had."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # macOS counts bytes


def forget_peak() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def load(folder: str) -> None:
    checkpoint = read_checkpoint(folder)
    checkpoint.load_generator("cpu")
    checkpoint.load_discriminator("cpu")


load(sys.argv[1])  # what imports and first calls take is nobody's fault
for line in sys.stdin:
    forget_peak()
    before = peak_megabytes()
    verdict = {"error": "nothing", "message": ""}
    try:
        load(json.loads(line))
    except Exception as error:
        verdict = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(verdict | {"rise": peak_megabytes() - before}), flush=True)
