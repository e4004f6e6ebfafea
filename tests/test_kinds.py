"""Every kind of test on series whose answer is worked out by hand, here and not by the code under test."""

import re
import sys
import typing
from datetime import date, timedelta
from math import sqrt, tanh
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from evidence import calendar, kinds, windows
from evidence.answer import score_test
from evidence.kinds import KINDS, Test, is_fact
from evidence.kinds.base import Extent, Fact, NotYet, Window, periods_in
from evidence.revisions import revision_error
from tests.worlds import (
    DAILY,
    MONTHLY,
    WEEKLY,
    broken_on,
    compound,
    entry,
    months,
    rows,
    walk,
    weekdays,
    weeks,
    world,
)

TEST = TypeAdapter(Test)
WEDNESDAY = date(2025, 4, 2)
UNEVEN = [3, -1]  # mean 1, about its mean 2, about nought √5
LATE = date(2026, 6, 30)


def a_test(kind, matters="2 %", **fields):
    most = fields.pop("at_most", None)
    bar = {"at_least": matters, "why": "A test."} | ({"at_most": most} if most else {})
    given = {
        "id": "one",
        "title": "One",
        "role": "hoop",
        "why": "A test.",
        "kind": kind,
        "matters": bar,
    }
    return TEST.validate_python({**given, **fields})


def measure(test, view, anchor, length, start=None, at=None):
    """The sample at one anchor, trailing figures as known at the end of `start` (default: the anchor)."""
    return KINDS[test.kind].measure(
        test, view, np.array([anchor], dtype="datetime64[D]"),
        np.array([calendar.end_of_day(at) if at else view.cutoff]),
        np.array([calendar.end_of_day(start or anchor)]), length,
    )  # fmt: skip


def extent(test, view, anchor):
    return KINDS[test.kind].extent(test, view, anchor)


def find(test, view, anchor=WEDNESDAY):
    return KINDS[test.kind].find(test, view, anchor, view.day)


def change(series="a.b", direction="down", matters="2 %", **window):
    return a_test(
        "change_after", matters, series=series, window=window, predicts={"direction": direction}
    )


def weekly_world(before, after, day=LATE, *, release="prompt", behaves="stock", **more):
    """Weekly levels: the last of `before` on the anchor, `after` in the weeks that follow."""
    days = [
        *weeks(WEDNESDAY, len(before)),
        *(WEDNESDAY + timedelta(weeks=i + 1) for i in range(len(after))),
    ]
    series = entry("a.b", WEEKLY, behaves, release=release, **more)
    return world([series], {"a.b": rows(days, [*before, *after])}, day)


def daily_world(before, after, day=LATE, behaves="price", unit="points of it", **more):
    days = [*weekdays(WEDNESDAY, len(before)), *weekdays(WEDNESDAY + timedelta(days=100), 200)]
    after_days = [d for d in days[len(before) :] if d > WEDNESDAY][: len(after)]
    lines = rows([*days[: len(before)], *after_days], [*before, *after])
    return world([entry("a.b", DAILY, behaves, unit, **more)], {"a.b": lines}, day)


# ---------------------------------------------------------------- the closed set


