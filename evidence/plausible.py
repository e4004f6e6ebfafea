"""Whether what a publisher sends can be true, held against what it sent before.

A parser knows the form of a file; only the past knows its scale. A file in other units, a slipped
decimal point, a date of next year or a file that was cut off reads well and is wrong all the same.
A crisis has to pass: a value may be many times larger than all before it. What is too large for a crisis
is refused; a flow near nought that comes a thousand times too large may not be told from one.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from evidence import calendar
from evidence.catalogue import Series as Entry
from evidence.ledger import Line, Version
from evidence.publishers import Observation

LEAP = 20.0
"""How many times the largest value that is held a value may be. (The largest leap so far was 13 times, that
of the standing repo facility; the next, 7 times.)"""
FACTOR = 300.0
"""How many times smaller than the typical value one may be, where none came near nought so far."""
ENOUGH = 8
"""Values that have to be held before a scale can be told."""
OVERLAP = 4
"""Periods that have to come again before the scale of a whole file is judged."""
UNITS = 50.0
"""How many times another the typical value may become: percent for fractions is told, revisions are not."""
THOUSAND = (980.0, 1020.0)
"""A value that comes again at a multiple in here is the same one in other units, whatever its series is like."""
REVISED = 10.0
"""How many times as much or as little a held value may become, where none of its series came near nought."""
POSITIVE = ("stock", "price", "index")
"""Behaviours of which too small a value is as wrong as too large a one, where none came near nought so far."""


def faults(
    entry: Entry,
    held: Sequence[Line],
    stands: Mapping[str, Sequence[Version]],
    found: Sequence[Observation],
    today: date,
    *,
    whole: bool = True,
) -> list[str]:
    """What cannot be true of a fetched series; nothing where all of it can.

    stands: what stands of `held`. whole: `found` is all that the publisher has, and not what one file
    of several holds.
    """
    told = [
        f"{row.period} lies after {today}, the day of the fetch"
        for row in found
        if calendar.period_end(row.period) > today
    ]
    last = max((line.period for line in held), default="")
    newest = max(row.period for row in found)
    if whole and newest < last:
        told.append(f"it ends with {newest}, and {last} is held already: is it cut off?")
    known = [abs(float(versions[-1].value)) for versions in stands.values() if versions]
    known = [value for value in known if value > 0]
    away = entry.behaves in POSITIVE and min(known, default=0) * FACTOR > median(known or [0])
    return told + (_unit(stands, found, away=away) or _scale(entry, known, found, away=away))


def _unit(
    stands: Mapping[str, Sequence[Version]], found: Sequence[Observation], *, away: bool
) -> list[str]:
    """Periods that are held come again at another scale: most of them (the whole file), or some.

    away: no value of the series came near nought so far.
    """
    ratios: list[float] = []
    told: list[str] = []
    for row in found:
        before = abs(float(stands[row.period][-1].value)) if stands.get(row.period) else 0.0
        value = abs(float(row.value))
        if not before or not value:
            continue
        ratios.append(value / before)
        apart = max(value / before, before / value)
        if THOUSAND[0] < apart < THOUSAND[1] or (away and apart > REVISED):
            told.append(
                f"{row.period}: {row.value} comes for {stands[row.period][-1].value},"
                f" {apart:,.0f} times as much or as little: other units?"
            )
    if len(ratios) < OVERLAP or 1 / UNITS < (typical := median(ratios)) < UNITS:
        return told
    return [f"what is held comes again at {typical:,.4g} times its value: other units?"]


def _scale(
    entry: Entry, known: Sequence[float], found: Sequence[Observation], *, away: bool
) -> list[str]:
    """Values far from all that is held (`known`: their amounts, without those that are nought)."""
    if len(known) < ENOUGH:
        return []
    smallest, middle, largest = min(known), median(known), max(known)
    told = []
    for row in found:
        value = abs(float(row.value))
        if value > LEAP * largest or (away and value < smallest and value * FACTOR < middle):
            told.append(
                f"{row.period}: {row.value} is out of all proportion to what is held"
                f" (typically {middle:.4g} {entry.unit}): other units?"
            )
    return told
