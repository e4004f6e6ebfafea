"""`reaches`: the extreme of a span against a level, worked out by hand."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from evidence.answer import answer
from evidence.kinds import Test
from evidence.kinds.base import Fact, NotYet
from evidence.kinds.reaches import KIND
from tests.worlds import DAILY, entry, rows, weekdays, world

DAYS = weekdays(date(2025, 4, 18), 15)  # 31 March to 18 April
ENTRY = entry("a.flow", DAILY, "flow", release="next")
SINCE, UNTIL = date(2025, 4, 3), date(2025, 4, 16)


def a_test(at_least="5 bn", direction="up"):
    return TypeAdapter(Test).validate_python(
        {
            "id": "drawn", "title": "It is drawn on", "kind": "reaches", "series": "a.flow", "since": SINCE,
            "until": UNTIL, "predicts": {"direction": direction}, "role": "straw_in_the_wind", "why": "A test.",
            "matters": {"at_least": at_least, "why": "A test."},
        }
    )  # fmt: skip


def find(values, day=date(2025, 5, 1), **more):
    known = {d: v for d, v in zip(DAYS, values, strict=True) if v is not None}
    view = world([ENTRY], {"a.flow": rows(list(known), list(known.values()))}, day)
    return KIND.find(a_test(**more), view, date(2025, 4, 2), day)


FLAT = [0.0] * 15


def placed(value, day):
    return [value if d == day else 0.1 for d in DAYS]


@pytest.mark.parametrize(
    ("value", "outcome"), [(6, "consistent"), (5, "consistent"), (4.9, "inconsistent")]
)
def test_the_highest_day_counts(value, outcome):
    day = date(2025, 5, 1)
    view = world([ENTRY], {"a.flow": rows(DAYS, placed(value, date(2025, 4, 9)))}, day)
    trace = answer(a_test(), view, date(2025, 4, 2)).trace
    assert (trace.outcome, trace.statistic.value) == (outcome, value)
    assert "9 April 2025" in trace.seen


@pytest.mark.parametrize("day", [date(2025, 4, 2), date(2025, 4, 17)])
def test_days_outside_the_span_do_not_count(day):
    assert find(placed(9, day)).value == pytest.approx(0.1)


def test_the_lowest_counts_where_the_claim_has_it_fall():
    fact = find(placed(-7, date(2025, 4, 9)), direction="down", at_least="-5 bn")
    assert (fact.value, fact.low, fact.high) == (-7, None, -5)


def test_a_level_once_reached_stays_reached():
    """On 10 April the 9th is out and the rest of the span is not."""
    early = date(2025, 4, 10)
    assert isinstance(find(placed(6, date(2025, 4, 9)), day=early), Fact)
    waits = find(placed(4, date(2025, 4, 9)), day=early)
    assert isinstance(waits, NotYet)
    assert waits.on == date(2025, 4, 17), "the business day after the span's last"


def test_what_is_out_later_is_not_seen():
    at = date(2025, 4, 10)
    assert find(placed(6, date(2025, 4, 10)), day=at).on == date(2025, 4, 17)


def test_before_the_span_nothing_is_out():
    found = find(FLAT, day=date(2025, 4, 2))
    assert isinstance(found, NotYet)
