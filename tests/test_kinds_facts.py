"""The kinds that add up flows and set series against each other, on numbers worked out by hand."""

from datetime import date
from math import hypot, sqrt

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from evidence import calendar
from evidence.answer import score_test
from evidence.cases import CaseView, periods
from evidence.catalogue import Catalogue
from evidence.kinds import KINDS, Test, sums
from evidence.kinds.base import Extent, NotYet
from evidence.lint import one_test, rules_of_tests
from tests import test_kinds
from tests.worlds import MONTHLY, RELEASES, WEEKLY, broken_on, entry, months, rows, world

TEST = TypeAdapter(Test)
EVENT = date(2025, 4, 2)
LATE = date(2026, 6, 30)
QUARTERLY, YEARLY = "quarterly", "yearly"


def a_test(kind, matters="2 bn", **fields):
    return test_kinds.a_test(kind, matters, **fields)


def find(test, view):
    return KINDS[test.kind].find(test, view, EVENT, view.day)


def flow(name="a.flow", frequency=MONTHLY, unit="USD bn", **more):
    return entry(name, frequency, "flow", unit, **more)


def quarters(last, count):
    """`count` quarters up to `last`, as their last months."""
    end = np.datetime64(last, "M")
    return [str(end - 3 * i) for i in range(count - 1, -1, -1)]


def years(last, count):
    return [f"{year}-12" for year in range(last - count + 1, last + 1)]


def flow_world(values, last="2025-04", day=LATE, **more):
    return world([flow(**more)], {"a.flow": rows(months(last, len(values)), values)}, day)


# ---------------------------------------------------------------- spans


@pytest.mark.parametrize(
    ("span", "frequency", "count"),
    [("12 months", MONTHLY, 12), ("12 months", QUARTERLY, 4), ("24 months", YEARLY, 2), ("3 months", QUARTERLY, 1)],
)  # fmt: skip
def test_a_span_of_months_counts_periods(span, frequency, count):
    assert sums.observations(span, frequency) == count


@pytest.mark.parametrize(
    ("span", "frequency"),
    [("4 months", QUARTERLY), ("6 months", YEARLY), ("4 weeks", MONTHLY), ("4 weeks", WEEKLY)],
)
def test_a_span_that_is_no_whole_number_of_periods_is_refused(span, frequency):
    with pytest.raises(ValueError, match="has no sum over"):
        sums.observations(span, frequency)


def test_a_sum_does_not_run_over_a_gap():
    ends = np.array(["2025-01-31", "2025-02-28", "2025-04-30", "2025-05-31"], dtype="datetime64[D]")
    got = sums.rolling(ends, np.array([1.0, 2.0, 4.0, 8.0]), MONTHLY, 2)
    assert got == pytest.approx([np.nan, 3, np.nan, 12], nan_ok=True)
    assert sums.rolling(ends, np.ones(4), MONTHLY, 5) == pytest.approx([np.nan] * 4, nan_ok=True)


def test_sums_are_revised_as_sums():
    """Two months revised by +1 each, one by −3: sums of two moved by +2 and −2, so the error is 2, not √2·√(11/3)."""
    lines = rows(
        ["2025-01", "2025-01", "2025-02", "2025-02", "2025-03", "2025-03", "2025-04"],
        [10, 11, 10, 11, 10, 7, 10],
        ["2025-02-10T12:00:00Z", "2025-06-01T12:00:00Z", "2025-03-10T12:00:00Z", "2025-06-01T12:00:00Z",
         "2025-04-10T12:00:00Z", "2025-06-01T12:00:00Z", "2025-05-10T12:00:00Z"],
    )  # fmt: skip
    series = world([flow()], {"a.flow": lines}, LATE).series("a.flow")
    assert sums.sum_error(series, MONTHLY, 2) == pytest.approx(2)
    assert sums.sum_error(series, MONTHLY, 1) == pytest.approx(sqrt(11 / 3))
    assert sums.sum_error(series, MONTHLY, 4) == pytest.approx(2 * sqrt(11 / 3)), "no whole sum"


def test_a_series_that_is_never_revised_has_no_error():
    view = flow_world([1.0] * 24)
    assert sums.sum_error(view.series("a.flow"), MONTHLY, 12) == 0


# ---------------------------------------------------------------- flow_shift


def shift(direction="down", against="12 months", **window):
    return a_test(
        "flow_shift", "20 bn", series="a.flow", window=window, against=against,
        predicts={"direction": direction},
    )  # fmt: skip


def measure(test, view, anchor=EVENT, length=2):
    return KINDS["flow_shift"].measure(
        test, view, np.array([anchor], dtype="datetime64[D]"), np.array([view.cutoff]),
        np.array([calendar.end_of_day(anchor)]), length,
    )  # fmt: skip


