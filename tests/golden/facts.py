"""Facts: one value against a band. Values of a day, dates, shares, sums and several series."""

from __future__ import annotations

import datetime as dt
import math
from typing import NamedTuple

import numpy as np
from data import MONTHS_OF, amount, day_of, end_of, span
from ranked import Reading

EVER = (dt.date.min, dt.date.max)
LEVELS = ("level", "reaches", "ratio", "share_bought")  # at least (up) or at most (down) the bar


class Row(NamedTuple):
    """One period of a series as it stood at a moment."""

    period: dt.date
    value: float
    first: float
    revised: bool
    known: int


def standing(series, at, between=EVER):
    """The rows of what was out then, in period order."""
    rows = []
    for period in series.periods:
        if between[0] <= period <= between[1]:
            held = (c.prints.get(period, []) for c in series.collections)
            prints = next((row for p in held if (row := [r for r in p if r[0] <= at])), None)
            if prints:
                (_, first), (known, value) = prints[0], prints[-1]
                rows.append(Row(period, value, first, len(prints) > 1, known))
    return rows


def fact(library, test, at):
    """A test without placebos: one value against a band."""
    found = KINDS[test["kind"]](library, test, at)
    return Reading(reason=found) if isinstance(found, str) else judged(test, **found)


def sign_of(test):
    usual = "down" if test["kind"] in ("share_before", "peak_date", "onset") else "up"
    return 1 if test.get("predicts", {}).get("direction", usual) == "up" else -1


def bar_of(test):
    return amount(test["matters"]["at_least"])[0]


def judged(test, value, rows=(), *, first=None, last=None, raw=None, error=0.0, **more):
    """The reading of a value: inside its band, outside by more than twice the error, or between."""
    raw, bar = value if raw is None else raw, bar_of(test)
    as_level = test["kind"] in LEVELS and not ("since" in test and test["kind"] == "ratio")
    margin = bar - raw if as_level and sign_of(test) < 0 else raw - bar
    if "at_most" in test["matters"]:
        margin = min(margin, amount(test["matters"]["at_most"])[0] - raw)
    outcome = "neutral"
    if margin >= 0:
        outcome = "consistent"
    elif -margin > 2 * error:
        outcome = "inconsistent"
    return Reading(
        outcome, value=value, raw=raw, matters=bar, error=error,
        first=first or rows[0].period, last=last or rows[-1].period,
        known_at=day_of(more.pop("known_at", None) or max(row.known for row in rows)),
        so_far=more.pop("so_far", False), **more,
    )  # fmt: skip


# ------------------------------------------------------------------------------- values and dates


def level(library, test, at):
    series = library.get(test["series"])
    row = one(standing(series, at), test[True])
    if row is None:
        return "not out yet"
    return {"value": row.value, "rows": [row], "error": error_of_sums(series, at, 1)}


def record(library, test, at):
    """The value (or sum) of a day less the best before it."""
    series = library.get(test["series"])
    rows = standing(series, at, (dt.date.min, test[True]))
    k = span(test["over"], series.frequency) if "over" in test else 1
    sums, end = sums_of(rows, series.frequency, k), len(rows) - 1
    if one(rows, test[True]) is None or end not in sums:
        return "not out yet"
    yearly = 12 / (MONTHS_OF[series.frequency] * k) if test.get("annualised") else 1
    lowest = test.get("of") == "lowest"
    level = yearly * sums[end]
    best = yearly * (min if lowest else max)(v for i, v in sums.items() if i <= end - k)
    over = best - level if lowest else level - best
    return {
        "value": over, "raw": sign_of(test) * over, "rows": rows, "level": level, "earlier": best,
        "error": yearly * error_of_sums(series, at, k),
    }  # fmt: skip


def reaches(library, test, at):
    """The highest (lowest) value of a span, once all of it is out or the level was reached."""
    series, sign = library.get(test["series"]), sign_of(test)
    between = test["since"], test["until"]
    rows = standing(series, at, between)
    if not rows:
        return "not out yet"
    best = max(rows, key=lambda row: sign * row.value)
    whole = [p for p in series.periods if between[0] <= p <= between[1]]
    if len(rows) < len(whole) and sign * best.value < sign * bar_of(test):
        return "not out yet"
    return {"value": best.value, "rows": rows, "error": error_of_sums(series, at, 1)}


def turn_of(test, rows):
    return (max if sign_of(test) < 0 else min)(rows, key=lambda row: row.value)


def peak_date(library, test, at):
    """Days from the extreme to a day; read up to the day of the claim and no further."""
    rows = standing(library.get(test["series"]), at, (test["since"], test["frozen"]))
    if not rows or rows[-1].period < test["before"]:
        return "not out yet"
    turn = turn_of(test, rows)
    days = (test["before"] - turn.period).days
    return {
        "value": days,
        "rows": rows,
        "first": turn.period,
        "so_far": at < end_of(test["frozen"]),
    }


