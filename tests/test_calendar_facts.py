"""Each release rule against the days that its publisher gave, and what a shutdown let people know.

The days come from the publishers: the CFTC's schedule of 2024 and its plans of November and December
2025, BEA's file of release dates (13 July 2026), Treasury's and the Board's release pages, the Fiscal
Service's release calendar. None was computed with the code that is tested here.
"""

from datetime import date, timedelta

import numpy as np
import pytest

from evidence import calendar
from tests import ours

RELEASES = ours.catalogue().releases
DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def came(release: str, period: str) -> date:
    """The New York day on which a period became known."""
    ends = np.array([calendar.period_end(period)], dtype="datetime64[D]")
    return calendar.new_york_day(int(calendar.known_at(RELEASES[release], ends)[0]))


def thought(release: str, period: str, on: str) -> date:
    """The day on which people expected a period, by what they knew on `on`."""
    return calendar.expected(RELEASES[release], calendar.period_end(period), day(on))


def test_cftc_schedule_of_2024() -> None:
    """Every report of the year: a Friday, but for the four Mondays that bear an asterisk."""
    delayed = {
        "2024-06-18": "2024-06-24",
        "2024-07-02": "2024-07-08",
        "2024-11-26": "2024-12-02",
        "2024-12-24": "2024-12-30",
    }
    tuesdays = [day("2024-01-02") + n * 7 * DAY for n in range(52)]
    found = {str(tuesday): came("cftc_tff", str(tuesday)) for tuesday in tuesdays}
    wanted = {
        str(tuesday): day(delayed.get(str(tuesday), str(tuesday + 3 * DAY))) for tuesday in tuesdays
    }
    assert found == wanted
    assert found["2024-03-26"] == day("2024-03-29")  # Good Friday: no federal holiday


@pytest.mark.parametrize(
    ("report", "released"),
    [
        ("2025-12-30", "2026-01-05"),
        ("2026-03-31", "2026-04-03"),  # Good Friday
        ("2026-06-16", "2026-06-22"),
        ("2026-06-30", "2026-07-06"),
        ("2026-11-10", "2026-11-16"),
        ("2026-11-24", "2026-11-30"),
        ("2026-12-22", "2026-12-28"),
    ],
)
def test_cftc_schedule_of_2026(report: str, released: str) -> None:
    assert came("cftc_tff", report) == day(released)


@pytest.mark.parametrize(
    ("report", "rule", "first_plan", "second_plan"),
    [
        ("2025-09-30", "2025-10-03", "2025-11-19", "2025-11-19"),
        ("2025-10-07", "2025-10-10", "2025-11-21", "2025-11-21"),
        ("2025-10-14", "2025-10-17", "2025-11-25", "2025-11-25"),
        ("2025-10-21", "2025-10-24", "2025-12-02", "2025-12-02"),
        ("2025-10-28", "2025-10-31", "2025-12-05", "2025-12-05"),
        ("2025-11-04", "2025-11-07", "2025-12-09", "2025-12-09"),
        ("2025-11-10", "2025-11-14", "2025-12-12", "2025-12-10"),
        ("2025-11-18", "2025-11-21", "2025-12-16", "2025-12-12"),
        ("2025-11-25", "2025-12-01", "2025-12-19", "2025-12-15"),
        ("2025-12-02", "2025-12-05", "2025-12-23", "2025-12-17"),
        ("2025-12-09", "2025-12-12", "2025-12-30", "2025-12-19"),
        ("2025-12-16", "2025-12-19", "2026-01-06", "2025-12-23"),
        ("2025-12-23", "2025-12-29", "2026-01-09", "2025-12-29"),
        ("2025-12-30", "2026-01-05", "2026-01-13", "2026-01-05"),
        ("2026-01-06", "2026-01-09", "2026-01-16", "2026-01-09"),
        ("2026-01-13", "2026-01-16", "2026-01-20", "2026-01-16"),
        ("2026-01-20", "2026-01-23", "2026-01-23", "2026-01-23"),
    ],
)
def test_cftc_plans_of_the_shutdown(
    report: str, rule: str, first_plan: str, second_plan: str
) -> None:
    """The rule until 17 November 2025, the first plan from the 18th, the second from 9 December."""
    assert thought("cftc_tff", report, "2025-11-17") == day(rule)
    assert thought("cftc_tff", report, "2025-11-18") == day(first_plan)
    assert thought("cftc_tff", report, "2025-12-08") == day(first_plan)
    assert thought("cftc_tff", report, "2025-12-09") == day(second_plan)
    assert came("cftc_tff", report) == day(second_plan)


