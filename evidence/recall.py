"""What of a test's answer can still change, so that an answer is worked out once for all it depends on.

A closed window is read from the periods up to its end; what is published for later periods changes
nothing. So an answer holds on every day that sees the same versions of those periods and reads its
placebos with the same delay (`Rests`). A fact holds while its series have the same versions, unless its
span ends with a day (`frozen`). Keeping answers by that makes a history as quick as the days on which
something did change.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

import numpy as np

from evidence.answer import Answer, Rests, answer, held_against, last_release, layers
from evidence.kinds.base import TestBase
from evidence.observations import View

T = TypeVar("T")


class Recall:
    """Answers by test, anchor and snapshot. Tests are told apart by object, and kept alive here."""

    def __init__(self) -> None:
        self._once: dict[tuple[object, ...], Any] = {}
        self._kept: dict[tuple[int, date, int], list[tuple[object, Answer]]] = {}
        self._tests: dict[int, TestBase] = {}

    def answer(self, test: TestBase, view: View, anchor: date) -> Answer:
        """`evidence.answer.answer`, kept: the same object for as long as nothing changed for the test."""
        self._tests[id(test)] = test  # an id is taken again once its object is gone
        kept = self._kept.setdefault((id(test), anchor, view.snapshot), [])
        happened = view.day >= anchor  # a window before the event may be out before it happens
        for seen, found in reversed(kept):
            if happened and seen is not None and seen == _seen(test, view, found):
                return found
        found = answer(test, view, anchor)
        seen = _seen(test, view, found)
        if kept and seen is None and _alike(kept[-1][1], found):
            return kept[-1][1]
        kept.append((seen, found))
        return found

    def once(self, key: tuple[object, ...], answers: Iterable[Answer], make: Callable[[], T]) -> T:
        """What is worked out from these answers alone, made once for each set of them."""
        whole = (*key, *(id(a) for a in answers))  # every answer given is kept alive above
        if whole not in self._once:
            self._once[whole] = make()
        found: T = self._once[whole]
        return found


def _alike(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same in all that is read of them: a trace does not show every placebo."""
    if one.trace != other.trace or one.rests != other.rests:
        return False
    a, b = one.ranked, other.ranked
    if a is None or b is None:
        return a is b
    return (a.raw, a.centre, a.scale, a.matters) == (b.raw, b.centre, b.scale, b.matters) and (
        np.array_equal(a.noise, b.noise)
    )


def _seen(test: TestBase, view: View, found: Answer) -> object | None:
    """What of a view this answer rests on; None where the day itself matters (it waits, or its span is open)."""
    if found.rests is not None:
        return _footprint(test, view, found.rests)
    if not found.trace.fact or getattr(test, "frozen", None) is not None:
        return None
    return tuple((name, len(view.series(name).owner)) for name in layers(test, view.catalogue))


def _footprint(test: TestBase, view: View, rests: Rests) -> object:
    """All of a view that an answer resting on these periods can depend on."""
    last = np.datetime64(rests.last)
    names = layers(test, view.catalogue)
    seen = []
    for name in (*names, *held_against(test, view.catalogue)):
        series = view.series(name)
        periods = int(np.searchsorted(series.periods, last, side="right"))
        versions = int(np.searchsorted(series.owner, periods))
        seen.append((name, periods, versions, series.revised))
    return tuple(seen), min(last_release(names, view), rests.enough)
