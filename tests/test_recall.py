"""Recall: a kept answer is the fresh one, byte for byte and array for array, in whatever order days are asked."""

import random
from datetime import date, timedelta

import numpy as np
import pytest
from pydantic import TypeAdapter

from evidence import calendar
from evidence.answer import answer
from evidence.kinds import Test
from evidence.recall import Recall
from tests import ours
from tests.test_engine import restless
from tests.worlds import (
    DAILY,
    MONTHLY,
    WEEKLY,
    compound,
    entry,
    months,
    rows,
    shop,
    weekdays,
    weeks,
)

ANCHOR = date(2025, 4, 2)
ORDERS = ("forwards", "backwards", "shuffled")


def ordered(days, order):
    days = list(days)
    if order == "backwards":
        return days[::-1]
    if order == "shuffled":
        random.Random(20250402).shuffle(days)
    return days


def span(first, last):
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def stamp(day, *, after=1):
    """Noon in New York, that many days after."""
    return f"{day + timedelta(days=after)}T16:00:00Z"


def arrays(ranked):
    """Everything of a rank that a verdict, a picture, a sensitivity study or a turn can read."""
    if ranked is None:
        return None
    event = ranked.event
    return (
        ranked.dates.tolist(), ranked.noise.tolist(), ranked.centre, ranked.scale, ranked.p, ranked.p_if_true,
        ranked.effective, ranked.matters, ranked.off_range, ranked.raw, event.first.tolist(), event.last.tolist(),
        event.known.tolist(), event.anchors.tolist(),
    )  # fmt: skip


def whole(found):
    return found.trace.model_dump_json(), arrays(found.ranked), arrays(found.first)


def asked(tests, store, days, order="forwards"):
    """Every test on every day, by one Recall; each is held against a fresh answer. How many were kept ones."""
    recall, kept, distinct = Recall(), 0, set()
    rested = {}  # by id, and kept alive so that no id is taken twice
    for day in ordered(days, order):
        view = store.as_of(day)
        for anchor, test in tests:
            got = recall.answer(test, view, anchor)
            fresh = answer(test, view, anchor)
            assert whole(got) == whole(fresh), f"{test.id} on {day}, {order}"
            kept += id(got) in rested
            if got.rests is not None:
                rested[id(got)] = got
            distinct.add(fresh.trace.model_dump_json())
    return kept, len(distinct)


def made(**fields):
    given = {
        "id": "a-test", "title": "A test", "kind": "change_after", "role": "hoop", "why": "A test.",
        "window": {"after": "4 weeks"}, "matters": {"at_least": "2 %", "why": "A test."},
        "predicts": {"direction": "down"}, **fields,
    }  # fmt: skip
    return TypeAdapter(Test).validate_python(given)


# ---------------------------------------------------------------- a world built to break it


WEEKS = weeks(date(2025, 8, 27), 341)  # 320 to the anchor's week, 21 after it
LEVELS = compound(1000, restless(340))
DAYS = weekdays(date(2025, 8, 29), 700)
RATES = [4 + 0.1 * x for x in restless(700)]
MONTHS = months("2025-06", 130)
FLOWS = [20 * x for x in restless(130)]


def versions(periods, values, late=(), revised=()):
    """A series file: each period out the day after, some `late` by days, some `revised` (period, value, on)."""
    delays = dict(late)
    known = [stamp(p, after=delays.get(p, 1)) for p in periods]
    more = "".join(f"{p},{v!r},{on},1\n" for p, v, on in revised)
    return rows(periods, values, known) + more


