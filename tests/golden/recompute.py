"""Every statistic of the narratives once more, in plain Python and numpy, from docs/method.md.

Imports nothing of the project. Reads the narratives, the snapshot and the catalogue as files.

    python tests/golden/recompute.py                  the table of the golden dates, as JSON
    python tests/golden/recompute.py --as-of DATE     the table of one day
    python tests/golden/recompute.py --write          write tests/golden/verdicts.json

It was written before its author had read the engine. Where the page left a choice open, the choice was
then made as the engine makes it: a window starts on the anchor's day (`before`: on the last day of its
base); trailing periods are slots, held or not; several series have the days that all of them have;
a month without a first print stands in from 150 days on; facts that are frozen later than the as-of
date are read so far; `tracks` wants all of its months.
"""

from __future__ import annotations

import argparse
import bisect
import calendar
import copy
import csv
import datetime as dt
import functools
import hashlib
import json
import math
import re
import statistics
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = HERE / "verdicts.json"
GOLDEN_DAYS = ("2025-04-12", "2025-04-25", "2025-06-20")  # and the snapshot's last day

NEW_YORK = ZoneInfo("America/New_York")
DAY = dt.timedelta(days=1)
FIVE_YEARS = dt.timedelta(days=1826)
FOR_BATCHES = dt.timedelta(days=12)
AGED = dt.timedelta(days=150)  # from then on a month whose first print is not held may stand in
LEAST_PLACEBOS = 19
FACTS = {"record", "level", "share_before", "peak_date", "onset", "tracks", "quoted"}
DECISIVE = {"smoking_gun", "doubly_decisive"}
FACT_NUMBER = {"inconsistent": 0.01, "neutral": 0.5, "consistent": 0.99}

# ---------------------------------------------------------------------------------------- days


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
    """One collection of numbers: period end -> prints [(day known, value), …], oldest first."""

    def __init__(self, prints):
        self.prints = {period: sorted(rows) for period, rows in prints.items()}
        self.known = {period: [day for day, _ in rows] for period, rows in self.prints.items()}

    def value(self, period, day):
        """The newest print of the period known by the end of the day, or None."""
        known = self.known.get(period)
        if known is None:
            return None
        at = bisect.bisect_right(known, day)
        return self.prints[period][at - 1][1] if at else None

    def known_on(self, period, day):
        known = self.known[period]
        return known[bisect.bisect_right(known, day) - 1]


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

    def only_on(self, days):
        """The same series without the periods that are not among the days."""
        narrow = copy.copy(self)
        narrow.periods = [period for period in self.periods if period in days]
        narrow.usual_cache = {}
        return narrow

    def base_index(self, day):
        """The last period that ends on or before the day."""
        return bisect.bisect_right(self.periods, day) - 1

    def value(self, i, day):
        for collection in self.collections:
            value = collection.value(self.periods[i], day)
            if value is not None:
                return value
        return None

    def both_ends(self, i, j, day):
        """Levels at i and j from the first collection that has both, and which one that was."""
        for number, collection in enumerate(self.collections):
            a = collection.value(self.periods[i], day)
            b = collection.value(self.periods[j], day)
            if a is not None and b is not None:
                return a, b, number
        return None

    def revised(self, day):
        """Whether any period had been printed more than once by the day."""
        return any(k[1:] and k[1] <= day for c in self.collections for k in c.known.values())

    def last_release(self, day):
        """The last day by `day` on which any print of the series came out."""
        return max(
            k for c in self.collections for days in c.known.values() for k in days if k <= day
        )

    def known_on(self, i, day):
        """When the print of period i that stood on the day became known."""
        held = (c for c in self.collections if c.value(self.periods[i], day) is not None)
        return next(held).known_on(self.periods[i], day)

    def is_out(self, i, day):
        return any(c.value(self.periods[i], day) is not None for c in self.collections)

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
    prints = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["known_at"]:
                stamp = dt.datetime.fromisoformat(row["known_at"])
                day = stamp.astimezone(NEW_YORK).date()
            else:
                day = publication_day(row["period"], release)
            prints.setdefault(period_end(row["period"]), []).append((day, float(row["value"])))
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
                self.entries[entry["id"]] = entry
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
            for day in sorted({day for _, leg in needed for day in leg.known[period]}):
                values = [(sign, leg.value(period, day)) for sign, leg in needed]
                if all(value is not None for _, value in values):
                    rows.append((day, sum(sign * value for sign, value in values)))
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


# ---------------------------------------------------------------------------- what is usual


