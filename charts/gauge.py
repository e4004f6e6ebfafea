"""A gauge: where a reading stands against the level that would answer it, and the course of its series."""

from datetime import date, timedelta
from math import inf, isfinite

import numpy as np
import pandas as pd

from charts.drawing import Align, Axis, Plot, amounts, brief, ends, months, number, numbers, plain
from charts.figure import Figure, key, source_line
from charts.rows import Rows
from charts.theme import LINE, Look
from charts.values import value_text
from evidence.catalogue import Series as Entry
from evidence.days import day
from evidence.kinds.base import Outcome
from evidence.observations import View
from evidence.quantity import level
from evidence.trace import TestTrace

DIAL, COURSE = 54, 96
"""Pixels: the dial, the course of the series."""
YEARS = 6
"""How much of a series is drawn."""
SHORT = ("USD bn", "percent", "bp", "contracts")
"""Units that a label has room for."""


Span = tuple[float, float]


def spans(trace: TestTrace) -> dict[Outcome, Span]:
    """Where the statistic, with the data's sign, speaks for the claim and against it, as far as the trace tells."""
    assert trace.statistic is not None
    value = float(trace.statistic.value)
    found: dict[Outcome, Span] = {}
    below = [float(f.at) for f in trace.flips if f.side == "below"]
    above = [float(f.at) for f in trace.flips if f.side == "above"]
    found[trace.outcome] = (max(below, default=-inf), min(above, default=inf))
    for flip in trace.flips:
        at = float(flip.at)
        # past one turn there may be another on the same side: a span ends where that begins
        past = [
            v
            for v in (above if flip.side == "above" else below)
            if abs(v - value) > abs(at - value)
        ]
        far = (min(past, default=inf), max(past, default=-inf))[flip.side == "below"]
        found.setdefault(flip.to, (min(at, far), max(at, far)))
    return {o: span for o, span in found.items() if o in ("consistent", "inconsistent")}


def edge(trace: TestTrace) -> tuple[float, str] | None:
    """The value at which the claim's side begins, nearest to the reading, and its words; None where none is known."""
    if trace.statistic is None:
        return None
    value = float(trace.statistic.value)
    low, high = spans(trace).get("consistent", (inf, -inf))
    ends_ = [(v, side) for v, side in ((low, "or more"), (high, "or less")) if isfinite(v)]
    if not ends_:
        return None
    at, side = min(ends_, key=lambda e: abs(e[0] - value))
    return at, f"as predicted: {shown(at, trace)} {side}"


def shown(value: float, trace: TestTrace) -> str:
    """A value of the test's statistic, short: with its sign where the test ranks a change."""
    unit = trace.matters.unit
    text = brief(value, unit) if trace.placebo is not None else level(value, unit)
    return text.replace("percentage points", "pp")


def dial(trace: TestTrace, look: Look) -> Figure | None:
    """The reading on a number line, tinted where the claim's answer lies and where it is refuted; None without a reading."""
    if trace.statistic is None:
        return None
    value, unit = float(trace.statistic.value), trace.matters.unit
    zones, begins = spans(trace), edge(trace)
    known = [value, *(v for span in zones.values() for v in span if isfinite(v))]
    left, right = ends(known, share=0.3)
    plot = Rows(look, amounts(left, right, unit, "", 4), Axis(0.0, 1.0, ()), height=DIAL)
    for outcome, (low, high) in zones.items():
        row = {"x": max(low, left), "x2": min(high, right), "y": 0.05, "y2": 0.5}
        plot.block(outcome, [row], look.verdict(outcome), opacity=0.2)
    plot.rules("line", [{"x": left, "x2": right, "y": 0.275, "y2": 0.275}], look.faint)
    if begins is not None:
        plot.event("edge", begins[0], begins[1], strong=False, foot=0.0)
    spot = [{"x": value, "y": 0.275, "tip": trace.seen}]
    plot.dots("now", spot, look.verdict(trace.outcome), size=170, halo=True)
    align: Align = "left" if value < (left + right) / 2 else "right"
    label = [{"x": value, "y": 0.82, "text": shown(value, trace)}]
    plot.text("now-says", label, look.verdict(trace.outcome), align=align, bold=True)
    told = f"; {begins[1]}" if begins else ""
    alt = f"{trace.title}: the reading is {shown(value, trace)}{told}."
    return Figure(
        key=key("dial", trace, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=trace.title,
        subtitle="",
        alt=alt,
        table=pd.DataFrame(
            {"reading": [value], "as predicted from": [begins[0] if begins else None]}
        ),
        source="",
    )


def _label(value: float, entry: Entry) -> str:
    """The newest value, short: units that need many words stand on the axis."""
    return value_text(value, entry) if entry.unit in SHORT else plain(value, 1)


def course(view: View, series: str, look: Look, marks: tuple[tuple[date, str], ...]) -> Figure:
    """The last years of one series, its newest value named, with the event."""
    entry, held = view.catalogue.series[series], view.series(series)
    near = held.periods >= np.datetime64(view.day - timedelta(days=365 * YEARS))
    periods, y = held.periods[near], held.latest[near]
    x = numbers(periods)
    if len(x) > 700:  # a daily series is drawn by the week: the eye sees no more in so little room
        x, y, periods = x[::-5][::-1], y[::-5][::-1], periods[::-5][::-1]
    first = float(x[0]) if len(x) else number(view.day) - 365 * YEARS
    last = float(x[-1]) if len(x) else number(view.day)
    plot = Plot(
        look,
        months(first, max(last, first + 60), 5),
        amounts(*ends([float(v) for v in y]), entry.unit, "", 3),
        height=COURSE,
    )
    plot.line("course", x, y, look.series(series), width=LINE)
    for i, (on, name) in enumerate(marks):
        plot.event(f"mark{i}", number(on), name, strong=False)
    words = "nothing was out"
    if len(x):
        value = float(held.latest[-1])
        words = f"{value_text(value, entry)}, {day(held.periods[-1].astype(object))}"
        plot.dots("last", [{"x": float(x[-1]), "y": float(y[-1]), "tip": words}], look.ink, size=60)
        plot.text(
            "last-says",
            [{"x": float(x[-1]), "y": float(y[-1]), "text": _label(value, entry)}],
            look.ink,
            dx=7,
            bold=True,
        )
        plot.rules(
            "nought",
            [{"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}]
            if plot.y.low < 0 < plot.y.high
            else [],
            look.faint,
        )
    alt = f"Line chart of {entry.title} over the last years. Newest: {words}."
    return Figure(
        key=key("course", series, *marks, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=entry.title,
        subtitle="",
        alt=alt,
        table=pd.DataFrame({"date": periods.astype(str), f"{entry.title} ({entry.unit})": y}),
        source=source_line(view, [series]),
    )
