"""Picture for every kind without one of its own: the series around the days that the test looks at.

Drawn is what is there for any test: the series in the unit of the first one, the event, the window. Where the
statistic is a value of the series (`is_level`), the band that the claim names lies behind it, and the value is
marked where it was reached; elsewhere what was measured is told at the window's end.
"""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from charts.drawing import Label, Plot, amounts, ends, months, number, numbers
from charts.figure import Figure, key
from charts.finish import SHADED, claimed, finish, labelled
from charts.scene import Scene
from charts.theme import HEAVY, HEIGHT, LINE, Look
from charts.values import unit_words, value_text
from charts.window import STEP
from evidence import windows
from evidence.calendar import Days
from evidence.catalogue import Series as Entry
from evidence.days import day, short_day
from evidence.kinds import KINDS
from evidence.observations import Floats, View
from evidence.wording import could_have_seen, how_unusual

AROUND = {"daily": 45, "weekly": 120, "monthly": 400}
"""Days shown on each side of the window, at least; of series that are rarer, six years."""
RARE = 365 * 6


class Curve(NamedTuple):
    """A series as it is drawn: what it is, its days, their places and its values, (n,)."""

    entry: Entry
    days: Days
    x: Floats
    y: Floats


def general(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """The figure of a test of any kind."""
    first, last = looks_at(test, given, view)
    curves = _curves(test, view, first, last, number(given.anchor))
    entry, x, y = curves[0].entry, curves[0].x, curves[0].y
    band = _band(test, given, entry)
    held = [float(v) for curve in curves for v in curve.y] + [v for v in band if v is not None]
    places = [float(v) for curve in curves for v in curve.x]
    plot = Plot(
        look,
        months(
            min([*places, first, number(given.anchor)]) - 5,
            max([*places, last, number(given.anchor)]) + 30,
        ),
        amounts(*ends(held, zero=entry.behaves == "flow"), entry.unit),
        height=HEIGHT,
    )
    with plot.stage("range"):
        if band != (None, None):
            claimed(plot, *band, x, y, over=band[0] is not None)
    with plot.stage("event"):
        if band == (None, None):
            plot.band("window", first, last, look.band)
        plot.event("event", number(given.anchor), given.called)
    _lines(plot, curves, first, last)
    _seen(plot, given, curves[0], last, is_level=band != (None, None))
    subtitle = {
        "series": " ".join(f"{c.entry.title}: {unit_words(c.entry)}." for c in curves),
        "event": "Heavy: the days that the test looks at.",
        **(SHADED if band != (None, None) else {}),
    }
    ranked = given.ranked is not None
    more = f"{how_unusual(given.trace)} {could_have_seen(given.trace)}".strip() if ranked else ""
    drawn = finish(plot, given, view, look, test.reads, subtitle, more, _table(curves))
    return replace(drawn, key=key(drawn.key, given.called))  # it names the event


def looks_at(test: Any, given: Scene, view: View) -> tuple[float, float]:
    """The first and last place that the test looks at: as measured, as planned, or as its own dates say."""
    if given.trace.window is not None:
        return number(given.trace.window.first), number(given.trace.window.last)
    anchor = number(given.anchor)
    if hasattr(test, "window"):
        frequency = view.catalogue.series[test.reads[0]].frequency
        offset, length, _ = windows.span(test.window, frequency)
        return anchor + offset * STEP[frequency], anchor + (offset + length) * STEP[frequency]
    named = [number(value) for _, value in test if isinstance(value, date)] or [anchor]
    return min(named), max(named)


def _curves(test: Any, view: View, first: float, last: float, anchor: float) -> list[Curve]:
    """The test's series that are in the unit of its first one, near the window and the event."""
    found = []
    unit = view.catalogue.series[test.reads[0]].unit
    for name in test.reads:
        entry = view.catalogue.series[name]
        if entry.unit != unit:
            continue
        around = max(AROUND.get(entry.frequency, RARE), 1.25 * (last - first))
        series = view.series(name)
        x = numbers(series.periods)
        near = (x >= min(first, anchor) - around) & (x <= max(last, anchor) + around)
        found.append(Curve(entry, series.periods[near], x[near], series.latest[near]))
    return found


def _band(test: Any, given: Scene, entry: Entry) -> tuple[float | None, float | None]:
    """What the claim allows the series, where the statistic is a value of it."""
    least, most = test.matters.at_least, test.matters.at_most
    if not KINDS[given.trace.kind].is_level or least.unit != entry.unit:
        return None, None
    predicts = getattr(test, "predicts", None)
    if predicts is not None and predicts.sign < 0:
        return None, float(least.value)
    return float(least.value), float(most.value) if most else None


def _lines(plot: Plot, curves: list[Curve], first: float, last: float) -> None:
    """Each series as a line, heavy inside the window; their names beside the plot where there are several."""
    look = plot.look
    for i, (entry, _, x, y) in enumerate(curves):
        inside = (x >= first) & (x <= last)
        with plot.stage("event"):
            plot.line(f"window{i}", x[inside], y[inside], look.series(entry.id), width=HEAVY)
    with plot.stage("series"):
        for i, (entry, days, x, y) in enumerate(curves):
            tips = [
                f"{entry.short}, {day(d.astype(object))}: {value_text(float(v), entry)}"
                for d, v in zip(days, y, strict=True)
            ]
            colour = look.series(entry.id)
            plot.line(f"series{i}", x, y, colour, width=LINE, key=entry.short)
            plot.hover(f"hover{i}", x, y, tips)
        if not any(len(curve.y) for curve in curves):
            middle = {"x": (plot.x.low + plot.x.high) / 2, "y": (plot.y.low + plot.y.high) / 2}
            says = [{**middle, "text": "nothing to draw by then"}]
            plot.text("nothing", says, look.soft, align="center")
        if len(curves) > 1:
            named = [
                Label(float(c.y[-1]), c.entry.short, look.series(c.entry.id), bold=False)
                for c in curves
                if len(c.y)
            ]
            plot.beside("names", plot.x.high, named)


def _seen(plot: Plot, given: Scene, curve: Curve, last: float, *, is_level: bool) -> None:
    """What was measured: at the value itself, or at the end of the window."""
    trace = given.trace
    upto = np.flatnonzero(curve.x <= last)
    if trace.statistic is None or trace.window is None or not len(upto):
        return
    value, unit = float(trace.statistic.value), trace.statistic.unit
    at, says = int(upto[-1]), ""
    if is_level:
        inside = upto[curve.x[upto] >= number(trace.window.first)]
        near = inside if len(inside) else upto
        at = int(near[np.abs(curve.y[near] - value).argmin()])
        says = f"{short_day(curve.days[at].astype(object))}: "
    details = trace.details or {}
    says += KINDS[trace.kind].told(value, unit, trace.window.first, details)
    with plot.stage("verdict"):
        labelled(plot, "this", float(curve.x[at]), float(curve.y[at]), says, plot.look.ink)


def _table(curves: list[Curve]) -> pd.DataFrame:
    """Every series by its days."""
    table = pd.DataFrame({"date": pd.Series(dtype=str)})
    for curve in curves:
        head = f"{curve.entry.title} ({unit_words(curve.entry)})"
        column = pd.DataFrame({"date": curve.days.astype(str), head: curve.y})
        table = table.merge(column, on="date", how="outer")
    return table.sort_values("date").reset_index(drop=True)
