"""Placebo in time: who counts, with what was known when, and the two shares that come of it."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from evidence import calendar
from evidence.answer import score_test
from evidence.kinds import KINDS, Test
from evidence.kinds.base import Extent, Sample
from evidence.placebo import Ranked, bars, outcome, rank
from tests.worlds import MONTHLY, WEEKLY, compound, entry, months, rows, weeks, world

ANCHOR = date(2025, 4, 2)
DAY = 86400


def second(day):
    return calendar.end_of_day(day)


class Fixed:
    """A kind whose placebos are what a test says: z by anchor, windows of `length` weeks."""

    def __init__(
        self, z, event, *, matters=1.0, centre=0.0, scale=1.0, last=None, known=None, step=7
    ):
        count = len(z)
        self.days = np.array(
            [ANCHOR - timedelta(days=step * (count - i)) for i in range(count)], "datetime64[D]"
        )
        self.values = dict(zip(self.days.tolist(), z, strict=True))
        self.event, self.matters, self.centre, self.scale = event, matters, centre, scale
        self.last, self.known, self.calls = last or {}, known or {}, []

    def grid(self, test, view):
        return np.concatenate([self.days, [np.datetime64(ANCHOR), np.datetime64("2025-06-04")]])

    def measure(self, test, view, anchors, cutoffs, starts, length):
        self.calls.append((anchors, cutoffs, starts))
        days = anchors.tolist()
        z = np.array([{**self.values, ANCHOR: self.event}[d] for d in days], float)
        last = [{ANCHOR: date(2025, 4, 30), **self.last}.get(d, d) for d in days]
        known = [
            {ANCHOR: int(cutoff), **self.known}.get(d, second(d))
            for d, cutoff in zip(days, cutoffs, strict=True)
        ]
        full = np.full(len(z), 1.0)
        return Sample(
            anchors, self.centre + self.scale * z, self.centre * full, self.scale * full, full * np.nan,
            anchors, np.array(last, "datetime64[D]"), np.array(known),
        )  # fmt: skip

    def material(self, test, sample, length, whole):
        return np.full(len(sample.raw), self.matters)

    def comparable(self, test, sample, event):
        return np.ones(len(sample.raw), bool)


def of_event(call):
    """The anchor, cutoff and start of the event among those of one call."""
    return tuple(each[call[0] == np.datetime64(ANCHOR)] for each in call)


def of_placebos(call):
    return tuple(each[call[0] != np.datetime64(ANCHOR)] for each in call)


def ranked(kind, length=1, cutoff=date(2025, 5, 2), start=ANCHOR):
    extent = Extent(
        length=length,
        published=length,
        least=1,
        base=ANCHOR,
        offset=0,
        start=start,
        due_least=None,
        due_whole=None,
    )
    return rank(None, kind, None, ANCHOR, extent, second(cutoff))


ZS = [-2.0, -1, 0, 1, 2] * 4  # twenty, median 0


@pytest.mark.parametrize(
    ("event", "p"),
    [
        (3, 1 / 21),
        (2, 5 / 21),
        (1.5, 5 / 21),
        (1, 9 / 21),
        (0, 13 / 21),
        (-2, 21 / 21),
        (-3, 21 / 21),
    ],
)
def test_p_is_the_share_at_least_as_far(event, p):
    """Of 20, four each at −2, −1, 0, 1, 2; ties count."""
    assert ranked(Fixed(ZS, event)).p == pytest.approx(p)


@pytest.mark.parametrize(
    ("raw", "share"),
    [(-0.6, 1), (-0.5, 5), (0.4, 5), (0.5, 9), (1.5, 13), (2.5, 17), (3.4, 17), (3.5, 21)],
)
def test_p_if_true_is_the_share_of_weaker_data_at_size_m(raw, share):
    """M = 1.5: were the claim true, the placebos would stand at −0.5, 0.5, 1.5, 2.5, 3.5."""
    assert ranked(Fixed(ZS, raw, matters=1.5)).p_if_true == pytest.approx(share / 21)


def test_placebos_are_shown_at_the_events_own_size():
    """z of the event (raw 8, centre 5, scale 10) is 0.3. The placebos' median 1 is taken off, not the centre."""
    got = ranked(Fixed([z + 1 for z in ZS], 0.3, matters=15, centre=5, scale=10))
    assert got.raw == pytest.approx(8)
    assert got.p == pytest.approx((1 + 12) / 21), "1, 2 and 3 are past 0.3"
    assert got.p_if_true == pytest.approx((1 + 8) / 21), (
        "of −5, 5, 15, 25 and 35 the first two are under 8"
    )
    assert sorted(set(np.round(got.shown, 9))) == [-5, 5, 15, 25, 35]


