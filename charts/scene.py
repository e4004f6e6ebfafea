"""A test at one anchor, as the figures take it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from charts.figure import Figure
from charts.theme import Look
from evidence.answer import score_test
from evidence.days import day_month
from evidence.kinds.base import TestBase
from evidence.narrative import EventMark
from evidence.observations import View
from evidence.placebo import Ranked
from evidence.trace import TestTrace


@dataclass(frozen=True, eq=False)
class Scene:
    """A test's trace at an anchor, the arrays behind it, what the day is called, and other days to mark."""

    trace: TestTrace
    ranked: Ranked | None
    anchor: date
    name: str
    marks: tuple[EventMark, ...] = ()

    @property
    def called(self) -> str:
        """What the anchor is called."""
        return named(self.name, self.anchor, self.marks)

    @property
    def others(self) -> tuple[EventMark, ...]:
        """The marked days that the anchor is not."""
        return tuple(m for m in self.marks if not _is(m, self.anchor))


def named(name: str, anchor: date, marks: Sequence[EventMark]) -> str:
    """What an anchor is called: the marked day that it is, or is the eve of, with its date; else `name`."""
    own = next((m for m in marks if _is(m, anchor)), None)
    return f"{own.name}, {day_month(own.on)}" if own else name


def _is(mark: EventMark, anchor: date) -> bool:
    return mark.on in (anchor, anchor + timedelta(days=1))


def scene(test: TestBase, view: View, anchor: date, name: str) -> Scene:
    """A test scored at some anchor (a control's) in a view."""
    trace, ranked = score_test(test, view, anchor)
    return Scene(trace, ranked, anchor, name)


Draw = Callable[[Any, Scene, View, Look], Figure]
"""What a chart module's `DRAWS` holds for each kind of test that it serves."""