def test_a_turn_by_hand():
    """12 months of 10 ± 3 before, then 2 and 4: 2·(3 − 10) = −14. The last 36 are ±3: s² = 36·9/35, k = 2, a = 12."""
    view = flow_world([13, 7] * 20 + [2, 4], last="2025-05")
    got = measure(shift(after="2 months"), view)
    assert got.raw == pytest.approx([14])
    assert got.centre == pytest.approx([0])
    assert got.scale == pytest.approx([3 * sqrt(36 / 35) * sqrt(2 * (1 + 2 / 12))])
    assert got.base == pytest.approx([10]), "the pace before"
    assert got.window == (date(2025, 4, 30), date(2025, 5, 31))
    assert measure(shift(direction="up", after="2 months"), view).raw == pytest.approx([-14])


def test_the_comparison_ends_where_the_window_begins():
    """With one month skipped, that month belongs to the months before."""
    view = flow_world([0] * 39 + [12, 5, 5], last="2025-06")
    got = measure(shift(after="2 months", skip="1 month"), view)
    assert got.base == pytest.approx([12 / 12])
    assert got.raw == pytest.approx([-(10 - 2)])
    before = measure(
        shift(before="2 months", against="3 months"),
        flow_world([0] * 36 + [6, 6, 6, 1, 2], last="2025-03"),
    )
    assert before.base == pytest.approx([6])
    assert before.raw == pytest.approx([9])
    assert before.window == (date(2025, 2, 28), date(2025, 3, 31))


def test_a_turn_needs_its_comparison():
    """Under 60 % of the months before, or a gap or break in them: no number."""
    assert np.isnan(measure(shift(after="2 months"), flow_world([1, 2] * 5, last="2025-05")).raw[0])
    values = [*([1, 2] * 19), 1, None, 3, 3]
    assert np.isfinite(
        measure(shift(after="2 months"), flow_world([v or 1 for v in values], last="2025-05")).raw[
            0
        ]
    )
    broken = flow_world([1, 2] * 20 + [3, 3], last="2025-05", breaks=broken_on(date(2024, 10, 31)))
    assert np.isnan(measure(shift(after="2 months"), broken).raw[0])
    assert np.isfinite(measure(shift(after="2 months", against="3 months"), broken).raw[0])
    first = flow_world([1, 2] * 20 + [3, 3], last="2025-05", breaks=broken_on(date(2024, 4, 1)))
    assert np.isfinite(measure(shift(after="2 months"), first).raw[0]), (
        "the new form from its start"
    )


def test_a_month_whose_first_print_is_not_held_waits_in_the_comparison_as_well():
    late = {"not_first_prints": ("2025-03",)}
    values = [1, 2] * 20 + [3, 3]
    early = flow_world(values, last="2025-05", day=date(2025, 6, 30), **late)
    assert measure(shift(after="2 months"), early).base == pytest.approx([16 / 11])
    settled = flow_world(values, last="2025-05", day=date(2025, 9, 30), **late)
    assert measure(shift(after="2 months"), settled).base == pytest.approx([1.5])


def test_what_matters_of_a_turn_grows_with_the_months_that_are_out():
    test = shift(after="4 months")
    view = flow_world([13, 7] * 20 + [2], last="2025-04")
    extent = KINDS["flow_shift"].extent(test, view, EVENT)
    assert isinstance(extent, Extent)
    assert (extent.published, extent.length, extent.least) == (1, 4, 2)
    got = KINDS["flow_shift"].material(test, measure(test, view, length=1), 1, 4)
    assert got == pytest.approx([5])


def test_a_turn_is_ranked_and_said():
    draws = np.random.default_rng(7).normal(10, 3, 100)
    view = flow_world([*draws, -10, -10], last="2025-05")
    trace, ranked = score_test(shift(after="2 months"), view, EVENT)
    assert trace.outcome == "consistent"
    assert ranked is not None
    assert trace.placebo.p == pytest.approx(1 / (trace.placebo.dates + 1))
    pace = float(np.mean(draws[-12:]))
    assert f"−$10 bn a month from April 2025 to May 2025, after ${pace:.1f} bn" in trace.seen or (
        f"−$10 bn a month from April 2025 to May 2025, after ${pace:.0f} bn" in trace.seen
    )
    assert trace.seen.endswith("less.")
    still, _ = score_test(
        shift(after="2 months"), flow_world([*draws, 10, 11], last="2025-05"), EVENT
    )
    assert still.outcome != "consistent"