@pytest.mark.parametrize(
    ("wednesday", "released"),
    [
        ("2025-11-26", "2025-11-28"),  # the Friday after Thanksgiving
        ("2019-11-27", "2019-11-29"),
        ("2026-11-25", "2026-11-27"),
        ("2025-06-18", "2025-06-20"),  # Juneteenth
        ("2025-11-12", "2025-11-13"),  # Veterans Day was the Tuesday; the shutdown delays nothing
        ("2025-10-15", "2025-10-16"),
        ("2025-12-24", "2025-12-29"),  # Christmas, and a Friday on which offices rested
        ("2014-12-24", "2014-12-29"),
        ("2009-12-23", "2009-12-28"),
        ("2008-12-24", "2008-12-29"),
        ("2025-12-31", "2026-01-02"),
    ],
)
def test_h41(wednesday: str, released: str) -> None:
    assert came("h41", wednesday) == day(released)


@pytest.mark.parametrize(
    ("friday", "released"),
    [
        ("2019-02-15", "2019-02-19"),  # Presidents' Day
        ("2026-09-04", "2026-09-08"),  # Labor Day
        ("2026-09-25", "2026-09-28"),
        ("2025-10-10", "2025-10-14"),  # Columbus Day
    ],
)
def test_h10_brings_a_whole_week(friday: str, released: str) -> None:
    monday = day(friday) - 4 * DAY
    assert {came("h10", str(monday + n * DAY)) for n in range(5)} == {day(released)}


def test_h15_comes_on_the_next_business_day() -> None:
    assert came("h15", "2023-09-12") == day("2023-09-13")
    assert came("h15", "2026-10-09") == day("2026-10-13")  # Columbus Day


@pytest.mark.parametrize(
    ("month", "released"),
    [
        ("2025-02", "2025-04-16"),
        ("2025-04", "2025-06-18"),
        ("2025-07", "2025-09-18"),
        ("2025-08", "2025-11-18"),
        ("2025-09", "2025-11-18"),
        ("2025-10", "2025-12-18"),
        ("2025-11", "2026-01-15"),
        ("2025-12", "2026-02-18"),
        ("2026-01", "2026-03-18"),
        ("2026-02", "2026-04-15"),
        ("2026-03", "2026-05-18"),
        ("2026-04", "2026-06-18"),
        ("2026-05", "2026-07-14"),
        ("2026-06", "2026-08-17"),
        ("2026-07", "2026-09-16"),
    ],
)
def test_tic(month: str, released: str) -> None:
    assert came("tic", month) == day(released)


def test_trade_follows_the_file_of_release_dates() -> None:
    days = """2025-01-07 2025-02-05 2025-03-06 2025-04-03 2025-05-06 2025-06-05 2025-07-03 2025-08-05
        2025-09-04 2025-11-19 2025-12-11 2026-01-08 2026-01-29 2026-02-19 2026-03-12 2026-04-02
        2026-05-05 2026-06-09 2026-07-07 2026-08-04 2026-09-03 2026-10-06 2026-11-04 2026-12-08"""
    months = np.arange("2024-11", "2026-11", dtype="datetime64[M]").astype(str).tolist()
    assert [came("bea_trade", month) for month in months] == [day(d) for d in days.split()]


def test_trade_after_the_shutdown_of_2018() -> None:
    days = ["2019-02-06", "2019-03-06", "2019-03-27", "2019-04-17", "2019-05-09"]
    months = ["2018-11", "2018-12", "2019-01", "2019-02", "2019-03"]
    assert [came("bea_trade", month) for month in months] == [day(d) for d in days]
    assert thought("bea_trade", "2019-03", "2019-04-01") == day("2019-05-07")
    assert thought("bea_trade", "2019-03", "2019-04-02") == day("2019-05-09")


