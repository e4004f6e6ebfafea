"""Picture for `reaches`: the series around its span, the level that the claim names, and the extreme."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from charts.drawing import Plot, amounts, ends, months, number, numbers
from charts.figure import Figure
from charts.finish import finish, labelled
from charts.scene import Draw, Scene
from charts.theme import HEIGHT, LINE, Look
from charts.values import unit_words, value_text
from evidence.days import day, short_day
from evidence.observations import View

AROUND = 270
"""Days shown before and after the span."""


def _reaches(test: Any, given: Scene, view: View, look: Look) -> Figure:
    entry, series = view.catalogue.series[test.series], view.series(test.series)
    x, y = numbers(series.periods), series.latest
    first, last = number(test.since), number(test.until)
    near = (x >= first - AROUND) & (x <= last + AROUND)
    x, y, days = x[near], y[near], series.periods[near]
    bar, up = float(test.matters.at_least.value), test.predicts.direction == "up"
    plot = Plot(
        look,
        months(min([*x, first]) - 10, max([*x, last]) + 30),
        amounts(*ends([*(float(v) for v in y), bar], zero=True), entry.unit),
        height=HEIGHT,
    )
    place = {
        "x": first,
        "x2": last,
        "y": bar if up else plot.y.low,
        "y2": plot.y.high if up else bar,
    }
    tips = [
        f"{day(d.astype(object))}: {value_text(float(v), entry)}"
        for d, v in zip(days, y, strict=True)
    ]
    words = f"the claim needs {value_text(bar, entry)}"
    at = {"x": first, "y": bar, "text": words}
    with plot.stage("range"):
        plot.block("claimed", [place], look.band)
        plot.rules(
            "claimed-edge", [{"x": first, "x2": last, "y": bar, "y2": bar}], look.ink, width=LINE
        )
    with plot.stage("series"):
        plot.line("all", x, y, look.series(test.series))
        plot.hover("all-hover", x, y, tips)
    with plot.stage("range"):
        plot.text("claimed-says", [at], look.soft, align="right", dx=-6, dy=0)
    details = given.trace.details or {}
    if given.trace.statistic is not None and "on" in details:
        on = date.fromisoformat(str(details["on"]))
        here = float(given.trace.statistic.value)
        text = f"{short_day(on)}: {value_text(here, entry)}"
        with plot.stage("verdict"):
            labelled(plot, "this", number(on), here, text, look.ink)
    table = pd.DataFrame(
        {"date": days.astype(str), f"{entry.title} ({unit_words(entry)})": np.asarray(y)}
    )
    return finish(
        plot,
        given,
        view,
        look,
        [test.series],
        {
            "series": f"{entry.title}: {unit_words(entry)}.",
            "range": "Shaded: where the claim has it reach.",
        },
        "",
        table,
    )


DRAWS: Mapping[str, Draw] = {"reaches": _reaches}