def test_the_false_alarms_of_turns_are_about_nominal():
    """Independent months, no turn anywhere: z has a deviation near one, and p ≤ 5 % comes at about that rate."""
    draws = np.random.default_rng(11).normal(10, 3, 400)
    view = flow_world(list(draws), last="2025-05", day=LATE)
    test = shift(after="3 months")
    grid = KINDS["flow_shift"].grid(test, view)[60:-4]
    ends = calendar.ends_of_days(grid)
    got = KINDS["flow_shift"].measure(test, view, grid, np.full(len(grid), view.cutoff), ends, 3)
    z = got.z[~np.isnan(got.z)]
    assert len(z) > 300
    assert z.std() == pytest.approx(1, abs=0.12)


# ---------------------------------------------------------------- total


def total(matters="5 bn", **fields):
    return a_test("total", matters, series="a.flow", **fields)


FIXED = {"since": date(2025, 1, 1), "until": date(2025, 3, 31)}


def test_a_fixed_sum_by_hand():
    fact = find(
        total(**FIXED, predicts={"direction": "down"}, at_most="9 bn"),
        flow_world([100, -1, -2, -4, -100]),
    )
    assert (fact.value, fact.sign, fact.low, fact.high) == (7, -1, 5, 9)
    assert (fact.first, fact.last) == (date(2025, 1, 1), date(2025, 3, 31))
    assert fact.error == 0
    assert find(
        total(**FIXED, annualised=True), flow_world([0, 1, 2, 4, 0])
    ).value == pytest.approx(28)


def test_a_rolling_sum_ends_with_the_newest_month():
    values = [*range(1, 13), 20]
    fact = find(total(last="12 months"), flow_world(values))
    assert fact.value == pytest.approx(sum(range(2, 13)) + 20)
    assert fact.last == date(2025, 4, 30)
    early = find(total(last="12 months"), flow_world(values, day=date(2025, 4, 29)))
    assert early.value == pytest.approx(78)
    assert early.last == date(2025, 3, 31)
    gap = world([flow()], {"a.flow": rows([*months("2024-06", 9), "2025-01"], [1.0] * 10)}, LATE)
    assert isinstance(find(total(last="3 months"), gap), NotYet)


def test_a_rolling_sum_waits_for_a_month_that_is_new_enough():
    test = total(last="3 months", not_before=date(2025, 3, 31))
    values = {"values": [1, 2, 3, 4], "last": "2025-03", "release": "slow"}
    found = find(test, flow_world(**values, day=date(2025, 5, 18)))
    assert isinstance(found, NotYet)
    assert found.on == date(2025, 5, 19), "18 May is a Sunday"
    assert found.reason == "a.flow for 31 March 2025 was not out by then"
    fact = find(test, flow_world(**values, day=date(2025, 5, 19)))
    assert (fact.value, fact.last) == (9, date(2025, 3, 31))
    newer = find(total(last="3 months", not_before=date(2025, 3, 31)), flow_world([1, 2, 3, 4]))
    assert newer.last == date(2025, 4, 30), "what is newer than asked for is as good"


def test_a_fixed_sum_waits_for_its_last_month():
    view = flow_world([0, 1, 2, 4], last="2025-03", day=date(2025, 5, 10), release="slow")
    found = find(total(**FIXED), view)
    assert isinstance(found, NotYet)
    assert found.on == date(2025, 5, 19), "18 May is a Sunday"
    assert "2 of 3 periods" in found.reason
    assert (
        find(
            total(**FIXED),
            flow_world([0, 1, 2, 4], last="2025-03", day=date(2025, 5, 19), release="slow"),
        ).value
        == 7
    )
    short = find(total(since=date(2020, 1, 1), until=date(2025, 3, 31)), flow_world([1.0] * 9))
    assert isinstance(short, NotYet)
    assert short.on is None


def test_quarters_and_years_are_summed():
    view = world(
        [flow(frequency=QUARTERLY)],
        {"a.flow": rows(quarters("2025-03", 6), [9, 9, 1, 2, 3, 4])},
        LATE,
    )
    assert find(total(since=date(2024, 4, 1), until=date(2025, 3, 31)), view).value == 10
    assert find(total(last="6 months", annualised=True), view).value == pytest.approx(14)
    yearly = world([flow(frequency=YEARLY)], {"a.flow": rows(years(2024, 3), [1, 2, 4])}, LATE)
    assert find(total(last="24 months"), yearly).value == 6


def share_world(flows, gdp, day=LATE, last="2025-04"):
    series = [flow(), flow("b.gdp", QUARTERLY)]
    lines = {
        "a.flow": rows(months(last, len(flows)), flows),
        "b.gdp": rows(quarters("2025-03", len(gdp)), gdp),
    }
    return world(series, lines, day)


