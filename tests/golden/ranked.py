"""Ranked tests: what is usual, the statistic of a window, its placebos, and the answer.

`measure` does all that takes time and depends on neither the bar nor the tail; `answer` holds it to them.
"""

from __future__ import annotations

import bisect
import datetime as dt
import math
import statistics
from typing import NamedTuple

import numpy as np
from data import AGED, DAY, SECONDS, amount, day_of, end_of, span

FIVE_YEARS = dt.timedelta(days=1826)
FOR_BATCHES = 12 * SECONDS
LEAST_PLACEBOS = 19
TIES = 1e-9  # equal but for rounding: basis points are small differences of decimal fractions
SPANS = ("change_after", "net_flow", "flow_shift")  # what matters shrinks with what is out

# ---------------------------------------------------------------------------- what is usual


def one_period_change(series, j, at):
    """The change into period j as the kind of series counts it, or None."""
    if j < 1 or series.spans_gap(j - 1, j) or series.has_break(j - 1, j):
        return None
    ends = series.both_ends(j - 1, j, at)
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
    then = end_of(start)
    if kind == "net_flow":
        mean_of, sd_of, about_mean = 12, 36, True
        number = lambda j: series.value(j, then)  # noqa: E731
    else:
        mean_of, sd_of, about_mean = {
            ("stock", "weekly"): (52, 52, True),
            ("stock", "monthly"): (12, 36, True),
            ("net_position", "weekly"): (0, 52, False),
        }.get((series.behaves, series.frequency), (0, 60, False))
        number = lambda j: one_period_change(series, j, then)  # noqa: E731
    newest = series.base_index(start)
    while newest >= 0 and not series.is_out(newest, then):
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


def flow_window(series, i, k, at, start):
    """The sum of k months after month i, read at a moment: (sum, centre, scale, None)."""
    months = range(i + 1, i + k + 1)
    flows = [series.value(n, at) for n in months]
    typical = usual(series, start, "net_flow")
    if None in flows or typical is None or series.has_break(i + 1, i + k):
        return None
    for n in months:
        if series.periods[n] in series.not_first and at < end_of(series.periods[n]) + AGED:
            return None
    return sum(flows), k * typical[0], math.sqrt(k) * typical[1], None


def shift_window(series, i, k, a, at, start):
    """k months after month i less k times the mean of the a months up to it: (turn, 0, scale, the mean)."""
    typical = usual(series, start, "net_flow")
    first = i - a + 1
    if first < 0 or series.spans_gap(first, i + k) or series.has_break(first, i + k):
        return None

    def settled(n):
        return series.periods[n] not in series.not_first or at >= end_of(series.periods[n]) + AGED

    months = [series.value(n, at) if settled(n) else None for n in range(i - a + 1, i + k + 1)]
    before, after = [x for x in months[:a] if x is not None], months[a:]
    if None in after or typical is None or len(before) < 0.6 * a:
        return None
    pace = float(np.mean(before))
    return sum(after) - k * pace, 0.0, typical[1] * math.sqrt(k * (1 + k / a)), pace


def spike_window(series, i, k, at):
    """The highest of k values after i over the median of the 60 up to i: (spike, 0, 1, None)."""
    values = [series.value(n, at) for n in range(i + 1, i + k + 1)]
    before = [series.value(n, at) for n in range(i, max(i - 60, -1), -1)]
    before = [value for value in before if value is not None]
    if None in values or len(before) < 36 or series.has_break(i, i + k):
        return None
    return (max(values) - statistics.median(before)) * scale_of_unit(series), 0.0, 1.0, None


def change_window(series, i, k, at, start):
    """The change over the k periods after i: (change, centre, scale, base level)."""
    ends = series.both_ends(i, i + k, at)
    typical = usual(series, start, "change_after")
    if ends is None or typical is None or series.has_break(i, i + k):
        return None
    base, end, number = ends
    m, s = k * typical[0], math.sqrt(k) * typical[1]
    if series.behaves == "net_position":
        interest = series.open_interest[number].value(series.periods[i], at)
        if interest is None or abs(base) < 0.05 * interest:
            return None
    if series.behaves in ("stock", "net_position"):
        return end - base, m * abs(base) / 100, s * abs(base) / 100, base
    if series.behaves in ("rate", "index"):
        return (end - base) * scale_of_unit(series), m, s, base
    return 100 * (end - base) / base, m, s, base


def window(test, series, i, k, at, start):
    """A window of k periods based on period i, read at a moment: (change, centre, scale, base level).

    In the data's sign. `start` is the day on which the window starts.
    """
    if i < 0 or i + k >= len(series.periods) or series.spans_gap(i, i + k):
        return None
    kind = test["kind"]
    if kind == "net_flow":
        return flow_window(series, i, k, at, start)
    if kind == "flow_shift":
        return shift_window(series, i, k, months_against(test), at, start)
    if kind == "spike_after":
        return spike_window(series, i, k, at)
    return change_window(series, i, k, at, start)


