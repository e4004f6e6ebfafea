"""A test at another date than its event's: on the day its window was wholly out, with what was known then."""

from datetime import date

import numpy as np

from evidence import calendar
from evidence.answer import kind_of, score_test
from evidence.kinds import KINDS, is_fact
from evidence.kinds.base import Extent, TestBase
from evidence.observations import Store, View
from evidence.placebo import Ranked
from evidence.trace import TestTrace


def settled_day(test: TestBase, store: Store, anchor: date) -> date | None:
    """The day on which the test's window at `anchor` was wholly out; None if it is not yet."""
    newest = store.as_of(store.newest_day)
    kind = KINDS[kind_of(test)]
    if is_fact(kind.name) or not all(newest.held(s) for s in test.reads):
        return None
    extent = kind.extent(test, newest, anchor)  # type: ignore[union-attr]
    if not isinstance(extent, Extent) or extent.published < extent.length:
        return None
    days = [extent.due_whole] if extent.due_whole else []
    for name in test.reads:
        series = newest.series(name)
        own = kind.measure(  # type: ignore[union-attr]
            test,
            newest,
            np.array([anchor], dtype="datetime64[D]"),
            np.array([newest.cutoff]),
            np.array([calendar.end_of_day(anchor)]),
            extent.length,
        )
        inside = (series.periods >= own.first[0]) & (series.periods <= own.last[0])
        if inside.any():
            days.append(calendar.new_york_day(int(series.first_known[inside].max())))
    return max(days, default=None)


def episode(test: TestBase, store: Store, anchor: date) -> tuple[TestTrace, Ranked | None, View]:
    """A test at another date, scored on the day its window was wholly out."""
    view = store.as_of(settled_day(test, store, anchor) or store.newest_day)
    trace, ranked = score_test(test, view, anchor)
    return trace, ranked, view