def test_a_share_is_of_the_rates_within_the_span():
    """Half a year from October: the quarters to December (200) and March (300) count, mean 250."""
    view = share_world([1] * 8, [900, 200, 300])
    half = total("1 %", since=date(2024, 10, 1), until=date(2025, 3, 31), share_of="b.gdp")
    assert find(half, view).value == pytest.approx(100 * 6 / 250)
    assert KINDS["total"].unit(half, view) == "percent"
    one = total(
        "1 %", since=date(2025, 2, 1), until=date(2025, 2, 28), share_of="b.gdp", annualised=True
    )
    assert find(one, view).value == pytest.approx(100 * 12 / 200), "no quarter ends in February"
    early = share_world([1] * 8, [900, 200, 300], day=date(2025, 3, 30))
    assert find(total("1 %", last="6 months", share_of="b.gdp"), early).value == pytest.approx(
        100 * 6 / 550
    )


def test_a_sum_against_an_earlier_one():
    """12 months to April 2025: 24. To March 2024: 12. As shares of 200 and 100: no change."""
    view = share_world([1] * 12 + [2] * 13, [100] * 5 + [200] * 4)
    plain = find(total(last="12 months", compared_with=date(2024, 4, 15)), view)
    assert plain.value == pytest.approx(12)
    assert plain.details["before_on"] == "2024-03-31"
    share = total("1 pp", last="12 months", compared_with=date(2024, 4, 15), share_of="b.gdp")
    assert find(share, view).value == pytest.approx(0)
    assert KINDS["total"].unit(share, view) == "percentage points"
    assert isinstance(find(total(last="12 months", compared_with=date(2024, 3, 30)), view), NotYet)


def test_the_error_of_a_sum_is_its_revision():
    """Months revised by +1 and +1: their sum by 2. At an annual rate of two months six times that."""
    lines = rows(
        ["2025-01", "2025-01", "2025-02", "2025-02"], [10, 11, 10, 11],
        ["2025-02-10T12:00:00Z", "2025-06-01T12:00:00Z", "2025-03-10T12:00:00Z", "2025-06-01T12:00:00Z"],
    )  # fmt: skip
    two = {"since": date(2025, 1, 1), "until": date(2025, 2, 28)}
    view = world([flow()], {"a.flow": lines}, LATE)
    assert find(total(**two), view).error == pytest.approx(2)
    assert find(total(**two, annualised=True), view).error == pytest.approx(12)
    first = world([flow()], {"a.flow": lines}, date(2025, 5, 1))
    assert (find(total(**two), first).value, find(total(**two), first).error) == (20, 0)
    trace, _ = score_test(total("26 bn", **two), view, EVENT)
    assert trace.outcome == "neutral", "22 is less than two errors short of 26"
    assert score_test(total("27 bn", **two), view, EVENT)[0].outcome == "inconsistent"


@pytest.mark.parametrize(
    "fields",
    [{}, {"since": date(2025, 1, 1)}, {"last": "12 months", "until": date(2025, 1, 31)}, FIXED | {"last": "3 months"}],
)  # fmt: skip
def test_a_sum_has_one_span(fields):
    with pytest.raises(ValidationError, match="give `since` and `until`, or `last`"):
        total(**fields)


def test_a_fixed_sum_has_no_newest_month():
    with pytest.raises(ValidationError, match="`not_before` is about the newest period"):
        total(**FIXED, not_before=date(2025, 3, 31))


# ---------------------------------------------------------------- ratio


def stock(name, frequency=QUARTERLY, unit="USD bn", **more):
    return entry(name, frequency, "stock", unit, **more)


def ratio_world(series, per, day=LATE, per_known=None):
    return world(
        [stock("a.held"), flow("b.gdp", QUARTERLY)],
        {
            "a.held": rows(quarters("2025-03", len(series)), series),
            "b.gdp": rows(quarters("2024-12", len(per)), per, per_known),
        },
        day,
    )


def ratio(matters="20 %", **fields):
    return a_test("ratio", matters, series="a.held", per="b.gdp", **fields)


def test_a_ratio_by_hand():
    view = ratio_world([10, 20, 30, 60], [100, 100, 200])
    on = find(ratio(on=date(2024, 12, 31), at_most="30 %"), view)
    assert (on.value, on.low, on.high) == (pytest.approx(15), 20, 30)
    newest = find(ratio(), view)
    assert newest.value == pytest.approx(30), (
        "output of March is not out: that of December stands in"
    )
    assert newest.last == date(2025, 3, 31)
    less = find(ratio(predicts={"direction": "down"}), view)
    assert (less.value, less.low, less.high) == (pytest.approx(30), None, 20)