def test_the_kinds_are_the_files():
    files = Path(kinds.__file__).parent.glob("*.py")
    assert set(KINDS) == {f.stem for f in files if "\nKIND = " in f.read_text("utf-8")}
    assert set(KINDS) >= {
        "change_after", "falls_together", "flow_shift", "largest", "level", "net_flow", "onset", "peak_date",
        "quoted", "ratio", "reaches", "record", "share_before", "share_bought", "spike_after", "total", "tracks",
    }  # fmt: skip
    ranked = {k for k in KINDS if not is_fact(k)}
    assert ranked >= {"change_after", "falls_together", "flow_shift", "net_flow", "spike_after"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_kind_says_of_itself(kind):
    """A name that is its file's, one place for its model, and words without digits, markup or a full stop too many."""
    assert kind.name == type(kind).__module__.rpartition(".")[2]
    assert typing.get_args(kind.model.model_fields["kind"].annotation) == (kind.name,)
    for words in (kind.label, kind.heading or kind.label):
        assert words
        assert not re.search(r"[\d{}_.]", words)
    assert kind.example.endswith(".")
    assert kind.example[0].isupper()
    assert bool(kind.behaves) == bool(kind.does)
    assert (sys.modules[kind.model.__module__].__doc__ or "").startswith(f"`{kind.name}`: ")
    dates = {name for early, late, _ in kind.ordered for name in (early, late)}
    counted = {name for name, _, _ in kind.counts}
    fields = dates | counted | {*kind.spans, *kind.sums_over, *filter(None, [kind.newest_without])}
    assert fields <= kind.model.model_fields.keys()
    assert not kind.is_level or is_fact(kind.name)


@pytest.mark.parametrize(
    ("span", "frequency", "count"),
    [
        ("4 weeks", WEEKLY, 4),
        ("4 weeks", DAILY, 20),
        ("7 days", DAILY, 7),
        ("1 month", MONTHLY, 1),
        ("2 months", DAILY, 42),
    ],
)
def test_a_span_counts_observations(span, frequency, count):
    assert periods_in(span, frequency) == count


@pytest.mark.parametrize(
    ("span", "frequency"), [("4 weeks", MONTHLY), ("7 days", WEEKLY), ("2 months", WEEKLY)]
)
def test_a_span_that_does_not_fit_is_refused(span, frequency):
    with pytest.raises(ValueError, match="has no window of"):
        periods_in(span, frequency)


@pytest.mark.parametrize(
    ("given", "offset_length_least"),
    [
        ({"after": "4 weeks"}, (0, 4, 2)),
        ({"after": "3 weeks"}, (0, 3, 2)),  # half, rounded up
        ({"after": "1 week"}, (0, 1, 1)),
        ({"after": "4 weeks", "min": "3 weeks"}, (0, 4, 3)),
        ({"after": "4 weeks", "min": "9 weeks"}, (0, 4, 4)),
        ({"after": "4 weeks", "skip": "2 weeks"}, (2, 4, 2)),
        ({"before": "4 weeks"}, (-4, 4, 2)),
    ],
)
def test_a_window_in_observations(given, offset_length_least):
    assert windows.span(Window(**given), WEEKLY) == offset_length_least


# ---------------------------------------------------------------- change_after


def test_a_weekly_stock_by_hand():
    """Base B, changes +3 % and −1 % in turn: m = 1 %, s = 2 %·√(52/51). A fall to 0.9·B over 4 weeks."""
    before = compound(100, UNEVEN * 30)
    base = before[-1]
    view = weekly_world(before, [base, base, base, 0.9 * base, base])
    got = measure(change(after="4 weeks"), view, WEDNESDAY, 4)
    assert got.raw == pytest.approx([0.1 * base])
    assert got.centre == pytest.approx([-4 * 0.01 * base])
    assert got.scale == pytest.approx([sqrt(4) * 0.02 * sqrt(52 / 51) * base])
    assert got.z == pytest.approx([0.14 / (0.04 * sqrt(52 / 51))])
    assert got.base == pytest.approx([base])
    assert got.window == (date(2025, 4, 2), date(2025, 4, 30))
    assert calendar.iso(int(got.known[0])) == "2025-04-30T16:00:00Z"


@pytest.mark.parametrize(("direction", "raw"), [("down", 10), ("up", -10)])
def test_positive_is_as_predicted(direction, raw):
    before = [100, 101, 100, 101] * 15 + [100]
    got = measure(
        change(direction=direction, after="1 week"), weekly_world(before, [90]), WEDNESDAY, 1
    )
    assert got.raw == pytest.approx([raw])


def test_what_is_not_out_at_the_start_is_not_usual():
    """Wednesday's value comes on Thursday: at the end of Wednesday its jump of 50 % is not known."""
    before = [*compound(100, UNEVEN * 30), 0.0]
    before[-1] = 1.5 * before[-2]
    view = weekly_world(before, [before[-1] + 7] * 3, release="thursday")
    got = measure(change(direction="up", after="2 weeks"), view, WEDNESDAY, 2)
    assert got.raw == pytest.approx([7]), "the base is the anchor's own week, published or not"
    assert got.centre == pytest.approx([2 * 0.01 * before[-1]])
    assert got.scale == pytest.approx([sqrt(2) * 0.02 * sqrt(52 / 51) * before[-1]])
    later = measure(
        change(direction="up", after="2 weeks"), view, WEDNESDAY, 2, start=date(2025, 4, 3)
    )
    assert later.scale[0] > 2 * got.scale[0], "a day later it is"


def test_the_base_is_the_last_period_on_or_before_the_anchor():
    before = [100, 101] * 30
    view = weekly_world(before, [110, 120])
    for anchor, base in ((date(2025, 4, 8), 101), (date(2025, 4, 9), 110)):
        got = measure(change(direction="up", after="1 week"), view, anchor, 1)
        assert got.base == pytest.approx([base])


def test_a_monthly_stock_takes_12_for_the_mean_and_36_for_the_deviation():
    """The newest 12: +3, −1 (mean 1). The 24 before: ±2. Of all 36: Σ = 12, Σ² = 156, s² = (156 − 4)/35."""
    before = compound(100, [9] * 5 + [2, -2] * 12 + UNEVEN * 6)
    view = world(
        [entry("a.b", MONTHLY, "stock")],
        {"a.b": rows(months("2025-04", 43), [*before, before[-1] * 0.95])},
        LATE,
    )
    got = measure(change(after="1 month"), view, WEDNESDAY, 1)
    assert got.raw == pytest.approx([0.05 * before[-1]])
    assert got.centre == pytest.approx([-0.01 * before[-1]])
    assert got.scale == pytest.approx([sqrt(152 / 35) / 100 * before[-1]])
    assert got.window == (date(2025, 3, 31), date(2025, 4, 30))


@pytest.mark.parametrize("behaves", ["stock", "price"])
def test_a_daily_level_has_no_mean_and_60_days(behaves):
    """Changes of +3 % and −1 %: about nought the deviation is √((9 + 1)/2) = √5 %."""
    before = compound(100, [40] * 3 + UNEVEN * 30)
    base = before[-1]
    got = measure(
        change(after="1 week"),
        daily_world(before, [base * 0.95] * 9, behaves=behaves),
        WEDNESDAY,
        5,
    )
    unit = 1 if behaves == "price" else base / 100
    assert got.raw == pytest.approx([5 * unit])
    assert got.centre == pytest.approx([0])
    assert got.scale == pytest.approx([sqrt(5) * sqrt(5) * unit])
    assert np.isnan(got.base[0]) == (behaves == "price")


@pytest.mark.parametrize(
    ("behaves", "unit", "told", "factor"),
    [
        ("rate", "percent", "bp", 100),
        ("rate", "bp", "bp", 1),
        ("index", "index points", "points", 1),
    ],
)
def test_a_rate_moves_in_basis_points_and_an_index_in_points(behaves, unit, told, factor):
    """Steps of +0.3 and −0.1: about nought √0.05. Up 0.5 over two days."""
    before = walk(4, [0.3, -0.1] * 35)
    test = change(direction="up", matters="20 bp", after="2 days")
    view = daily_world(before, [9, before[-1] + 0.5, 9], behaves=behaves, unit=unit)
    got = measure(test, view, WEDNESDAY, 2)
    assert KINDS["change_after"].unit(test, view) == told
    assert got.raw == pytest.approx([0.5 * factor])
    assert got.centre == pytest.approx([0])
    assert got.scale == pytest.approx([sqrt(2) * sqrt(0.05) * factor])


def net_levels():
    """A net short that moves by +3 % and −1 % of its size in turn."""
    levels = [-1000.0]
    for percent in UNEVEN * 30:
        levels.append(levels[-1] + abs(levels[-1]) * percent / 100)
    return levels


def test_a_net_position_is_scaled_by_its_size():
    before = net_levels()
    base = before[-1]
    view = weekly_world(before, [base, base + 100], behaves="net_position", unit="contracts")
    got = measure(change(direction="up", after="2 weeks"), view, WEDNESDAY, 2)
    assert base < 0
    assert got.raw == pytest.approx([100]), "a short that shrinks is up"
    assert got.centre == pytest.approx([0])
    assert got.scale == pytest.approx([sqrt(2) * sqrt(5) / 100 * abs(base)])
    whole = KINDS["change_after"].material(change(matters="10 %", after="2 weeks"), got, 2, 2)
    assert whole == pytest.approx([0.10 * abs(base)])


@pytest.mark.parametrize(("interest", "scored"), [(20_000, True), (20_001, False)])
def test_a_net_position_under_5_percent_of_open_interest_is_refused(interest, scored):
    days = weeks(date(2025, 4, 16), 62)
    levels = [-1000.0 - (i % 2) for i in range(59)] + [-1000.0, -900, -800]
    assert days[59] == WEDNESDAY
    net = entry("a.b", WEEKLY, "net_position", "contracts", open_interest="a.open")
    lines = {"a.b": rows(days, levels), "a.open": rows(days, [interest] * 62)}
    view = world([net, entry("a.open", WEEKLY, "stock", "contracts")], lines, LATE)
    got = measure(change(direction="up", after="2 weeks"), view, WEDNESDAY, 2)
    assert np.isnan(got.raw[0]) != scored
    if not scored:
        trace, _ = score_test(change(direction="up", after="2 weeks"), view, WEDNESDAY)
        assert trace.outcome == "not_evaluable"
        assert "too small to measure against" in trace.reason


@pytest.mark.parametrize(
    ("window", "raw", "first", "last"),
    [
        ({"after": "2 weeks"}, 110 - 100, "2025-04-02", "2025-04-16"),
        ({"after": "2 weeks", "skip": "1 week"}, 107 - 103, "2025-04-09", "2025-04-23"),
        ({"before": "2 weeks"}, 100 - 98, "2025-03-19", "2025-04-02"),
    ],
)
def test_where_a_window_lies(window, raw, first, last):
    before = [100, 99, 100, 99] * 20 + [98, 90, 100]
    view = weekly_world(before, [103, 110, 107, 80])
    test = change(direction="up", **window)
    got = measure(test, view, WEDNESDAY, 2)
    assert got.raw == pytest.approx([raw])
    assert got.window == (date.fromisoformat(first), date.fromisoformat(last))


def test_the_extent_of_an_open_window():
    """As of Friday 18 April the weeks of 9 and 16 April are out: two of four."""
    before = [100, 101] * 30
    view = weekly_world(before, [99, 98, 97, 96, 95], date(2025, 4, 18), release="thursday")
    found = extent(change(after="4 weeks", min="3 weeks"), view, WEDNESDAY)
    assert (found.length, found.published, found.least) == (4, 2, 3)
    assert (found.base, found.start) == (WEDNESDAY, WEDNESDAY)
    assert (found.due_least, found.due_whole) == (date(2025, 4, 24), date(2025, 5, 1))
    assert found.stale is None


def test_a_late_release_is_overdue():
    """The week of 16 April was due on 17 April and may be five days late; on the 23rd it is overdue."""
    before = [100, 101] * 30
    for day, stale in ((date(2025, 4, 22), False), (date(2025, 4, 23), True)):
        view = weekly_world(before, [99], day, release="thursday")
        found = extent(change(after="4 weeks"), view, WEDNESDAY)
        assert (found.stale is not None) == stale
    trace, _ = score_test(change(after="4 weeks"), view, WEDNESDAY)
    assert trace.outcome == "not_evaluable"
    assert trace.reason == "a.b is overdue since 17 April 2025"


def test_the_extent_before_the_event():
    found = extent(change(before="4 weeks"), weekly_world([100, 101] * 30, []), WEDNESDAY)
    assert (found.published, found.base, found.start) == (4, WEDNESDAY, date(2025, 3, 5))


def test_nothing_out_and_nothing_early_enough():
    assert isinstance(
        extent(change(after="4 weeks"), weekly_world([], [1.0], date(2025, 4, 3)), WEDNESDAY),
        NotYet,
    )
    assert isinstance(
        extent(change(before="4 weeks"), weekly_world([1.0, 1], []), WEDNESDAY), NotYet
    )


def restless(count, size=1.0):
    """Percent changes without a pattern: digits of a fixed generator, worked out here."""
    state, changes = 12345, []
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        changes.append(size * (state / 2**30 - 1))
    return changes


def test_half_a_window_counts_and_half_of_what_matters():
    before = compound(1000, restless(320))
    base = before[-1]
    view = weekly_world(before, [base * 0.97, base * 0.95], date(2025, 4, 18), release="thursday")
    trace, ranked = score_test(change(matters="2 %", after="4 weeks"), view, WEDNESDAY)
    assert trace.window.so_far
    assert (trace.window.published, trace.window.length) == (2, 4)
    assert trace.statistic.value == pytest.approx(-0.05 * base)
    assert trace.statistic.as_predicted == pytest.approx(0.05 * base)
    assert trace.matters.at_least == pytest.approx(0.02 * base * 2 / 4)
    assert trace.evaluable_on == date(2025, 5, 1)
    assert trace.outcome == "consistent"
    assert (ranked.event.last - ranked.event.first)[0].astype(int) == 14


def test_less_than_the_least_waits():
    view = weekly_world(compound(1000, restless(320)), [900], date(2025, 4, 11), release="thursday")
    trace, _ = score_test(change(after="4 weeks"), view, WEDNESDAY)
    assert trace.outcome == "not_evaluable"
    assert [int(n) for n in "".join(c if c.isdigit() else " " for c in trace.reason).split()][
        :2
    ] == [1, 4]
    assert trace.evaluable_on == date(2025, 4, 17)


def test_a_window_does_not_span_a_gap():
    """The week of 16 April is missing: four observations then end on 7 May, five weeks on."""
    before = compound(1000, restless(320))
    view = weekly_world(before, [990, None, 980, 970, 960, 950])
    assert np.isnan(measure(change(after="4 weeks"), view, WEDNESDAY, 4).raw[0])
    assert not np.isnan(measure(change(after="1 week"), view, WEDNESDAY, 1).raw[0])
    trace, _ = score_test(change(after="4 weeks"), view, WEDNESDAY)
    assert trace.outcome == "not_evaluable"
    assert "spans a gap" in trace.reason


@pytest.mark.parametrize(("shift", "scored"), [(3, True), (-3, True), (4, False), (-4, False)])
def test_three_days_off_is_no_gap_for_a_weekly_series(shift, scored):
    days = weeks(WEDNESDAY, 70)
    end = date(2025, 4, 16) + timedelta(days=shift)
    lines = rows([*days, date(2025, 4, 9), end], [100 + i % 2 for i in range(72)])
    view = world([entry("a.b", WEEKLY, "stock")], {"a.b": lines}, LATE)
    assert np.isnan(measure(change(after="2 weeks"), view, WEDNESDAY, 2).raw[0]) != scored


@pytest.mark.parametrize(
    ("on", "scored"),
    [("2025-04-02", True), ("2025-04-03", False), ("2025-04-16", False), ("2025-04-17", True)],
)
def test_a_break_of_method_inside_the_window(on, scored):
    before = compound(1000, restless(320))
    view = weekly_world(before, [990, 980, 970], breaks=broken_on(date.fromisoformat(on)))
    assert np.isnan(measure(change(after="2 weeks"), view, WEDNESDAY, 2).raw[0]) != scored


BRIDGED = [
    entry("a.levels", WEEKLY, "net_position", "contracts"),
    entry("a.changes", WEEKLY, "net_position", "contracts"),
    entry(
        "a.b",
        WEEKLY,
        "net_position",
        "contracts",
        bridge={"levels": "a.levels", "changes": "a.changes"},
    ),
]


def bridged(levels_after, changes_after):
    """Two collections of one thing, the second 500 higher."""
    days = [*weeks(WEDNESDAY, 61), date(2025, 4, 9), date(2025, 4, 16)]
    before = net_levels()
    lines = {
        "a.levels": rows(days, [*before, *levels_after]),
        "a.changes": rows(
            days, [*(x + 500 for x in before), *(x + 500 if x else None for x in changes_after)]
        ),
    }
    return world(BRIDGED, lines, LATE), before[-1]


def test_a_bridge_takes_a_change_from_the_collection_that_has_both_ends():
    test = change(direction="up", after="2 weeks")
    view, base = bridged([-990, -950], [-990, -900])
    both = measure(test, view, WEDNESDAY, 2)
    assert both.raw == pytest.approx([-950 - base]), "the first collection, where it has both"
    assert both.base == pytest.approx([base])
    view, base = bridged([-990, None], [-990, -900])
    second = measure(test, view, WEDNESDAY, 2)
    assert second.raw == pytest.approx([-900 - base]), "+500 at both ends"
    assert second.base == pytest.approx([base + 500])


def test_a_bridge_never_sets_one_level_against_the_other():
    days = [*weeks(WEDNESDAY, 61), date(2025, 4, 9), date(2025, 4, 16)]
    before = net_levels()
    lines = {
        "a.levels": rows(days, [*before, -990, None]),  # has the base, not the end
        "a.changes": rows(
            days, [*(x + 500 for x in before[:-1]), None, -490, -400]
        ),  # has the end, not the base
    }
    got = measure(
        change(direction="up", after="2 weeks"), world(BRIDGED, lines, LATE), WEDNESDAY, 2
    )
    assert np.isnan(got.raw[0])


def test_sixty_percent_of_the_trailing_window_are_needed():
    """52 weeks are asked for. 32 changes are one too many missing (0.6 · 52 = 31.2)."""
    for known, usable in ((31, False), (32, True)):
        before = compound(100, (UNEVEN * 30)[:known])
        got = measure(change(after="1 week"), weekly_world(before, [90.0]), WEDNESDAY, 1)
        assert np.isnan(got.scale[0]) != usable
    assert not np.isnan(got.raw[0])


def test_a_series_that_never_moves_has_no_usual_size():
    trace, _ = score_test(change(after="1 week"), weekly_world([100.0] * 300, [90.0]), WEDNESDAY)
    assert trace.outcome == "not_evaluable"
    assert "too little was out" in trace.reason


# ---------------------------------------------------------------- net_flow


def flow(direction="down", matters="42 bn", **window):
    return a_test(
        "net_flow", matters, series="a.flow", window=window, predicts={"direction": direction}
    )


def flow_world(values, last, day=LATE, release="prompt", **more):
    lines = rows(months(last, len(values)), values)
    return world(
        [entry("a.flow", MONTHLY, "flow", release=release, **more)], {"a.flow": lines}, day
    )


FLOWS = [5.0, -1] * 30 + [9, 7, 11, 13, -30, -20, -10, 40]  # … 2024-11 … then December to July
LAST = "2025-07"


@pytest.mark.parametrize(
    ("window", "anchor", "total", "first", "last"),
    [
        ({"after": "1 month"}, WEDNESDAY, -30, "2025-04-30", "2025-04-30"),
        ({"after": "2 months", "skip": "1 month"}, WEDNESDAY, -20 - 10, "2025-05-31", "2025-06-30"),
        ({"before": "2 months"}, WEDNESDAY, 11 + 13, "2025-02-28", "2025-03-31"),
        ({"after": "1 month"}, date(2025, 4, 29), -30, "2025-04-30", "2025-04-30"),
        # an anchor on a month's last day stands after that month
        ({"after": "1 month"}, date(2025, 4, 30), -20, "2025-05-31", "2025-05-31"),
    ],
)
def test_which_months_a_window_holds(window, anchor, total, first, last):
    view = flow_world(FLOWS, LAST)
    length = 2 if "2 months" in window.values() else 1
    for direction, sign in (("down", -1), ("up", 1)):
        got = measure(flow(direction, **window), view, anchor, length)
        assert got.raw == pytest.approx([sign * total])
        assert got.window == (date.fromisoformat(first), date.fromisoformat(last))


def test_the_mean_of_12_and_the_deviation_of_36_months():
    """Known at the start: to March. The newest 12 are 8 of (5, −1) and 9, 7, 11, 13: 16 + 40 = 56."""
    got = measure(flow(after="1 month"), flow_world(FLOWS, LAST), WEDNESDAY, 1)
    assert got.centre == pytest.approx([-56 / 12])
    total = 16 * 4 + 40
    squares = 16 * (25 + 1) + 81 + 49 + 121 + 169
    assert got.scale == pytest.approx([sqrt((squares - total**2 / 36) / 35)])
    two = measure(flow(after="2 months"), flow_world(FLOWS, LAST), WEDNESDAY, 2)
    assert two.centre == pytest.approx([2 * -56 / 12])
    assert two.scale == pytest.approx(sqrt(2) * got.scale)
    assert two.raw == pytest.approx([50])


def test_a_missing_month_is_a_gap():
    values = [*FLOWS[:-4], None, *FLOWS[-3:]]  # April is missing
    got = measure(flow(after="1 month"), flow_world(values, LAST), WEDNESDAY, 1)
    assert np.isnan(got.raw[0])


def test_a_break_inside_a_flow():
    """A change of method in May spoils May with June or April, not May alone."""
    view = flow_world(FLOWS, LAST, breaks=broken_on(date(2025, 5, 1)))
    assert np.isnan(measure(flow(after="2 months"), view, WEDNESDAY, 2).raw[0])
    skipped = measure(flow(after="2 months", skip="1 month"), view, WEDNESDAY, 2)
    assert skipped.raw == pytest.approx([30])


def test_one_of_two_months_is_held_against_half_the_bar():
    values = [10 * x for x in restless(120)] + [-40.0, -60.0]
    view = flow_world(values, "2025-05", date(2025, 6, 20), release="slow")
    test = flow(after="2 months", min="1 month")
    trace, _ = score_test(test, view, WEDNESDAY)
    assert (trace.window.published, trace.window.so_far) == (1, True)
    assert trace.statistic.value == pytest.approx(-40)
    assert trace.matters.at_least == pytest.approx(21)
    assert trace.evaluable_on == date(2025, 7, 18)


def test_a_month_whose_first_print_is_not_held_counts_only_once_aged():
    view = flow_world(FLOWS, LAST, not_first_prints=("2025-04",))
    assert np.isnan(measure(flow(after="1 month"), view, WEDNESDAY, 1, at=date(2025, 9, 1)).raw[0])
    assert measure(
        flow(after="1 month"), view, WEDNESDAY, 1, at=date(2025, 10, 1)
    ).raw == pytest.approx([30])


# ---------------------------------------------------------------- spike_after


def spike(direction="up", matters="20 bp", **fields):
    return a_test(
        "spike_after",
        matters,
        series="a.b",
        window={"after": "1 week"},
        predicts={"direction": direction},
        **fields,
    )


def shuffled(count):
    """1 … count, in an order without sense."""
    return [float((i * 37) % count + 1) for i in range(count)]


@pytest.mark.parametrize(
    ("behaves", "unit", "factor"),
    [("rate", "percent", 100), ("rate", "bp", 1), ("index", "points", 1)],
)
def test_a_spike_is_the_highest_value_over_the_median_of_60(behaves, unit, factor):
    """1 … 60 have the median 30.5. What is further back (1,000) does not count."""
    view = daily_world(
        [1000.0] * 20 + shuffled(60), [40, 70, 50, 20, 30, 999], behaves=behaves, unit=unit
    )
    got = measure(spike(), view, WEDNESDAY, 5)
    assert got.raw == pytest.approx([(70 - 30.5) * factor])
    assert (got.centre[0], got.scale[0]) == (0, 1)
    assert got.window == (WEDNESDAY, date(2025, 4, 9))
    low = measure(spike("down"), view, WEDNESDAY, 5)
    assert low.raw == pytest.approx([(30.5 - 20) * factor])


def test_a_spike_needs_every_day_and_36_of_60_calm_ones():
    for count, usable in ((35, False), (36, True)):
        view = daily_world(shuffled(count), [40, 70, 50, 20, 30], behaves="rate", unit="bp")
        assert np.isnan(measure(spike(), view, WEDNESDAY, 5).raw[0]) != usable
    gap = daily_world(shuffled(60), [40, 70, *[None] * 7, 20, 30, 10, 5], behaves="rate", unit="bp")
    assert np.isnan(measure(spike(), gap, WEDNESDAY, 5).raw[0])


def test_what_matters_of_a_spike_is_not_scaled():
    view = daily_world(shuffled(60), [40, 70, 50, 20, 30], behaves="rate", unit="bp")
    got = measure(spike(), view, WEDNESDAY, 3)
    assert KINDS["spike_after"].material(spike(), got, 3, 5) == pytest.approx([20])


def test_period_ends_are_compared_with_period_ends():
    """Windows of five days: none, a month's end, a quarter's end inside."""
    days = weekdays(date(2025, 7, 31), 400)
    view = world(
        [entry("a.b", DAILY, "rate", "bp")],
        {"a.b": rows(days, [float(i % 7) for i in range(400)])},
        LATE,
    )
    kind, anchors = (
        KINDS["spike_after"],
        np.array(["2025-04-02", "2025-04-28", "2025-03-28", "2025-06-27"], "datetime64[D]"),
    )
    at = np.full(4, view.cutoff)
    test = spike(match="period_ends")
    sample = kind.measure(test, view, anchors, at, at, 5)
    events = {d: sample.take(np.array([str(a) == d for a in anchors])) for d in map(str, anchors)}
    compared = {d: kind.comparable(test, sample, e).tolist() for d, e in events.items()}
    assert compared == {
        "2025-04-02": [True, False, False, False],
        "2025-04-28": [False, True, False, False],
        "2025-03-28": [False, False, True, True],
        "2025-06-27": [False, False, True, True],
    }
    assert kind.comparable(spike(), sample, events["2025-04-02"]).all()


# ---------------------------------------------------------------- falls_together


def together_world(rate_after, price_after, missing=()):
    """A rate that moves ±0.01 a day (1 bp about nought) and a price that moves ±1 %."""
    days = weekdays(date(2025, 4, 30), 120)
    at = days.index(WEDNESDAY)
    rate, price = [4.0], [100.0]
    for i in range(at):  # backwards from the anchor
        rate.insert(0, 4.0 + 0.01 * (1 - i % 2))
        price.insert(0, price[0] / (1.01 if i % 2 else 0.99))
    lines = {
        "a.rate": rows(days[: at + 1 + len(rate_after)], [*rate, *rate_after]),
        "b.price": rows(
            [d for d in days[: at + 1 + len(price_after) + len(missing)] if d not in missing],
            [*price, *price_after],
        ),
    }
    entries = [
        entry("a.rate", DAILY, "rate", "percent"),
        entry("b.price", DAILY, "price", "points"),
    ]
    return world(entries, lines, LATE)


def together(first="up", second="down", matters="0.25 sd"):
    legs = [{"series": "a.rate", "direction": first}, {"series": "b.price", "direction": second}]
    return a_test("falls_together", matters, legs=legs, window={"after": "4 days"})


def test_the_weakest_leg_decides():
    """Over four days the rate rises by 6 bp (6 / (√4 · 1) = 3), the price falls by 5 % (5 / (√4 · 1) = 2.5)."""
    view = together_world([4.2, 4.2, 4.2, 4.06, 5], [99, 99, 99, 95, 50])
    got = measure(together(), view, WEDNESDAY, 4)
    assert got.raw == pytest.approx([2.5])
    legs = KINDS["falls_together"].legs(
        together(), view, np.array([WEDNESDAY], "datetime64[D]"), np.array([view.cutoff]),
        np.array([calendar.end_of_day(WEDNESDAY)]), 4,
    )  # fmt: skip
    assert legs[0].z == pytest.approx([3])
    assert got.raw == pytest.approx(legs[1].z)
    assert (got.centre[0], got.scale[0]) == (0, 1)
    assert measure(together(second="up"), view, WEDNESDAY, 4).raw == pytest.approx(-got.raw)
    assert KINDS["falls_together"].material(together(), got, 2, 4) == pytest.approx([0.25])


def test_legs_on_different_calendars():
    """The price rests on 4 April: its four days end one day later than the rate's, and so does the window."""
    view = together_world([4.02] * 9, [99, 98, 97, 95, 50, 50], missing=[date(2025, 4, 4)])
    got = measure(together(), view, WEDNESDAY, 4)
    assert got.raw == pytest.approx([1.0]), "2 bp over √4 · 1 bp"
    assert got.window == (WEDNESDAY, date(2025, 4, 9))
    found = extent(together(), view, WEDNESDAY)
    assert (found.length, found.published) == (4, 4)


def test_the_slowest_leg_holds_the_window_open():
    view = together_world([4.02] * 4, [99, 98])
    found = extent(together(), view, WEDNESDAY)
    assert (found.published, found.length) == (2, 4)
    assert np.isnan(measure(together(), view, WEDNESDAY, 4).raw[0]), (
        "a leg without its end gives nothing"
    )


# ---------------------------------------------------------------- facts


def outcome(test, view):
    trace, ranked = score_test(test, view, date(2025, 4, 2))
    assert ranked is None
    return trace.outcome


REVISED = "2025-01-31,10,,1\n2025-02-28,20,,1\n2025-01-31,13,2025-04-01T16:00:00Z,1\n2025-02-28,16,2025-04-01T16:00:00Z,1\n2025-03-31,30,,1\n"


def test_the_error_of_a_revised_series():
    """January moved by +3, February by −4, March never: √((9 + 16)/2)."""
    view = world(
        [entry("a.b", MONTHLY, "stock")],
        {"a.b": REVISED.replace("-31,", ",").replace("-28,", ",")},
        LATE,
    )
    assert revision_error(view.series("a.b")) == pytest.approx(sqrt(12.5))
    before = world(
        [entry("a.b", MONTHLY, "stock")], {"a.b": rows(months("2025-03", 3), [1, 2, 3])}, LATE
    )
    assert revision_error(before.series("a.b")) == 0


def level(value, direction="up", matters="30 bn", lines=None, **more):
    test = a_test(
        "level",
        matters,
        series="a.b",
        on=date(2025, 3, 31),
        predicts={"direction": direction},
        **more,
    )
    lines = lines or rows(months("2025-03", 3), [1, 2, value])
    return test, world([entry("a.b", MONTHLY, "stock")], {"a.b": lines}, LATE)


@pytest.mark.parametrize(
    ("value", "direction", "more", "expected"),
    [
        (30, "up", {}, "consistent"),
        (29.99, "up", {}, "inconsistent"),
        (30, "down", {}, "consistent"),
        (30.01, "down", {}, "inconsistent"),
        (40, "up", {"at_most": "40 bn"}, "consistent"),
        (40.01, "up", {"at_most": "40 bn"}, "inconsistent"),
    ],
)
def test_a_level_against_its_band(value, direction, more, expected):
    assert outcome(*level(value, direction, **more)) == expected


@pytest.mark.parametrize(
    ("short", "expected"), [(0, "consistent"), (7.07, "neutral"), (7.08, "inconsistent")]
)
def test_a_level_near_its_band_is_neutral_within_twice_the_error(short, expected):
    """Twice √12.5 is 7.0711."""
    lines = REVISED.replace("-31,", ",").replace("-28,", ",").replace(",30,", f",{30 - short},")
    assert outcome(*level(None, lines=lines)) == expected


def test_a_level_that_is_not_out():
    test, view = level(30)
    assert isinstance(find(test, view.store.as_of(date(2025, 3, 30))), NotYet)
    assert find(test, view).value == 30


def record(of="highest", direction="up", matters="1 pp", values=(50, 70, 60, 72)):
    days = [date(2025, 1, 8), date(2025, 2, 12), date(2025, 3, 12), date(2025, 4, 2)][: len(values)]
    test = a_test(
        "record", matters, series="a.b", on=days[-1], of=of, predicts={"direction": direction}
    )
    return test, world(
        [entry("a.b", "irregular", "share", "percent")], {"a.b": rows(days, values)}, LATE
    )


@pytest.mark.parametrize(
    ("of", "direction", "values", "value", "expected"),
    [
        ("highest", "up", (50, 70, 60, 72), 2, "consistent"),
        ("highest", "up", (50, 70, 60, 71), 1, "consistent"),
        ("highest", "up", (50, 70, 60, 70.5), 0.5, "inconsistent"),
        ("highest", "down", (50, 70, 60, 69), 1, "consistent"),
        ("highest", "down", (50, 70, 60, 72), -2, "inconsistent"),
        ("lowest", "up", (50, 70, 60, 45), 5, "consistent"),
        ("lowest", "down", (50, 70, 60, 45), -5, "inconsistent"),
    ],
)
def test_a_record(of, direction, values, value, expected):
    test, view = record(of, direction, values=values)
    assert find(test, view).value == pytest.approx(value)
    assert outcome(test, view) == expected


def test_a_record_knows_nothing_later_and_needs_something_earlier():
    test, view = record(values=(50, 70, 60, 72))
    later = world(
        [view.catalogue.series["a.b"]],
        {"a.b": view.store.lines["a.b"] + "2025-05-07,99,,1\n"},
        LATE,
    )
    assert find(test, later).value == pytest.approx(2)
    assert isinstance(find(*record(values=(50,))), NotYet)
    assert isinstance(find(test, view.store.as_of(date(2025, 4, 1))), NotYet)


TURN = [100, 110, 108, 104, 102, 101, 100, 98]  # 28 March … 8 April; the turn on 31 March
TURN_DAYS = weekdays(date(2025, 4, 8), 8)


def turning(kind, day=LATE, values=TURN, **fields):
    given = {"series": "a.b", "since": date(2025, 3, 28), "frozen": date(2025, 4, 8), **fields}
    view = world([entry("a.b", DAILY, "price", "points")], {"a.b": rows(TURN_DAYS, values)}, day)
    return a_test(kind, **given), view


def share(day=LATE, values=TURN, **fields):
    return turning(
        "share_before",
        day,
        values,
        **{"split": WEDNESDAY, "least": 3, "matters": "40 %", "at_most": "60 %", **fields},
    )


def test_the_share_of_a_fall_before_a_date():
    """From 110 on 31 March to 98 on 8 April; 2 April stands at 104: 6 of 12."""
    assert TURN_DAYS[0] == date(2025, 3, 28)
    test, view = share()
    found = find(test, view)
    assert found.value == pytest.approx(50)
    assert (found.first, found.last, found.so_far) == (date(2025, 3, 31), date(2025, 4, 8), False)
    assert outcome(test, view) == "consistent"


def test_the_share_of_a_rise():
    test, view = share(values=[210 - x for x in TURN], predicts={"direction": "up"})
    assert find(test, view).value == pytest.approx(50)


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        ("50 %", "60 %", "consistent"),
        ("40 %", "50 %", "consistent"),
        ("51 %", "60 %", "inconsistent"),
        ("40 %", "49 %", "inconsistent"),
    ],
)
def test_the_edges_of_the_band(least, most, expected):
    assert outcome(*share(matters=least, at_most=most)) == expected


