"""Where the arithmetic happens, and how exactly."""

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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


@contextmanager
def full_precision() -> Iterator[None]:
    """Keep float32 arithmetic whole inside the block: no TF32 on CUDA, no bfloat16 on the CPU.

    The switches belong to the process, not to the thread.
    """
    backends: Any = torch.backends  # whose parts are made at run time
    switches = (
        backends.cuda.matmul,
        backends.cudnn.conv,
        backends.cudnn.rnn,
        backends.mkldnn.conv,
        backends.mkldnn.matmul,
    )
    before = [switch.fp32_precision for switch in switches]
    try:
        for switch in switches:
            switch.fp32_precision = "ieee"
        yield
    finally:
        for switch, precision in zip(switches, before, strict=True):
            switch.fp32_precision = precision


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
