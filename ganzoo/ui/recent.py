"""A bounded cache."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values used last, as long as they fit ``limit`` bytes; the newest is kept however large.

    ``size`` tells the bytes of one. Safe to use from several threads.
    """

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self._limit = limit
        self._size = size
        self._lock = Lock()
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key) -> Value | None:
        """The value, which is now the newest; None if it is not here, or no longer."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep the value as the newest, and forget those used longest ago that no longer fit."""
        with self._lock:
            self._forget(key)
            self._values[key] = value
            self._bytes += self._size(value)
            while self._bytes > self._limit and len(self._values) > 1:
                self._forget(next(iter(self._values)))

    def forget(self, keys: Iterable[Key]) -> None:
        """Keep none of these."""
        with self._lock:
            for key in keys:
                self._forget(key)

    def _forget(self, key: Key) -> None:
        if key in self._values:
            self._bytes -= self._size(self._values.pop(key))