def test_a_share_is_frozen_on_the_day_of_the_claim():
    """Frozen on 4 April the end is 101: 6 of 9, although it fell on."""
    found = find(*share(frozen=date(2025, 4, 4), least=2))
    assert found.value == pytest.approx(100 * 6 / 9)
    assert found.last == date(2025, 4, 4)


def test_a_share_waits_for_enough_days():
    test, view = share()
    early = find(test, view.store.as_of(date(2025, 4, 4)))
    assert isinstance(early, NotYet)
    assert early.on == date(2025, 4, 7), "three days past the split"
    running = find(test, view.store.as_of(date(2025, 4, 7)))
    assert running.so_far
    assert running.value == pytest.approx(100 * 6 / 10)


def test_a_share_of_no_fall():
    assert isinstance(find(*share(values=[100, 101, 102, 103, 104, 105, 106, 107])), NotYet)


def peak(day=LATE, matters="2 days", **fields):
    return turning("peak_date", day, before=WEDNESDAY, matters=matters, **fields)


def test_the_date_of_a_peak():
    """31 March is two days before 2 April."""
    found = find(*peak())
    assert found.value == 2
    assert found.first == date(2025, 3, 31)
    assert outcome(*peak()) == "consistent"
    assert outcome(*peak(matters="3 days")) == "inconsistent"
    assert find(*peak(predicts={"direction": "up"})).value == -6, (
        "the lowest value is the last, on 8 April"
    )


