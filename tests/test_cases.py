"""The notation of cases: numbers worked out by hand, days by the calendar on the wall."""

from datetime import date

import numpy as np
import pytest

from evidence import calendar
from evidence.cases import LONGEST, CaseView, most, noise, periods, split, values
from evidence.library import HOME
from evidence.reading import read_text
from tests import ours
from tests.worlds import DAILY, MONTHLY, WEEKLY

CATALOGUE = ours.catalogue()
EVENT = date(2025, 4, 2)  # a Wednesday
NAN = float("nan")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100", [100]),
        ("-2.5", [-2.5]),
        ("100x2", [100, 100, 100]),  # promtool: the value and two more
        ("100x0", [100]),
        ("100+1x3", [100, 101, 102, 103]),
        ("100-0.5x2", [100, 99.5, 99]),
        ("-3-2x1", [-3, -5]),
        ("1 2 3", [1, 2, 3]),
        ("1x1 5+1x2", [1, 1, 5, 6, 7]),
        ("1 _ 2", [1, NAN, 2]),
        ("1 _x3 2", [1, NAN, NAN, NAN, 2]),
        ("7~0x2", [7, 7, 7]),
        ("7^0x2", [7, 7, 7]),
        ("", []),
    ],
)
def test_the_notation(text, expected):
    np.testing.assert_array_equal(values(text), expected)


def test_even_noise_stays_within_its_bounds():
    found = values("100~2x3000", "a.b")
    assert len(found) == 3001
    assert 98 < found.min() < 98.05
    assert 101.95 < found.max() < 102
    assert found.mean() == pytest.approx(100, abs=0.1)
    assert found.std() == pytest.approx(2 / np.sqrt(3), abs=0.03), "even between −2 and 2"


def test_a_walk_starts_where_it_says_and_takes_steps_within_its_bounds():
    found = values("100^2x3000", "a.b")
    assert found[0] == 100
    steps = np.diff(found)
    assert np.abs(steps).max() < 2
    assert steps.std() == pytest.approx(2 / np.sqrt(3), abs=0.03)


def test_noise_is_the_series_own_and_the_same_everywhere():
    assert values("0~1x50", "a.b").tolist() == values("0~1x50", "a.b").tolist()
    assert np.abs(np.corrcoef(values("0~1x500", "a.b"), values("0~1x500", "a.c"))[0, 1]) < 0.15
    shared = values("0~1@1x50", "a.b")
    assert shared.tolist() == values("0~1@1x50", "a.c").tolist(), "the seed 1 is shared"
    assert values("0~-1@1x50", "a.d").tolist() == (-shared).tolist(), "and can be turned round"
    assert values("0~1@2x50", "a.b").tolist() != shared.tolist()


def test_noise_is_splitmix64():
    """The generator's published first outputs for seed 0: its state is the position plus one, times gamma."""
    first = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    expected = [(x >> 11) / 2**52 - 1 for x in first]
    assert noise(np.arange(3), 0) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("100 abc", "abc"),
        ("100x", "100x"),
        ("1+2", None),
        ("1..2", "1..2"),
        ("1e3", "1e3"),
        ("100~x3", "100~x3"),
        ("_x", "_x"),
        ("1,2", "1,2"),
    ],
)
def test_what_is_not_in_the_notation_is_named(text, token):
    if token is None:
        np.testing.assert_array_equal(values(text), [1])
        return
    with pytest.raises(ValueError, match=r"is not in the notation") as caught:
        values(text)
    assert f"`{token}`" in str(caught.value)


@pytest.mark.parametrize("text", ["| 1", "1 | 2 | 3"])
def test_the_mark_stands_once_after_a_value(text):
    with pytest.raises(ValueError, match=r"`\|` stands once"):
        split(text)


def test_where_the_mark_stands():
    assert split("1 2x3 | 9")[1] == 5
    assert split("1 2 3")[1] is None


def test_a_case_has_its_limits():
    assert len(values(f"1x{LONGEST - 1}")) == LONGEST
    for text in (f"1x{LONGEST}", f"1 _x{LONGEST}", f"1x{LONGEST - 1} 1", "1x999999999999"):
        with pytest.raises(ValueError, match="at most 6,000 values"):
            values(text)


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [(DAILY, 6000), (WEEKLY, 6000), (MONTHLY, 1440), ("quarterly", 480), ("yearly", 120), ("irregular", 1440)],
)  # fmt: skip
def test_a_case_spans_little_more_than_a_century(frequency, expected):
    assert most(frequency) == expected
    for day in (date(1990, 1, 1), date(2035, 12, 31)):
        for around in (periods(frequency, day, expected, 0), periods(frequency, day, 0, expected)):
            assert all(isinstance(one, date) for one in around.astype(object))
            calendar.known_at(CATALOGUE.releases["h41"], around)