LATE = ((date(2023, 5, 3), 40), (date(2024, 9, 4), 60))
INSIDE = (date(2025, 4, 16), 900.0, "2025-06-20T16:00:00Z")  # six weeks after the window was out
OUTSIDE = (date(2025, 5, 21), 1200.0, "2025-07-08T16:00:00Z")
OLD = (date(2024, 1, 3), 950.0, "2025-05-27T16:00:00Z")  # the series is `revised` from here on
HELD = [w for w in WEEKS if w not in (date(2022, 8, 3), date(2022, 8, 10), date(2022, 8, 17))]
ENTRIES = [
    entry("a.plain", WEEKLY, "stock"),
    entry("b.late", WEEKLY, "stock"),
    entry("c.revised", WEEKLY, "stock"),
    entry("d.gap", WEEKLY, "stock"),
    entry("e.long", WEEKLY, "stock", "contracts"),
    entry("e.short", WEEKLY, "stock", "contracts"),
    entry("e.open", WEEKLY, "stock", "contracts"),
    entry(
        "e.net", WEEKLY, "net_position", "contracts", open_interest="e.open",
        combination={"plus": ["e.long"], "minus": ["e.short"]},
    ),
    entry("f.rate", DAILY, "rate", "percent"),
    entry("g.flow", MONTHLY, "flow"),
    entry("h.old", WEEKLY, "stock"),
    entry("h.new", WEEKLY, "stock"),
    entry("h.bridge", WEEKLY, "stock", bridge={"levels": "h.new", "changes": "h.old"}),
]  # fmt: skip
FORTY = [stamp(date.fromisoformat(f"{m}-28"), after=40) for m in MONTHS]
SHUT = {"2024-10": "2025-01-20T16:00:00Z", "2024-11": "2025-01-20T16:00:00Z"}
LINES = {
    "a.plain": versions(WEEKS, LEVELS),
    "b.late": versions(WEEKS, LEVELS, late=LATE),
    "c.revised": versions(WEEKS, LEVELS, late=LATE, revised=(INSIDE, OUTSIDE, OLD)),
    "d.gap": versions(HELD, LEVELS[: len(HELD)]),
    "e.long": versions(WEEKS, [x / 2 for x in LEVELS]),
    "e.short": versions(WEEKS, [1.5 * x for x in reversed(LEVELS)], revised=[(date(2025, 4, 23), 800.0, "2025-07-01T16:00:00Z")]),
    "e.open": versions(WEEKS, [4 * x for x in LEVELS]),
    "f.rate": versions(DAYS, RATES, late=((date(2024, 7, 10), 40),)),
    "g.flow": rows(MONTHS, FLOWS, [SHUT.get(m, k) for m, k in zip(MONTHS, FORTY, strict=True)])
    + "2024-03,3.5,2024-09-16T16:00:00Z,1\n2025-04,-25.0,2025-07-16T16:00:00Z,1\n2025-05,1.0,2025-08-15T16:00:00Z,1\n",
    "h.old": versions(WEEKS[:-30], LEVELS[:-30]),
    "h.new": versions(WEEKS[100:], [2 * x for x in LEVELS[100:]]),
}  # fmt: skip
WINDOWS = ({"after": "4 weeks"}, {"after": "2 weeks", "skip": "1 week"}, {"before": "4 weeks"})
STORE = shop(ENTRIES, LINES)
TESTS = [
    *(
        made(id=f"{name.replace('.', '-')}-{i}", series=name, window=window)
        for name in ("a.plain", "b.late", "c.revised", "d.gap", "e.net", "h.bridge")
        for i, window in enumerate(WINDOWS)
    ),
    made(id="rate", series="f.rate", matters={"at_least": "10 bp", "why": "A test."}),
    made(id="spike", kind="spike_after", series="f.rate", matters={"at_least": "10 bp", "why": "A test."}),
    *(
        made(id=f"flow-{i}", kind=kind, series="g.flow", window=window, matters={"at_least": "5 bn", "why": "A test."})
        for i, (kind, window) in enumerate([
            ("net_flow", {"after": "1 month"}),
            ("net_flow", {"after": "1 month", "skip": "1 month"}),
            ("net_flow", {"before": "2 months"}),
            ("flow_shift", {"after": "1 month"}),
        ])
    ),
    TypeAdapter(Test).validate_python({
        **made(id="both", series="a.plain").model_dump(exclude={"series", "predicts", "kind"}, exclude_none=True),
        "kind": "falls_together", "matters": {"at_least": "0.5 sd", "why": "A test."},
        "legs": [{"series": s, "direction": "down"} for s in ("b.late", "c.revised")],
    }),
    TypeAdapter(Test).validate_python({
        **made(id="level", series="c.revised").model_dump(exclude={"window", "kind"}),
        "kind": "level", "on": "2025-04-16", "matters": {"at_least": "1000 bn", "why": "A test."},
    }),
]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "step"),
    [
        pytest.param("forwards", 4, marks=pytest.mark.long),
        pytest.param("backwards", 8, marks=pytest.mark.long),
        ("shuffled", 8),
        *(pytest.param(order, 2, marks=pytest.mark.long) for order in ORDERS),
    ],
)
def test_in_a_world_built_to_break_it_every_day_agrees(order, step):
    days = span(date(2025, 3, 30), date(2025, 8, 29))[::step]
    kept, distinct = asked([(ANCHOR, t) for t in TESTS], STORE, days, order)
    assert kept > 0.4 * len(days) * len(TESTS), "hardly anything is kept, so nothing is tested"
    assert distinct > 6 * len(TESTS), "hardly anything changes, so nothing is tested"


