"""Figures: pure functions of traces and views. Every module here that defines `DRAWS` serves kinds of test."""

import importlib
import pkgutil
from collections.abc import Sequence
from datetime import date
from functools import cache

from charts.figure import Figure
from charts.general import general
from charts.scene import Draw, Scene
from charts.theme import Look
from evidence.kinds.base import TestBase
from evidence.narrative import EventMark
from evidence.observations import View
from evidence.placebo import Ranked
from evidence.trace import TestTrace


@cache
def draws() -> dict[str, Draw]:
    """What draws the kinds of test that have a picture of their own, found by its place."""
    found: dict[str, Draw] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        for kind, draw in getattr(
            importlib.import_module(f"{__name__}.{module.name}"), "DRAWS", {}
        ).items():
            if kind in found:
                raise ValueError(f"two charts want to draw {kind}")
            found[kind] = draw
    return found


def for_test(
    test: TestBase,
    trace: TestTrace,
    ranked: Ranked | None,
    view: View,
    anchor: date,
    look: Look,
    *,
    event_name: str = "the event",
    marks: Sequence[EventMark] = (),
) -> Figure:
    """The main figure of a test, by its kind; the general one for a kind without its own."""
    draw = draws().get(trace.kind, general)
    return draw(test, Scene(trace, ranked, anchor, event_name, tuple(marks)), view, look)
