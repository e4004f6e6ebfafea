"""Pictures for tests that set series against each other: one in percent of another, one among its peers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from charts.drawing import Label, Plot, amounts, ends, months, number, numbers
from charts.figure import Figure
from charts.finish import SHADED, claimed, finish, labelled
from charts.scene import Draw, Scene
from charts.theme import HEAVY, HEIGHT, LINE, Look
from charts.values import unit_words, value_text
from evidence.days import day, short_day
from evidence.kinds import sums
from evidence.kinds.ratio import ratios
from evidence.observations import View
from evidence.quantity import level

SHOWN = 365 * 15
"""Days of history behind the newest value."""


def _ratio(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """The ratio over the years with the claim's band, and its value on the day (and on the day before it)."""
    entry, per = (view.catalogue.series[name] for name in test.reads)
    days, y = ratios(test, view)
    details = given.trace.details or {}
    x = numbers(days)
    keep = np.isfinite(y)
    if len(x):
        keep &= x >= min(x[-1] - SHOWN, number(test.since) if test.since else x[-1] - SHOWN)
    days, x, y = days[keep], x[keep], y[keep]
    low, high = sums.band(test, up=test.predicts.direction == "up")
    if test.since is not None:
        bars = [test.matters.at_least, *([test.matters.at_most] if test.matters.at_most else [])]
        base = float(details["before"]) if "before" in details else float("nan")
        edges = [base + test.predicts.sign * bar.value for bar in bars]
        low, high = edges[0], edges[1] if len(edges) > 1 else None
        if test.predicts.sign < 0:
            low, high = high, low
        low, high = (None if v is None or np.isnan(v) else v for v in (low, high))
    bounds = [v for v in (low, high) if v is not None]
    end = number(test.on or view.day)
    plot = Plot(
        look,
        months(float(x[0]) if len(x) else end - SHOWN, max([*x, end]) + 120),
        amounts(*ends([*(float(v) for v in y), *bounds], zero=True), "percent"),
        height=HEIGHT,
    )
    if bounds:
        with plot.stage("range"):
            claimed(plot, low, high, x, y, over=low is not None)
    tips = [
        f"{day(d.astype(object))}: {level(float(v), 'percent')}"
        for d, v in zip(days, y, strict=True)
    ]
    with plot.stage("series"):
        plot.line("all", x, y, look.series(test.series), width=HEAVY)
        plot.hover("all-hover", x, y, tips)
    if given.trace.window is not None and "value" in details:
        marks = [("this", given.trace.window.last, float(details["value"]))]
        if "before" in details:
            on = date.fromisoformat(str(details["before_on"]))
            marks.insert(0, ("earlier", on, float(details["before"])))
        for name, on, value in marks:
            text = f"{short_day(on)}: {level(value, 'percent')}"
            with plot.stage("verdict"):
                labelled(plot, name, number(on), value, text, look.ink)
    table = pd.DataFrame({"date": days.astype(str), f"{entry.title} / {per.title} (%)": y})
    subtitle = {"series": f"{entry.title} in percent of {per.title}.", **SHADED}
    return finish(plot, given, view, look, test.reads, subtitle, "", table)


def _largest(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """The series and its peers over the years: its own heavy, the nearest one named, the rest grey."""
    details = given.trace.details or {}
    nearest = str(details.get("nearest", ""))
    entry = view.catalogue.series[test.series]
    end = number(given.trace.window.last if given.trace.window else test.on or view.day)
    held = []
    for name in reversed(test.reads):
        series = view.series(name)
        x = numbers(series.periods)
        keep = (x >= end - SHOWN) & (x <= end)
        held.append((name, series.periods[keep], x[keep], series.latest[keep]))
    values = [float(v) for _, _, _, y in held for v in y]
    first = min([float(v) for _, _, x, _ in held for v in x], default=end - SHOWN)
    plot = Plot(
        look,
        months(first, end),
        amounts(*ends(values, zero=True), entry.unit),
        height=HEIGHT,
    )
    with plot.stage("series"):
        nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
        plot.rules("nought", [nought], look.faint)
    labels, table = [], pd.DataFrame({"date": []})
    for i, (name, days, x, y) in enumerate(held):
        own = view.catalogue.series[name]
        its, near = name == test.series, name == nearest
        colour = look.ink if its else look.soft if near else look.pale
        tips = [
            f"{own.short}, {day(d.astype(object))}: {value_text(float(v), own)}"
            for d, v in zip(days, y, strict=True)
        ]
        with plot.stage("series"):
            plot.line(f"series{i}", x, y, colour, width=HEAVY if its else LINE)
            plot.hover(f"hover{i}", x, y, tips)
            if len(x) == 1:  # a line through one value cannot be seen
                plot.dots(f"only{i}", [{"x": float(x[0]), "y": float(y[0])}], colour, size=70)
        if (its or near) and len(y):
            says = value_text(float(y[-1]), own)
            labels.append(Label(float(y[-1]), says, colour, bold=its, name=own.short))
        column = pd.DataFrame({"date": days.astype(str), f"{own.title} ({unit_words(own)})": y})
        table = table.merge(column, on="date", how="outer") if len(table) else column
    with plot.stage("verdict"):
        plot.beside("label", plot.x.high, labels)
    subtitle = {
        "series": f"{entry.title} and {len(test.peers)} others, {unit_words(entry)}. Heavy: the series that the claim names."
    }
    table = table.sort_values("date").reset_index(drop=True)
    return finish(plot, given, view, look, test.reads, subtitle, "", table)


DRAWS: Mapping[str, Draw] = {"ratio": _ratio, "largest": _largest}