def test_mde80_is_q95_less_q20():
    """0 … 100 in steps of one: Q95 − Q20 = 75, twice as large at scale 2."""
    got = ranked(Fixed([float(i) for i in range(101)], 50.5, scale=2.0))
    assert got.mde80 == pytest.approx(150)


# ---------------------------------------------------------------- which windows count


def test_the_last_five_years_are_used_where_they_are_enough():
    """520 weeks. Of the last 1,826 days 260 anchors (7 · 260 = 1,820), the 261st is 1,827 days back."""
    got = ranked(Fixed([0.0, 1] * 260, 0.5))
    assert len(got.noise) == 260
    assert got.dates[0].astype(object) == ANCHOR - timedelta(days=1820)
    assert ranked(Fixed([0.0, 1] * 260, 0.5), length=13).effective == 20
    assert len(ranked(Fixed([0.0, 1] * 260, 0.5), length=14).noise) == 520, (
        "260 / 14 < 19: all there is"
    )


def test_1826_days_are_five_years():
    """One anchor every 83 days (22 · 83 = 1,826) counts; every 84 days it does not, and 21 are left."""
    assert len(ranked(Fixed([0.0, 1] * 20, 0.5, step=83)).noise) == 22
    assert len(ranked(Fixed([0.0, 1] * 20, 0.5, step=84)).noise) == 21


def test_fewer_than_19_is_too_few():
    assert ranked(Fixed([0.0, 1] * 9 + [0], 0.5)).effective == 19
    found = ranked(Fixed([0.0, 1] * 9, 0.5))
    assert found == "only 18 earlier windows that do not overlap; 19 are needed"
    assert (
        ranked(Fixed([0.0, 1] * 37, 0.5), length=4)
        == "only 18 earlier windows that do not overlap; 19 are needed"
    )


@pytest.mark.parametrize(("event", "scored"), [(6.01, True), (6, False), (-6.01, False)])
def test_far_off_the_range_speaks_with_few_placebos(event, scored):
    """The largest |z| of ten is 2: more than 6, the predicted way."""
    got = ranked(Fixed([-2.0, 1] * 5, event))
    assert isinstance(got, Ranked) == scored
    if scored:
        assert got.off_range
        assert got.p == pytest.approx(1 / 11), "1 in 11 is not under 5 %, and yet"
        assert outcome(got, 0.05) == "consistent"


def test_far_off_the_range_but_too_small_to_matter():
    assert outcome(ranked(Fixed([-2.0, 1] * 5, 6.01, matters=7)), 0.05) == "neutral"


def test_no_earlier_window():
    assert ranked(Fixed([], 1.0)) == "there is no earlier window to compare with"
    assert ranked(Fixed([np.nan] * 30, 1.0)) == "there is no earlier window to compare with"


def test_no_placebo_ends_or_comes_out_after_the_events_start():
    kind = Fixed([float(i) for i in range(30)], 0.0)
    days = kind.days.tolist()
    kind.last = {days[10]: ANCHOR, days[11]: ANCHOR + timedelta(days=1)}
    kind.known = {days[12]: second(ANCHOR), days[13]: second(ANCHOR) + 1}
    assert sorted(set(range(30)) - {int(z) for z in ranked(kind).noise}) == [11, 13]
    assert len(kind.calls) == 1, "five years were enough"
    for call in kind.calls:
        anchors, cutoffs, starts = of_placebos(call)
        assert (anchors < np.datetime64(ANCHOR)).all()
        assert (cutoffs <= second(ANCHOR)).all()
        assert (starts == [second(d) for d in anchors.tolist()]).all()


def test_a_placebo_is_read_at_the_events_own_age():
    """Read 30 days after the base, twelve more for batches; never later than the event's start."""
    kind = Fixed(ZS, 0.0)
    ranked(kind, cutoff=ANCHOR + timedelta(days=30))
    event, placebos = of_event(kind.calls[0]), of_placebos(kind.calls[0])
    assert event[1].tolist() == [second(ANCHOR + timedelta(days=30))]
    assert event[2].tolist() == [second(ANCHOR)]
    age = second(ANCHOR + timedelta(days=30)) - second(ANCHOR) + 12 * DAY
    wanted = [min(second(d) + age, second(ANCHOR)) for d in placebos[0].tolist()]
    assert placebos[1].tolist() == wanted
    assert wanted[0] < second(ANCHOR) == wanted[-1]