@pytest.mark.parametrize(("direction", "value"), [("up", 20), ("down", -20)])
def test_the_change_of_a_ratio_is_in_points(direction, value):
    test = ratio("15 pp", since=date(2024, 6, 30), predicts={"direction": direction})
    view = ratio_world([10, 20, 30, 60], [100, 100, 200])
    fact = find(test, view)
    assert (fact.value, fact.low, fact.high) == (pytest.approx(value), 15, None)
    assert fact.sign * fact.value == pytest.approx(20)
    assert KINDS["ratio"].unit(test, view) == "percentage points"


def test_the_error_of_a_ratio_is_that_of_both():
    """Held 50 ± 2 over 100 ± 10: 50 %·√(0.04² + 0.1²); a change has √2 times that."""

    def prints(period, first, newest):
        return rows(
            [period, period], [first, newest], ["2025-01-05T12:00:00Z", "2025-06-01T12:00:00Z"]
        )

    lines = {
        "a.held": rows(["2024-09"], [40]) + prints("2024-12", 48, 50),
        "b.gdp": rows(["2024-09"], [100]) + prints("2024-12", 110, 100),
    }
    view = world([stock("a.held"), flow("b.gdp", QUARTERLY)], lines, LATE)
    assert find(ratio(), view).error == pytest.approx(50 * hypot(0.04, 0.1))
    change = find(ratio("1 pp", since=date(2024, 9, 30)), view)
    assert change.error == pytest.approx(sqrt(2) * 50 * hypot(0.04, 0.1))
    assert change.value == pytest.approx(10)


def test_a_ratio_waits():
    view = ratio_world([10, 20], [100, 100, 200], day=date(2025, 5, 1))
    assert isinstance(find(ratio(on=date(2025, 6, 30)), view), NotYet)
    assert find(ratio(on=date(2025, 6, 30)), view).on == date(2025, 6, 30)
    early = ratio_world([10, 20, 30, 60], [100])
    assert isinstance(find(ratio(on=date(2024, 6, 30)), early), NotYet), "no output that early"


@pytest.mark.parametrize("since", [{}, {"since": date(2024, 12, 31)}])
def test_a_ratio_waits_for_a_quarter_that_is_new_enough(since):
    test = ratio("20 pp" if since else "20 %", **since, not_before=date(2025, 6, 30))
    held = [10, 20, 30]
    early = find(test, ratio_world(held, [100, 100, 200], day=date(2025, 5, 1)))
    assert isinstance(early, NotYet)
    assert early.on == date(2025, 6, 30)
    assert early.reason == "a.held for 30 June 2025 was not out by then"
    now = ratio("20 pp" if since else "20 %", **since, not_before=date(2025, 3, 31))
    fact = find(now, ratio_world(held, [100, 100, 200], day=date(2025, 5, 1)))
    assert fact.last == date(2025, 3, 31)
    assert fact.value == pytest.approx(5 if since else 15)


def test_a_ratio_of_a_day_has_no_newest_day():
    with pytest.raises(
        ValidationError, match="`not_before` is about the newest day: leave out `on`"
    ):
        ratio(on=date(2024, 12, 31), not_before=date(2024, 12, 31))


@pytest.mark.parametrize(
    ("frequency", "on", "ends"),
    [
        ("monthly", date(2024, 2, 29), True),
        ("monthly", date(2024, 2, 28), False),
        ("quarterly", date(2025, 6, 30), True),
        ("quarterly", date(2025, 5, 31), False),
        ("yearly", date(2025, 6, 30), True),  # a fiscal year, and a survey, may end in any month
        ("yearly", date(2025, 6, 29), False),
        ("weekly", date(2025, 6, 11), True),
    ],
)
def test_a_day_that_ends_no_period_is_found(frequency, on, ends):
    entries = [entry("a.held", frequency, "stock"), entry("b.gdp", "quarterly", "stock")]
    catalogue = Catalogue(series={e.id: e for e in entries}, releases=dict(RELEASES))
    for field in ("on", "since", "not_before"):
        found = list(rules_of_tests.days_end_periods(ratio(**{field: on}), catalogue))
        assert [finding.path for finding in found] == ([] if ends else [(field,)])


def test_what_it_waits_for_is_part_of_what_is_expected():
    waiting = {"not_before": date(2025, 3, 31)}
    later = "(to 31 March 2025 or later)"
    assert later in KINDS["total"].expected(total(last="3 months", **waiting))
    assert later not in KINDS["total"].expected(total(last="3 months"))
    assert "on the newest day (31 March 2025 or later)" in KINDS["ratio"].expected(ratio(**waiting))
    assert KINDS["ratio"].expected(ratio()).endswith("on the newest day")