def test_a_peak_waits_for_the_date_and_runs_until_frozen():
    test, view = peak()
    assert isinstance(find(test, view.store.as_of(date(2025, 4, 1))), NotYet)
    assert find(test, view.store.as_of(WEDNESDAY)).so_far
    assert not find(test, view.store.as_of(date(2025, 4, 8))).so_far


def onset(values, when="before", day=LATE, matters="10 bn", release="prompt"):
    """January to April 2025; sales count."""
    test = a_test(
        "onset",
        matters,
        series="a.flow",
        since=date(2025, 1, 1),
        until=date(2025, 4, 30),
        split=date(2025, 3, 31),
        when=when,
    )
    lines = rows(months("2025-04", 4)[: len(values)], values)
    return test, world([entry("a.flow", MONTHLY, "flow", release=release)], {"a.flow": lines}, day)


@pytest.mark.parametrize(
    ("values", "when", "value", "expected"),
    [
        ((5, -10, 3, 0), "before", 10, "consistent"),
        ((5, -9.9, 3, 0), "before", 9.9, "inconsistent"),
        ((5, -9.9, 3, -80), "before", 9.9, "inconsistent"),  # April is not before
        ((5, 1, 3, -10), "after", 10, "consistent"),
        ((5, 1, 3, -9.9), "after", 9.9, "inconsistent"),
        (
            (5, -12, 3, -40),
            "after",
            20 - 12,
            "inconsistent",
        ),  # February came first, 2 past the mark
        ((5, -9, 3, -40), "after", 20 - 9, "consistent"),
    ],
)
def test_when_a_flow_turned(values, when, value, expected):
    test, view = onset(values, when)
    assert find(test, view).value == pytest.approx(value)
    assert outcome(test, view) == expected