def test_a_revision_inside_the_window_is_told_and_one_outside_is_not():
    """Known answers: the window runs from 2 to 30 April; 16 April is inside but no end, 21 May is after it."""
    test = next(t for t in TESTS if t.id == "spike")
    falls = next(t for t in TESTS if t.id == "c-revised-0")
    recall = Recall()

    def on(day, which=falls):
        return recall.answer(which, STORE.as_of(date.fromisoformat(day)), ANCHOR)

    assert on("2025-05-01").first is None
    assert on("2025-05-27").first is not None, "revised in 2024: first prints are told from here on"
    before, after = on("2025-07-07"), on("2025-07-08")
    assert before.trace == after.trace
    assert before is on("2025-07-07")
    assert on("2025-08-20", test) is on("2025-08-29", test)


# ---------------------------------------------------------------- where keeping would be wrong


def apart(test, store, first, second, anchor=ANCHOR):
    """The fresh answers of two days, which have to differ, by a Recall that is asked in this order."""
    recall = Recall()
    for day in (first, second, first, second):
        view = store.as_of(day)
        assert whole(recall.answer(test, view, anchor)) == whole(answer(test, view, anchor)), day
    fresh = [whole(answer(test, store.as_of(day), anchor)) for day in (first, second)]
    assert fresh[0] != fresh[1], "the days do not differ, so nothing is tested"


def test_before_the_event_it_has_not_happened_whatever_was_asked_later():
    """A `before` window that ends on Friday is out on Friday; the event is on Sunday."""
    sunday = date(2025, 4, 6)
    lines = {"f.rate": rows(DAYS, RATES, [stamp(d, after=0) for d in DAYS])}
    test = made(series="f.rate", window={"before": "2 weeks"}, matters={"at_least": "10 bp", "why": "A test."})  # fmt: skip
    apart(
        test, shop(ENTRIES, lines), sunday, sunday - timedelta(days=1), anchor=sunday
    )  # both see the same data


def test_a_month_without_its_first_print_counts_once_it_has_aged():
    """Months whose first print is not held stand in 150 days on, longer than any release took."""
    flow = entry("g.flow", MONTHLY, "flow", not_first_prints=("2023-06", "2022-02"))
    periods = months("2026-03", 139)
    known = [stamp(date.fromisoformat(f"{m}-28"), after=40) for m in periods]
    store = shop([flow], {"g.flow": rows(periods, [20 * x for x in restless(139)], known)})
    test = next(t for t in TESTS if t.id == "flow-0")
    apart(test, store, date(2025, 7, 1), date(2025, 12, 20))
    asked([(ANCHOR, test)], store, span(date(2025, 6, 1), date(2026, 5, 20))[::5])


def test_a_skip_may_span_a_gap_that_a_window_may_not():
    """A placebo two weeks before a gap of ten weeks ends later than any window without a skip could."""
    held = [w for w in WEEKS if not date(2022, 6, 1) < w <= date(2022, 8, 10)]
    store = shop(ENTRIES, {"a.plain": versions(held, LEVELS[: len(held)])})
    test = made(series="a.plain", window={"after": "2 weeks", "skip": "2 weeks"})
    apart(test, store, date(2025, 6, 12), date(2025, 8, 28))
    asked([(ANCHOR, test)], store, span(date(2025, 5, 1), date(2025, 8, 28))[::3])