def one_period_change(series, j, day):
    """The change into period j as the kind of series counts it, or None."""
    if j < 1 or series.spans_gap(j - 1, j) or series.has_break(j - 1, j):
        return None
    ends = series.both_ends(j - 1, j, day)
    if ends is None:
        return None
    before, after, _ = ends
    if series.behaves in ("rate", "index"):
        return (after - before) * scale_of_unit(series)
    if before == 0:
        return None
    return 100 * (after - before) / abs(before)


def scale_of_unit(series):
    """Rates in percent are counted in basis points."""
    return 100 if series.behaves == "rate" and series.unit == "percent" else 1


def usual(series, start, kind):
    """(m, s) of one period, known at the end of the day on which a window starts.

    The trailing periods are counted back from the newest that was out; some of them may be missing.
    """
    if (start, kind) in series.usual_cache:
        return series.usual_cache[start, kind]
    if kind == "net_flow":
        mean_of, sd_of, about_mean = 12, 36, True
        number = lambda j: series.value(j, start)  # noqa: E731
    else:
        mean_of, sd_of, about_mean = {
            ("stock", "weekly"): (52, 52, True),
            ("stock", "monthly"): (12, 36, True),
            ("net_position", "weekly"): (0, 52, False),
        }.get((series.behaves, series.frequency), (0, 60, False))
        number = lambda j: one_period_change(series, j, start)  # noqa: E731
    newest = series.base_index(start)
    while newest >= 0 and not series.is_out(newest, start):
        newest -= 1
    row = [number(j) if j >= 0 else None for j in range(newest, newest - sd_of, -1)]
    for_mean, for_sd = (
        [x for x in row[:mean_of] if x is not None],
        [x for x in row if x is not None],
    )
    answer = None
    if len(for_sd) >= 0.6 * sd_of and len(for_mean) >= 0.6 * mean_of:
        m = float(np.mean(for_mean)) if mean_of else 0.0
        s = (
            float(np.std(for_sd, ddof=1))
            if about_mean
            else math.sqrt(float(np.mean(np.square(for_sd))))
        )
        answer = (m, s) if s > 0 else None
    series.usual_cache[start, kind] = answer
    return answer


def flow_window(series, i, k, day, start):
    """The sum of k months after month i, read on a day: (sum, centre, scale, None)."""
    months = range(i + 1, i + k + 1)
    flows = [series.value(n, day) for n in months]
    typical = usual(series, start, "net_flow")
    if None in flows or typical is None or series.has_break(i + 1, i + k):
        return None
    for n in months:
        if series.periods[n] in series.not_first and day < series.periods[n] + AGED:
            return None
    return sum(flows), k * typical[0], math.sqrt(k) * typical[1], None


def spike_window(series, i, k, day):
    """The highest of k values after i over the median of the 60 up to i: (spike, 0, 1, None)."""
    values = [series.value(n, day) for n in range(i + 1, i + k + 1)]
    before = [series.value(n, day) for n in range(i, max(i - 60, -1), -1)]
    before = [value for value in before if value is not None]
    if None in values or len(before) < 36 or series.has_break(i, i + k):
        return None
    return (max(values) - statistics.median(before)) * scale_of_unit(series), 0.0, 1.0, None


def change_window(series, i, k, day, start):
    """The change over the k periods after i: (change, centre, scale, base level)."""
    ends = series.both_ends(i, i + k, day)
    typical = usual(series, start, "change_after")
    if ends is None or typical is None or series.has_break(i, i + k):
        return None
    base, end, number = ends
    m, s = k * typical[0], math.sqrt(k) * typical[1]
    if series.behaves == "net_position":
        interest = series.open_interest[number].value(series.periods[i], day)
        if interest is None or abs(base) < 0.05 * interest:
            return None
    if series.behaves in ("stock", "net_position"):
        return end - base, m * abs(base) / 100, s * abs(base) / 100, base
    if series.behaves in ("rate", "index"):
        return (end - base) * scale_of_unit(series), m, s, base
    return 100 * (end - base) / base, m, s, base


def window(series, kind, i, k, day, start):
    """A window of k periods based on period i, read on a day: (change, centre, scale, base level).

    In the data's sign. `start` is the day on which the window starts.
    """
    if i < 0 or i + k >= len(series.periods) or series.spans_gap(i, i + k):
        return None
    if kind == "net_flow":
        return flow_window(series, i, k, day, start)
    if kind == "spike_after":
        return spike_window(series, i, k, day)
    return change_window(series, i, k, day, start)