def months_against(test):
    return span(test.get("against", "12 months"), "monthly")


# ------------------------------------------------------------------------------ placebo tests


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


class Ranker:
    """Ranked tests on one library. What was once computed is kept: it is asked for in many ways."""

    def __init__(self, library):
        self.library = library
        self.legs_kept, self.windows, self.measures = {}, {}, {}

    def legs(self, test):
        """[(series, sign)]; several series run from the same day to the same day."""
        if test["kind"] == "falls_together":
            named = [(leg["series"], leg["direction"]) for leg in test["legs"]]
        else:
            named = [(test["series"], test["predicts"]["direction"])]
        key = tuple(named)
        if key not in self.legs_kept:
            legs = [(self.library.get(name), 1 if way == "up" else -1) for name, way in named]
            if len(legs) > 1:
                common = set(legs[0][0].periods)
                common.intersection_update(*(series.periods for series, _ in legs[1:]))
                legs = [(series.only_on(common), sign) for series, sign in legs]
            self.legs_kept[key] = legs
        return self.legs_kept[key]

    def statistic(self, test, bases, k, at, start):
        """(raw, centre, scale, base) of one window, positive as predicted."""
        legs = self.legs(test)
        ends = zip(legs, bases, strict=True)
        settled = (s.settled[min(i + k, len(s.periods) - 1)] for (s, _), i in ends)
        # a moment after the last at which anything changed is as good as that one
        at = min(at, max(settled))
        key = (*asked(test), bases, k, at, start)
        if key not in self.windows:
            self.windows[key] = self.fresh_statistic(test, legs, bases, k, at, start)
        return self.windows[key]

    def fresh_statistic(self, test, legs, bases, k, at, start):
        found = []
        for (series, sign), i in zip(legs, bases, strict=True):
            if test["kind"] == "spike_after" and sign < 0:
                raise ValueError("docs/method.md defines a spike upwards only")
            row = window(test, series, i, k, at, start)
            if row is None:
                return None
            change, centre, scale, base = row
            found.append((sign * change, sign * centre, scale, base))
        if test["kind"] != "falls_together":
            return found[0]
        return min((raw - centre) / scale for raw, centre, scale, _ in found), 0.0, 1.0, None

    def placebos(self, test, shift, k, start, delay):
        """[(anchor, z)], newest first: of the last five years if those are enough, else of all."""
        legs = self.legs(test)
        days = legs[0][0].periods  # of several series the legs have the same periods
        newest = legs[0][0].base_index(start - DAY)
        found = []
        for oldest in (bisect.bisect_left(days, start - FIVE_YEARS), 0):
            rows = (
                self.placebo(test, at, shift, k, start, delay)
                for at in range(newest, oldest - 1, -1)
            )
            found = [row for row in rows if row is not None]
            if len(found) / k >= LEAST_PLACEBOS:
                break
        return found

    def placebo(self, test, at, shift, k, start, delay):
        """(anchor, z) of the window around the period in a place; None where it does not count."""
        legs = self.legs(test)
        days = legs[0][0].periods
        if at + shift < 0 or at + shift + k >= len(days) or days[at + shift + k] > start:
            return None
        own_start = days[at] if shift >= 0 else days[at + shift]
        read_at = min(end_of(days[at]) + delay + FOR_BATCHES, end_of(start))
        row = self.statistic(test, (at + shift,) * len(legs), k, read_at, own_start)
        return None if row is None else (days[at], (row[0] - row[1]) / row[2])

    def measure(self, test, anchor, at):
        key = (*asked(test), tuple(test["window"].items()), anchor, at)
        if key not in self.measures:
            self.measures[key] = self.fresh_measure(test, anchor, at)
        return self.measures[key]

    def fresh_measure(self, test, anchor, at):
        """(numbers, ranks) of a ranked test but for its bar and tail; no ranks where it has no answer."""
        legs = self.legs(test)
        if any(not series.periods for series, _ in legs):
            return {"reason": "no data"}, None
        k, least, shift = window_of(test, legs[0][0].frequency)
        own_bases = [series.base_index(anchor) for series, _ in legs]
        bases = tuple(i + shift for i in own_bases)
        # a window starts on the anchor's day; one `before` it on the last day of its base
        start = anchor if shift >= 0 else legs[0][0].periods[bases[0]]
        out = how_much_is_out(legs, bases, k, at)
        numbers = {"published": out, "length": k}
        if out < least:
            return {"reason": "not out yet", **numbers}, None
        event = self.statistic(test, bases, out, at, start)
        if event is None:
            return {"reason": "gap, break or too little before", **numbers}, None
        raw, centre, scale, base = event
        sign = 1 if test["kind"] == "falls_together" else legs[0][1]
        news = max(series.last_release(at) for series, _ in legs)
        base_day = max(s.periods[i] for (s, _), i in zip(legs, own_bases, strict=True))
        delay = news - end_of(base_day)
        placebos = self.placebos(test, shift, out, start, delay)
        n, zs = len(placebos), np.array([z for _, z in placebos])
        z = (raw - centre) / scale
        numbers |= {
            "so_far": out < k,
            "value": sign * raw,
            "raw": raw,
            "abnormal": sign * (raw - centre),
            "z": z,
            "dates": n,
            "effective": n // out,
            **dates_of(test, legs, bases, out, at),
        }
        thin = n / out < LEAST_PLACEBOS
        if thin and not (n > 0 and z > 3 * float(np.max(np.abs(zs)))):
            return {"reason": "too little to compare with", **numbers}, None
        q20, q95 = np.quantile(zs, [0.2, 0.95])
        numbers |= {
            "p": share_at_least(zs, z),
            "mde80": float((q95 - q20) * scale),
            "placebo_from": placebos[-1][0],
            "placebo_to": placebos[0][0],
        }
        middle = float(np.median(zs))
        return numbers, Ranks((zs - middle) * scale, centre + middle * scale, base, thin)

    def answer(self, test, anchor, at):
        """The measure held to what matters and to the tail: a reading."""
        numbers, ranks = self.measure(test, anchor, at)
        if ranks is None:
            return Reading(**numbers)
        tail = amount(test.get("tail", "5 %"))[0] / 100
        share = numbers["published"] / numbers["length"]
        matters = what_matters(test, self.legs(test)[0][0], ranks.base, share)
        p_if_true = share_at_most(ranks.departures, numbers["raw"] - matters)
        outcome = "neutral"
        if (numbers["p"] <= tail or ranks.thin) and numbers["raw"] >= matters - TIES:
            outcome = "consistent"
        elif p_if_true <= 0.10 and not ranks.thin:
            outcome = "inconsistent"
        return Reading(outcome, **numbers, matters=matters, p_if_true=p_if_true, tail=tail)


