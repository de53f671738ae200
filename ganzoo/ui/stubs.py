"""Importing gradio without having it look after its stubs."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


@contextmanager
def without_stubs() -> Iterator[None]:
    """Have gradio's classes leave their ``.pyi`` files alone, which takes a third off importing them.

    For each component, and at every import, gradio parses its source and compares what it says of its events with the
    stub beside it; those that come with gradio are right already. It leaves out a class that was written in no file,
    and finds that out by asking for the file.
    """
    find = inspect.getfile

    def getfile(thing: Any) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError("not now: gradio would look after a stub")
        return find(thing)

    with mock.patch.object(inspect, "getfile", getfile):
        yield