def test_an_onset_waits_unless_it_is_settled():
    """On 20 May January to March are out."""
    day = date(2025, 5, 20)
    late = find(*onset((5, 1, 3, -40), "after", day, release="slow"))
    assert isinstance(late, NotYet)
    assert late.on == date(2025, 6, 18)
    assert outcome(*onset((5, -12, 3, -40), "after", day, release="slow")) == "inconsistent", (
        "too early is too early"
    )
    early = date(2025, 4, 20)
    assert isinstance(find(*onset((5, 1, 3, 0), "before", early, release="slow")), NotYet)
    assert find(*onset((-11, 1, 3, 0), "before", early, release="slow")).value == pytest.approx(11)


def tracks(quick, slow, months_=24, matters="0.5 correlation", day=LATE, until=date(2025, 3, 31)):
    """`quick` and `slow`: monthly levels to March 2025; the quick one printed twice a month, the first time nonsense."""
    names = months("2025-03", len(quick))
    ends = [np.datetime64(n, "M") for n in names]
    days, values = [], []
    for month, value in zip(ends, quick, strict=True):
        days += [f"{month}-10", str((month + 1).astype("datetime64[D]") - 1)]
        values += [-5000.0, value]
    test = a_test("tracks", matters, quick="a.b", slow="c.d", months=months_, until=until)
    entries = [entry("a.b", DAILY, "stock"), entry("c.d", MONTHLY, "stock")]
    return test, world(entries, {"a.b": rows(days, values), "c.d": rows(names, slow)}, day)


