"""The release calendar against days that were looked up, and what was known of them beforehand."""

from datetime import date

import numpy as np
import pytest

from evidence import calendar, closures
from evidence.catalogue import Deviation, Release
from tests import ours

RELEASES = ours.catalogue().releases


def known(release: str, period: str) -> str:
    end = np.array([calendar.period_end(period)], dtype="datetime64[D]")
    return calendar.iso(int(calendar.known_at(RELEASES[release], end)[0]))


@pytest.mark.parametrize(
    ("release", "period", "expected"),
    [
        # H.4.1: Thursday 16:30 for Wednesday; New York's clocks changed on 9 March and 2 November 2025
        ("h41", "2025-04-02", "2025-04-03T20:30:00Z"),
        ("h41", "2025-03-05", "2025-03-06T21:30:00Z"),
        ("h41", "2025-03-12", "2025-03-13T20:30:00Z"),
        ("h41", "2025-10-29", "2025-10-30T20:30:00Z"),
        ("h41", "2025-11-05", "2025-11-06T21:30:00Z"),
        ("h41", "2025-11-26", "2025-11-28T21:30:00Z"),  # Thanksgiving
        ("h41", "2019-11-27", "2019-11-29T21:30:00Z"),
        ("h41", "2025-01-08", "2025-01-10T21:30:00Z"),  # a day of mourning
        ("h41", "2020-12-23", "2020-12-28T21:30:00Z"),  # offices closed on Christmas Eve
        # CFTC: Friday 15:30 for Tuesday
        ("cftc_tff", "2025-04-08", "2025-04-11T19:30:00Z"),
        ("cftc_tff", "2025-04-15", "2025-04-18T19:30:00Z"),  # Good Friday is no federal holiday
        ("cftc_tff", "2024-03-26", "2024-03-29T19:30:00Z"),
        ("cftc_tff", "2025-07-01", "2025-07-07T19:30:00Z"),  # the Fourth of July
        ("cftc_tff", "2024-06-18", "2024-06-24T19:30:00Z"),
        ("cftc_tff", "2024-11-26", "2024-12-02T20:30:00Z"),
        ("cftc_tff", "2024-12-24", "2024-12-30T20:30:00Z"),
        ("cftc_tff", "2024-01-16", "2024-01-19T20:30:00Z"),  # a Monday holiday moves nothing
        (
            "cftc_tff",
            "2012-12-24",
            "2012-12-28T20:30:00Z",
        ),  # Monday's data, Tuesday being Christmas
        ("cftc_tff", "2020-12-21", "2020-12-28T20:30:00Z"),
        ("cftc_tff", "2021-06-15", "2021-06-21T19:30:00Z"),
        ("cftc_tff", "2026-11-10", "2026-11-16T20:30:00Z"),
        ("cftc_tff", "2018-12-24", "2019-02-01T20:30:00Z"),  # shutdown
        ("cftc_tff", "2023-01-31", "2023-02-24T20:30:00Z"),  # ION
        ("cftc_tff", "2025-01-07", "2025-01-13T20:30:00Z"),  # a day of mourning
        ("cftc_tff", "2025-09-30", "2025-11-19T20:30:00Z"),  # shutdown
        ("cftc_tff", "2025-12-30", "2026-01-05T20:30:00Z"),
        # H.10: Monday for the week before, Tuesday after a holiday
        ("h10", "2025-04-07", "2025-04-14T20:15:00Z"),
        ("h10", "2025-04-11", "2025-04-14T20:15:00Z"),
        ("h10", "2025-04-14", "2025-04-21T20:15:00Z"),
        ("h10", "2019-02-15", "2019-02-19T21:15:00Z"),
        # H.15: the next business day
        ("h15", "2025-04-04", "2025-04-07T20:15:00Z"),
        ("h15", "2025-04-17", "2025-04-18T20:15:00Z"),
        # SOFR rests with the bond market, the funds rate with the Federal Reserve
        ("nyfed_secured", "2025-04-10", "2025-04-11T12:00:00Z"),
        ("nyfed_secured", "2025-04-11", "2025-04-14T12:00:00Z"),
        ("nyfed_secured", "2025-04-17", "2025-04-21T12:00:00Z"),
        ("nyfed_unsecured", "2025-04-17", "2025-04-18T13:00:00Z"),
        ("nyfed_unsecured", "2025-04-18", "2025-04-21T13:00:00Z"),
        # TIC: as recorded; by rule where nothing is
        ("tic", "2025-04", "2025-06-18T20:00:00Z"),
        ("tic", "2025-08", "2025-11-18T21:00:00Z"),
        ("tic", "2017-01", "2017-03-15T20:00:00Z"),
        ("tic", "2026-05", "2026-07-14T20:00:00Z"),
        ("tic", "2008-09", "2008-11-18T21:00:00Z"),
        # auctions: the same day; investor classes two weeks later
        ("auction", "2025-04-09", "2025-04-09T17:00:00Z"),
        ("allotments", "2025-04-09", "2025-04-23T19:00:00Z"),
        ("allotments", "2025-01-07", "2025-01-22T20:00:00Z"),
        ("ofr_fsi", "2026-05-13", "2026-05-15T14:00:00Z"),
        # quarters and years are written as the month that ends them
        ("bea_trade", "2025-03", "2025-05-06T12:30:00Z"),
        ("bea_trade", "2025-08", "2025-11-19T13:30:00Z"),  # shutdown
        ("bea_gdp", "2025-03", "2025-06-26T12:30:00Z"),
        ("bea_iip", "2025-06", "2025-09-29T12:30:00Z"),
        ("z1", "2026-03", "2026-06-11T16:00:00Z"),
        ("z1", "2025-09", "2026-01-09T17:00:00Z"),  # shutdown
        ("z1", "2024-12", "2025-03-12T16:00:00Z"),  # by rule; it was the 13th
        ("mts", "2025-04", "2025-05-12T18:00:00Z"),
        ("mts", "2025-10", "2025-11-25T19:00:00Z"),  # shutdown
        ("tic_shl", "2024-06", "2025-04-30T20:00:00Z"),
        ("tic_shc", "2025-12", "2026-08-31T20:00:00Z"),
        ("nyfed_dealers", "2025-04-09", "2025-04-17T20:15:00Z"),
    ],
)
def test_known_at(release: str, period: str, expected: str) -> None:
    assert known(release, period) == expected


