"""The stories' memory for the pages: each history made once in the background and kept, and the days that matter.

Days that the snapshot's folder remembers are not scored again, and mostly those are all. To score every day
of every story takes minutes. So a page never waits for it: it shows what is made, and a thread goes on with
the rest, the story that somebody looks at first.
"""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock, Thread

import streamlit as st

from briefs.desk import Desk
from evidence import telling
from evidence.engine import Engine
from evidence.history import History, Turn
from evidence.remembered import remembered

LOOKS_AGAIN = 2.0
"""Seconds after which a page looks whether more histories are made."""
BREATH = 0.02
"""Seconds between two histories, in which a page that waits for one takes its turn."""


@dataclass(frozen=True)
class Stop:
    """A day that matters, what came on it, and how much it moved."""

    on: date
    name: str
    weight: int = 0

    @property
    def label(self) -> str:
        """`18 Jun 2025: TIC for April`."""
        return telling.stop(self.on, self.name)


@dataclass
class Memory:
    """The histories of one engine's stories, to the newest day."""

    engine: Engine
    made: dict[str, History] = field(default_factory=dict)
    told: dict[tuple[str | None, date, int], tuple[Stop, ...]] = field(default_factory=dict)
    _next: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _thread: Thread | None = None

    def whole(self, story: str) -> History:
        """A story's history; made now if it is not there yet."""
        if story not in self.made:
            with self._lock:
                if story not in self.made:
                    self.made[story] = remembered(self.engine, story)
        return self.made[story]

    def read(self, stories: Iterable[str]) -> None:
        """Makes those that are missing, in the background, in this order from now on."""
        self._next = [story for story in dict.fromkeys(stories) if story not in self.made]
        if self._next and (self._thread is None or not self._thread.is_alive()):
            self._thread = Thread(target=self._all, daemon=True)
            self._thread.start()

    def _all(self) -> None:
        while missing := [story for story in self._next if story not in self.made]:
            self.whole(missing[0])
            time.sleep(BREATH)


@st.cache_resource(max_entries=4, show_spinner=False)
def _memory(key: tuple[str, int], _engine: Engine) -> Memory:  # noqa: ARG001  (the cache reads it)
    return Memory(_engine)


def memory(desk: Desk) -> Memory:
    """The memory of a desk."""
    return _memory(
        (desk.store.hash, id(desk.engine)), desk.engine
    )  # it keeps the engine, so the id is its own


def whole(desk: Desk, story: str) -> History:
    """A story's history to the newest day. For the days to go to; what a page tells comes from `upto`."""
    return memory(desk).whole(story)


def upto(desk: Desk, story: str, day: date) -> History | None:
    """A story's history as far as it was known on a day; None before it begins."""
    found = whole(desk, story)
    return found.upto(day) if day >= found.first else None


def ready(desk: Desk, wanted: str | None = None, *, alone: bool = False) -> list[str]:
    """The stories whose histories are made; asking sets the background to work on the rest, `wanted` first or `alone`."""
    found = memory(desk)
    first = [wanted] if wanted else []
    found.read(first if alone else [*first, *desk.stories])
    return [story for story in desk.stories if story in found.made]


def stops(desk: Desk, story: str | None) -> tuple[Stop, ...]:
    """The event, the newest day, and the days on which the story's verdict turned (any story's without one).

    Turns of stories whose histories are not made yet are not among them.
    """
    own = [name for name in ready(desk, story) if story in (None, name)]
    told, key = memory(desk).told, (story, desk.newest, len(own))
    if key not in told:
        told[key] = _stops(desk, own)
    return told[key]


def _stops(desk: Desk, made: Iterable[str]) -> tuple[Stop, ...]:
    found = {desk.newest: Stop(desk.newest, "")}
    if desk.the_event is not None:
        found[desk.the_event.date] = Stop(desk.the_event.date, desk.the_event.name)
    by_day: dict[date, list[Turn]] = {}
    for name in made:
        for turn in whole(desk, name).turns:
            by_day.setdefault(turn.on, []).append(turn)
    for on, own in by_day.items():
        names = Counter(t.label for t in own if t.label).most_common(1)
        weight = sum(2 if t.changed_direction else 1 for t in own)
        found[on] = Stop(on, names[0][0] if names else "", weight)
    return tuple(found[on] for on in sorted(found))


def awaited(desk: Desk, story: str, *, alone: bool = False) -> bool:
    """Whether a story's history is made; if not, a line says so and the page draws itself again once it is.

    alone: no other story's is made, as for a frozen view, which nobody leaves for another story.
    """
    if story in ready(desk, story, alone=alone):
        return True

    @st.fragment(run_every=LOOKS_AGAIN)
    def line() -> None:
        if story in ready(desk, story, alone=alone):
            st.rerun()
        st.caption("Reading each day as it was known then …")

    line()
    return False


def reading(desk: Desk) -> None:
    """A line while histories are being made; the page draws itself again as they come."""
    known = len(ready(desk))
    if known == len(desk.stories):
        return

    @st.fragment(run_every=LOOKS_AGAIN)
    def line() -> None:
        now = len(ready(desk))
        st.caption(telling.reading(now, len(desk.stories)))
        if now > known:
            st.rerun()

    line()
