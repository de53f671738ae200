"""Memory that a process with many threads gives back."""

import ctypes
import os
import platform

HEAPS = 2
M_ARENA_MAX = -8
"""As ``malloc.h`` of glibc numbers it."""


def share_heaps() -> bool:
    """Have all threads that are yet to come allocate from ``HEAPS``; whether that could be arranged.

    glibc gives each thread a heap, up to eight for each processor core, and each keeps what its threads once needed
    to draw: a server's tens of threads then hold several times the memory that is in use. Other libraries are left
    alone.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS))


def return_buffers() -> None:
    """Have MKL, by which PyTorch multiplies on most processors, give back its buffers after every product.

    By itself it keeps those of each thread that has ever multiplied. It reads this when PyTorch is imported, so that
    has to come later; what the variable says already, it goes on saying.
    """
    os.environ.setdefault("MKL_DISABLE_FAST_MM", "1")
