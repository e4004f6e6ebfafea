"""Pictures for the pages: asks `charts` for Figures and keeps them, so that no run draws one twice.

Whatever a picture depends on stands in its key: the story's verdict (by its identity), the test, the look.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

from cachetools import LRUCache

import charts
from briefs import releases
from briefs.address import Address
from briefs.desk import Desk
from briefs.stand import Stand
from briefs.training.calibration import Calibration
from charts import agenda as ahead
from charts import calibration as quiet
from charts import (
    flows,
    foretold,
    gauge,
    holdings,
    note_flows,
    note_ownership,
    placebos,
    positions,
    specifications,
    window,
)
from charts import history as memories
from charts import matrix as cells
from charts import premise as three
from charts import scorecard as scores
from charts import sureness as sure
from charts import tally as counted
from charts.figure import Figure
from charts.scene import Scene, named
from charts.theme import Look
from evidence import calendar, calibration
from evidence.answer import score_test
from evidence.audit import Asked, Audit, FigureTrace, ReadingTrace
from evidence.episode import episode
from evidence.exercises.base import Judged, Posed
from evidence.exercises.posing import pose
from evidence.findings import Finding
from evidence.history import History
from evidence.kinds import KINDS
from evidence.kinds.base import TestBase
from evidence.narrative import Control, Event
from evidence.observations import View
from evidence.placebo import Ranked
from evidence.quantity import amount
from evidence.rivals import Rivals, explaining, rivals
from evidence.trace import TestTrace

KEPT = 600


_figures: LRUCache[Hashable, Any] = LRUCache(KEPT)
_lock = Lock()


def _kept(key: Hashable, make: Callable[[], Any]) -> Any:
    """What was made for a key, made now where it is not held. Two at once may both make it: the same comes out."""
    with _lock:
        if key in _figures:
            return _figures[key]
    made = make()
    with _lock:
        _figures[key] = made
    return made


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
    called = event.name if anchor == event.date else named(event.name, anchor, event.marks)
    control = control_of(stand)
    if control is not None and trace.kind in window.CONTENTS:
        known, past = control
        left = Scene(
            past, _episode(stand.desk, test, stand.story.id, known)[1], known.date, known.name
        )
        right = Scene(trace, ranked, anchor, called)
        return list(window.pair(test, left, right, view, look))
    return [
        charts.for_test(
            test, trace, ranked, view, anchor, look, event_name=called, marks=event.marks
        )
    ]


def blank(stand: Stand, look: Look) -> Figure | None:
    """The test's picture with nothing past the event, nor anything that a later test of the story asks about.

    None for a test without a window of its own, or without data.
    """
    if not foretold.drawable(stand.trace.kind):
        return None
    if not all(_view(stand).held(s) and len(_view(stand).series(s)) for s in stand.test.reads):
        return None
    key = ("blank", stand.verdict.identity, stand.here.test, look.mode)
    before = min((first for _, first, _ in _asked_later(stand)), default=None)
    found: Figure = _kept(
        key, lambda: foretold.blank(stand.test, _scene(stand), _view(stand), look, before)
    )
    return found


def answers(stand: Stand) -> tuple[str, ...]:
    """The later tests of the story that this test's whole picture would answer: it shows days that they ask about and this one does not."""
    key = ("answers", stand.verdict.identity, stand.here.test)
    found: tuple[str, ...] = _kept(key, lambda: _answers(stand))
    return found


def _answers(stand: Stand) -> tuple[str, ...]:
    first, last = foretold.asks(stand.test, _scene(stand), _view(stand))
    return tuple(
        name for name, begins, ends in _asked_later(stand) if begins < first or ends > last
    )


def _asked_later(stand: Stand) -> list[tuple[str, date, date]]:
    """The tests after this one that read nothing but its series, with the first and last day that they ask about."""
    tests = list(stand.story.tests)
    later = tests[tests.index(stand.test) + 1 :]
    return [
        (test.id, *foretold.asks(test, _scene(_at(stand, test.id)), _view(stand)))
        for test in later
        if set(test.reads) <= set(stand.test.reads)
    ]