@pytest.mark.parametrize(
    ("release", "quarter", "released"),
    [
        ("bea_gdp", "2024-12", "2025-03-27"),
        ("bea_gdp", "2025-03", "2025-06-26"),
        ("bea_gdp", "2025-06", "2025-09-25"),
        ("bea_gdp", "2025-09", "2026-01-22"),
        ("bea_gdp", "2025-12", "2026-04-09"),
        ("bea_gdp", "2026-03", "2026-06-25"),
        ("bea_gdp", "2026-06", "2026-09-30"),
        ("bea_gdp", "2026-09", "2026-12-23"),
        ("bea_iip", "2024-12", "2025-03-26"),
        ("bea_iip", "2025-03", "2025-06-30"),
        ("bea_iip", "2025-06", "2025-09-29"),
        ("bea_iip", "2025-09", "2026-01-16"),
        ("bea_iip", "2025-12", "2026-03-25"),
        ("bea_iip", "2026-03", "2026-06-24"),
        ("bea_iip", "2026-06", "2026-09-24"),
        ("bea_iip", "2026-09", "2026-12-18"),
        ("z1", "2025-09", "2026-01-09"),
        ("z1", "2026-03", "2026-06-11"),
    ],
)
def test_quarters(release: str, quarter: str, released: str) -> None:
    assert came(release, quarter) == day(released)


@pytest.mark.parametrize(
    ("month", "released"),
    [
        ("2025-09", "2025-10-16"),  # in the shutdown, as the Treasury's books go on
        ("2025-10", "2025-11-25"),
        ("2026-10", "2026-11-12"),  # Veterans Day moves the eighth business day
        ("2026-11", "2026-12-10"),
    ],
)
def test_monthly_treasury_statement(month: str, released: str) -> None:
    assert came("mts", month) == day(released)


@pytest.mark.parametrize(
    ("release", "business_day", "released"),
    [
        ("nyfed_secured", "2026-04-02", "2026-04-06"),  # Good Friday: no bond market
        ("nyfed_unsecured", "2026-04-02", "2026-04-03"),
        ("ofr_repo", "2024-03-28", "2024-04-01"),  # Good Friday: not updated
        ("ofr_triparty", "2024-03-28", "2024-04-02"),
        ("ofr_fsi", "2026-04-22", "2026-04-24"),
        ("ofr_fsi", "2026-06-04", "2026-06-08"),
        ("nyfed_operations", "2026-10-06", "2026-10-06"),
        ("auction", "2025-04-10", "2025-04-10"),
    ],
)
def test_daily_releases(release: str, business_day: str, released: str) -> None:
    assert came(release, business_day) == day(released)


@pytest.mark.parametrize(
    ("release", "period", "before", "announced", "actual"),
    [
        ("tic", "2025-08", "2025-10-17", "2025-11-18", "2025-11-18"),
        ("bea_trade", "2025-08", "2025-10-07", "2025-11-19", "2025-11-19"),
        ("bea_trade", "2025-09", "2025-11-04", "2025-11-19", "2025-12-11"),
        ("bea_trade", "2025-11", "2026-01-08", "2026-01-08", "2026-01-29"),
        ("bea_gdp", "2025-09", "2025-12-19", "2026-01-22", "2026-01-22"),
        ("bea_iip", "2025-09", "2025-12-29", "2026-01-16", "2026-01-16"),
        ("z1", "2025-09", "2025-12-11", "2026-01-09", "2026-01-09"),
        ("mts", "2025-10", "2025-11-13", "2025-11-25", "2025-11-25"),
    ],
)
def test_a_delay_is_not_known_before_it_was_announced(
    release: str, period: str, before: str, announced: str, actual: str
) -> None:
    eve = str(day(announced) - DAY)
    for on in ("2025-09-30", "2025-11-12", eve):
        assert thought(release, period, on) == day(before)
    assert thought(release, period, announced) == day(actual)
    assert came(release, period) == day(actual)


@pytest.mark.parametrize("name", sorted(RELEASES))
def test_what_was_announced_agrees_with_what_came(name: str) -> None:
    """Once a deviation is announced, the day expected is the day on which the period became known."""
    for deviation in RELEASES[name].deviations:
        assert came(name, deviation.period) == deviation.actual
        assert thought(name, deviation.period, str(deviation.announced)) == deviation.actual


@pytest.mark.parametrize("name", sorted(RELEASES))
def test_a_rule_never_looks_ahead(name: str) -> None:
    """No rule releases a period before it is over, and a later period never comes before an earlier one."""
    release = RELEASES[name]
    first = np.datetime64("2007-01-31")
    days = (
        np.arange("2007-01", "2030-01", dtype="datetime64[M]").astype("datetime64[D]") - 1
        if release.month_day
        else first + np.arange(8000)
    )
    due = calendar.release_days(release, days)
    assert (due >= days).all()
    assert (np.diff(due.astype(np.int64)) >= 0).all()