def share_before(library, test, at):
    rows = standing(library.get(test["series"]), at, (test["since"], test["frozen"]))
    early = [row for row in rows if row.period <= test["split"]]
    if not early or len(rows) - len(early) < test.get("least", 10):
        return "not out yet"
    turn = turn_of(test, early)
    share = 100 * (turn.value - early[-1].value) / (turn.value - rows[-1].value)
    return {
        "value": share,
        "rows": rows,
        "first": turn.period,
        "so_far": at < end_of(test["frozen"]),
    }


def onset(library, test, at):
    series, sign, bar = library.get(test["series"]), sign_of(test), bar_of(test)
    between = test["since"], test["split" if test["when"] == "before" else "until"]
    rows = standing(series, at, between)
    early = [sign * row.value for row in rows if row.period <= test["split"]]
    late = [sign * row.value for row in rows if row.period > test["split"]]
    months = [p for p in series.periods if between[0] <= p <= between[1]]
    early_are_out = len(early) == sum(p <= test["split"] for p in months)
    settled = max(early, default=-math.inf) >= bar or (
        early_are_out and max(late, default=-math.inf) >= bar
    )
    if not rows or not (settled or len(rows) == len(months)):
        return "not out yet"
    before, after = max(early, default=-math.inf), max(late, default=math.inf)
    # an early month of that size speaks against `after` by as much as it went past the mark
    raw = before if test["when"] == "before" else min(after, 2 * bar - before)
    begun = next((row for row in rows if sign * row.value >= bar), None)
    told = begun or max(rows, key=lambda row: sign * row.value)
    error = error_of_sums(series, at, 1)
    onset = begun and begun.period
    return {"value": told.value, "raw": raw, "rows": rows, "error": error, "onset": onset}


def tracks(library, test, at):
    """Correlation of the monthly changes of a quick series and a slow one."""
    quick, slow = library.get(test["quick"]), library.get(test["slow"])
    months = test.get("months", 24)
    ends = [i for i, p in enumerate(slow.periods) if p <= test["until"] and slow.is_out(i, at)]
    pairs = []
    for j in range(ends[-1] - months + 1, ends[-1] + 1) if ends else ():
        levels = slow.both_ends(j - 1, j, at) if j > 0 else None
        i, k = (quick.base_index(slow.periods[n]) for n in (j - 1, j))
        if levels is None or None in (quicks := [quick.value(i, at), quick.value(k, at)]):
            return "not out yet"
        known = max(quick.known_at(k, at), slow.known_at(j, at))
        pairs.append((known, quicks[1] - quicks[0], levels[1] - levels[0]))
    if not pairs or (test["until"] - slow.periods[ends[-1]]).days > 92:
        return "not out yet"
    r = float(np.corrcoef([x for _, x, _ in pairs], [y for _, _, y in pairs])[0, 1])
    upper = math.tanh(math.atanh(r) + 2 / math.sqrt(months - 3))
    return {
        "value": r, "error": (upper - r) / 2, "n": months, "upper": upper,
        "first": slow.periods[ends[-1] - months].replace(day=1), "last": slow.periods[ends[-1]],
        "known_at": max(known for known, _, _ in pairs),
    }  # fmt: skip


def quoted(library, test, at):
    figures = []
    for name in (test["figure"], test.get("from_figure")):
        if name is not None:
            rows = standing(library.get(name), at)
            row = one(rows, test[True]) if True in test else rows[-1] if rows else None
            if row is None:
                return "not out yet"
            figures.append(row)
    value = figures[0].value - (figures[1].value if len(figures) == 2 else 0)
    day = figures[0].period
    return {
        "value": value,
        "raw": sign_of(test) * value,
        "rows": figures,
        "first": day,
        "last": day,
    }


# -------------------------------------------------------------------------- sums and several series


def one(rows, day):
    return next((row for row in rows if row.period == day), None)


def month_number(day):
    return day.year * 12 + day.month


def without_gap(chosen, frequency):
    steps = month_number(chosen[-1].period) - month_number(chosen[0].period)
    return len(chosen) == 1 or steps == (len(chosen) - 1) * MONTHS_OF[frequency]


def sums_of(rows, frequency, k):
    """{place: the sum of that row and the k - 1 before it} where no period is missing among them."""
    spans = {i: rows[i - k + 1 : i + 1] for i in range(k - 1, len(rows))}
    return {i: sum(r.value for r in s) for i, s in spans.items() if without_gap(s, frequency)}


def error_of_sums(series, at, k):
    """Root mean square of newest less first over sums of k periods that were all revised."""
    rows = standing(series, at)
    for length in (k, 1):
        spans = [rows[i - length + 1 : i + 1] for i in range(length - 1, len(rows))]
        moves = [
            sum(row.value - row.first for row in chosen)
            for chosen in spans
            if all(row.revised for row in chosen) and without_gap(chosen, series.frequency)
        ]
        if moves:
            return math.sqrt(k / length) * math.sqrt(float(np.mean(np.square(moves))))
    return 0.0