def _at(stand: Stand, test: str) -> Stand:
    return replace(stand, here=stand.here.at(step="tests", test=test))


def beside(stand: Stand, expected: float | None, look: Look) -> Figure | None:
    """The test's picture with what somebody expected beside the data; None where there is nothing to draw."""
    if expected is None or not foretold.drawable(stand.trace.kind):
        drawn = pair(stand, look)
        return drawn[-1] if drawn else None
    # what somebody expects is theirs: nothing of it is kept
    return foretold.beside(stand.test, _scene(stand), _view(stand), look, expected)


def _scene(stand: Stand) -> Scene:
    """The test at the story's own anchor."""
    event, anchor = stand.desk.event(stand.story), stand.desk.anchor(stand.story)
    ranked = stand.desk.score(stand.story.id, stand.day).ranked.get(stand.trace.id)
    return Scene(stand.trace, ranked, anchor, event.name, tuple(event.marks))


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


def reading(desk: Desk, found: Asked, day: date, look: Look) -> Figure | None:
    """The picture of a reading of a printed figure; none where nothing of its series was out."""
    view, event = desk.view(day), desk.the_event
    if event is None or not all(view.held(name) for name in found.test.reads):
        return None
    key = ("reading", desk.store.hash, found.test.model_dump_json(), found.anchor, day, look.mode)

    def draw() -> Figure:
        trace, ranked = score_test(found.test, view, found.anchor)
        return charts.for_test(
            found.test,
            trace,
            ranked,
            view,
            found.anchor,
            look,
            event_name=event.name,
            marks=event.marks,
        )

    made: Figure = _kept(key, draw)
    return made


def pictured(figure: FigureTrace) -> list[ReadingTrace]:
    """What is drawn of a printed figure: what the words mean and, where that does not fit, the first reading that does."""
    held = [r for r in figure.readings if r.taken.value is not None and not _alone(r)]
    meant = [r for r in held[:1] if r.id == figure.readings[0].id]
    if meant and meant[0].taken.agrees:
        return meant
    fits = [r for r in held if r.taken.agrees]
    return [*meant, *fits[:1]]


def _alone(reading: ReadingTrace) -> bool:
    """Whether all there is of it is one printed number: no picture is made of that."""
    trace = reading.taken.trace
    return KINDS[trace.kind].printed and "from" not in (trace.details or {})


def tally(desk: Desk, made: Audit, look: Look) -> Figure:
    """The note's figures, counted by what became of them."""
    key = ("tally", desk.store.hash, made.today, look.mode)
    found: Figure = _kept(key, lambda: counted.tally(made, look))
    return found


def agenda(desk: Desk, day: date, look: Look) -> Figure | None:
    """The releases to come that the stories to watch wait for; None where none is due."""
    due = releases.coming(desk, day).due
    if not due:
        return None
    key = ("agenda", desk.store.hash, day, look.mode)
    found: Figure = _kept(key, lambda: ahead.agenda(day, [(d.on, d.names) for d in due], look))
    return found


def place(stand: Stand, look: Look, expected: float | None = None) -> Figure | None:
    """The event among its placebos, with what somebody expected; none for a test that has none."""
    ranked = stand.desk.score(stand.story.id, stand.day).ranked.get(stand.trace.id)
    if ranked is None:
        return None
    if expected is not None:
        return placebos.place(stand.trace, ranked, look, expected)
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


def strip(known: History, look: Look) -> Figure:
    """A story's verdicts from its first day to the reader's."""
    key = ("strip", known.id, known.last, known.days[-1].identity, look.mode)
    found: Figure = _kept(key, lambda: memories.strip(known, look))
    return found


