"""Whether what a publisher sends can be true, held against what it sent before.

A parser knows the form of a file; only the past knows its scale. A file in other units, a slipped
decimal point, a date of next year or a file that was cut off reads well and is wrong all the same.
"""

from collections.abc import Sequence
from datetime import date
from statistics import median

from evidence import calendar
from evidence.catalogue import Series as Entry
from evidence.ledger import Line, Version
from evidence.publishers import Observation

FACTOR = 300.0
"""How far from all that is held a value may lie: thousands for millions is told, a crisis is let through."""
ENOUGH = 8
"""Values that have to be held before a scale can be told."""
OVERLAP = 4
"""Periods that have to come again before the scale of a whole file is judged."""
UNITS = 50.0
"""How many times another the typical value may become: percent for fractions is told, revisions are not."""
POSITIVE = ("stock", "price", "index")
"""Behaviours whose values never come near nought, so that too small is as wrong as too large."""


def faults(
    entry: Entry,
    held: Sequence[Line],
    stands: dict[str, list[Version]],
    found: Sequence[Observation],
    today: date,
) -> list[str]:
    """What cannot be true of a fetched series; nothing where all of it can. `stands`: what stands of `held`."""
    told = [
        f"{row.period} lies after {today}, the day of the fetch"
        for row in found
        if calendar.period_end(row.period) > today
    ]
    last, newest = max((line.period for line in held), default=""), max(r.period for r in found)
    if newest < last:
        told.append(f"it ends with {newest}, and {last} is held already: is it cut off?")
    return told + (_unit(stands, found) or _scale(entry, stands, found))


def _unit(stands: dict[str, list[Version]], found: Sequence[Observation]) -> list[str]:
    """Periods that are held come again at another scale, most of them: the whole file is in other units."""
    ratios = []
    for row in found:
        before = float(stands[row.period][-1].value) if stands.get(row.period) else 0.0
        if before and float(row.value):
            ratios.append(abs(float(row.value) / before))
    if len(ratios) < OVERLAP or 1 / UNITS < (typical := median(ratios)) < UNITS:
        return []
    return [f"what is held comes again at {typical:.3g} times its value: other units?"]


def _scale(
    entry: Entry, stands: dict[str, list[Version]], found: Sequence[Observation]
) -> list[str]:
    known = [abs(float(versions[-1].value)) for versions in stands.values() if versions]
    known = [value for value in known if value > 0]
    if len(known) < ENOUGH:
        return []
    largest, middle = max(known), median(known)
    told = []
    for row in found:
        value = abs(float(row.value))
        if value > FACTOR * largest or (
            entry.behaves in POSITIVE and value < min(known) and value * FACTOR < middle
        ):
            told.append(
                f"{row.period}: {row.value} is out of all proportion to what is held"
                f" (typically {middle:.4g} {entry.unit}): other units?"
            )
    return told
