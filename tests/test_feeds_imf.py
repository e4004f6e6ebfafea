"""The Fiscal Monitor's balances from the Fund's DataMapper."""

import json
from collections.abc import Callable

import pytest

from evidence.publishers import Parsed
from tests.test_feeds_fred import feed_of, fixture, newest, parse, refused

BALANCES = "imf/live/GGXCNL_G01_GDP_PT.json"
INDICATOR = "GGXCNL_G01_GDP_PT"


def answer(change: Callable[[dict], object] = lambda _: None) -> bytes:
    """The fixture with one thing changed in its areas."""
    whole = json.loads(fixture(feed_of(BALANCES)))
    change(whole["values"][INDICATOR])
    return json.dumps(whole).encode()


def test_the_years_that_were_over_and_no_projection() -> None:
    come = newest(parse(BALANCES))
    assert set(come) == set(feed_of(BALANCES).series)
    assert {period for values in come.values() for period in values} == {
        f"{year}-12" for year in range(2015, 2026)
    }
    rows = {(r.series, r.period): r.value for r in parse(BALANCES).observations}
    assert rows["imf.gg_balance.deu", "2024-12"] == "-2.6633356202515"  # digit for digit
    assert rows["imf.gg_balance.usa", "2025-12"] == "-6.8241883498535"


def test_the_next_editions_show_the_year_that_is_over_then() -> None:
    def next_april(areas: dict) -> None:
        for years in areas.values():
            if "2031" in years:
                years["2032"] = -4.0

    come = newest(parse(BALANCES, answer(next_april)))
    assert all(max(values) == "2026-12" for values in come.values())


def test_years_before_those_that_are_held_are_not_read() -> None:
    def history(areas: dict) -> None:
        areas["USA"]["1991"] = -4.4

    assert parse(BALANCES, answer(history)) == parse(BALANCES)


def without_germany(parsed: Parsed) -> None:
    assert set(newest(parsed)) == set(feed_of(BALANCES).series) - {"imf.gg_balance.deu"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda areas: areas.pop("DEU"), f"values.{INDICATOR}.DEU: values by year"),
        (lambda areas: areas.update(DEU=None), f"values.{INDICATOR}.DEU: values by year"),
        (lambda areas: areas.update(DEU={}), f"values.{INDICATOR}.DEU: values by year"),
        (lambda areas: areas["DEU"].update({"2025Q1": 1.5}), ".DEU: values by year"),
        (lambda areas: areas["DEU"].update({"2024": None}), ".DEU.2024: a number is expected, not `None`"),
        (lambda areas: areas["DEU"].update({"2024": "-2,7"}), ".DEU.2024: a number is expected"),
        (lambda areas: areas["DEU"].update({"2024": {"value": -2.7}}), ".DEU.2024: a number"),
        (lambda areas: areas["DEU"].update({"2024": True}), "not a number"),
    ],
)  # fmt: skip
def test_a_fault_of_one_area_spares_the_others(change: Callable[[dict], object], says: str) -> None:
    parsed = parse(BALANCES, answer(change))
    assert len(parsed.problems) == 1
    assert says in parsed.problems[0].message
    without_germany(parsed)


def test_areas_that_reach_differently_far_are_refused() -> None:
    """The edition could no longer be told, nor what is projected."""
    refused(BALANCES, answer(lambda areas: areas["CHN"].pop("2031")), "not with 2030, 2031")


def test_an_answer_of_another_form() -> None:
    whole = answer()
    refused(BALANCES, whole[:-40], "not whole JSON")
    refused(BALANCES, b'{"values":{},"api":{}}', f"values.{INDICATOR}")
    refused(BALANCES, b'{"api":{}}', "values")
    refused(BALANCES, b'{"values":{"GGXCNL_G01_GDP_PT":{}}}', "not with nothing")
    refused(BALANCES, whole.replace(b"-7.8584546227945", b"NaN"), "NaN")