# ------------------------------------------------------------------------------ placebo tests


def span(text, frequency):
    """Observations in a span such as `4 weeks`."""
    number, unit = int(text.split()[0]), text.split()[1].rstrip("s")
    per = {
        "daily": {"day": 1, "week": 5, "month": 21},
        "weekly": {"week": 1},
        "monthly": {"month": 1},
    }
    return number * per[frequency][unit]


def amount(text):
    number, unit = re.fullmatch(r"(-?[0-9.]+) (.+)", text).groups()
    return float(number), unit


class Reading:
    """What a test comes to."""

    def __init__(self, outcome="not_evaluable", **numbers):
        self.outcome = outcome
        self.numbers = numbers

    def __getattr__(self, name):
        try:
            return self.__dict__["numbers"].get(name)
        except KeyError:
            raise AttributeError(name) from None


def legs_of(test):
    if test["kind"] == "falls_together":
        return [(leg["series"], 1 if leg["direction"] == "up" else -1) for leg in test["legs"]]
    return [(test["series"], 1 if test["predicts"]["direction"] == "up" else -1)]


def statistic(test, legs, bases, k, day, start):
    """(raw, centre, scale, base) of one window, positive as predicted."""
    single = "change_after" if test["kind"] == "falls_together" else test["kind"]
    found = []
    for (series, sign), i in zip(legs, bases, strict=True):
        if single == "spike_after" and sign < 0:
            raise ValueError("docs/method.md defines a spike upwards only")
        row = window(series, single, i, k, day, start)
        if row is None:
            return None
        change, centre, scale, base = row
        found.append((sign * change, sign * centre, scale, base))
    if test["kind"] != "falls_together":
        return found[0]
    return min((raw - centre) / scale for raw, centre, scale, _ in found), 0.0, 1.0, None


def how_much_is_out(legs, bases, k, as_of):
    """How many of the k periods after its base each leg has; the least of them."""
    out = k
    for (series, _), i in zip(legs, bases, strict=True):
        n = 0
        while n < k and i + n + 1 < len(series.periods) and series.is_out(i + n + 1, as_of):
            n += 1
        out = min(out, n)
    return out


def placebos_of(test, legs, shift, k, start, delay):
    """[(anchor, z)], newest first. Every day that all the series have is an anchor."""
    common = set(legs[0][0].periods).intersection(*(series.periods for series, _ in legs[1:]))
    found = []
    for day in sorted((day for day in common if day < start), reverse=True):
        if start - day > FIVE_YEARS and len(found) / k >= LEAST_PLACEBOS:
            break
        bases = [series.base_index(day) + shift for series, _ in legs]
        ends = zip(legs, bases, strict=True)
        if any(i < 0 or series.periods[i + k] > start for (series, _), i in ends):
            continue
        own_start = day if shift >= 0 else legs[0][0].periods[bases[0]]
        read_on = min(day + delay + FOR_BATCHES, start)
        row = statistic(test, legs, bases, k, read_on, own_start)
        if row is not None:
            found.append((day, (row[0] - row[1]) / row[2]))
    return found


def what_matters(test, series, base, share):
    at_least, unit = amount(test["matters"]["at_least"])
    if unit == "%" and series.behaves in ("stock", "net_position"):
        at_least *= abs(base) / 100
    return at_least * share if test["kind"] in ("change_after", "net_flow") else at_least


def dates_of(test, legs, bases, out, as_of):
    """The window's ends (from the base; for flows from the first month), and when it was known."""
    rows = [(series, i) for (series, _), i in zip(legs, bases, strict=True)]
    # a sum and a highest value rest on all their periods, a change on its two ends
    inner = range(1, out + 1) if test["kind"] in ("net_flow", "spike_after") else (0, out)
    return {
        "first": min(series.periods[i + (test["kind"] == "net_flow")] for series, i in rows),
        "last": max(series.periods[i + out] for series, i in rows),
        "known_at": max(series.known_on(i + n, as_of) for series, i in rows for n in inner),
    }


def window_of(test, frequency):
    """(length, least, shift of the base) in observations."""
    spec = test["window"]
    k = span(spec.get("after") or spec["before"], frequency)
    least = span(spec["min"], frequency) if "min" in spec else math.ceil(k / 2)
    shift = span(spec["skip"], frequency) if "skip" in spec else 0
    return k, least, -k if "before" in spec else shift


