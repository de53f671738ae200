import platform
import subprocess
import sys

import pytest
import torch

from ganzoo.heaps import share_heaps

HEAPS = """
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

PRODUCTS = """
import ctypes
from threading import Barrier, Thread
from ganzoo.heaps import return_buffers

if {returned}:
    return_buffers()
import torch

class Tally(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ord sm hblks hblkhd usm fsm used free keep".split()]
libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Tally
layer, rows = torch.nn.Linear(128, 1024), torch.ones(64, 128)
multiplied, weighed = Barrier(9), Barrier(9)
def multiply():
    with torch.no_grad():
        layer(rows)
    multiplied.wait()
    weighed.wait()
before = libc.mallinfo2().used
for _ in range(8):
    Thread(target=multiply).start()
multiplied.wait()
print(libc.mallinfo2().used - before)
weighed.wait()
"""


def output(script: str) -> str:
    """What the script writes, run by a process of its own."""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps are glibc's")
def test_threads_share_two_heaps() -> None:
    heaps = {shared: output(HEAPS.format(shared=shared)).count("<heap nr=") for shared in (False, True)}
    assert heaps[True] == 2 < heaps[False]


def test_other_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not share_heaps()


@pytest.mark.skipif(not torch.backends.mkl.is_available(), reason="the buffers are MKL's")
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that is asked")
def test_threads_that_have_multiplied_hold_no_buffers() -> None:
    kept = {returned: int(output(PRODUCTS.format(returned=returned))) for returned in (False, True)}
    assert kept[True] < kept[False] / 4