def test_open_interest_that_comes_late_is_waited_for():
    """A net position of 1 contract in a market of a thousand is refused once the market's size is known."""
    small = date(2023, 5, 3)
    net = [1.0 if w == small else 100.0 + 40 * x for w, x in zip(WEEKS, restless(len(WEEKS)), strict=True)]  # fmt: skip
    lines = {
        "e.long": versions(WEEKS, [1000 + x for x in net]),
        "e.short": versions(WEEKS, [1000.0] * len(WEEKS)),
        "e.open": versions(WEEKS, [1000.0] * len(WEEKS), late=((small, 90),)),
    }
    store = shop(ENTRIES, lines)
    test = made(series="e.net")
    apart(test, store, date(2025, 5, 15), date(2025, 8, 28))
    asked([(ANCHOR, test)], store, span(date(2025, 5, 1), date(2025, 8, 28))[::3])


def test_an_open_window_whose_figures_look_alike_is_not_the_same():
    """One placebo moves a little where no share, bar or deviation of the trace shows it; a turn could."""
    base = date(2025, 4, 2)
    anchor_of_one = date(2024, 2, 7)
    last = anchor_of_one + timedelta(
        weeks=4
    )  # the end of its window of the four weeks that are out
    delay = timedelta(days=29 + 12)  # from 2 April to the release of 1 May, and the slack
    revised = [
        (last, LEVELS[WEEKS.index(last)] * 1.0001, f"{anchor_of_one + delay + timedelta(days=1)}T08:00:00Z"),
        (date(2019, 6, 5), 1.0, "2025-05-02T16:00:00Z"),
    ]  # fmt: skip
    assert base in WEEKS
    store = shop(ENTRIES, {"a.plain": versions(WEEKS, LEVELS, revised=revised)})
    test = made(series="a.plain", window={"after": "8 weeks"})
    first, second = (answer(test, store.as_of(date(2025, 5, d)), ANCHOR) for d in (1, 2))
    assert first.trace == second.trace, "a trace that differs would be seen anyway"
    assert arrays(first.ranked) != arrays(second.ranked)
    apart(test, store, date(2025, 5, 1), date(2025, 5, 2))


def test_tests_are_told_apart_by_what_they_are_and_anchors_too():
    recall, view = Recall(), STORE.as_of(date(2025, 8, 29))
    test = TESTS[0]
    again = test.model_copy(update={"predicts": test.predicts.model_copy(update={"direction": "up"})})  # fmt: skip
    assert recall.answer(test, view, ANCHOR) is recall.answer(test, view, ANCHOR)
    for other, anchor in ((again, ANCHOR), (test, date(2025, 3, 5)), (test, ANCHOR)):
        assert whole(recall.answer(other, view, anchor)) == whole(answer(other, view, anchor))
    assert recall.answer(test, view, ANCHOR).trace != recall.answer(again, view, ANCHOR).trace


# ---------------------------------------------------------------- the library itself


@pytest.fixture(scope="module")
def real():
    store, library = ours.store(), ours.library()
    anchors = {e.id: e.date for e in library.events.values()}
    tests = [(n.anchor or anchors[n.event], t) for n in library.narratives.values() for t in n.tests]  # fmt: skip
    return store, tests


def released(store, tests, first=date(2025, 4, 1)):
    """Every day from then on on which anything was released that a test reads."""
    files = {f for _, t in tests for s in t.reads for f in store.catalogue.files(s)}
    known = np.concatenate([store.whole(f, store.n).known for f in files if store.held(f)])
    days = [d.astype(object) for d in np.unique(calendar.new_york_days(np.unique(known)))]
    return [d for d in days if first <= d <= store.newest_day]


@pytest.mark.long
def test_the_library_agrees_on_every_twentieth_release_day(real):
    store, tests = real
    days = released(store, tests)
    assert len(days) > 300
    kept, distinct = asked(tests, store, days[::20])
    assert kept > 3 * len(tests)
    assert distinct > 3 * len(tests)


@pytest.mark.long
@pytest.mark.parametrize("order", ORDERS)
def test_the_library_agrees_on_every_release_day(real, order):
    store, tests = real
    days = released(store, tests)
    kept, _ = asked(tests, store, days, order)
    assert kept > 10 * len(tests), "facts are never kept, and most of the rest is"
