"""What a benchmark ran on: names, counts, and how fast this machine multiplies matrices."""

import os
import platform
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

import ganzoo
from ganzoo.device import describe_device

FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "sve", "bf16")
"""Instruction sets on which the speed of training depends, as Linux calls them."""
NUMBER_TYPES = ("float32", "bfloat16")
PEAK_SECONDS = 1.0
"""How long one size of one number type is measured."""
PATIENCE = 5.0
"""How long one product may take to be worth it, in seconds."""


def hardware(device: torch.device) -> dict[str, Any]:
    """The machine, and the matrix products that it does in a second: what the speed of training is bound by."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"^(?:flags|Features)\s*:(.*)", cpuinfo.read_text() if cpuinfo.exists() else "", re.MULTILINE)
    flags = found[1].split() if found else []
    return {
        "cpu": describe_device(torch.device("cpu")).partition(",")[0],
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "flags": " ".join(flag for flag in FLAGS if flag in flags),
        "onednn_max_cpu_isa": os.environ.get("ONEDNN_MAX_CPU_ISA"),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "gpu": None if device.type == "cpu" else describe_device(device),
        "peak_gflops": {name: round(matrix_peak(device, name), 1) for name in NUMBER_TYPES},
    }


def versions() -> dict[str, str]:
    return {
        "ganzoo": ganzoo.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "torchvision", "numpy", "gradio")},
    }


@cache
def matrix_peak(device: torch.device, number_type: str) -> float:
    """GFLOP/s of products of two square matrices, the best of many: hardly anything on this device does more.

    They are 2048 wide, and 256 wide, which some devices do faster; only that where a large one would take too long,
    because there are no units for the type.
    """
    peak = _product_speed(device, number_type, 256)
    if 2 * 2048**3 / (1e9 * peak) < PATIENCE:
        peak = max(peak, _product_speed(device, number_type, 2048))
    return peak


def _product_speed(device: torch.device, number_type: str, side: int) -> float:
    left, right = (torch.randn(side, side, device=device).to(getattr(torch, number_type)) for _ in range(2))
    wait = torch.get_device_module(device).synchronize
    best, count = 0.0, 1
    began = perf_counter()
    while perf_counter() - began < PEAK_SECONDS:
        wait()
        started = perf_counter()
        for _ in range(count):
            left @ right
        wait()
        best = max(best, count * 2 * side**3 / (perf_counter() - started) / 1e9)
        count *= 2
    return best
