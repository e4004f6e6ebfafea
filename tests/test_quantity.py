"""Quantities: what may be written, and how it is read aloud."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from evidence import quantity
from evidence.quantity import FROM_FILE, Quantity


class Holder(BaseModel):
    q: Quantity


def read(text):
    return Holder.model_validate({"q": text}, strict=True, context=FROM_FILE).q


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2 %", 2, "percent"), ("0.5 sd", 0.5, "sd"), ("20 bp", 20, "bp"), ("38 bn", 38, "USD bn"), ("45 days", 45, "days"),
        ("400000 contracts", 400000, "contracts"), ("-3 points", -3, "points"), ("0.3 correlation", 0.3, "correlation"),
        ("1.5 pp", 1.5, "percentage points"),
    ],
)  # fmt: skip
def test_written(text, value, unit):
    assert read(text) == Quantity(value=value, unit=unit)
    assert quantity.written(unit) == text.split()[1]


@pytest.mark.parametrize(
    "text",
    ["2", "2%", "%", "2  %", " 2 %", "2 % ", "2 %\n", "2 apples", "1e3 bn", "nan %", "inf bn", "1,000 bn", "٢ %", "2. %", ".5 sd", "--2 %",
     "1234567890123 bn", "0.1234567 %", "", 2, 2.5, None, True, [2], {"value": 2, "unit": "percent"}],
)  # fmt: skip
def test_refused_in_a_file(text):
    with pytest.raises(ValidationError) as caught:
        read(text)
    assert "write a number, a space and a unit" in str(caught.value)


def test_built_in_code_and_again_from_its_own_dump():
    two = Quantity(value=2, unit="percent")
    assert Holder.model_validate({"q": two.model_dump()}).q == two
    assert Holder.model_validate({"q": two}).q is two
    with pytest.raises(ValidationError):
        Quantity(value=2, unit="percent", more=1)


def test_an_unknown_unit_stands_as_it_is():
    assert quantity.written("USD per EUR") == "USD per EUR"


@pytest.mark.parametrize(
    ("value", "unit", "amount", "signed"),
    [
        (27.04, "USD bn", "$27 bn", "+$27 bn"), (-6.02, "USD bn", "$6.0 bn", "−$6.0 bn"), (2943.2, "USD bn", "$2.94 tn", "+$2.94 tn"),
        (0.04, "USD bn", "$0.04 bn", "+$0.04 bn"), (2.13, "percent", "2.1 %", "+2.1 %"), (-99.6, "percent", "100 %", "−100 %"),
        (9.4, "bp", "9 bp", "+9 bp"), (0.5, "bp", "0.5 bp", "+0.5 bp"), (-665275, "contracts", "665,275 contracts", "−665,275 contracts"),
        (1, "days", "1 day", "+1 day"), (45, "days", "45 days", "+45 days"), (0.312, "correlation", "0.31", "+0.31"),
        (-1.5, "sd", "1.5 standard deviations", "−1.5 standard deviations"), (12.3, "points", "12 points", "+12 points"),
        (1.234, "points", "1.23 points", "+1.23 points"), (0, "USD bn", "$0.0 bn", "$0.0 bn"), (3, "USD per EUR", "3.0 USD per EUR", "+3.0 USD per EUR"),
    ],
)  # fmt: skip
def test_read_aloud(value, unit, amount, signed):
    assert quantity.amount(value, unit) == amount
    assert quantity.signed(value, unit) == signed


def test_changes_and_levels():
    assert quantity.moved(6, "USD bn") == "rose by $6.0 bn"
    assert quantity.moved(-12, "bp") == "fell by 12 bp"
    assert quantity.moved(0, "bp") == "did not move"
    assert quantity.level(-44, "bp") == "−44 bp"
    assert quantity.level(44, "bp") == "44 bp"


@pytest.mark.parametrize(
    ("share", "words"),
    [(1, "nearly all"), (0.9, "about 9 in 10"), (0.75, "about 3 in 4"), (0.65, "about 2 in 3"), (0.5, "about half"), (0.3, "about 1 in 3"),
     (0.07, "about 1 in 14"), (0.0005, "about 1 in 2,000")],
)  # fmt: skip
def test_odds(share, words):
    assert quantity.one_in(share) == words


@given(st.floats(-1e300, 1e300))
def test_tidy_is_near_and_finite(value):
    tidy = quantity.tidy(value)
    assert math.isclose(tidy, value, rel_tol=1e-9, abs_tol=1e-320)
    assert isinstance(tidy, int) or tidy != int(tidy) or abs(tidy) >= 1e15


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.7976931347e308])
def test_tidy_refuses_what_json_cannot_hold(value):
    with pytest.raises(ValueError, match="finite"):
        quantity.tidy(value)
