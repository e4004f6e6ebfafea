"""One run of the script at a time, in the order in which they came.

Python computes in one thread at a time. Fifty runs that share it end all at once, at the end; fifty that take turns
end one after the other, and switch less. Who only waits for another process steps aside, and who takes long is overtaken.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

LONG = 0.1
"""Seconds after which the next one no longer waits for who has the turn."""


class Turns:
    """Who has the turn, and who waits for it. Each is known by a lock of its own, which opens when its turn comes."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: threading.Lock | None = None
        self._since = 0.0
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for the turn, and passes it on at the end, however that comes."""
        self._own.turn = self._take()
        try:
            yield
        finally:
            self._give(self._own.turn)
            self._own.turn = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Lets others go on meanwhile. Nothing for who has no turn, like a callback."""
        mine = getattr(self._own, "turn", None)
        if mine is None:
            yield
            return
        self._give(mine)
        try:
            yield
        finally:
            self._own.turn = self._take()

    def _take(self) -> threading.Lock:
        mine = threading.Lock()
        mine.acquire()
        with self._door:
            if self._holder is None:
                self._hold(mine)
                return mine
            self._waiting.append(mine)
        while not mine.acquire(timeout=LONG):
            with self._door:
                first = self._waiting and self._waiting[0] is mine
                if first and time.monotonic() - self._since >= LONG:
                    self._hold(self._waiting.popleft())
                    return mine
        return mine

    def _give(self, mine: threading.Lock) -> None:
        with self._door:
            if self._holder is not mine:  # it was overtaken
                return
            self._holder = None
            if self._waiting:
                self._hold(self._waiting.popleft()).release()

    def _hold(self, whose: threading.Lock) -> threading.Lock:
        self._holder, self._since = whose, time.monotonic()
        return whose


turns = Turns()