def test_a_test_that_waits_for_nothing_is_written_without_it():
    """What is written makes a story's identity: those of before the field was there keep theirs."""
    waiting = {"not_before": date(2025, 3, 31)}
    for plain, waits in (
        (total(last="3 months"), total(last="3 months", **waiting)),
        (ratio(), ratio(**waiting)),
    ):
        assert "not_before" not in plain.written
        assert waits.written["not_before"] == "2025-03-31"


# ---------------------------------------------------------------- largest


def league(values, day=LATE, unit="percent", released=()):
    """Yearly values of a.a, a.b, a.c for 2023 and 2024."""
    names = ("a.a", "a.b", "a.c")
    series = [entry(n, YEARLY, "share", unit) for n in names]
    lines = {n: rows(years(2024, len(v)), v) for n, v in zip(names, values, strict=True)}
    return world(series, lines, day)


def largest(direction="up", matters="1 pp", **fields):
    return a_test(
        "largest",
        matters,
        series="a.a",
        peers=["a.b", "a.c"],
        predicts={"direction": direction},
        **fields,
    )


def test_the_margin_over_the_best_peer():
    view = league([[9, 7], [2, 4], [1, 5]])
    fact = find(largest(), view)
    assert (fact.value, fact.details["nearest"], fact.details["rank"]) == (2, "a.c", 1)
    assert find(largest(on=date(2023, 12, 31)), view).value == 7
    assert KINDS["largest"].unit(largest(), view) == "percentage points"
    trace, _ = score_test(largest(), view, EVENT)
    assert "A.a stood at 7.0 % on 31 December 2024, number 1 of 3 from the top" in trace.seen
    assert "a.c with 5.0 %, 2.0 percentage points lower" in trace.seen


def test_the_margin_under_the_lowest_peer():
    view = league([[-9, -7], [-2, -8], [1, 5]])
    fact = find(largest("down"), view)
    assert (fact.value, fact.sign, fact.details["nearest"], fact.details["rank"]) == (
        -1,
        -1,
        "a.b",
        2,
    )
    assert score_test(largest("down"), view, EVENT)[0].outcome == "inconsistent"
    assert (
        score_test(largest("down", on=date(2023, 12, 31)), view, EVENT)[0].outcome == "consistent"
    )


def test_peers_are_met_in_a_period_that_all_have():
    names = ("a.a", "a.b", "a.c")
    series = [entry(n, YEARLY, "share", "percent") for n in names]
    lines = {
        "a.a": rows(years(2024, 2), [9, 7]),
        "a.b": rows(["2023-12"], [2]),
        "a.c": rows(years(2024, 2), [1, 5]),
    }
    view = world(series, lines, LATE)
    assert find(largest(), view).value == 7
    assert isinstance(find(largest(on=date(2024, 12, 31)), view), NotYet)


# ---------------------------------------------------------------- share_bought


def bought(matters="50 %", **fields):
    return a_test(
        "share_bought",
        matters,
        position="a.held",
        flow="a.flow",
        since=date(2023, 12, 31),
        **fields,
    )


def bought_world(held, flows, day=LATE, last="2024-12"):
    return world(
        [stock("a.held", YEARLY), flow()],
        {
            "a.held": rows(years(2024, len(held)), held),
            "a.flow": rows(months(last, len(flows)), flows),
        },
        day,
    )


def test_the_share_that_was_bought():
    """100 to 200, of which 12 months of 2.5 were bought; December 2023 itself lies before."""
    fact = find(
        bought(until=date(2024, 12, 31), at_most="120 %"),
        bought_world([100, 200], [77] + [2.5] * 12),
    )
    assert (fact.value, fact.low, fact.high) == (pytest.approx(30), 50, 120)
    assert fact.details == {"change": 100, "bought": 30, "rest": 70}
    falls = find(bought(predicts={"direction": "down"}), bought_world([200, 100], [2.5] * 12))
    assert (falls.value, falls.low, falls.high) == (pytest.approx(-30), None, 50)


def test_what_was_bought_waits_for_both():
    late = bought_world([100, 200], [2.5] * 11, last="2024-11")
    found = find(bought(until=date(2024, 12, 31)), late)
    assert isinstance(found, NotYet)
    assert "was not out to 31 December 2024" in found.reason
    assert isinstance(find(bought(), late), NotYet), (
        "the newest position that the flow reaches is the first"
    )
    assert isinstance(find(bought(until=date(2025, 12, 31)), late), NotYet)
    assert isinstance(find(bought(), bought_world([100, 200], [2.5] * 5)), NotYet), (
        "months are missing"
    )
    assert isinstance(find(bought(), bought_world([100, 100], [2.5] * 12)), NotYet), (
        "no change to explain"
    )


