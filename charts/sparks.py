"""A line of a few pixels for a table: what a series did, without axes."""

import numpy as np
import pandas as pd

from charts.drawing import Axis, Plot, ends, number, numbers, said
from charts.figure import Figure, key, source_line
from charts.theme import SPARK, Look
from charts.values import unit_words, value_text
from evidence.observations import View

MOST = 120


def spark(view: View, series_id: str, look: Look, *, years: int = 3) -> Figure:
    """The last years of one series: at most 120 points, the last of each stretch of time."""
    entry, series = view.catalogue.series[series_id], view.series(series_id)
    places, values = numbers(series.periods), series.latest
    low = number(view.day) - 365.25 * years
    keep = np.flatnonzero(places >= low)
    if len(keep) == 0:
        keep = np.arange(max(len(places) - 24, 0), len(places))
    chosen = (
        keep[np.unique(np.linspace(0, len(keep) - 1, min(MOST, len(keep))).round().astype(int))]
        if len(keep)
        else keep
    )
    x, y = places[chosen], values[chosen]
    span = (float(x[0]), float(x[-1]) + 1) if len(x) else (low, number(view.day))
    plot = Plot(look, Axis(*span, ()), Axis(*ends(y, share=0.15), ()), height=SPARK)
    plot.line("series", x, y, look.series(series_id), width=1.4)
    plot.dots("last", [{"x": x[-1], "y": y[-1]}] if len(x) else [], look.series(series_id), size=24)
    last = (
        f"{value_text(float(y[-1]), entry)} on {said(series.periods[-1].astype(object))}"
        if len(x)
        else "no data by then"
    )
    alt = (
        f"{entry.title}, the last {years} years: {last}; between {value_text(float(y.min()), entry)} and {value_text(float(y.max()), entry)}."
        if len(x)
        else f"{entry.title}: {last}."
    )
    spec = plot.spec(alt)
    spec["padding"] = {"left": 4, "right": 4, "top": 4, "bottom": 4}
    for axis in ("x", "y"):
        spec["encoding"][axis]["axis"] = None
    return Figure(
        key=key("spark", series_id, years, view.day, view.snapshot, look.mode),
        spec=spec,
        frame=plot.frame(),
        title=f"{entry.short}: {last}",
        subtitle=f"{entry.title}, {unit_words(entry)}",
        alt=alt,
        table=pd.DataFrame(
            {
                "date": series.periods[keep].astype(str),
                f"{entry.title} ({unit_words(entry)})": values[keep],
            }
        ),
        source=source_line(view, [series_id]),
    )