def ranked(library, test, anchor, as_of):
    """A test with placebos."""
    legs = [(library.get(name), sign) for name, sign in legs_of(test)]
    if any(not series.periods for series, _ in legs):
        return Reading(reason="no data")
    if len(legs) > 1:  # every leg from the same day to the same day
        common = set(legs[0][0].periods).intersection(*(series.periods for series, _ in legs))
        legs = [(series.only_on(common), sign) for series, sign in legs]
    k, least, shift = window_of(test, legs[0][0].frequency)
    own_bases = [series.base_index(anchor) for series, _ in legs]
    bases = [i + shift for i in own_bases]
    # a window starts on the anchor's day; one `before` it on the last day of its base
    start = anchor if shift >= 0 else legs[0][0].periods[bases[0]]
    out = how_much_is_out(legs, bases, k, as_of)
    numbers = {"published": out, "length": k}
    if out < least:
        return Reading(reason="not out yet", **numbers)
    event = statistic(test, legs, bases, out, as_of, start)
    if event is None:
        return Reading(reason="gap, break or too little before", **numbers)
    raw, centre, scale, base = event
    z = (raw - centre) / scale
    sign = 1 if test["kind"] == "falls_together" else legs[0][1]
    matters = what_matters(test, legs[0][0], base, out / k)
    news = max(series.last_release(as_of) for series, _ in legs)
    delay = news - max(s.periods[i] for (s, _), i in zip(legs, own_bases, strict=True))
    placebos = placebos_of(test, legs, shift, out, start, delay)
    n = len(placebos)
    numbers |= {
        "so_far": out < k,
        "value": sign * raw,
        "raw": raw,
        "matters": matters,
        "abnormal": sign * (raw - centre),
        "z": z,
        "dates": n,
        "effective": n // out,
        **dates_of(test, legs, bases, out, as_of),
    }
    zs = np.array([value for _, value in placebos])
    thin = n / out < LEAST_PLACEBOS
    off_range = n > 0 and z > 3 * float(np.max(np.abs(zs)))
    if thin and not off_range:
        return Reading(reason="too little to compare with", **numbers)
    tail = amount(test.get("tail", "5 %"))[0] / 100
    p = (1 + int(np.sum(zs >= z))) / (n + 1)
    if_true = (1 + int(np.sum((zs - np.median(zs)) * scale + matters <= raw))) / (n + 1)
    outcome = "neutral"
    if (p <= tail or thin) and raw >= matters:
        outcome = "consistent"
    elif if_true <= 0.10 and not thin:
        outcome = "inconsistent"
    q20, q95 = np.quantile(zs, [0.2, 0.95])
    numbers |= {
        "p": p,
        "p_if_true": if_true,
        "mde80": float((q95 - q20) * scale),
        "tail": tail,
        "placebo_from": placebos[-1][0],
        "placebo_to": placebos[0][0],
    }
    return Reading(outcome, **numbers)


# -------------------------------------------------------------------------------------- facts


def error_of_revision(series, as_of):
    """Root mean square of newest less first print, as known on the day, for recorded series."""
    if not series.recorded:
        return 0.0
    squares = []
    for period, rows in series.collections[0].prints.items():
        values = [value for day, value in rows if day <= as_of]
        if values and period not in series.not_first:
            squares.append((values[-1] - values[0]) ** 2)
    return math.sqrt(float(np.mean(squares))) if squares else 0.0


def judged(margin, error):
    """margin: how far inside the band (negative: outside)."""
    if margin >= 0:
        return "consistent"
    return "inconsistent" if -margin > 2 * error else "neutral"


def rows_between(series, first, last, as_of):
    """(period, value, known) of what is out on the day, in period order."""
    rows = []
    for i, period in enumerate(series.periods):
        if first <= period <= last:
            value = series.value(i, as_of)
            if value is not None:
                rows.append((period, value, series.collections[0].known_on(period, as_of)))
    return rows


