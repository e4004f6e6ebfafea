"""A test at one anchor, as the figures take it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from charts.figure import Figure
from charts.theme import Look
from evidence.answer import score_test
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


def scene(test: TestBase, view: View, anchor: date, name: str) -> Scene:
    """A test scored at some anchor (a control's) in a view."""
    trace, ranked = score_test(test, view, anchor)
    return Scene(trace, ranked, anchor, name)


Draw = Callable[[Any, Scene, View, Look], Figure]
"""What a chart module's `DRAWS` holds for each kind of test that it serves."""
