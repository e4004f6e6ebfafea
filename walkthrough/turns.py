"""One run of the script at a time, in the order in which they came, and the short ones first.

Python computes in one thread at a time. Fifty runs that share it end all at once, at the end; fifty that take turns
end one after the other, and switch less. Who only waits for another process steps aside. Who draws much gives way between
two charts, and goes on when no fresh run waits. Who takes long without giving way is overtaken.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LONG = 0.1
"""Seconds after which the next one no longer waits for who has the turn."""
SLICE = 0.05
"""Seconds that a fresh run has before it gives way. After that it gives way to every fresh one."""
ENOUGH = 1.0
"""Seconds after which who gave way counts as fresh again."""


@dataclass(eq=False)
class Turn:
    """A place in a line. fresh: in the first of two. came: when it was taken. door: opens when its turn comes."""

    fresh: bool
    came: float = field(default_factory=time.monotonic)
    door: threading.Lock = field(default_factory=threading.Lock)


class Turns:
    """Who has the turn, and who waits for it: fresh runs, and those that have had a slice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fresh: deque[Turn] = deque()
        self._later: deque[Turn] = deque()
        self._holder: Turn | None = None
        self._since = 0.0
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for the turn, and passes it on at the end, however that comes."""
        self._own.turn = self._take(fresh=True)
        try:
            yield
        finally:
            self._give(self._own.turn)
            self._own.turn = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Lets others go on meanwhile, and from then on first: who waited that long has time. Nothing for who has no turn."""
        mine = getattr(self._own, "turn", None)
        if mine is None:
            yield
            return
        self._give(mine)
        try:
            yield
        finally:
            self._own.turn = self._take(fresh=False)

    def give_way(self) -> None:
        """Lets those go first who wait, once a slice is used up. Nothing for who has no turn."""
        mine = getattr(self._own, "turn", None)
        if mine is None or not self._due(mine):
            return
        self._give(mine)
        self._own.turn = self._take(fresh=False)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._fresh) + len(self._later)

    @property
    def held(self) -> bool:
        """Whether somebody has the turn."""
        return self._holder is not None

    def _due(self, mine: Turn) -> bool:
        """Whether a run should give way: not while nobody waits for it."""
        with self._lock:
            if self._holder is not mine:  # it was overtaken: it lines up again
                return True
            following = self._next()
            if following is None:
                return False
            used = time.monotonic() - self._since
            return used >= SLICE or (following.fresh and not mine.fresh)

    def _take(self, *, fresh: bool) -> Turn:
        mine = Turn(fresh)
        mine.door.acquire()
        with self._lock:
            if self._holder is None:
                return self._hold(mine)
            (self._fresh if fresh else self._later).append(mine)
        while not mine.door.acquire(timeout=LONG):
            with self._lock:
                if self._next() is mine and time.monotonic() - self._since >= LONG:
                    return self._hold(self._called(mine))
        return mine

    def _give(self, mine: Turn) -> None:
        with self._lock:
            if self._holder is not mine:  # it was overtaken
                return
            self._holder = None
            following = self._next()
            if following is not None:
                self._hold(self._called(following)).door.release()

    def _next(self) -> Turn | None:
        """Whose turn comes: a fresh one's, unless another has waited long enough."""
        later = self._later[0] if self._later else None
        if later and (not self._fresh or _enough(later)):
            return later
        return self._fresh[0] if self._fresh else None

    def _called(self, whose: Turn) -> Turn:
        """The next one, out of its line."""
        (self._fresh if whose.fresh else self._later).popleft()
        whose.fresh = whose.fresh or _enough(whose)
        return whose

    def _hold(self, whose: Turn) -> Turn:
        self._holder, self._since = whose, time.monotonic()
        return whose


def _enough(whose: Turn) -> bool:
    return time.monotonic() - whose.came >= ENOUGH


turns = Turns()