ALTERNATE = [1, -1] * 12
IN_PAIRS = [1, 1, -1, -1] * 6  # at right angles to it


def test_a_correlation_of_nought():
    """Fisher: z = 0, its deviation 1/√21, so the upper bound is tanh(2/√21)."""
    found = find(*tracks(walk(100, ALTERNATE), walk(200, IN_PAIRS)))
    assert found.value == pytest.approx(0, abs=1e-9)
    assert found.error == pytest.approx(tanh(2 / sqrt(21)) / 2)
    assert outcome(*tracks(walk(100, ALTERNATE), walk(200, IN_PAIRS))) == "inconsistent"
    assert (
        outcome(*tracks(walk(100, ALTERNATE), walk(200, IN_PAIRS), matters="0.4 correlation"))
        == "neutral"
    )


def test_a_correlation_of_one_half():
    """a + √3·b with a and b at right angles: cos 60°."""
    mixed = [a + sqrt(3) * b for a, b in zip(ALTERNATE, IN_PAIRS, strict=True)]
    test, view = tracks(walk(100, ALTERNATE), walk(200, mixed), matters="0.49 correlation")
    assert find(test, view).value == pytest.approx(0.5)
    assert outcome(test, view) == "consistent"
    assert (
        outcome(*tracks(walk(100, ALTERNATE), walk(200, mixed), matters="0.51 correlation"))
        == "neutral"
    )