def timeline(
    event: Event, shelves: Mapping[str, Sequence[History]], day: date, look: Look
) -> Figure:
    """All stories by shelf, from their event to the reader's day."""
    drawn = tuple(h.days[-1].identity for histories in shelves.values() for h in histories)
    key = ("timeline", day, drawn, look.mode)
    found: Figure = _kept(key, lambda: memories.timeline(shelves, (event.date, event.name), look))
    return found


def curve(stand: Stand, look: Look) -> Figure:
    """Every way of asking the story."""
    found = stand.desk.engine.sensitivity(stand.story.id, stand.day)
    key = ("curve", found.identity, look.mode)
    drawn: Figure = _kept(key, lambda: specifications.curve(found, look))
    return drawn


def contest(desk: Desk, day: date) -> Rivals | None:
    """The event's stories against all of its evidence; None where no story names a rival."""
    event = desk.the_event
    ids = explaining(desk.engine, event.id) if event is not None else ()
    if event is None or not ids:
        return None
    key = ("contest", event.id, day, *(desk.verdict(name, day).identity for name in ids))
    found: Rivals = _kept(key, lambda: rivals(desk.engine, event.id, event.question, ids, day))
    return found


def scorecard(desk: Desk, found: Rivals, look: Look) -> Figure:
    """The rivals, one row each: how many sources speak against a story and for it."""
    ids = (desk.verdict(name, found.as_of).identity for name in found.stories)
    key = ("scorecard", found.event, found.as_of, *ids, look.mode)
    drawn: Figure = _kept(key, lambda: scores.scorecard(found, look))
    return drawn


def matrix(desk: Desk, found: Rivals, look: Look, *, apart: bool = True) -> Figure:
    """The matrix of rivals: the tests that tell the stories apart, or those that could."""
    ids = (desk.verdict(name, found.as_of).identity for name in found.stories)
    key = ("matrix", found.event, found.as_of, apart, *ids, look.mode)
    drawn: Figure = _kept(key, lambda: cells.matrix(found, look, apart=apart))
    return drawn


def false_alarms(look: Look) -> Figure | None:
    """The calibration that is kept with the engine; None where none is."""
    table = calibration.table()
    if table is None:
        return None
    drawn: Figure = _kept(
        ("false alarms", table.engine, len(table.rows), look.mode), lambda: quiet.rates(table, look)
    )
    return drawn


def posed(desk: Desk, name: str) -> Posed:
    """An exercise as it is put to a learner."""
    found: Posed = _kept(
        ("posed", desk.store.hash, name),
        lambda: pose(desk.exercises.by_id[name], desk.engine, desk.library),
    )
    return found


def exercise(desk: Desk, found: Posed, judged: Judged | None, look: Look) -> list[Figure]:
    """What is drawn with an exercise: before an answer nothing that gives it away, after it the test and its rank."""
    shown = found.before if judged is None else judged.shows
    if shown is None or not all(shown.view.held(name) for name in shown.test.reads):
        return []
    event = desk.library.events[found.exercise.event]
    key = (
        "exercise",
        found.exercise.id,
        shown.trace.model_dump_json(),
        shown.anchor,
        judged is None,
        look.mode,
    )

    def draw() -> list[Figure]:
        drawn = [
            charts.for_test(
                shown.test,
                shown.trace,
                shown.ranked,
                shown.view,
                shown.anchor,
                look,
                event_name=event.name,
                marks=event.marks,
            )
        ]
        if judged is not None and shown.ranked is not None:
            drawn.append(placebos.place(shown.trace, shown.ranked, look))
        return drawn

    made: list[Figure] = _kept(key, draw)
    return made


def sureness(found: Calibration, look: Look) -> Figure:
    """A learner's calibration. It is theirs alone, so it is drawn anew and not kept."""
    groups = [
        sure.Group(b.sure, b.share, b.low_share, b.high_share, b.right, b.count) for b in found.bins
    ]
    share = amount(found.share, "percent")
    title = f"{found.right} of {found.count} predictions came out as you said: {share}."
    return sure.sureness(groups, title, look)