def test_what_was_expected_of_tic_before_it_came() -> None:
    tic = RELEASES["tic"]
    april = calendar.period_end("2025-04")
    assert calendar.expected(tic, april, date(2025, 5, 30)) == date(2025, 6, 18)
    march = calendar.period_end("2025-03")
    assert calendar.next_release(tic, "monthly", march, date(2025, 5, 30)) == date(2025, 6, 18)
    # the shutdown's delay of August's data is not known before they come
    august = calendar.period_end("2025-08")
    assert calendar.expected(tic, august, date(2025, 9, 30)) == date(2025, 10, 17)
    assert calendar.expected(tic, august, date(2025, 10, 30)) == date(2025, 10, 17)
    assert calendar.expected(tic, august, date(2025, 11, 18)) == date(2025, 11, 18)


def test_a_delay_counts_from_the_day_it_was_announced() -> None:
    cftc = RELEASES["cftc_tff"]
    october = date(2025, 10, 7)
    assert calendar.expected(cftc, october, date(2025, 10, 8)) == date(2025, 10, 10)
    assert calendar.expected(cftc, october, date(2025, 11, 18)) == date(2025, 11, 21)
    november = date(2025, 11, 10)  # first planned for one day, then brought forward
    assert calendar.expected(cftc, november, date(2025, 11, 20)) == date(2025, 12, 12)
    assert calendar.expected(cftc, november, date(2025, 12, 9)) == date(2025, 12, 10)


@pytest.mark.parametrize("name", sorted(RELEASES))
def test_deviations_are_plausible(name: str) -> None:
    release = RELEASES[name]
    periods = [deviation.period for deviation in release.deviations]
    assert len(periods) == len(set(periods))
    for deviation in release.deviations:
        assert calendar.period_end(deviation.period) < deviation.actual
        assert deviation.announced <= deviation.actual
        assert deviation.scheduled is None or deviation.scheduled != deviation.actual


