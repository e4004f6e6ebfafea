"""Calibration: the rule of the quiet dates by hand, the exact interval, and worlds whose alarms are known."""

from datetime import date, timedelta
from math import comb
from types import SimpleNamespace

import numpy as np
import pytest

from evidence import calendar, calibration
from evidence.answer import score_test
from evidence.calibration import (
    LAST_QUIET,
    LEAST_DATES,
    MOST_DATES,
    Row,
    attainable,
    calibrated,
    dates_on_record,
    interval,
    key,
    overall,
    quiet_anchors,
    run,
)
from evidence.episode import settled_day
from tests.test_changes import EVENT, a_test, story
from tests.worlds import DAILY, WEEKLY, compound, entry, rows, shop, weekdays, weeks

# ---------------------------------------------------------------- the quiet dates


WEDNESDAYS = np.array(weeks(date(2025, 1, 15), 12), "datetime64[D]")  # 30 October to 15 January


def on(found):
    return [str(day) for day in found]


def test_the_quiet_dates_by_hand():
    """Twelve Wednesdays, nine of them in 2024 (to 25 December): the newest window ends on the ninth."""
    assert date(2024, 12, 31) == LAST_QUIET
    assert on(quiet_anchors(WEDNESDAYS, 1, [])) == [
        "2024-12-18", "2024-12-11", "2024-12-04", "2024-11-27", "2024-11-20", "2024-11-13", "2024-11-06", "2024-10-30",
    ]  # fmt: skip
    assert on(quiet_anchors(WEDNESDAYS, 2, [])) == ["2024-12-11", "2024-11-27", "2024-11-13", "2024-10-30"]  # fmt: skip
    assert on(quiet_anchors(WEDNESDAYS, 4, [])) == ["2024-11-27", "2024-10-30"]
    assert on(quiet_anchors(WEDNESDAYS, 9, [])) == []
    assert on(quiet_anchors(WEDNESDAYS[-2:], 1, [])) == []


def test_a_window_before_its_anchor_ends_on_it():
    """Two weeks up to the anchor: the newest ends on 25 December, the oldest begins on 30 October."""
    assert on(quiet_anchors(WEDNESDAYS, 2, [], -2)) == ["2024-12-25", "2024-12-11", "2024-11-27", "2024-11-13"]  # fmt: skip


def test_a_window_that_begins_later_ends_later():
    """One week skipped: from 11 December the window runs from the 18th to the 25th."""
    assert on(quiet_anchors(WEDNESDAYS, 1, [], 1))[:2] == ["2024-12-11", "2024-12-04"]


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7])
def test_windows_of_quiet_dates_do_not_overlap_and_come_newest_first(length):
    grid = np.array(weeks(date(2025, 3, 26), 400), "datetime64[D]")
    found = quiet_anchors(grid, length, [])
    at = np.searchsorted(grid, found)
    assert (grid[at] == found).all()
    assert set(np.diff(at)) == {-length}
    assert grid[at[0] + length] <= np.datetime64(LAST_QUIET)
    assert grid[at[0] + length] > np.datetime64(LAST_QUIET) - 7, "it counts from the last"


@pytest.mark.parametrize(
    ("away", "kept"), [(0, False), (59, False), (60, False), (-60, False), (61, True), (-61, True)]
)
def test_a_date_within_sixty_days_of_what_is_known_is_left_out(away, kept):
    day = date(2020, 7, 8)
    grid = np.array(weeks(date(2025, 3, 26), 400), "datetime64[D]")
    assert np.datetime64(day) in quiet_anchors(grid, 1, [])
    found = quiet_anchors(grid, 1, [day + timedelta(days=away), date(1999, 1, 1)])
    assert (np.datetime64(day) in found) == kept
    near = np.abs((found - np.datetime64(day + timedelta(days=away))).astype(int))
    assert near.min() > 60