def test_the_error_of_what_was_bought():
    """Change 100, bought 30. The sum was revised by 6, positions by 5: 100·√((6/100)² + (30·√2·5/100²)²)."""
    known = ["2025-01-05T12:00:00Z", "2025-06-01T12:00:00Z"]
    flows = "".join(
        rows([m, m], [2.0, 2.5], [f"{m}-28T12:00:00Z", known[1]]) for m in months("2024-12", 12)
    )
    held = rows(["2023-12"], [100]) + rows(["2024-12"] * 2, [195, 200], known)
    view = world([stock("a.held", YEARLY), flow()], {"a.held": held, "a.flow": flows}, LATE)
    fact = find(bought(), view)
    assert fact.value == pytest.approx(30)
    assert fact.error == pytest.approx(100 * hypot(0.06, 30 * sqrt(2) * 5 / 100**2))


# ---------------------------------------------------------------- record over sums


def record(direction="up", matters="1 bn", **fields):
    return a_test(
        "record",
        matters,
        series="a.flow",
        on=date(2025, 4, 30),
        predicts={"direction": direction},
        **fields,
    )


def test_a_record_of_sums():
    """Single months: 9 is no record after 10. Sums of two: 8 + 9 = 17 beats 10 + 1; 9 + 8 overlaps it."""
    values = [10, 1, 9, 8, 9]
    assert find(record(), flow_world(values)).value == -1
    fact = find(record(over="2 months"), flow_world(values))
    assert fact.value == pytest.approx(6)
    assert fact.details["compared"] == 2
    assert fact.details["best_before_on"] == "2025-01-31", "10 + 1"


def test_a_record_at_an_annual_rate():
    fact = find(record(over="2 months", annualised=True), flow_world([10, 1, 2, 8, 9]))
    assert fact.details["value"] == pytest.approx(17 * 6)
    assert fact.value == pytest.approx(6 * 6)
    lowest = find(record(of="lowest", annualised=True), flow_world([-1, -3, -5]))
    assert lowest.value == pytest.approx(24)


def test_a_record_of_sums_needs_earlier_ones():
    assert isinstance(find(record(over="12 months"), flow_world([1.0] * 23)), NotYet)
    assert find(record(over="12 months"), flow_world([1.0] * 24)).value == 0
    assert isinstance(find(record(over="12 months"), flow_world([1.0] * 5)), NotYet)


# ---------------------------------------------------------------- nothing of tomorrow

REVISED = ["2025-04-10T12:00:00Z", "2025-04-11T12:00:00Z"]
DAY = date(2025, 4, 10)


@pytest.mark.parametrize(
    "test",
    [
        total(**FIXED), total(last="3 months"), total("1 %", last="3 months", share_of="b.gdp"),
        total("1 pp", last="3 months", share_of="b.gdp", compared_with=date(2024, 12, 31)),
        ratio(), ratio("1 pp", since=date(2024, 9, 30)),
        a_test("largest", series="a.held", peers=["b.gdp"]),
        a_test("share_bought", "1 %", position="a.held", flow="a.flow", since=date(2024, 12, 31)),
        a_test("record", series="a.flow", on=date(2025, 3, 31), over="2 months", predicts={"direction": "up"}),
    ],
    ids=lambda t: f"{t.kind}",
)  # fmt: skip
def test_facts_use_only_what_was_out(test):
    """The same answer with and without a revision and new periods that came a day later; and another a day later."""
    series = [flow(), stock("a.held"), flow("b.gdp", QUARTERLY)]
    lines = {
        "a.flow": rows(months("2025-03", 20), [float(i) for i in range(20)]),
        "a.held": rows(quarters("2025-03", 6), [10, 11, 13, 17, 25, 41]),
        "b.gdp": rows(quarters("2025-03", 6), [100, 101, 102, 103, 104, 105]),
    }
    later = {
        "a.flow": lines["a.flow"] + rows(["2025-03"], [99], REVISED[1:]),
        "a.held": lines["a.held"] + rows(["2025-03"], [99], REVISED[1:]),
        "b.gdp": lines["b.gdp"] + rows(["2025-03"], [999], REVISED[1:]),
    }
    plain, tampered = (
        score_test(test, world(series, given, DAY), EVENT)[0] for given in (lines, later)
    )
    assert plain.statistic is not None
    assert plain == tampered
    assert calendar.seconds(plain.data.known_at) <= calendar.end_of_day(DAY)
    after = score_test(test, world(series, later, date(2025, 4, 11)), EVENT)[0]
    assert after.statistic != plain.statistic
    assert after.data.known_at == REVISED[1]