def test_a_longer_case_is_told_at_its_line():
    text = (HOME / "liberation-day" / "foreign-governments-retaliated.yaml").read_text("utf-8")
    long = text.replace('"0~15x110 | -49.4"', '"0~15x1440 | -49.4"', 1)
    found = read_text(long, "story", CATALOGUE).problems
    line = next(i for i, one in enumerate(long.split("\n"), 1) if "0~15x1440" in one)
    assert [(p.line, p.code) for p in found] == [(line, "case")]
    assert "is monthly: a case holds at most 1,440 of its values" in found[0].message


@pytest.mark.parametrize(
    ("frequency", "anchor", "expected"),
    [
        (WEEKLY, EVENT, ["2025-03-19", "2025-03-26", "2025-04-02", "2025-04-09"]),
        (MONTHLY, EVENT, ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]),
        (MONTHLY, date(2025, 4, 30), ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"]),
        (DAILY, EVENT, ["2025-03-31", "2025-04-01", "2025-04-02", "2025-04-03"]),
        (
            DAILY,
            date(2025, 4, 6),
            ["2025-04-02", "2025-04-03", "2025-04-04", "2025-04-07"],
        ),  # a Sunday
    ],
)
def test_the_periods_around_an_anchor(frequency, anchor, expected):
    assert periods(frequency, anchor, 2, 1).astype(str).tolist() == expected


def test_a_case_is_a_view_in_which_everything_is_out():
    view = CaseView(CATALOGUE, {"fed.custody.treasuries": "3000+1x3 | 2400 2300"}, None, EVENT)
    series = view.series("fed.custody.treasuries")
    assert series.latest.tolist() == [3000, 3001, 3002, 3003, 2400, 2300]
    assert series.periods.astype(str).tolist()[3:] == ["2025-04-02", "2025-04-09", "2025-04-16"]
    assert view.day == date(2025, 4, 17), "Wednesday's value comes on Thursday"
    assert calendar.iso(int(series.known[-1])) == "2025-04-17T20:30:00Z"


def test_a_missing_value_leaves_its_period_out():
    view = CaseView(CATALOGUE, {"fed.custody.treasuries": "1x2 | 5 _ 7"}, None, EVENT)
    days = view.series("fed.custody.treasuries").periods.astype(str).tolist()
    assert days == ["2025-03-19", "2025-03-26", "2025-04-02", "2025-04-09", "2025-04-23"]


def test_the_index_of_the_event_stands_for_a_mark():
    marked = CaseView(CATALOGUE, {"fed.custody.treasuries": "3000+1x60 | 2400x4"}, None, EVENT)
    counted = CaseView(CATALOGUE, {"fed.custody.treasuries": "3000+1x60 2400x4"}, 60, EVENT)
    assert (
        marked.series("fed.custody.treasuries").digest
        == counted.series("fed.custody.treasuries").digest
    )
    with pytest.raises(ValueError, match="mark the anchor"):
        CaseView(CATALOGUE, {"fed.custody.treasuries": "1 2 3"}, None, EVENT)


def test_what_a_case_does_not_name_is_not_there():
    view = CaseView(CATALOGUE, {"fed.custody.treasuries": "1x9 |"}, None, EVENT)
    assert not view.held("tic.holdings.china")
    assert len(view.series("tic.holdings.china")) == 0
    assert view.catalogue is CATALOGUE


def test_a_licensed_series_may_be_made_up():
    assert CaseView(CATALOGUE, {"market.sp500": "100x9 |"}, None, EVENT).held("market.sp500")


def test_a_bridge_is_given_by_its_levels():
    view = CaseView(CATALOGUE, {"cftc.lev_net.all": "-8000x9 | -7000"}, None, EVENT)
    bridge = CATALOGUE.series["cftc.lev_net.all"].bridge
    assert (
        view.series(bridge.levels).latest.tolist()
        == view.series("cftc.lev_net.all").latest.tolist()
    )


def test_an_event_alone_is_enough_to_have_a_day():
    assert CaseView(CATALOGUE, {"fed.custody.treasuries": "1x9 |"}, None, EVENT).day == date(
        2025, 4, 3
    )
