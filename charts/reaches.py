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
from charts.theme import HEIGHT, Look
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
    claimed = {
        "x": first,
        "x2": last,
        "y": bar if up else plot.y.low,
        "y2": plot.y.high if up else bar,
    }
    plot.block("claimed", [claimed], look.band)
    tips = [
        f"{day(d.astype(object))}: {value_text(float(v), entry)}"
        for d, v in zip(days, y, strict=True)
    ]
    plot.line("all", x, y, look.series(test.series))
    plot.hover("all-hover", x, y, tips)
    words = f"the claim needs {value_text(bar, entry)}"
    at = {"x": first, "y": bar, "text": words}
    plot.text("claimed-says", [at], look.soft, align="right", dx=-6, dy=0)
    details = given.trace.details or {}
    if given.trace.statistic is not None and "on" in details:
        on = date.fromisoformat(str(details["on"]))
        here = float(given.trace.statistic.value)
        labelled(
            plot, "this", number(on), here, f"{short_day(on)}\n{value_text(here, entry)}", look.ink
        )
    table = pd.DataFrame(
        {"date": days.astype(str), f"{entry.title} ({unit_words(entry)})": np.asarray(y)}
    )
    return finish(
        plot,
        given,
        view,
        look,
        [test.series],
        f"{entry.title}: {unit_words(entry)}. Shaded: where the claim has it reach.",
        "",
        table,
    )


DRAWS: Mapping[str, Draw] = {"reaches": _reaches}
