"""How values and findings read on a chart: with units, and with the digits that their kind has."""

from evidence.catalogue import Series as Entry
from evidence.quantity import level
from evidence.trace import TestTrace

LONG = 120
"""Characters from which a title of several sentences keeps only its first."""


def value_text(value: float, entry: Entry) -> str:
    """A value of a series with its unit, for a tooltip."""
    if entry.behaves == "rate" and entry.unit == "percent":
        return (
            f"{level(value, 'percent').split(' ')[0]} %"
            if abs(value) >= 100
            else f"{'−' if value < 0 else ''}{abs(value):.2f} %"
        )
    if entry.unit in {"USD bn", "percent", "bp", "contracts"}:
        return level(value, entry.unit)
    return f"{value:,.2f}".replace("-", "−")


def unit_words(entry: Entry) -> str:
    """A series' unit as a reader would say it."""
    return {"USD bn": "$ bn", "percent": "%", "bp": "basis points"}.get(entry.unit, entry.unit)


def headline(trace: TestTrace) -> str:
    """What was seen, as a title."""
    whole = trace.seen.removesuffix(".")
    return whole if len(whole) <= LONG else whole.split(". ", 1)[0]