@pytest.mark.parametrize(
    ("away", "kept"), [(-61, True), (-60, False), (61, False), (84, False), (85, True)]
)
def test_a_window_that_holds_an_event_is_not_quiet(away, kept):
    """Twelve weeks are 84 days: an event on their last day counts, one on the day after does not."""
    grid = np.array(weeks(date(2025, 3, 26), 400), "datetime64[D]")
    day = quiet_anchors(grid, 12, [])[10].astype(object)
    assert (np.datetime64(day) in quiet_anchors(grid, 12, [day + timedelta(days=away)])) == kept


def test_leaving_out_a_date_moves_no_other():
    """The grid of windows stays where it is, so that an event more or less gives the same dates elsewhere."""
    grid = np.array(weeks(date(2025, 3, 26), 400), "datetime64[D]")
    whole = set(on(quiet_anchors(grid, 3, [])))
    assert set(on(quiet_anchors(grid, 3, [date(2020, 7, 8)]))) < whole


# ---------------------------------------------------------------- what a test is called in the table


BASE = a_test("a", "hoop", "a.stock")


def asked(**changes):
    [test] = story({**BASE, **changes}).tests
    return key(test)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "another-name"}, {"title": "Another title"}, {"part": "lasting"}, {"role": "straw_in_the_wind"},
        {"grade": "proxy"}, {"why": "Another reason."}, {"caveat": "Beware."}, {"checks": "b"},
        {"vary": {"windows": ["2 weeks"]}}, {"rivals_expect": {"another-story": "neutral"}},
        {"matters": {"at_least": "2 %", "why": "Another reason."}}, {"matters": {"at_least": "2.0 %", "why": "A test."}},
        {"predicts": {"direction": "down", "says": "{series} to shrink"}}, {"tail": "5 %"},
    ],
    ids=lambda c: next(iter(c)),
)  # fmt: skip
def test_words_do_not_change_what_is_asked(changes):
    assert asked(**changes) == asked()