def test_a_correlation_needs_its_months_near_its_end():
    quick, slow = walk(100, ALTERNATE), walk(200, IN_PAIRS)
    assert isinstance(find(*tracks(quick, slow, months_=25)), NotYet)
    assert isinstance(find(*tracks(quick, slow, until=date(2025, 6, 30))), Fact)
    assert isinstance(find(*tracks(quick, slow, until=date(2025, 7, 31))), NotYet)
    assert isinstance(find(*tracks(quick, slow, day=date(2025, 3, 30))), NotYet), "March is not out"


def test_a_series_that_never_moves_tracks_nothing():
    assert outcome(*tracks(walk(100, [0] * 24), walk(200, IN_PAIRS))) == "not_evaluable"


def test_a_series_tracks_itself():
    found = find(*tracks(walk(100, ALTERNATE), walk(200, ALTERNATE)))
    assert found.value == pytest.approx(1)
    assert found.error == pytest.approx(0, abs=1e-6)


def quoted(direction="down", matters="10 bp", on=None, both=True, day=LATE):
    fields = {"from_figure": "a.start"} if both else {}
    test = a_test(
        "quoted", matters, figure="a.low", predicts={"direction": direction}, on=on, **fields
    )
    entries = [entry(i, "irregular", "rate", "bp", licence="quoted") for i in ("a.start", "a.low")]
    lines = {
        "a.start": "2025-04-01,-44,,1\n",
        "a.low": "2025-04-08,-70,,1\n2025-04-10,-60,2025-04-30T12:30:00Z,1\n",
    }
    return test, world(entries, lines, day)