def test_turns_use_only_what_was_out():
    draws = [float(v) for v in np.random.default_rng(3).normal(10, 3, 80)]
    lines = rows(months("2025-04", 80), draws)
    later = lines + rows(["2025-04", "2025-01"], [-500, -500], ["2025-05-11T12:00:00Z"] * 2)
    day = date(2025, 5, 10)
    plain, tampered = (
        score_test(shift(after="1 month"), world([flow()], {"a.flow": text}, day), EVENT)[0]
        for text in (lines, later)
    )
    assert plain == tampered
    assert plain.statistic is not None
    after = score_test(
        shift(after="1 month"), world([flow()], {"a.flow": later}, date(2025, 5, 12)), EVENT
    )[0]
    assert after.statistic != plain.statistic


# ---------------------------------------------------------------- cases


@pytest.mark.parametrize(
    ("frequency", "anchor", "expected"),
    [
        (QUARTERLY, date(2025, 4, 2), ["2024-12-31", "2025-03-31", "2025-06-30"]),
        (QUARTERLY, date(2025, 3, 31), ["2024-12-31", "2025-03-31", "2025-06-30"]),
        (QUARTERLY, date(2025, 2, 28), ["2024-09-30", "2024-12-31", "2025-03-31"]),
        (YEARLY, date(2025, 4, 2), ["2023-12-31", "2024-12-31", "2025-12-31"]),
        (YEARLY, date(2024, 12, 31), ["2023-12-31", "2024-12-31", "2025-12-31"]),
    ],
)
def test_periods_of_a_case_end_with_their_quarter_or_year(frequency, anchor, expected):
    assert [str(d) for d in periods(frequency, anchor, 1, 1)] == expected


def test_a_case_can_use_quarters_and_years():
    series = [flow(), stock("a.held"), flow("b.gdp", YEARLY)]
    catalogue = Catalogue(series={e.id: e for e in series}, releases=dict(RELEASES))
    texts = {"a.flow": "1x24 | 9", "a.held": "10+10x4 | 60", "b.gdp": "100x2 |"}
    view = CaseView(catalogue, texts, None, EVENT)
    assert find(total(since=date(2025, 1, 1), until=date(2025, 4, 30)), view).value == 12
    assert find(ratio(on=date(2025, 6, 30)), view).value == 60
    share = a_test(
        "share_bought",
        "1 %",
        position="a.held",
        flow="a.flow",
        since=date(2024, 12, 31),
        until=date(2025, 3, 31),
    )
    assert find(share, view).value == pytest.approx(30)


# ---------------------------------------------------------------- what a file may ask for


def problems(test, *series):
    catalogue = Catalogue(series={e.id: e for e in series}, releases=dict(RELEASES))
    return [f"{f.code}: {f.message}" for f in one_test(test, 0, catalogue)]


@pytest.mark.parametrize(
    ("test", "series", "says"),
    [
        (total(**FIXED), [stock("a.flow")], "sums a flow of whole months"),
        (total(**FIXED), [flow(frequency=WEEKLY)], "is a weekly flow"),
        (total(last="4 months"), [flow(frequency=QUARTERLY)], "a quarterly series has no sum over 4 months"),
        (shift(after="2 months", against="4 weeks"), [flow()], "no window of 4 weeks"),
        (shift(after="2 months"), [stock("a.flow", MONTHLY)], "compares months of a flow"),
        (total(since=date(2025, 4, 1), until=date(2025, 3, 31)), [flow()], "`until` (2025-03-31) has to lie a month"),
        (total("1 %", last="3 months", share_of="b.gdp"), [flow(), flow("b.gdp", QUARTERLY, "EUR bn")], "in EUR bn"),
        (ratio("20 pp"), [stock("a.held"), flow("b.gdp", QUARTERLY)], "measured in `%`"),
        (ratio("20 %", since=date(2024, 9, 30)), [stock("a.held"), flow("b.gdp", QUARTERLY)], "measured in `pp`"),
        (ratio(at_most="30 %", predicts={"direction": "down"}), [stock("a.held"), flow("b.gdp", QUARTERLY)], "not read"),
        (largest(at_most="3 pp"), [entry(n, YEARLY, "share", "percent") for n in ("a.a", "a.b", "a.c")], "not read"),
        (record(over="2 months"), [stock("a.flow", MONTHLY)], "sums a flow of whole months"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(test, series, says):
    found = problems(test, *series)
    assert any(says in line for line in found), found


def test_what_fits_is_not_disputed():
    gdp = flow("b.gdp", QUARTERLY)
    assert (
        problems(total("1 %", last="3 months", share_of="b.gdp", at_most="3 %"), flow(), gdp) == []
    )
    assert (
        problems(ratio("5 pp", since=date(2024, 9, 30), at_most="9 pp"), stock("a.held"), gdp) == []
    )
    assert problems(shift(after="2 months"), flow()) == []
    assert problems(record(), stock("a.flow", MONTHLY)) == []
