"""Days, release rules and series: the catalogue and the snapshot, read as text files.

Moments are whole seconds since 1970; `end_of(day)` is a day's last second in New York.
"""

from __future__ import annotations

import bisect
import calendar
import copy
import csv
import datetime as dt
import functools
import itertools
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import yaml

NEW_YORK = ZoneInfo("America/New_York")
DAY = dt.timedelta(days=1)
SECONDS = 86400
AGED = 150 * SECONDS  # from then on a month whose first print is not held may stand in
MONTHS_OF = {"monthly": 1, "quarterly": 3, "yearly": 12}

# ---------------------------------------------------------------------------------------- days


def moment(day, clock):
    """The second of a time of day in New York."""
    return int(dt.datetime.combine(day, clock, NEW_YORK).timestamp())


@functools.cache
def end_of(day):
    return moment(day, dt.time(23, 59, 59))


def day_of(at):
    return dt.datetime.fromtimestamp(at, NEW_YORK).date()


@functools.cache
def holidays_of(year, which):
    """Federal holidays (as observed); the bond market keeps Good Friday as well."""
    # two years, for a New Year's Day that is observed on the last day of the year before
    days = set(holidays.country_holidays("US", years=(year, year + 1)))
    return days | {easter(year) - 2 * DAY} if which == "bond_market" else days


def easter(year):
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def is_business_day(day, which="federal"):
    return day.weekday() < 5 and day not in holidays_of(day.year, which)


def on_or_after(day, which="federal"):
    while not is_business_day(day, which):
        day += DAY
    return day


def add_business_days(day, n, which="federal"):
    for _ in range(n):
        day = on_or_after(day + DAY, which)
    return day


def month_end(year, month):
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def period_end(text):
    """The last day of a period written `2025-04` or `2025-04-09`."""
    if len(text) == 7:
        return month_end(int(text[:4]), int(text[5:7]))
    return dt.date.fromisoformat(text)