def fact(library, test, as_of):
    """A test without placebos: one value against a band."""
    kind = test["kind"]
    if kind == "tracks":
        return tracks(library, test, as_of)
    if kind == "quoted":
        return quoted(library, test, as_of)
    series = library.get(test["series"])
    if not series.periods:
        return Reading(reason="no data")
    at_least = amount(test["matters"]["at_least"])[0]
    direction = test.get("predicts", {"direction": "up" if kind == "level" else "down"})[
        "direction"
    ]
    sign = 1 if direction == "up" else -1
    if kind in ("record", "level"):
        rows = rows_between(series, dt.date.min, test[True], as_of)
        if not rows or rows[-1][0] != test[True]:
            return Reading(reason="not out yet")
        period, value, known = rows[-1]
        numbers = {"first": period, "last": period, "known_at": known, "so_far": False}
        if kind == "level":
            # up: at least so much; down: at most
            margin = sign * (value - at_least)
            return Reading(
                judged(margin, error_of_revision(series, as_of)),
                value=value,
                raw=value,
                matters=at_least,
                **numbers,
            )
        earlier = [v for _, v, _ in rows[:-1]]
        best = min(earlier) if test.get("of") == "lowest" else max(earlier)
        over = value - best
        return Reading(
            judged(sign * over - at_least, error_of_revision(series, as_of)),
            value=over, raw=sign * over, matters=at_least, level=value, earlier=best,
            **{**numbers, "first": rows[0][0]},
        )  # fmt: skip
    if kind == "onset":
        return onset(series, test, as_of, sign, at_least)
    # peak_date and share_before: read up to the day of the claim and no further
    last = min(as_of, test["frozen"])
    rows = rows_between(series, test["since"], last, as_of)
    numbers = {
        "known_at": max((row[2] for row in rows), default=None),
        "so_far": as_of < test["frozen"],
    }
    turn_of = functools.partial(max if sign < 0 else min, key=lambda row: row[1])
    if kind == "peak_date":
        if not rows or rows[-1][0] < test["before"]:
            return Reading(reason="not out yet")
        turn = turn_of(rows)
        days = (test["before"] - turn[0]).days
        return Reading(
            judged(days - at_least, 0.0), value=days, raw=days, matters=at_least,
            first=turn[0], last=rows[-1][0], **numbers,
        )  # fmt: skip
    early = [row for row in rows if row[0] <= test["split"]]
    if not early or len(rows) - len(early) < test.get("least", 10):
        return Reading(reason="not out yet")
    turn = turn_of(early)
    share = 100 * (turn[1] - early[-1][1]) / (turn[1] - rows[-1][1])
    at_most = amount(test["matters"]["at_most"])[0]
    return Reading(
        judged(min(share - at_least, at_most - share), 0.0), value=share, raw=share, matters=at_least,
        first=turn[0], last=rows[-1][0], **numbers,
    )  # fmt: skip


def onset(series, test, as_of, sign, at_least):
    months = [p for p in series.periods if test["since"] <= p <= test["until"]]
    rows = rows_between(series, test["since"], test["until"], as_of)
    if [row[0] for row in rows] != months:
        return Reading(reason="not out yet")
    before = max((sign * v for p, v, _ in rows if p <= test["split"]), default=-math.inf)
    after = max((sign * v for p, v, _ in rows if p > test["split"]), default=-math.inf)
    if test["when"] == "before":
        margin, raw = before - at_least, before
    else:
        # an early month of that size speaks against it by as much as it went past the mark
        margin = min(after - at_least, at_least - before)
        raw = at_least + margin
    begun = [p for p, v, _ in rows if sign * v >= at_least]
    return Reading(
        judged(margin, error_of_revision(series, as_of)),
        value=sign * raw, raw=raw, matters=at_least, onset=begun[0] if begun else None,
        first=rows[0][0], last=rows[-1][0], known_at=max(row[2] for row in rows), so_far=False,
    )  # fmt: skip


def tracks(library, test, as_of):
    """Correlation of the monthly changes of a quick series and a slow one."""
    quick, slow = library.get(test["quick"]), library.get(test["slow"])
    months = test.get("months", 24)
    last = max(
        i for i, p in enumerate(slow.periods) if p <= test["until"] and slow.is_out(i, as_of)
    )
    pairs = []
    for j in range(last - months + 1, last + 1):
        ends = slow.both_ends(j - 1, j, as_of)
        at = [quick.base_index(slow.periods[n]) for n in (j - 1, j)]
        levels = [quick.value(i, as_of) for i in at]
        if ends is None or None in levels:
            return Reading(reason="not out yet")
        known = max(
            quick.collections[0].known_on(quick.periods[at[1]], as_of),
            slow.collections[0].known_on(slow.periods[j], as_of),
        )
        pairs.append((known, levels[1] - levels[0], ends[1] - ends[0]))
    n = len(pairs)
    r = float(np.corrcoef([x for _, x, _ in pairs], [y for _, _, y in pairs])[0, 1])
    upper = math.tanh(math.atanh(r) + 2 / math.sqrt(n - 3))
    at_least = amount(test["matters"]["at_least"])[0]
    return Reading(
        judged(r - at_least, (upper - r) / 2), value=r, raw=r, matters=at_least, n=n, upper=upper,
        first=slow.periods[last - months].replace(day=1), last=slow.periods[last], known_at=max(k for k, _, _ in pairs), so_far=False,
    )  # fmt: skip