def total(library, test, at):
    series = library.get(test["series"])
    rows, step = standing(series, at), MONTHS_OF[series.frequency]
    if not rows:
        return "no data"
    if rows[-1].period < test.get("not_before", dt.date.min):
        return "not out yet"
    if "last" in test:
        k, until = span(test["last"], series.frequency), rows[-1].period
    else:
        k = (month_number(test["until"]) - month_number(test["since"]) + 1) // step
        until = test["until"]
    sums = sums_of(rows, series.frequency, k)
    yearly = 12 / (k * step) if test.get("annualised") else 1

    def stand(day):
        """(the sum of the span that ends on the day, as told; its factor; what it rests on)."""
        end = next((i for i, row in enumerate(rows) if row.period == day), None)
        if end not in sums:
            return None
        rests, factor = rows[end - k + 1 : end + 1], yearly
        if "share_of" in test:
            whole, last = standing(library.get(test["share_of"]), at), month_number(day)
            earlier = [row for row in whole if month_number(row.period) <= last]
            inside = [row for row in earlier if month_number(row.period) > last - k * step]
            inside = inside or earlier[-1:]
            factor *= 100 / float(np.mean([row.value for row in inside]))
            rests = rests + inside
        return factor * sums[end], factor, rests

    here = stand(until)
    if here is None:
        return "not out yet"
    value, factor, rests = here
    error = factor * error_of_sums(series, at, k)
    if "compared_with" in test:
        earlier = [row.period for row in rows if row.period <= test["compared_with"]]
        there = stand(earlier[-1]) if earlier else None
        if there is None:
            return "nothing to compare with"
        value, error, rests = value - there[0], math.sqrt(2) * error, rests + there[2]
    before = month_number(until) - k * step  # the month before the span
    return {
        "value": value, "raw": sign_of(test) * value, "rows": rests, "error": error,
        "first": dt.date(before // 12, before % 12 + 1, 1), "last": until,
    }  # fmt: skip


def ratio(library, test, at):
    each = [library.get(test[name]) for name in ("series", "per")]
    rows, per = (standing(series, at) for series in each)
    if not rows or not per:
        return "no data"
    if rows[-1].period < test.get("not_before", dt.date.min):
        return "not out yet"

    def pair(day):
        top, under = one(rows, day), [row for row in per if row.period <= day]
        return (top, under[-1]) if top and under else None

    day = test.get(True, rows[-1].period)
    pairs = [pair(d) for d in (day, test.get("since")) if d]
    if None in pairs:
        return "not out yet"
    quotients = [100 * top.value / under.value for top, under in pairs]
    errors = (error_of_sums(s, at, 1) / r.value for s, r in zip(each, pairs[0], strict=True))
    found = {"rows": [row for pair in pairs for row in pair], "last": day}
    found |= {"value": quotients[0], "error": abs(quotients[0]) * math.hypot(*errors), "first": day}
    if "since" in test:
        change = quotients[0] - quotients[1]
        found |= {"value": change, "raw": sign_of(test) * change, "first": test["since"]}
        found["error"] *= math.sqrt(2)
    return found


def largest(library, test, at):
    each = [library.get(name) for name in (test["series"], *test["peers"])]
    tables = [{row.period: row for row in standing(series, at)} for series in each]
    common = set(tables[0]).intersection(*tables[1:])
    day = test.get(True, max(common, default=None))
    if day not in common:
        return "not out yet"
    own, *peers = [table[day] for table in tables]
    best = (max if sign_of(test) > 0 else min)(row.value for row in peers)
    nearest = each[1:][[row.value for row in peers].index(best)]
    errors = (error_of_sums(series, at, 1) for series in (each[0], nearest))
    value = own.value - best
    return {
        "value": value, "raw": sign_of(test) * value, "rows": [own, *peers],
        "error": math.hypot(*errors),
    }  # fmt: skip


def share_bought(library, test, at):
    position, flow = library.get(test["position"]), library.get(test["flow"])
    held, flows = standing(position, at), standing(flow, at)
    if not held or not flows:
        return "no data"
    reached = [row for row in held if row.period <= flows[-1].period]
    start = one(held, test["since"])
    end = one(held, test["until"]) if "until" in test else reached[-1] if reached else None
    if start is None or end is None or end.period <= start.period or end.value == start.value:
        return "not out yet"
    inside = [row for row in flows if start.period < row.period <= end.period]
    months = month_number(end.period) - month_number(start.period)
    if len(inside) < months // MONTHS_OF[flow.frequency]:
        return "not out yet"
    change, bought = end.value - start.value, sum(row.value for row in inside)
    error = 100 * math.hypot(
        error_of_sums(flow, at, len(inside)) / change,
        bought * math.sqrt(2) * error_of_sums(position, at, 1) / change**2,
    )
    rows = [start, *inside, end]
    return {"value": 100 * bought / change, "rows": rows, "error": error}


KINDS = {
    "level": level,
    "record": record,
    "reaches": reaches,
    "peak_date": peak_date,
    "share_before": share_before,
    "onset": onset,
    "tracks": tracks,
    "quoted": quoted,
    "total": total,
    "ratio": ratio,
    "largest": largest,
    "share_bought": share_bought,
}