@pytest.mark.parametrize(
    "changes",
    [
        {"series": "b.stock"}, {"window": {"after": "5 weeks"}}, {"window": {"before": "4 weeks"}},
        {"window": {"after": "4 weeks", "skip": "1 week"}}, {"window": {"after": "4 weeks", "min": "1 week"}},
        {"predicts": {"direction": "up"}}, {"matters": {"at_least": "3 %", "why": "A test."}},
        {"matters": {"at_least": "2 bn", "why": "A test."}}, {"tail": "10 %"}, {"kind": "net_flow"},
        {"kind": "spike_after"}, {"kind": "spike_after", "match": "period_ends"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_asked_changes_the_key(changes):
    assert asked(**changes) != asked()


def test_legs_are_part_of_what_is_asked():
    def legs(*directions):
        names = ("a.stock", "b.stock")
        test = {k: v for k, v in BASE.items() if k not in ("series", "predicts")}
        each = [{"series": s, "direction": d} for s, d in zip(names, directions, strict=True)]
        return key(story({**test, "kind": "falls_together", "legs": each}).tests[0])

    assert len({legs(*d) for d in (("up", "up"), ("up", "down"), ("down", "up"))}) == 3


def test_a_test_is_calibrated_from_twenty_dates_on(monkeypatch):
    [test] = story(BASE).tests
    fact = a_test("l", "hoop", "a.stock", kind="level", on="2025-04-30", matters={"at_least": "1 bn", "why": "A test."})  # fmt: skip
    [level] = story(fact).tests
    found = {}
    for count in (None, 0, LEAST_DATES - 1, LEAST_DATES):
        known = {} if count is None else {key(test): count}
        monkeypatch.setattr(calibration, "_on_record", lambda known=known: known)
        found[count] = (dates_on_record(test), calibrated(test))
        assert (dates_on_record(level), calibrated(level)) == (None, True), "a fact raises no alarm"
    assert found == {None: (0, False), 0: (0, False), 19: (19, False), 20: (20, True)}


# ---------------------------------------------------------------- the exact interval


@pytest.mark.parametrize(
    ("alarms", "count", "low", "high"),
    [  # Clopper and Pearson's tables, as any statistics text has them
        (5, 100, 0.0164, 0.1128),
        (10, 100, 0.0490, 0.1762),
        (0, 20, 0.0, 0.1684),
        (20, 20, 0.8316, 1.0),
        (1, 10, 0.0025, 0.4450),
        (4, 10, 0.1216, 0.7376),
    ],
)
def test_the_interval_is_that_of_clopper_and_pearson(alarms, count, low, high):
    assert interval(alarms, count) == pytest.approx((low, high), abs=5e-5)


def tail_of(count, rate, at_least):
    return sum(comb(count, k) * rate**k * (1 - rate) ** (count - k) for k in range(at_least, count + 1))  # fmt: skip


@pytest.mark.parametrize(("alarms", "count"), [(3, 74), (12, 200), (1, 20)])
def test_the_ends_of_the_interval_leave_a_fortieth_on_either_side(alarms, count):
    low, high = interval(alarms, count)
    assert tail_of(count, low, alarms) == pytest.approx(0.025, rel=1e-6)
    assert 1 - tail_of(count, high, alarms + 1) == pytest.approx(0.025, rel=1e-6)


def row(dates, alarms, tail=0.05, low=0.0, high=1.0, nominal=None):
    return Row(
        key="k", tests=("a/b",), title="T", kind="change_after", series=("a.stock",), window="4 weeks after", tail=tail,
        nominal=tail if nominal is None else nominal,
        dates=dates, first=None, last=None, alarms=alarms, rate=None, low=low, high=high, fired=0, seen=(), missed=None,
        nominal_missed=0.1,
    )  # fmt: skip


def test_all_tests_together_by_hand():
    """5 of 100 and 6 of 60 at 5 %: 11 where 8 are due. Ten dates are too few to be counted."""
    found = overall([row(100, 5), row(60, 6), row(10, 9)])
    assert (found.tests, found.dates, found.alarms, found.expected) == (2, 160, 11, 8)
    assert found.rate == pytest.approx(11 / 160)
    assert (found.low, found.high) == interval(11, 160)
    chance = [comb(160, k) * 0.05**k * 0.95 ** (160 - k) for k in range(161)]
    assert found.p == pytest.approx(sum(c for c in chance if c <= chance[11] * (1 + 1e-7)))
    mixed = overall([row(100, 5), row(100, 5, tail=0.1)])
    assert mixed.expected == 15
    assert overall([row(10, 9)]) is None
    assert overall([]) is None


@pytest.mark.parametrize(
    ("placebos", "tail", "nominal"),
    [(50, 0.05, 2 / 51), (19, 0.05, 1 / 20), (18, 0.05, 0), (99, 0.05, 0.05), (260, 0.05, 13 / 261), (39, 0.1, 0.1)],
)  # fmt: skip
def test_the_nominal_rate_is_one_that_a_rank_can_have(placebos, tail, nominal):
    """With 50 placebos p is a number of fifty-firsts: two of them are the most within 5 %."""
    assert attainable(SimpleNamespace(noise=np.zeros(placebos)), tail) == pytest.approx(nominal)
    steps = [k / (placebos + 1) for k in range(placebos + 2)]
    assert nominal == pytest.approx(max(p for p in steps if p <= tail + 1e-12))


@pytest.mark.parametrize(
    ("low", "high", "holds"), [(0.01, 0.11, True), (0.05, 0.2, True), (0.051, 0.2, False), (0.0, 0.049, False)]
)  # fmt: skip
def test_a_rate_holds_if_its_tail_lies_in_the_interval(low, high, holds):
    assert row(100, 5, low=low, high=high).holds == holds
    assert row(100, 5, low=low, high=high, nominal=0.5).holds is False, (
        "what a rank can have is what counts"
    )
    assert row(19, 1).calibrated is False
    assert row(20, 1).calibrated is True


# ---------------------------------------------------------------- worlds whose alarms are known


STOCK = entry("a.stock", WEEKLY, "stock", release="thursday")
RATE = entry("r.rate", DAILY, "rate", "percent")
LONG = weeks(date(2025, 5, 28), 1500)
DRAWS = np.random.default_rng(20250402).normal(0, 1, len(LONG) - 1)
NOISE = {"a.stock": rows(LONG, compound(1000, 0.5 * DRAWS))}


def rows_of(test, files, avoid=(), entries=(STOCK, RATE)):
    found = run([story(test)], {"an-event": EVENT}, list(avoid), shop(entries, files))
    return list(found)


@pytest.fixture(scope="module")
def noisy():
    [row_of] = rows_of(a_test("a", "hoop", "a.stock", window={"after": "2 weeks"}), NOISE)
    return row_of


def test_white_noise_raises_as_many_alarms_as_it_should(noisy):
    assert noisy.dates == MOST_DATES
    assert noisy.holds
    assert noisy.low < 0.05 < noisy.high
    assert noisy.rate == pytest.approx(noisy.alarms / 200)
    assert noisy.missed <= 0.2, "of true effects it calls about one in ten inconsistent"
    assert (noisy.window, noisy.tests, noisy.tail) == ("2 weeks after", ("a-story/a",), 0.05)


def test_the_dates_of_the_row_are_the_first_and_last_that_were_evaluated(noisy):
    grid = np.array(LONG, "datetime64[D]")
    days = quiet_anchors(grid, 2, [])[:MOST_DATES]
    assert (noisy.first, noisy.last) == (days[-1].astype(object), days[0].astype(object))


def test_a_world_that_grows_wilder_raises_more_alarms_than_it_should():
    """A spike is not scaled. Where the noise grows by a fiftieth each week, each stands above those before it."""
    days = weekdays(date(2025, 5, 30), 2600)
    size = 0.01 * 1.004 ** np.arange(len(days))
    draws = np.random.default_rng(20250402).uniform(-1, 1, len(days))
    test = a_test("r", "hoop", "r.rate", kind="spike_after", window={"after": "2 weeks"}, predicts={"direction": "up"},
                  matters={"at_least": "1 bp", "why": "A test."})  # fmt: skip
    [wild] = rows_of(test, {"r.rate": rows(days, 4 + size * draws)})
    assert wild.dates >= 60
    assert not wild.holds
    assert wild.low > 0.05
    [calm] = rows_of(test, {"r.rate": rows(days, 4 + 0.05 * draws)})
    assert calm.holds


def quiet_ranks(test, files, length, count):
    """The ranks on the newest quiet dates by a route of our own: each as of the day its window was out."""
    store = shop((STOCK, RATE), files)
    found = {}
    for day in quiet_anchors(np.array(LONG, "datetime64[D]"), length, []):
        at = day.astype(object)
        out = at + timedelta(weeks=length, days=1)  # Wednesday's value on Thursday, or a day later
        while (rank := score_test(test, store.as_of(out), at)[1]) is None or rank.event.last[0] < np.datetime64(at + timedelta(weeks=length)):  # fmt: skip
            out += timedelta(days=1)
        found[at] = (out, rank)
        if len(found) == count:
            return found
    return found


def test_power_is_recomputed_from_the_ranks(noisy):
    """Had the claim been true at one and two times what matters, with each quiet window's own departure from usual."""
    [test] = story(a_test("a", "hoop", "a.stock", window={"after": "2 weeks"})).tests
    found = quiet_ranks(test, NOISE, 2, MOST_DATES)
    seen, missed, alarms = [0, 0], 0, 0
    for _, rank in found.values():
        count = len(rank.noise)
        middle = np.median(rank.noise)
        alarms += (1 + sum(x >= float(rank.event.z[0]) for x in rank.noise)) / (count + 1) <= 0.05
        for i, size in enumerate((1, 2)):
            raw = size * rank.matters + (float(rank.event.z[0]) - middle) * rank.scale
            z = (raw - rank.centre) / rank.scale
            p = (1 + sum(x >= z for x in rank.noise)) / (count + 1)
            if_true = (1 + sum((x - middle) * rank.scale + rank.matters <= raw for x in rank.noise)) / (count + 1)  # fmt: skip
            consistent = p <= 0.05 and raw >= rank.matters
            seen[i] += consistent
            missed += size == 1 and not consistent and if_true <= 0.10
    assert noisy.alarms == alarms
    counts = [len(rank.noise) + 1 for _, rank in found.values()]
    assert noisy.nominal == pytest.approx(sum((n // 20) / n for n in counts) / 200)
    assert noisy.seen == pytest.approx([s / 200 for s in seen])
    assert noisy.missed == pytest.approx(missed / 200)
    assert seen[1] > seen[0] > 0


def test_fired_counts_only_alarms_that_matter(noisy):
    """At 50 % nothing matters: as many alarms, and none of them is consistent."""
    test = a_test("a", "hoop", "a.stock", window={"after": "2 weeks"}, matters={"at_least": "50 %", "why": "A test."})  # fmt: skip
    [huge] = rows_of(test, NOISE)
    assert (huge.alarms, huge.fired) == (noisy.alarms, 0)
    assert noisy.fired <= noisy.alarms


def test_nothing_after_a_quiet_date_is_read():
    """From 1 July 2020 on everything is another number, and what was out is revised: it ranks as before."""
    [test] = story(a_test("a", "hoop", "a.stock", window={"after": "2 weeks"})).tests
    cut = date(2020, 7, 1)
    other = {"a.stock": rows(LONG, [x if w < cut else 37.0 * x + i for i, (w, x) in enumerate(zip(LONG, compound(1000, 0.5 * DRAWS), strict=True))])}  # fmt: skip
    other["a.stock"] += "".join(f"{w},{i + 5}.0,2020-07-02T16:00:00Z,1\n" for i, w in enumerate(LONG) if date(2016, 1, 1) < w < cut)  # fmt: skip
    stores = [shop((STOCK, RATE), files) for files in (NOISE, other)]
    ranks = [dict(calibration._quiet(test, EVENT, [date(2021, 1, 1)], store)) for store in stores]
    early = [d for d in ranks[0] if settled_day(test, stores[0], d) < cut]
    assert len(early) > 20 < len(ranks[0]) - len(early)
    for day in early:
        assert (ranks[0][day].noise == ranks[1][day].noise).all()
        assert (ranks[0][day].raw, ranks[0][day].p, ranks[0][day].p_if_true) == (
            ranks[1][day].raw, ranks[1][day].p, ranks[1][day].p_if_true,
        )  # fmt: skip
    late = [d for d in ranks[0] if d not in early]
    assert any(ranks[0][d].raw != ranks[1][d].raw for d in late)


def test_each_quiet_date_is_scored_on_the_day_its_window_was_out():
    [test] = story(a_test("a", "hoop", "a.stock", window={"after": "2 weeks"})).tests
    store = shop((STOCK, RATE), NOISE)
    ranks = dict(calibration._quiet(test, EVENT, [], store))
    own = quiet_ranks(test, NOISE, 2, 30)
    for day, (out, rank) in own.items():
        assert settled_day(test, store, day) == out
        assert (ranks[day].noise == rank.noise).all()
        assert ranks[day].event.known[0] <= calendar.end_of_day(out)


def test_what_is_asked_twice_is_run_once():
    one = story(a_test("a", "hoop", "a.stock", window={"after": "2 weeks"}))
    two = story(
        a_test("b", "smoking_gun", "a.stock", window={"after": "2 weeks"}),
        a_test("l", "hoop", "a.stock", kind="level", on="2025-04-30", matters={"at_least": "1 bn", "why": "A test."}),
        a_test("u", "hoop", "r.rate", matters={"at_least": "1 bp", "why": "A test."}),
        id="another-story",
    )  # fmt: skip
    short = {"a.stock": rows(LONG[-500:], compound(1000, 0.5 * DRAWS[-499:]))}
    found = list(run([one, two], {"an-event": EVENT}, [], shop((STOCK, RATE), short)))
    assert [r.tests for r in found] == [("a-story/a", "another-story/b")], "no facts, no data that is not here"  # fmt: skip


def test_a_test_without_a_past_has_a_row_without_dates():
    short = {"a.stock": rows(LONG[-60:], compound(1000, 0.5 * DRAWS[-59:]))}
    [empty] = rows_of(a_test("a", "hoop", "a.stock"), short)
    assert (empty.dates, empty.alarms, empty.rate, empty.low, empty.high) == (0, 0, None, None, None)  # fmt: skip
    assert (empty.first, empty.seen, empty.missed, empty.calibrated) == (None, (), None, False)