def a_test(**fields):
    base = {
        "id": "one", "title": "One", "role": "hoop", "why": "A test.",
        "matters": {"at_least": "10 bn", "why": "A test."}, "predicts": {"direction": "down"},
    }  # fmt: skip
    return TypeAdapter(Test).validate_python({**base, **fields})


def vintages():
    """120 months to May 2025. Each is printed as ±10 after two months, and revised to ±1000 a year later."""
    names = months("2025-05", 120)
    lines = ""
    for i, name in enumerate(names):
        sign = -1 if i % 2 else 1
        end = (np.datetime64(name, "M") + 1).astype("datetime64[D]") - 1
        lines += f"{name},{sign * 10 + i % 7},{end + 48}T20:00:00Z,1\n"
        lines += f"{name},{sign * 1000},{end + 365}T20:00:00Z,1\n"
    return lines


def test_first_prints_meet_first_prints():
    """Read as first printed the event meets placebos of about ±10; read a year later, of ±1000."""
    test = a_test(kind="net_flow", series="a.flow", window={"after": "1 month"})
    for day, size in ((date(2025, 6, 20), 20), (date(2026, 6, 20), 1000)):
        view = world(
            [entry("a.flow", MONTHLY, "flow", release="slow")], {"a.flow": vintages()}, day
        )
        kind = KINDS["net_flow"]
        found = kind.extent(test, view, ANCHOR)
        got = rank(test, kind, view, ANCHOR, found, view.cutoff)
        seen = []
        for anchor in got.dates:
            at = np.array(
                [
                    min(
                        second(anchor.astype(object)) + view.cutoff - second(found.base) + 12 * DAY,
                        second(ANCHOR),
                    )
                ]
            )
            sample = kind.measure(
                test, view, np.array([anchor]), at, np.array([second(anchor.astype(object))]), 1
            )
            seen.append(abs(float(sample.raw[0])))
        assert np.median(seen) == pytest.approx(size, rel=0.5)
        assert abs(got.raw) == pytest.approx(size, rel=0.5)


def test_the_scale_of_a_window_is_known_when_it_starts():
    """A placebo's mean comes from before its own window, as the event's does."""
    test = a_test(kind="net_flow", series="a.flow", window={"before": "2 months"})
    lines = rows(months("2025-03", 100), [float((i * 37) % 11) for i in range(100)])
    view = world([entry("a.flow", MONTHLY, "flow")], {"a.flow": lines}, date(2025, 4, 30))
    kind = Spy(KINDS["net_flow"])
    found = kind.extent(test, view, ANCHOR)
    rank(test, kind, view, ANCHOR, found, view.cutoff)
    _, _, event_start = of_event(kind.calls[0])
    anchors, _, starts = of_placebos(kind.calls[0])
    assert event_start.tolist() == [second(date(2025, 1, 31))], (
        "February and March begin after January"
    )
    assert anchors[-1].astype(object) == date(2024, 12, 31)
    assert starts[-1] == second(date(2024, 10, 31)), "November and December begin after October"


class Spy:
    def __init__(self, kind):
        self.kind, self.calls = kind, []

    def __getattr__(self, name):
        return getattr(self.kind, name)

    def measure(self, test, view, anchors, cutoffs, starts, length):
        self.calls.append((anchors, cutoffs, starts))
        return self.kind.measure(test, view, anchors, cutoffs, starts, length)


# ---------------------------------------------------------------- outcome, and its inverse


def made(noise, raw, matters=1.0, centre=0.0, scale=1.0):
    """A Ranked with both shares by the formulas of docs/method.md."""
    noise = np.array(noise, float)
    z = (raw - centre) / scale
    p = (1 + sum(x >= z for x in noise)) / (len(noise) + 1)
    middle = float(np.median(noise))
    weaker = sum((x - middle) * scale + matters <= raw for x in noise)
    one = np.array([raw], float)
    day = np.array(["2025-04-02"], "datetime64[D]")
    event = Sample(
        day, one, np.array([centre]), np.array([scale]), one * np.nan, day, day, np.array([0])
    )
    return Ranked(
        event,
        day,
        noise,
        centre,
        scale,
        p,
        (1 + weaker) / (len(noise) + 1),
        len(noise),
        matters,
        False,
    )


HUNDRED = [float(i) for i in range(-49, 50)]  # 99 of them, median 0


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (46, "consistent"),  # four at least as far: p = 5 / 100
        (45, "neutral"),  # p = 6 / 100, and weaker data in 1 + 75 of 100
        (-20, "neutral"),  # weaker at M = 20: −49 … −40, 1 + 10 of 100
        (-21, "inconsistent"),  # 1 + 9 of 100
    ],
)
def test_the_rule_of_one_test(raw, expected):
    assert outcome(made(HUNDRED, raw, matters=20), 0.05) == expected


