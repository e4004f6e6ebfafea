"""The release calendar: when the observation of a period becomes known.

Rules and their recorded deviations are data (`evidence/catalogue`). Times are whole seconds since
1970 in UTC, so that they compare as plain integers; days are New York days, because every publisher
here keeps New York time. A delay counts only from the day on which it was announced.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from evidence import closures
from evidence.catalogue import Release
from evidence.closures import FIRST_YEAR, LAST_YEAR

Days = npt.NDArray[np.datetime64]
Seconds = npt.NDArray[np.int64]

NEW_YORK = ZoneInfo("America/New_York")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4}
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
"""How many months a period has, for the frequencies whose periods are whole months."""


def end_of_day(day: date) -> int:
    """The last second of a day in New York."""
    return int(datetime.combine(day, time(23, 59, 59), NEW_YORK).timestamp())


def ends_of_days(days: Days) -> Seconds:
    """The last second of each day in New York, (n,)."""
    return _at_time(days, "23:59") + 59


def new_york_day(second: int) -> date:
    """The New York day that a second falls in."""
    return datetime.fromtimestamp(second, NEW_YORK).date()


def new_york_days(instants: Seconds) -> Days:
    """The New York day that each second falls in, (n,)."""
    first = np.datetime64(f"{FIRST_YEAR}-01-01")
    guess = (instants - 5 * 3600) // 86400  # right but for the hours around midnight
    offsets = _offsets(guess - first.astype(np.int64))
    return np.asarray(((instants - offsets) // 86400).astype("datetime64[D]"))


def iso(second: int) -> str:
    """A second as ISO 8601 in UTC."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: str) -> int:
    """ISO 8601 in UTC (with the final Z) as a second."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"`{text}` is not a second in UTC; write it as 2025-04-10T20:30:00Z")
    return int(datetime.fromisoformat(text).timestamp())


def period_end(text: str) -> date:
    """The last day of a period written as `2025-04-30` or `2025-04` (of a quarter or year: its last month)."""
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = int(text[:4]), int(text[5:7])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


@cache
def holiday_days(kind: str) -> Days:
    """The holidays on which a publisher rests, by `kind`.

    `federal`, or `bond_market`: those and the closures of the stock exchange, Good Friday among them.
    Good Friday is no federal holiday: the CFTC and the Federal Reserve publish on it.
    """
    who = ("federal", "exchange") if kind == "bond_market" else ("federal",)
    return closures.closed(*who)


@cache
def _utc_offsets() -> Seconds:
    """Seconds to add to New York noon to get UTC, for each day from FIRST_YEAR on."""
    first = date(FIRST_YEAR, 1, 1)
    count = (date(LAST_YEAR + 1, 1, 1) - first).days
    noon = datetime.combine(first, time(12), NEW_YORK)

    def offset(place: int) -> int:
        return -int(((noon + timedelta(days=place)).utcoffset() or timedelta()).total_seconds())

    # the clock changes twice a year: each day is asked only in a week at whose ends it differs
    weeks = [offset(place) for place in range(0, count + 7, 7)]
    found = np.repeat(np.array(weeks, dtype=np.int64), 7)
    for i in np.flatnonzero(np.diff(weeks)):
        found[7 * i : 7 * i + 7] = [offset(int(place)) for place in range(7 * i, 7 * i + 7)]
    return found[:count]


def _offsets(places: Seconds) -> Seconds:
    """The offsets of days counted from the first one. Beyond both ends it is winter, as it is there."""
    every = _utc_offsets()
    return every[np.clip(places, 0, len(every) - 1)]


def _at_time(days: Days, clock: str) -> Seconds:
    hours, minutes = clock.split(":")
    first = np.datetime64(f"{FIRST_YEAR}-01-01")
    offsets = _offsets((days - first).astype(np.int64))
    midnight = days.astype("datetime64[s]").astype(np.int64)
    return np.asarray(midnight + int(hours) * 3600 + int(minutes) * 60 + offsets, dtype=np.int64)


def release_days(release: Release, periods: Days) -> Days:
    """The day on which the rule (without deviations) has each period released."""
    rest = holiday_days(release.holidays)
    if release.weekday is not None:
        wanted = _WEEKDAYS[release.weekday]
        weekday = (periods.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        ahead = (wanted - weekday - 1) % 7 + 1
        due = periods + ahead.astype("timedelta64[D]")
    elif release.business_days is not None:
        due = np.busday_offset(periods, release.business_days, roll="backward", holidays=rest)
    elif release.days is not None:
        due = periods + np.timedelta64(release.days, "D")
    else:
        assert release.month_day is not None
        months, day = release.month_day
        due = (periods.astype("datetime64[M]") + np.timedelta64(months, "M")).astype(
            "datetime64[D]"
        )
        due = due + np.timedelta64(day - 1, "D")
    due = np.busday_offset(due, 0, roll="forward", holidays=rest)
    if release.at_least_business_days:
        least = np.busday_offset(
            periods, release.at_least_business_days, roll="backward", holidays=rest
        )
        due = np.maximum(due, least)
    return np.asarray(due)


def known_at(release: Release, periods: Days) -> Seconds:
    """When each period became known: by the rule, or as recorded where the release deviated.

    Shapes: (n,) to (n,). What was thought beforehand is `expected`.
    """
    if len(periods) == 0:
        return np.zeros(0, dtype=np.int64)
    due = release_days(release, periods)
    if release.deviations:
        ends, actual = _deviations(release)
        at = np.searchsorted(ends, periods)
        hit = (at < len(ends)) & (ends[np.minimum(at, len(ends) - 1)] == periods)
        due = np.where(hit, actual[np.minimum(at, len(ends) - 1)], due)
    return _at_time(due, release.time)


@cache
def _deviation_arrays(key: tuple[tuple[str, date], ...]) -> tuple[Days, Days]:
    rows = sorted((period_end(period), actual) for period, actual in key)
    return (
        np.array([row[0] for row in rows], dtype="datetime64[D]"),
        np.array([row[1] for row in rows], dtype="datetime64[D]"),
    )


def _deviations(release: Release) -> tuple[Days, Days]:
    return _deviation_arrays(tuple((d.period, d.actual) for d in release.deviations))


def expected(release: Release, period: date, as_of: date) -> date:
    """The day on which a period's release was expected, by what was known at the end of `as_of`."""
    if release.deviations:
        text = period.isoformat()
        for name in (text, text[:7]) if period == period_end(text[:7]) else (text,):
            for deviation in release.by_period.get(name, ()):
                known = deviation.known_by(as_of)
                if known is not None:
                    return known
    if period not in release.due:
        days = release_days(release, np.array([period], dtype="datetime64[D]"))
        release.due[period] = days[0].astype(object)
    return release.due[period]


def next_periods(frequency: str, last: date, count: int, release: Release) -> list[date]:
    """The `count` periods that follow `last`, as their last days.

    A daily series skips weekends and the holidays without a value; an irregular one has no next.
    """
    if frequency == "weekly":
        return [last + timedelta(weeks=i) for i in range(1, count + 1)]
    if frequency in MONTHS:
        month, step = np.datetime64(last, "M"), MONTHS[frequency]
        ends = [
            (month + step * i + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
            for i in range(1, count + 1)
        ]
        return [end.astype(object) for end in ends]
    if frequency == "daily":
        rest = holiday_days(release.no_observation or release.holidays)
        start = np.busday_offset(np.datetime64(last, "D"), 0, roll="backward", holidays=rest)
        following = np.busday_offset(start, np.arange(1, count + 1), holidays=rest)
        days: list[date] = following.astype(object).tolist()
        return days
    return []


def next_release(release: Release, frequency: str, last: date, as_of: date) -> date | None:
    """The day of the next release after a series' last period, as expected on `as_of`."""
    if (frequency, last) not in release.following:
        found = next_periods(frequency, last, 1, release)
        release.following[frequency, last] = found[0] if found else None
    period = release.following[frequency, last]
    return None if period is None else expected(release, period, as_of)
