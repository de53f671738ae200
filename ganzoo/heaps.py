"""Memory that a process with many threads gives back."""

import ctypes
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
