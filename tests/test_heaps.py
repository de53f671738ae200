import platform
import subprocess
import sys

import pytest

from ganzoo.heaps import share_heaps

SCRIPT = """
import ctypes
from threading import Barrier, Thread
from ganzoo.heaps import share_heaps

if {shared}:
    assert share_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fdopen.restype = ctypes.c_void_p
here = Barrier(8)
def allocate():
    libc.malloc(1000)
    here.wait()
threads = [Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
out = libc.fdopen(1, b"w")
libc.malloc_info(0, ctypes.c_void_p(out))
libc.fflush(ctypes.c_void_p(out))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps are glibc's")
def test_threads_share_two_heaps() -> None:
    heaps = {}
    for shared in (False, True):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(shared=shared)], capture_output=True, text=True, check=True
        )
        heaps[shared] = run.stdout.count("<heap nr=")
    assert heaps[True] == 2 < heaps[False]


def test_other_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not share_heaps()