def test_quoted_figures():
    found = find(*quoted())
    assert found.value == 16, "from −44 to −60 is a fall of 16"
    assert find(*quoted("up")).value == -16
    assert find(*quoted(both=False)).value == 60
    assert outcome(*quoted()) == "consistent"
    assert outcome(*quoted(matters="16 bp")) == "consistent"
    assert outcome(*quoted(matters="17 bp")) == "inconsistent"
    trace, _ = score_test(*quoted(), WEDNESDAY)
    assert trace.data.grade == "quoted"


def test_a_quoted_figure_of_a_day_and_before_it_was_in_print():
    assert find(*quoted(both=False, on=date(2025, 4, 8))).value == 70
    assert isinstance(find(*quoted(both=False, on=date(2025, 4, 9))), NotYet)
    assert find(*quoted(both=False, day=date(2025, 4, 29))).value == 70, (
        "the newest in print by then"
    )
    assert isinstance(find(*quoted(day=date(2025, 4, 7))), NotYet)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_says_what_it_is(kind):
    about = KINDS[kind]
    assert about.name == kind == about.model.model_fields["kind"].annotation.__args__[0]
    assert about.example.endswith(".")
    assert about.label


def test_the_day_before_the_event_nothing_is_scored():
    view = weekly_world(compound(1000, restless(320)), [], date(2025, 4, 1))
    trace, _ = score_test(change(after="4 weeks"), view, WEDNESDAY)
    assert trace.reason == "the event had not happened by then"
    assert isinstance(extent(change(after="4 weeks"), view, WEDNESDAY), Extent)
