"""What of a test's answer can still change, so that an answer is worked out once for all it depends on.

A closed window is read from the periods up to its end; what is published for later periods changes
nothing. So an answer holds on every day that sees the same versions of those periods and reads its
placebos with the same delay (`Rests`). Keeping answers by that makes a history as quick as the days on
which something did change.
"""

from datetime import date

import numpy as np

from evidence.answer import Answer, Rests, answer, last_release, layers
from evidence.kinds.base import TestBase
from evidence.observations import View


class Recall:
    """Answers by test, anchor and snapshot. Tests are told apart by object, and kept alive here."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, date, int], list[tuple[object, Answer]]] = {}
        self._tests: dict[int, TestBase] = {}

    def answer(self, test: TestBase, view: View, anchor: date) -> Answer:
        """`evidence.answer.answer`, kept: the same object for as long as nothing changed for the test."""
        self._tests[id(test)] = test  # an id is taken again once its object is gone
        kept = self._kept.setdefault((id(test), anchor, view.snapshot), [])
        for seen, found in reversed(kept):
            if found.rests is not None and seen == _footprint(test, view, found.rests):
                return found
        found = answer(test, view, anchor)
        if kept and found.rests is None and kept[-1][1].trace == found.trace:
            return kept[-1][1]
        seen = _footprint(test, view, found.rests) if found.rests is not None else None
        kept.append((seen, found))
        return found


def _footprint(test: TestBase, view: View, rests: Rests) -> object:
    """All of a view that an answer resting on these periods can depend on."""
    last = np.datetime64(rests.last)
    names = layers(test, view.catalogue)
    held_against = {view.catalogue.series[name].open_interest for name in test.reads}
    seen = []
    for name in (*names, *sorted(n for n in held_against if n is not None)):
        series = view.series(name)
        periods = int(np.searchsorted(series.periods, last, side="right"))
        versions = int(np.searchsorted(series.owner, periods))
        seen.append((name, periods, versions, series.revised))
    return tuple(seen), min(last_release(names, view), rests.enough)