class Ranks(NamedTuple):
    """What a bar is held against: the placebos' departures from their middle, that middle, the base."""

    departures: np.ndarray
    middle: float
    base: float | None
    thin: bool  # fewer than 19 effective placebos, but far beyond all of them


def share_at_most(values, bar):
    return (1 + int(np.sum(values <= bar + TIES))) / (len(values) + 1)


def share_at_least(values, bar):
    return (1 + int(np.sum(values >= bar - TIES))) / (len(values) + 1)


def asked(test):
    """What a window's statistic depends on, apart from where it lies."""
    series = test.get("series") or tuple((leg["series"], leg["direction"]) for leg in test["legs"])
    return test["kind"], series, test.get("predicts", {}).get("direction"), test.get("against")


def how_much_is_out(legs, bases, k, at):
    """How many of the k periods after its base each leg has; the least of them."""
    out = k
    for (series, _), i in zip(legs, bases, strict=True):
        n = 0
        while n < k and i + n + 1 < len(series.periods) and series.is_out(i + n + 1, at):
            n += 1
        out = min(out, n)
    return out


def what_matters(test, series, base, share):
    at_least, unit = amount(test["matters"]["at_least"])
    if unit == "%" and series.behaves in ("stock", "net_position"):
        at_least *= abs(base) / 100
    return at_least * share if test["kind"] in SPANS else at_least


def dates_of(test, legs, bases, out, at):
    """The window's ends (from the base; for flows from the first month), and when it was known."""
    rows = [(series, i) for (series, _), i in zip(legs, bases, strict=True)]
    # a sum and a highest value rest on all their periods, a change on its two ends
    inner = range(1, out + 1) if test["kind"] in ("net_flow", "spike_after") else (0, out)
    if test["kind"] == "flow_shift":
        inner = range(1 - months_against(test), out + 1)
    begins_after = test["kind"] in ("net_flow", "flow_shift")
    return {
        "first": min(series.periods[i + begins_after] for series, i in rows),
        "last": max(series.periods[i + out] for series, i in rows),
        "known_at": day_of(max(series.known_at(i + n, at) for series, i in rows for n in inner)),
    }


def window_of(test, frequency):
    """(length, least, shift of the base) in observations."""
    spec = test["window"]
    k = span(spec.get("after") or spec["before"], frequency)
    least = span(spec["min"], frequency) if "min" in spec else math.ceil(k / 2)
    shift = span(spec["skip"], frequency) if "skip" in spec else 0
    return k, least, -k if "before" in spec else shift