def quiet_alarms() -> str:
    """The engine's own calibration in a sentence; empty where none is kept."""
    table = calibration.table()
    if table is None or table.overall is None:
        return ""
    found = table.overall
    rate, low, high = (amount(100 * v, "percent") for v in (found.rate, found.low, found.high))
    due = amount(100 * found.expected / found.dates, "percent")
    return (
        f"The engine is held to the same. On {found.dates:,} quiet dates, when nothing had happened, its tests gave {rate} false alarms; "
        f"chance alone would give {due}, and so few dates leave anything from {low} to {high} open."
    )


def note_figure(desk: Desk, name: str, day: date, look: Look) -> list[Figure]:
    """One of the note's figures from open data: `flows` (stocks, then Treasuries) or `ownership`."""
    event = desk.the_event
    if event is None:
        return []

    def draw() -> list[Figure]:
        view = desk.view(day)
        if name == "ownership":
            return [note_ownership.ownership(view, look)]
        assets: tuple[flows.Asset, ...] = ("equities", "bonds_notes")
        return [note_flows.flows(view, look, a, event.date, event.marks) for a in assets]

    key = ("note", name, desk.store.hash, day, look.mode)
    found: list[Figure] = _kept(key, draw)
    return found


def bought(desk: Desk, day: date, look: Look) -> Figure | None:
    """Who bought and sold Treasuries around the event."""
    return _around("bought", desk, day, look)


def held(desk: Desk, day: date, look: Look) -> Figure | None:
    """What foreign officials held around the event."""
    return _around("held", desk, day, look)


def finding(desk: Desk, day: date, one: Finding, look: Look) -> Figure | None:
    """One chart for each finding: purchases, custody, the dollar's peak, a move among its usual ones."""
    if one.name == "sold":
        return bought(desk, day, look)
    if one.name == "not":
        return held(desk, day, look)
    if not one.tests:
        return None
    if one.name == "when":
        drawn = pair(_found(desk, day, one.tests[-1]), look)
        return drawn[-1] if drawn else None
    small = [test for test in one.tests if _found(desk, day, test).trace.outcome == "neutral"]
    return place(_found(desk, day, (small or one.tests[:1])[-1]), look)


def _found(desk: Desk, day: date, test: str) -> Stand:
    """Where a test of any story stands."""
    story = next(s for s in desk.stories.values() if test in {t.id for t in s.tests})
    here = Address("story", day, day == desk.newest, story=story.id, step="tests", test=test)
    return Stand(desk, here, story, desk.verdict(story.id, day))


def _around(name: str, desk: Desk, day: date, look: Look) -> Figure | None:
    event = desk.the_event
    if event is None:
        return None

    def draw() -> Figure:
        view, first, last = desk.view(day), event.date - HALF_A_YEAR, event.date + HALF_A_YEAR
        if name == "held":
            return holdings.holdings(view, look, event.date, first, last, event_name=event.name)
        return flows.purchases(
            view, look, "bonds_notes", first, last, focus=event.date, marks=event.marks
        )

    found: Figure = _kept(("around", name, desk.store.hash, day, look.mode), draw)
    return found


def dial(stand: Stand, trace: TestTrace, look: Look) -> Figure | None:
    """A test's reading against the level that would answer it."""
    key = ("dial", stand.verdict.identity, trace.id, look.mode)
    found: Figure | None = _kept(key, lambda: gauge.dial(trace, look))
    return found


def course(stand: Stand, series: str, look: Look) -> Figure:
    """The last years of a series, with the event."""
    event = stand.desk.event(stand.story)
    day = stand.verdict.stands_for
    key = ("course", stand.desk.store.hash, series, day, look.mode)
    found: Figure = _kept(
        key,
        lambda: gauge.course(stand.desk.view(day), series, look, ((event.date, event.name),)),
    )
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
