"""Pictures for the pages: asks `charts` for Figures and keeps them, so that no run draws one twice.

Whatever a picture depends on stands in its key: the story's verdict (by its identity), the test, the look.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st

import charts
from charts import flows, holdings, placebos, positions, window
from charts import premise as three
from charts.figure import Figure
from charts.scene import Scene
from charts.theme import Look
from evidence import calendar
from evidence.episode import episode
from evidence.kinds.base import TestBase
from evidence.narrative import Control
from evidence.observations import View
from evidence.placebo import Ranked
from evidence.trace import TestTrace
from walkthrough.desk import Desk
from walkthrough.stand import Stand

KEPT = 600


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _kept(key: Hashable, _make: Callable[[], Any]) -> Any:  # noqa: ARG001  (the cache reads it)
    return _make()


def known_day(known_at: str) -> date:
    """The New York day of a trace's `known_at`."""
    return calendar.new_york_day(int(datetime.fromisoformat(known_at).timestamp()))


def pair(stand: Stand, look: Look) -> list[Figure]:
    """The test's picture; where it must fire in a past episode, that episode first and both at one scale."""
    key = ("pair", stand.verdict.identity, stand.here.test, look.mode)
    found: list[Figure] = _kept(key, lambda: _pair(stand, look))
    return found


def _pair(stand: Stand, look: Look) -> list[Figure]:
    test, trace, scored = stand.test, stand.trace, stand.desk.score(stand.story.id, stand.day)
    view, event = stand.desk.view(stand.verdict.stands_for), stand.desk.event(stand.story)
    anchor, ranked = stand.desk.anchor(stand.story), scored.ranked.get(trace.id)
    if not all(view.held(s) and len(view.series(s)) for s in test.reads):
        return []
    control = control_of(stand)
    if control is not None and trace.kind in window.CONTENTS:
        known, past = control
        left = Scene(
            past, _episode(stand.desk, test, stand.story.id, known)[1], known.date, known.name
        )
        right = Scene(trace, ranked, anchor, event.name)
        return list(window.pair(test, left, right, view, look))
    return [
        charts.for_test(
            test, trace, ranked, view, anchor, look, event_name=event.name, marks=event.marks
        )
    ]


def control_of(stand: Stand) -> tuple[Control, TestTrace] | None:
    """The past episode in which the test must fire, with what it said there; none that came later than the day."""
    for use in stand.story.controls:
        known = stand.desk.control(use.event) if use.test == stand.here.test and use.event else None
        if known is not None and use.expects == "fires" and known.date < stand.day:
            return known, _episode(stand.desk, stand.test, stand.story.id, known)[0]
    return None


def _episode(
    desk: Desk, test: TestBase, story: str, known: Control
) -> tuple[TestTrace, Ranked | None]:
    found: tuple[TestTrace, Ranked | None] = _kept(
        ("episode", desk.store.hash, story, test.id, known.id),
        lambda: episode(test, desk.store, known.date)[:2],
    )
    return found


def place(stand: Stand, look: Look) -> Figure | None:
    """The event among its placebos; none for a test that has none."""
    ranked = stand.desk.score(stand.story.id, stand.day).ranked.get(stand.trace.id)
    if ranked is None:
        return None
    found: Figure = _kept(
        ("place", stand.verdict.identity, stand.here.test, look.mode),
        lambda: placebos.place(stand.trace, ranked, look),
    )
    return found


def premise(desk: Desk, day: date, look: Look) -> list[Figure]:
    """The three small charts of the first page: the dollar and the yield first, stocks' stand-in last."""
    event = desk.the_event
    if event is None:
        return []
    key = ("premise", desk.store.hash, event.date, day, look.mode)
    found: list[Figure] = _kept(key, lambda: list(three.premise(desk.view(day), event.date, look)))
    return found


def wider(stand: Stand, look: Look) -> Figure | None:
    """What goes on around the test's series: all holders, all contracts; none where there is no such view."""
    for begins, draw in WIDER.items():
        if any(name.startswith(begins) for name in stand.trace.series):
            key = ("wider", begins, stand.verdict.identity, stand.here.test, look.mode)
            found: Figure = _kept(key, partial(draw, stand, look))
            return found
    return None


def _positions(stand: Stand, look: Look) -> Figure:
    return positions.positions(
        _view(stand), look, stand.desk.anchor(stand.story), event_name=_event(stand)
    )


def _holdings(stand: Stand, look: Look) -> Figure:
    anchor = stand.desk.anchor(stand.story)
    return holdings.holdings(
        _view(stand),
        look,
        anchor,
        anchor - HALF_A_YEAR,
        anchor + HALF_A_YEAR,
        event_name=_event(stand),
    )


def _purchases(stand: Stand, look: Look) -> Figure:
    anchor = stand.desk.anchor(stand.story)
    stocks = any(name.endswith("equities") for name in stand.trace.series)
    return flows.purchases(
        _view(stand),
        look,
        "equities" if stocks else "bonds_notes",
        anchor - HALF_A_YEAR,
        anchor + HALF_A_YEAR,
        focus=anchor,
        marks=stand.desk.event(stand.story).marks,
    )


def _view(stand: Stand) -> View:
    return stand.desk.view(stand.verdict.stands_for)


def _event(stand: Stand) -> str:
    return stand.desk.event(stand.story).name


HALF_A_YEAR = timedelta(days=200)
WIDER: Mapping[str, Callable[[Stand, Look], Figure]] = {
    "cftc.": _positions,
    "tic.net.": _purchases,
    "tic.holdings.": _holdings,
    "fed.custody.": _holdings,
}
"""By the beginning of a series' id."""
