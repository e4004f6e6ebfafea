"""What cannot be true of a fetched series. Answers by hand."""

from datetime import date

import pytest

from evidence.ledger import Line, standing
from evidence.plausible import FACTOR, LEAP, faults
from evidence.publishers import Observation
from tests.worlds import RELEASES, WEEKLY, entry, weeks

TODAY = date(2025, 6, 1)
THURSDAY = RELEASES["thursday"]
LAST = "2025-05-28"
PERIODS = [day.isoformat() for day in weeks(date(2025, 5, 28), 12)]


def told(
    held: list[float], found: dict[str, float], behaves: str = "stock", *, whole: bool = True
) -> list[str]:
    """`held`: the newest weeks up to LAST."""
    lines = [
        Line(period, str(value), "", 1)
        for period, value in zip(PERIODS[len(PERIODS) - len(held) :], held, strict=True)
    ]
    one = entry("test.one", WEEKLY, behaves, release="thursday")
    rows = [Observation("test.one", period, str(value)) for period, value in found.items()]
    return faults(one, lines, standing(THURSDAY, lines), rows, TODAY, whole=whole)


STEADY = [100.0, 110, 90, 105, 95, 100, 102, 98, 101, 99, 103, 97]
AGAIN = dict(zip(PERIODS, STEADY, strict=True))
NEXT = "2025-06-01"
"""A day on which anything may come; the week is the parser's affair."""


def test_what_comes_again_and_one_more_is_fine():
    assert told(STEADY, AGAIN) == []
    assert told(STEADY, {**AGAIN, NEXT: 250.0}) == []
    assert told([], {NEXT: 1e12}) == []


def test_a_date_in_the_future():
    assert told(STEADY, {**AGAIN, "2025-06-02": 100.0}) == [
        "2025-06-02 lies after 2025-06-01, the day of the fetch"
    ]
    assert told(STEADY, {**AGAIN, "2025-06": 100.0}) == [
        "2025-06 lies after 2025-06-01, the day of the fetch"
    ]


def test_a_file_that_ends_too_early():
    short = dict(list(AGAIN.items())[:-1])
    assert told(STEADY, short) == [
        "it ends with 2025-05-21, and 2025-05-28 is held already: is it cut off?"
    ]
    assert told(STEADY, short, whole=False) == [], "the other file has the rest"


@pytest.mark.parametrize("by", [1000, 0.001, 100, -1000])
def test_other_units_are_told_once(by):
    (sentence,) = told(STEADY, {period: value * by for period, value in AGAIN.items()})
    assert sentence == f"what is held comes again at {abs(by):,} times its value: other units?"


def test_a_revision_of_a_tenth_is_none():
    assert told(STEADY, {period: value * 1.1 for period, value in AGAIN.items()}) == []


@pytest.mark.parametrize("behaves", ["stock", "flow", "net_position", "rate"])
@pytest.mark.parametrize("value", [95_000.0, 0.095])
def test_one_value_that_comes_again_a_thousandfold(behaves, value):
    """Whatever a series is like: the same figure in other units."""
    (sentence,) = told(STEADY, {**AGAIN, PERIODS[4]: value}, behaves)
    assert sentence == (
        f"{PERIODS[4]}: {value} comes for 95, 1,000 times as much or as little: other units?"
    )


def test_a_flow_that_is_revised_by_a_lot_is_a_revision():
    assert told(STEADY, {**AGAIN, PERIODS[4]: 0.3}, "flow") == []
    assert told(STEADY, {**AGAIN, PERIODS[4]: 1500.0}, "flow") == []


@pytest.mark.parametrize(
    ("value", "wrong"), [(949.0, False), (951.0, True), (9.6, False), (9.4, True)]
)
def test_a_stock_is_not_revised_tenfold(value, wrong):
    """A part of a sum in other units, as that of dealers' two kinds of repo."""
    assert bool(told(STEADY, {**AGAIN, PERIODS[4]: value}, "stock")) is wrong
    through = [0.5, 0.3, 0.001, 1.2, 0.8, 0.9, 0.4, 1.1]
    again = dict(zip(PERIODS[-8:], through, strict=True))
    assert told(through, {**again, PERIODS[-1]: 0.05}, "stock") == [], "one that came near nought"


def test_a_new_value_out_of_all_proportion():
    """More than 20 times the largest (110)."""
    for value, wrong in ((2_200.0, False), (2_201.0, True), (100_000.0, True)):
        found = told(STEADY, {**AGAIN, NEXT: value}, "flow")
        assert bool(found) is wrong, value
    assert found == [
        f"{NEXT}: 100000.0 is out of all proportion to what is held (typically 100 USD bn): other units?"
    ]


def test_a_crisis_is_let_through():
    """The standing repo facility: mostly a few millions for exercise, then 11 billion at one quarter's end."""
    quiet = [0.001, 0.002, 0.001, 0.003, 0.001, 0.002, 0.002, 0.001, 0.6, 2.6, 0.9, 0.01]
    assert told(quiet, {NEXT: 11.0}, "flow") == []
    assert told(quiet, {NEXT: 2.6 * LEAP + 0.1}, "flow") != []


def test_too_small_is_wrong_only_where_nothing_came_near_nought():
    assert told(STEADY, {**AGAIN, NEXT: 0.1}, "stock") != []
    assert told(STEADY, {**AGAIN, NEXT: 0.0}, "price") != []
    assert told(STEADY, {**AGAIN, NEXT: 0.1}, "flow") == []
    # an index that goes through nought, as those of stress do
    through = [0.5, -0.3, 0.001, 1.2, -0.8, 0.9, 0.4, -1.1]
    assert told(through, {NEXT: 0.0}, "index") == []


def test_of_a_few_values_no_scale_can_be_told():
    assert told(STEADY[:7], {NEXT: 1e9}, "flow") == []
    assert told(STEADY[:8], {NEXT: 1e9}, "flow") != []


def test_the_limits_are_those_that_the_texts_above_rest_on():
    assert (FACTOR, LEAP) == (300.0, 20.0)
