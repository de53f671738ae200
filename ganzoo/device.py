"""Where the arithmetic happens, and how exactly."""

import os
import platform
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import torch


class DeviceError(ValueError):
    """A device that this computer does not have. Its text is one sentence for the person who asked."""


def pick_device(name: str) -> torch.device:
    """The device called ``auto``, ``cpu``, ``cuda`` or ``mps``; ``auto`` is the fastest there is.

    Raises ``DeviceError`` for another name and for a device that is not there.
    """
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(device for device, there in available.items() if there))
    if name not in available:
        raise DeviceError(f"There is no device {name[:40]!r}: choose auto, cpu, cuda or mps.")
    if not available[name]:
        raise DeviceError(f"PyTorch finds no {name} device on this computer: choose auto or cpu.")
    return torch.device(name)


class _FullPrecision:
    """Switches to whole float32 arithmetic when the first thread enters, and back when the last one leaves."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._before: list[str] = []

    @property
    def _switches(self) -> tuple[Any, ...]:
        backends: Any = torch.backends  # whose parts are made at run time
        return (
            backends.cuda.matmul,
            backends.cudnn.conv,
            backends.cudnn.rnn,
            backends.mkldnn.conv,
            backends.mkldnn.matmul,
        )

    def enter(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = [switch.fp32_precision for switch in self._switches]
                self._set(["ieee"] * len(self._before))
            self._inside += 1

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._set(self._before)

    def _set(self, precisions: Sequence[str]) -> None:
        for switch, precision in zip(self._switches, precisions, strict=True):
            switch.fp32_precision = precision


_full_precision = _FullPrecision()


@contextmanager
def full_precision() -> Iterator[None]:
    """Keep float32 arithmetic whole inside the block: no TF32 on CUDA, no bfloat16 on the CPU.

    The switches belong to the process, so other threads compute as exactly while one is inside.
    """
    _full_precision.enter()
    try:
        yield
    finally:
        _full_precision.leave()


def describe_device(device: torch.device) -> str:
    """What computes, for people: the GPU's name, or the processor's with its cores and the threads in use."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")  # Linux, where platform knows only the architecture
    if cpuinfo.exists() and (model := re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())):
        name = model[1]
    accelerator = "" if device.type == "cpu" else f"{device.type} of "
    threads = torch.get_num_threads()
    return f"{accelerator}{name}, {os.cpu_count()} cores, {threads} thread{'s' if threads > 1 else ''}"