def publication_day(period, release):
    """The day on which the release rule has the period come out."""
    end = period_end(period)
    if period in release["recorded"]:
        return release["recorded"][period]
    which = release.get("holidays", "federal")
    if "business_days" in release:
        return add_business_days(end, release["business_days"], which)
    if "weekday" in release:
        wanted = ["monday", "tuesday", "wednesday", "thursday", "friday"].index(release["weekday"])
        day = end + DAY
        while day.weekday() != wanted:
            day += DAY
        least = release.get("at_least_business_days")
        if least:
            day = max(on_or_after(day, which), add_business_days(end, least, which))
        return on_or_after(day, which)
    if "month_day" in release:
        later, day_of_month = release["month_day"]
        months = end.year * 12 + end.month - 1 + later
        return on_or_after(dt.date(months // 12, months % 12 + 1, day_of_month), which)
    return end + release["days"] * DAY


# -------------------------------------------------------------------------------------- series


class Collection:
    """One collection of numbers: period end -> prints [(moment known, value), …], oldest first."""

    def __init__(self, prints):
        self.prints = {period: sorted(rows) for period, rows in prints.items()}
        self.known = {period: [at for at, _ in rows] for period, rows in self.prints.items()}

    def value(self, period, at):
        """The newest print of the period known by a moment, or None."""
        known = self.known.get(period)
        if known is None:
            return None
        count = bisect.bisect_right(known, at)
        return self.prints[period][count - 1][1] if count else None

    def known_at(self, period, at):
        known = self.known[period]
        return known[bisect.bisect_right(known, at) - 1]


class Series:
    """Collections in order of preference (one, or two under a bridge) on a common list of periods."""

    def __init__(self, entry, collections, open_interest):
        self.id = entry["id"]
        self.frequency = entry["frequency"]
        self.behaves = entry["behaves"]
        self.unit = entry["unit"]
        self.recorded = entry.get("vintage_quality") == "recorded"
        self.not_first = {period_end(p) for p in entry.get("not_first_prints", [])}
        self.breaks = [row[True] for row in entry.get("breaks", [])]  # YAML reads `on` as True
        self.collections = collections
        self.open_interest = open_interest
        periods = set().union(*(c.prints for c in collections)) if collections else set()
        if self.frequency == "monthly" and periods:
            first, last = min(periods), max(*periods, dt.date(2026, 12, 31))
            month = first.year * 12 + first.month - 1
            while month <= last.year * 12 + last.month - 1:
                periods.add(month_end(month // 12, month % 12 + 1))
                month += 1
        self.periods = sorted(periods)
        self.usual_cache = {}
        self.settled = self.when_settled()

    def only_on(self, days):
        """The same series without the periods that are not among the days."""
        narrow = copy.copy(self)
        narrow.periods = [period for period in self.periods if period in days]
        narrow.usual_cache = {}
        narrow.settled = narrow.when_settled()
        return narrow

    def when_settled(self):
        """For each period the moment from which nothing up to it changes any more."""
        rows = [[c.known[p][-1] for c in self.collections if p in c.known] for p in self.periods]
        aged = [[end_of(p) + AGED] if p in self.not_first else [] for p in self.periods]
        moments = (max(a + b, default=0) for a, b in zip(rows, aged, strict=True))
        return list(itertools.accumulate(moments, max))

    def base_index(self, day):
        """The last period that ends on or before the day."""
        return bisect.bisect_right(self.periods, day) - 1

    def value(self, i, at):
        for collection in self.collections:
            value = collection.value(self.periods[i], at)
            if value is not None:
                return value
        return None

    def both_ends(self, i, j, at):
        """Levels at i and j from the first collection that has both, and which one that was."""
        for number, collection in enumerate(self.collections):
            a = collection.value(self.periods[i], at)
            b = collection.value(self.periods[j], at)
            if a is not None and b is not None:
                return a, b, number
        return None

    def revised(self, at):
        """Whether any period had been printed more than once by then."""
        return any(k[1:] and k[1] <= at for c in self.collections for k in c.known.values())

    def last_release(self, at):
        """When the last print of the series before a moment came out."""
        return max(k for c in self.collections for row in c.known.values() for k in row if k <= at)

    def known_at(self, i, at):
        """When the print of period i that stood then became known."""
        held = (c for c in self.collections if c.value(self.periods[i], at) is not None)
        return next(held).known_at(self.periods[i], at)

    def is_out(self, i, at):
        return any(c.value(self.periods[i], at) is not None for c in self.collections)

    def spans_gap(self, i, j):
        k, days = j - i, (self.periods[j] - self.periods[i]).days
        if self.frequency == "weekly":
            return abs(days - 7 * k) > 3
        if self.frequency == "daily":
            return abs(days - 7 / 5 * k) > 6
        return abs(days - 365.25 / 12 * k) > 4

    def has_break(self, i, j):
        """A break of method after period i, up to period j."""
        return any(self.periods[i] < b <= self.periods[j] for b in self.breaks)


def read_prints(path, release):
    prints, clock = {}, dt.time.fromisoformat(release["time"])
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["known_at"]:
                at = int(dt.datetime.fromisoformat(row["known_at"]).timestamp())
            else:
                at = moment(publication_day(row["period"], release), clock)
            prints.setdefault(period_end(row["period"]), []).append((at, float(row["value"])))
    return prints


class Library:
    """The catalogue and the snapshot."""

    def __init__(self, snapshot, catalogue):
        self.snapshot = Path(snapshot)
        self.entries, self.releases = {}, {}
        for path in sorted(Path(catalogue).glob("*.yaml")):
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
            for release in document.get("releases", []):
                release["recorded"] = {
                    row["period"]: row["actual"] for row in release.get("deviations", [])
                }
                self.releases[release["id"]] = release
            for entry in document.get("series", []):
                self.entries[entry["id"]] = {**document.get("defaults", {}), **entry}
        self.collections, self.series = {}, {}

    def collection(self, name):
        if name not in self.collections:
            entry = self.entries[name]
            if "combination" in entry:
                self.collections[name] = self.combined(entry["combination"])
            else:
                path = self.snapshot / "series" / f"{name}.csv"
                rows = read_prints(path, self.releases[entry["release"]]) if path.exists() else {}
                self.collections[name] = Collection(rows)
        return self.collections[name]

    def combined(self, parts):
        legs = [(1, name) for name in parts.get("plus", [])] + [
            (-1, name) for name in parts.get("minus", [])
        ]
        begins = parts.get("begins", {})
        prints = {}
        for period in set().union(*(self.collection(name).prints for _, name in legs)):
            needed = [
                (sign, self.collection(name))
                for sign, name in legs
                if begins.get(name, period) <= period
            ]
            if not all(period in leg.prints for _, leg in needed):
                continue
            rows = []
            for at in sorted({at for _, leg in needed for at in leg.known[period]}):
                values = [(sign, leg.value(period, at)) for sign, leg in needed]
                if all(value is not None for _, value in values):
                    rows.append((at, sum(sign * value for sign, value in values)))
            prints[period] = rows
        return Collection(prints)

    def get(self, name):
        if name not in self.series:
            entry = self.entries[name]
            names = list(entry["bridge"].values()) if "bridge" in entry else [name]
            interest = [self.entries[n].get("open_interest") for n in names]
            self.series[name] = Series(
                entry,
                [self.collection(n) for n in names],
                [self.collection(n) if n else None for n in interest],
            )
        return self.series[name]


# ------------------------------------------------------------------------- spans and amounts


def span(text, frequency):
    """Observations in a span such as `4 weeks`."""
    number, unit = int(text.split()[0]), text.split()[1].rstrip("s")
    if frequency in MONTHS_OF:
        return number // MONTHS_OF[frequency]
    return (
        number
        * {"daily": {"day": 1, "week": 5, "month": 21}, "weekly": {"week": 1}}[frequency][unit]
    )


def amount(text):
    number, unit = re.fullmatch(r"(-?[0-9.]+) (.+)", text).groups()
    return float(number), unit