def quoted(library, test, as_of):
    figures = []
    for name in (test["figure"], test.get("from_figure")):
        if name is None:
            continue
        rows = rows_between(library.get(name), dt.date.min, dt.date.max, as_of)
        if True in test:
            rows = [row for row in rows if row[0] == test[True]]
        if not rows:
            return Reading(reason="not out yet")
        figures.append(rows[-1])
    value = figures[0][1] - (figures[1][1] if len(figures) == 2 else 0)
    raw = value if test["predicts"]["direction"] == "up" else -value
    at_least = amount(test["matters"]["at_least"])[0]
    return Reading(
        judged(raw - at_least, 0.0), value=value, raw=raw, matters=at_least,
        first=figures[0][0], last=figures[0][0], known_at=max(f[2] for f in figures), so_far=False,
    )  # fmt: skip


# ------------------------------------------------------------------------------------ verdict


def evaluate(library, test, anchor, as_of):
    if test["kind"] in FACTS:
        return fact(library, test, as_of)
    reading = ranked(library, test, anchor, as_of)
    if reading.outcome != "not_evaluable" and not reading.so_far:
        day = first_out(library, test, reading, as_of)
        if day is not None:
            reading.numbers["first_print_outcome"] = ranked(library, test, anchor, day).outcome
    return reading


def first_out(library, test, reading, as_of):
    """The day on which the window was first out as a whole, where a series was revised since."""
    series = [library.get(name) for name in series_of(test)]
    if not any(s.revised(as_of) for s in series):
        return None
    inside = [
        min(c.known[period][0] for c in s.collections if period in c.known)
        for s in series
        for period in s.periods
        if reading.first <= period <= reading.last and s.is_out(s.base_index(period), as_of)
    ]
    return max(inside)


def series_of(test):
    if test["kind"] == "falls_together":
        return [leg["series"] for leg in test["legs"]]
    if test["kind"] == "tracks":
        return [test["quick"], test["slow"]]
    return [test.get("series") or test["figure"]]


def grouped(library, tests):
    """Tests that share a source are one group (over chains of shared sources, too)."""
    groups = []  # (set of sources, list of tests)
    for test in tests:
        sources = {library.entries[name]["source_group"] for name in series_of(test)}
        members = [test]
        rest = []
        for other_sources, other in groups:
            if other_sources & sources:
                sources |= other_sources
                members = other + members
            else:
                rest.append((other_sources, other))
        groups = [*rest, (sources, members)]
    return [members for _, members in groups]