def test_periods_that_follow() -> None:
    secured = RELEASES["nyfed_secured"]
    assert calendar.next_periods("daily", date(2025, 4, 17), 2, secured) == [
        date(2025, 4, 21),
        date(2025, 4, 22),
    ]
    assert calendar.next_periods("weekly", date(2025, 4, 2), 2, RELEASES["h41"]) == [
        date(2025, 4, 9),
        date(2025, 4, 16),
    ]
    months = calendar.next_periods("monthly", date(2024, 12, 31), 3, RELEASES["tic"])
    assert months == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]
    quarters = calendar.next_periods("quarterly", date(2024, 9, 30), 3, RELEASES["z1"])
    assert quarters == [date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30)]
    years = calendar.next_periods("yearly", date(2023, 6, 30), 2, RELEASES["tic_shl"])
    assert years == [date(2024, 6, 30), date(2025, 6, 30)]
    assert calendar.next_release(
        RELEASES["tic_shl"], "yearly", date(2025, 6, 30), date(2026, 5, 1)
    ) == date(2027, 4, 30)
    assert calendar.next_periods("irregular", date(2025, 4, 9), 2, RELEASES["auction"]) == []


def test_days_and_seconds() -> None:
    assert calendar.iso(calendar.end_of_day(date(2025, 1, 15))) == "2025-01-16T04:59:59Z"
    assert calendar.iso(calendar.end_of_day(date(2025, 7, 15))) == "2025-07-16T03:59:59Z"
    assert calendar.new_york_day(calendar.seconds("2025-01-16T04:59:59Z")) == date(2025, 1, 15)
    assert calendar.new_york_day(calendar.seconds("2025-01-16T05:00:00Z")) == date(2025, 1, 16)
    assert calendar.seconds("1970-01-01T00:00:00Z") == 0
    assert calendar.period_end("2024-02") == date(2024, 2, 29)
    assert calendar.period_end("2025-12") == date(2025, 12, 31)
    assert calendar.period_end("2025-04-30") == date(2025, 4, 30)


def test_days_beyond_the_table_have_the_clock_of_winter() -> None:
    """A made-up case may reach there, and so may a window after the last day that a story may name."""
    for day in ("1525-07-01", "1959-12-31", "2036-01-01", "2525-07-01"):
        days = np.array([day], dtype="datetime64[D]")
        ends = calendar.ends_of_days(days)
        assert calendar.iso(int(ends[0])) == f"{days[0] + 1}T04:59:59Z"
        assert calendar.new_york_days(ends) == days
    assert known("tic", "2105-04") == "2105-06-18T21:00:00Z"


def test_good_friday_is_a_holiday_of_the_bond_market_alone() -> None:
    good_friday = np.datetime64("2025-04-18")
    assert good_friday in calendar.holiday_days("bond_market")
    assert good_friday not in calendar.holiday_days("federal")
    assert np.datetime64("2025-06-19") in calendar.holiday_days("federal")


def test_many_periods_at_once_are_the_same_as_one_by_one() -> None:
    release = Release(
        id="test", name="Test", time="16:30", business_days=2, stale_after_days=5, source="a test",
        deviations=(Deviation(period="2025-03-10", actual=date(2025, 4, 1), announced=date(2025, 3, 20)),),
    )  # fmt: skip
    days = np.arange("2025-03-01", "2025-03-31", dtype="datetime64[D]")
    together = calendar.known_at(release, days)
    assert together.tolist() == [
        int(calendar.known_at(release, days[i : i + 1])[0]) for i in range(len(days))
    ]
    assert calendar.known_at(release, days[:0]).shape == (0,)


def test_a_release_has_one_rule() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Release(id="x", name="x", time="16:30", stale_after_days=1, source="x")
    with pytest.raises(ValueError, match="exactly one"):
        Release(
            id="x", name="x", time="16:30", days=1, weekday="friday", stale_after_days=1, source="x"
        )


def test_the_days_of_rest_are_the_librarys():
    assert closures.FILE.read_text("utf-8") == closures.made(), "run `python -m evidence.closures`"
    rest = closures.closed("federal")
    assert np.datetime64("2025-01-09") not in rest, "no federal holiday by law"
    assert np.datetime64("2025-04-18") not in rest
    both = calendar.holiday_days("bond_market")
    assert np.datetime64("2025-01-09") in both, "the mourning of a president closed the exchange"
    assert np.datetime64("2025-04-18") in both, "Good Friday"
    assert set(rest) < set(both)