def test_real_but_too_small_to_matter():
    got = made(HUNDRED, 47, matters=60)
    assert got.p < 0.05
    assert outcome(got, 0.05) == "neutral"


@pytest.mark.parametrize(("tail", "expected"), [(0.04, "neutral"), (0.05, "consistent")])
def test_the_tail_is_the_tests_own(tail, expected):
    assert outcome(made(HUNDRED, 46), tail) == expected


def test_bars_of_a_hundred():
    assert bars(made(HUNDRED, 0, matters=20), 0.05) == (-20.0, 45.0), (
        "under −20 the one, past 45 the other"
    )
    assert bars(made(HUNDRED, 0, matters=60), 0.05) == (20.0, 60.0), (
        "what matters is the higher bar"
    )
    assert bars(made(HUNDRED[:8], 0), 0.05) == (None, None), (
        "one in nine is the least that eight can show"
    )


numbers = st.integers(-50, 50)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(numbers, min_size=3, max_size=150),
    numbers,
    st.integers(0, 60),
    st.sampled_from([0.025, 0.05, 0.1, 0.25]),
)
def test_bars_invert_the_rule_exactly(noise, raw, matters, tail):
    """Whole numbers, so that ties are ties."""
    low, high = bars(made(noise, raw, matters=matters), tail)
    assume((2 * np.median(noise)) % 2 == 0)
    found = outcome(made(noise, raw, matters=matters), tail)
    reaches = high is not None and raw >= high and made(noise, raw, matters=matters).p <= tail
    if high is not None and raw > high:
        assert found == "consistent"
    if found == "consistent":
        assert high is not None
        assert raw >= high
        assert reaches
    elif low is not None and raw < low:
        assert found == "inconsistent"
    else:
        assert found == "neutral" or (high is not None and raw == high)
    if found == "inconsistent":
        assert low is not None
        assert raw < low


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(-5, 5), min_size=20, max_size=120),
    st.floats(0.1, 50),
    st.floats(-20, 20),
    st.floats(0, 100),
    st.sampled_from([0.05, 0.1]),
)
def test_bars_invert_the_rule_in_any_unit(noise, scale, centre, matters, tail):
    """A hair beyond each bar the outcome is the one it promises, a hair short of it it is not."""
    low, high = bars(made(noise, 0, matters, centre, scale), tail)
    hair = 1e-6 * (1 + scale + abs(centre) + matters)
    if high is not None:
        assert outcome(made(noise, high + hair, matters, centre, scale), tail) == "consistent"
        assert outcome(made(noise, high - hair, matters, centre, scale), tail) != "consistent"
    if low is not None and (high is None or low + hair < high - hair):
        assert outcome(made(noise, low - hair, matters, centre, scale), tail) == "inconsistent"
        assert outcome(made(noise, low + hair, matters, centre, scale), tail) != "inconsistent"


def test_a_whole_test_by_the_formulas():
    """End to end: the trace's two shares, recounted from the numbers that it draws."""
    state, changes = 99, []
    for _ in range(340):
        state = (1103515245 * state + 12345) % 2**31
        changes.append(state / 2**30 - 1)
    before = compound(1000, changes)
    days = weeks(date(2025, 4, 16), len(before) + 2)
    lines = rows(days, [*before, before[-1], before[-1] * 0.97])
    view = world([entry("a.b", WEEKLY, "stock")], {"a.b": lines}, date(2025, 4, 16))
    test = a_test(
        kind="change_after",
        series="a.b",
        window={"after": "2 weeks"},
        matters={"at_least": "2 %", "why": "A test."},
    )
    trace, got = score_test(test, view, ANCHOR)
    count = len(got.noise)
    z = (got.raw - got.centre) / got.scale
    assert trace.placebo.dates == count > 200
    assert trace.placebo.effective == count // 2
    assert trace.placebo.p == pytest.approx((1 + sum(x >= z for x in got.noise)) / (count + 1))
    middle = (
        sorted(got.noise)[count // 2]
        if count % 2
        else sum(sorted(got.noise)[count // 2 - 1 : count // 2 + 1]) / 2
    )
    weaker = sum((x - middle) * got.scale + got.matters <= got.raw for x in got.noise)
    assert trace.placebo.p_if_true == pytest.approx((1 + weaker) / (count + 1))
    assert trace.statistic.as_predicted == pytest.approx(0.03 * before[-1])
    assert trace.abnormal.value == pytest.approx(-(got.raw - got.centre))
    assert trace.placebo.last < ANCHOR
