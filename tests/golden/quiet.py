"""Ranked tests on quiet dates: how often they raise an alarm, and what they would see."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from pathlib import Path

import numpy as np
import yaml
from facts import KINDS as FACTS
from ranked import TIES, asked, share_at_least, share_at_most, window_of

LAST = dt.date(2024, 12, 31)
APART = dt.timedelta(days=60)
MOST, LEAST = 200, 20


class Calendar:
    """The quiet dates of each ranked test."""

    def __init__(self, ranker, narratives_dir):
        self.ranker = ranker
        self.loud = [row["date"] for row in read(Path(narratives_dir, "controls.yaml"))["controls"]]
        for path in Path(narratives_dir).glob("*/event.yaml"):
            event = read(path)
            # YAML reads `on` as True
            self.loud += [event["date"], *(mark[True] for mark in event.get("marks", []))]
        self.enough = {}

    def windows(self, test):
        """(anchor, when its window was out) of windows that do not overlap, newest first."""
        legs = self.ranker.legs(test)
        days = legs[0][0].periods
        k, _, shift = window_of(test, legs[0][0].frequency)
        for at in range(legs[0][0].base_index(LAST) - max(shift + k, 0), -1, -k):
            base = at + shift
            if base < 0:
                return
            first, last = days[base], days[base + k]
            loud = any(first - APART <= day <= max(last, first + APART) for day in self.loud)
            out = [first_known(s, days[n]) for s, _ in legs for n in range(base, base + k + 1)]
            if None not in out and not loud:
                yield days[at], max(out)

    def readings(self, test):
        """(anchor, reading, ranks) of the quiet windows that could be evaluated, newest first."""
        if not all(series.periods for series, _ in self.ranker.legs(test)):
            return
        for anchor, out in self.windows(test):
            reading = self.ranker.answer(test, anchor, out)
            if reading.outcome != "not_evaluable":
                yield anchor, reading, self.ranker.measure(test, anchor, out)[1]

    def calibrated(self, test):
        """Whether a test has quiet dates enough; a fact needs none."""
        if test["kind"] in FACTS:
            return True
        key = repr([asked(test), test["window"]])
        if key not in self.enough:
            found = itertools.islice(self.readings(test), LEAST)
            self.enough[key] = len(list(found)) == LEAST
        return self.enough[key]

    def table(self, narratives):
        """{narrative/test: its row} of every ranked test whose series are held."""
        tests = {f"{n['id']}/{t['id']}": t for _, n in narratives.values() for t in n["tests"]}
        ranked = {name: test for name, test in tests.items() if test["kind"] not in FACTS}
        rows, found = {}, {}
        for name, test in ranked.items():
            if all(series.periods for series, _ in self.ranker.legs(test)):
                key = repr([asked(test), test["window"], amounts(test)])
                rows[key] = rows.get(key) or self.row(test)
                found[name] = rows[key]
        return found

    def row(self, test):
        """The test's row: how many dates and alarms, how many effects of once and twice M seen, of M missed."""
        found = list(itertools.islice(self.readings(test), MOST))
        told = [
            [outcome_at(reading, ranks, size) for size in (1, 2)] for _, reading, ranks in found
        ]
        return {
            "dates": len(found),
            "first": found[-1][0] if found else None,
            "last": found[0][0] if found else None,
            "alarms": sum(reading.p <= reading.tail for _, reading, _ in found),
            "nominal": float(
                np.mean([nominal(reading, ranks) for _, reading, ranks in found]) if found else 0
            ),
            "fired": sum(reading.outcome == "consistent" for _, reading, _ in found),
            "seen": [sum(row[n] == "consistent" for row in told) for n in (0, 1)],
            "missed": sum(row[0] == "inconsistent" for row in told),
        }


def amounts(test):
    return test["matters"]["at_least"], test.get("tail")


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def nominal(reading, ranks):
    """The share of quiet windows that p, moving in steps, can put into the tail."""
    steps = len(ranks.departures) + 1
    return math.floor(reading.tail * steps + TIES) / steps


def first_known(series, period):
    """When a period of a series was first out."""
    return min((c.known[period][0] for c in series.collections if period in c.known), default=None)


def outcome_at(reading, ranks, size):
    """The outcome had the claim been true at `size` times what matters, with the window's own departure."""
    own = reading.raw - ranks.middle
    raw = size * reading.matters + own
    departures = ranks.departures
    p = share_at_least(departures, raw - ranks.middle)
    if (p <= reading.tail or ranks.thin) and raw >= reading.matters - TIES:
        return "consistent"
    p_if_true = share_at_most(departures, raw - reading.matters)
    return "inconsistent" if p_if_true <= 0.10 and not ranks.thin else "neutral"