def tail_of_chi_square(x, even):
    """P(chi square with an even number of degrees of freedom > x)."""
    half, term, total = x / 2, 1.0, 1.0
    for n in range(1, even // 2):
        term *= half / n
        total += term
    return math.exp(-half) * total


def fisher(numbers):
    return tail_of_chi_square(-2 * sum(math.log(p) for p in numbers), 2 * len(numbers))


def number_against(test, reading):
    if test["kind"] in FACTS:
        return FACT_NUMBER[reading.outcome]
    return reading.p_if_true


def grade_of(test):
    return test.get("grade", "quoted" if test["kind"] == "quoted" else "direct")


def votes(test):
    return "checks" not in test


def judge_part(library, tests, readings):
    """(direction, J, winning tests) of one part."""

    def outcome(test):
        return readings[test["id"]].outcome

    decides = [t for t in tests if t["role"] != "straw_in_the_wind" and grade_of(t) != "quoted"]
    against = [
        t
        for t in decides
        if t["role"] in ("hoop", "doubly_decisive") and outcome(t) != "not_evaluable"
    ]
    joint = None
    if against:
        numbers = []
        for group in grouped(library, against):
            worst = min(number_against(t, readings[t["id"]]) for t in group)
            numbers.append(min(1.0, worst * len(group)))
        joint = fisher(numbers)
    if joint is not None and joint <= 0.10:
        passed = any(t["role"] == "smoking_gun" and outcome(t) == "consistent" for t in decides)
        return ("mixed" if passed else "contradicted"), joint, []
    decisive = [t for t in decides if t["role"] in DECISIVE]
    groups = len(grouped(library, decisive))
    won = [
        t
        for t in decisive
        if outcome(t) == "consistent"
        and (t["kind"] in FACTS or readings[t["id"]].p <= readings[t["id"]].tail / groups)
    ]
    hoops = [outcome(t) for t in decides if t["role"] == "hoop"]
    if won and "inconsistent" not in hoops and "not_evaluable" not in hoops:
        return "supported", joint, won
    spoken = {outcome(t) for t in decides} & {"consistent", "inconsistent"}
    waits = any(outcome(t) == "not_evaluable" for t in decisive)
    if not spoken or ("inconsistent" not in spoken and waits):
        return "insufficient_data", joint, []
    return "mixed", joint, []


def judge(library, narrative, readings):
    tests = [t for t in narrative["tests"] if votes(t)]
    parts = {}
    for test in tests:
        parts.setdefault(test.get("part", "act"), []).append(test)
    judged_parts = {part: judge_part(library, members, readings) for part, members in parts.items()}
    directions = [direction for direction, _, _ in judged_parts.values()]
    if "contradicted" in directions:
        direction = "contradicted"
    elif set(directions) == {"supported"}:
        direction = "supported"
    elif set(directions) == {"insufficient_data"}:
        direction = "insufficient_data"
    else:
        direction = "mixed"
    if (
        direction == "supported"
        and "motive" in narrative.get("parts", {})
        and "motive" not in parts
    ):
        direction = "mixed"
    return {
        "direction": direction,
        "confidence": confidence(library, narrative, readings, tests, judged_parts, direction),
        "parts": {
            part: {"direction": direction, "joint": joint}
            for part, (direction, joint, _) in judged_parts.items()
        },
    }


LADDER = ["very_low", "low", "medium", "high", "very_high"]
TABLE = {"limited": (0, 1, 2), "medium": (1, 2, 3), "robust": (2, 3, 4)}


def confidence(library, narrative, readings, tests, judged_parts, direction):
    if direction == "insufficient_data":
        return "very_low"
    decided = what_decided(readings, tests, judged_parts, direction)
    weights = [
        max(weight(test, readings[test["id"]]) for test in group)
        for group in grouped(library, decided)
    ]
    evidence = sum(weights)
    level = "limited" if evidence < 1.5 else "medium" if evidence < 2.5 else "robust"
    parts = {test.get("part", "act") for test in decided}
    heard = [t for t in tests if direction != "contradicted" or t.get("part", "act") in parts]
    share = agreement(library, readings, heard, direction)
    step = TABLE[level][2 if share >= 0.8 else 1 if share >= 0.6 else 0]
    down = steps_down(narrative, readings, decided, judged_parts, direction)
    step = max(0, step - min(2, len(down)))
    partial = any(readings[t["id"]].so_far for t in decided)
    stand_ins = all(grade_of(t) != "direct" for t in decided)
    cap = 4
    if direction == "mixed" or (direction == "supported" and partial):
        cap = 2
    if direction == "contradicted" and (partial or stand_ins):
        cap = 1
    return LADDER[min(step, cap)]


def what_decided(readings, tests, judged_parts, direction):
    """The tests that made the verdict: those that can decide and speak for its side."""
    sides = {"contradicted": {"inconsistent"}, "supported": {"consistent"}}
    wanted = sides.get(direction, {"consistent", "inconsistent"})
    return [
        test
        for test in tests
        if test["role"] != "straw_in_the_wind"
        and grade_of(test) != "quoted"
        and readings[test["id"]].outcome in wanted
        and (
            direction != "contradicted"
            or judged_parts[test.get("part", "act")][0] == "contradicted"
        )
    ]


def weight(test, reading):
    return 1.0 if grade_of(test) == "direct" and not reading.so_far else 0.5


def agreement(library, readings, tests, direction):
    """The share of groups on the verdict's side; a group that speaks both ways counts half."""
    votes = []
    for group in grouped(library, tests):
        outcomes = [readings[t["id"]].outcome for t in group]
        for_it, against = outcomes.count("consistent"), outcomes.count("inconsistent")
        if for_it or against:
            votes.append(0.5 if for_it and against else float(bool(for_it)))
    share = sum(votes) / len(votes) if votes else 1.0
    if direction == "supported":
        return share
    return 1 - share if direction == "contradicted" else max(share, 1 - share)


def steps_down(narrative, readings, decided, judged_parts, direction):
    def of(test):
        return readings[test["id"]]

    down = []
    failing = {
        t["checks"] for t in narrative["tests"] if not votes(t) and of(t).outcome == "inconsistent"
    }
    if decided and all(t["id"] in failing for t in decided):
        down.append("indirect")
    placebos = [t for t in decided if t["kind"] not in FACTS]
    joints = [joint for side, joint, _ in judged_parts.values() if side == "contradicted"]
    won = [t for _, _, tests_won in judged_parts.values() for t in tests_won]
    close = direction == "contradicted" and min(joints) > 0.05
    if direction == "supported" and all(t["kind"] not in FACTS for t in won):
        close = min(of(t).p / of(t).tail for t in won) > 0.5
    if close or any(of(t).effective < 40 for t in placebos):
        down.append("imprecise")
    if any((of(t).first_print_outcome or of(t).outcome) != of(t).outcome for t in decided):
        down.append("revised")
    return down


# --------------------------------------------------------------------------------- everything


@functools.cache
def library_at(snapshot_dir, catalogue_dir):
    return Library(snapshot_dir, catalogue_dir)


def load_narratives(narratives_dir):
    """(anchor, narrative) for each narrative file of each event's folder."""
    for event_file in sorted(Path(narratives_dir).glob("*/event.yaml")):
        anchor = yaml.safe_load(event_file.read_text(encoding="utf-8"))["date"]
        for path in sorted(event_file.parent.glob("*.yaml")):
            if path != event_file:
                narrative = yaml.safe_load(path.read_text(encoding="utf-8"))
                yield narrative.get("anchor", anchor), narrative


def recompute_all(narratives_dir, snapshot_dir, catalogue_dir, as_of):
    """(tests, verdicts): {(narrative id, test id): numbers}, {narrative id: verdict}."""
    library = library_at(str(snapshot_dir), str(catalogue_dir))
    tests, verdicts = {}, {}
    for anchor, narrative in load_narratives(narratives_dir):
        readings = {t["id"]: evaluate(library, t, anchor, as_of) for t in narrative["tests"]}
        for name, reading in readings.items():
            tests[narrative["id"], name] = {"outcome": reading.outcome, **reading.numbers}
        verdicts[narrative["id"]] = judge(library, narrative, readings)
    return tests, verdicts


def recompute(narratives_dir, snapshot_dir, catalogue_dir, as_of):
    return recompute_all(narratives_dir, snapshot_dir, catalogue_dir, as_of)[0]


def plain(value):
    """Numbers to eight significant digits, days as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return float(f"{value:.8g}")
    return value


def table(as_of, narratives_dir, snapshot_dir, catalogue_dir):
    tests, verdicts = recompute_all(narratives_dir, snapshot_dir, catalogue_dir, as_of)
    answer = {}
    for narrative, verdict in verdicts.items():
        own = {
            name: plain(numbers) for (owner, name), numbers in tests.items() if owner == narrative
        }
        answer[narrative] = {**plain(verdict), "tests": own}
    return answer


def verdict_lines(days):
    """One line for each verdict: direction, confidence and the outcome of every test. No numbers."""
    lines = []
    for day, narratives in days.items():
        for name, verdict in narratives.items():
            outcomes = (f"{test}={row['outcome']}" for test, row in verdict["tests"].items())
            head = f"{day} {name} {verdict['direction']} {verdict['confidence']}"
            lines.append(" ".join([head, *outcomes]))
    return lines


def digest(days):
    return hashlib.sha256("\n".join(verdict_lines(days)).encode()).hexdigest()


def engine_version():
    """Read as text: nothing of the project is imported here."""
    text = (ROOT / "evidence" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^ENGINE_VERSION = "(.+)"$', text, re.MULTILINE).group(1)


def places():
    return ROOT / "narratives", ROOT / "evidence" / "snapshot", ROOT / "evidence" / "catalogue"


def golden_days():
    manifest = json.loads((places()[1] / "manifest.json").read_text(encoding="utf-8"))
    return [*GOLDEN_DAYS, manifest["newest_release"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--as-of", help="one day only")
    parser.add_argument("--write", action="store_true", help="write verdicts.json")
    arguments = parser.parse_args()
    chosen = [arguments.as_of] if arguments.as_of else golden_days()
    days = {day: table(dt.date.fromisoformat(day), *places()) for day in chosen}
    if arguments.write:
        if arguments.as_of:
            parser.error("--write writes all the golden days")
        document = {
            "written_by": "tests/golden/recompute.py --write",
            "engine": engine_version(),
            "sha256": digest(days),
            "days": days,
        }
        text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
        GOLDEN.write_text(text, encoding="utf-8")
        print(f"{GOLDEN}: Engine {engine_version()}, verdicts {document['sha256'][:12]}")
    else:
        json.dump(days, sys.stdout, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
