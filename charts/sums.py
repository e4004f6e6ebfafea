"""Pictures for tests that add up a flow: a sum over months, and how much of a change was bought."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from charts.drawing import Label, Plot, amounts, day_of, ends, months, number, numbers
from charts.figure import Figure
from charts.finish import SHADED, claimed, finish, labelled
from charts.scene import Draw, Scene
from charts.theme import HEAVY, HEIGHT, LINE, Look
from charts.values import unit_words
from evidence.days import day
from evidence.kinds.base import NotYet
from evidence.kinds.share_bought import spans
from evidence.kinds.total import standing
from evidence.observations import View
from evidence.quantity import level, signed

SHOWN = 365 * 12
"""Days of history behind a sum."""


def _total(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """The sum as it stood at the end of each period, the span's own marked once it counts, with what the claim says."""
    found, counts = standing(test, view), given.trace.window is not None
    entry = view.catalogue.series[test.series]
    unit = "percent" if test.share_of else entry.unit
    if isinstance(found, NotYet):
        until = number(min(view.day, test.until or view.day))
        x, y = np.array([]), np.array([])
        end = until
    else:
        x, y = numbers(found.periods), found.values
        end = float(x[found.at])
        near = np.isfinite(y) & (x >= end - SHOWN)
        if found.before is not None:
            near |= np.isfinite(y) & (x >= x[found.before])
        x, y = x[near], y[near]
    base = 0.0
    if not isinstance(found, NotYet) and found.before is not None:
        base = float(found.values[found.before])
    edge = base + test.predicts.sign * float(test.matters.at_least.value)
    most = test.matters.at_most
    other = base + test.predicts.sign * float(most.value) if most else None
    held = [*(float(v) for v in y), edge, *([other] if other is not None else [])]
    plot = Plot(
        look,
        months(float(x[0]) if len(x) else end - SHOWN, (float(x[-1]) if len(x) else end) + 260),
        amounts(*ends(held, zero=True), unit),
        height=HEIGHT,
    )
    with plot.stage("range"):
        low, high = (edge, other) if test.predicts.sign > 0 else (other, edge)
        claimed(plot, low, high, x, y, over=test.predicts.sign > 0)
    with plot.stage("series"):
        nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
        plot.rules("nought", [nought], look.faint)
        plot.line("all", x, y, look.series(test.series), width=HEAVY)
    rate = " at an annual rate" if test.annualised else ""
    days = [day_of(float(a)) for a in x]
    tips = [f"to {d:%B %Y}: {level(float(v), unit)}{rate}" for d, v in zip(days, y, strict=True)]
    with plot.stage("series"):
        plot.hover("all-hover", x, y, tips)
    count = "span"
    if not isinstance(found, NotYet):
        count = f"{found.months} months" if found.months > 1 else "single months"
        for name, at in (("before", found.before), ("this", found.at if counts else None)):
            if at is not None:
                value = float(found.values[at])
                when = found.periods[at].astype(object)
                text = f"to {when:%b %Y}: {level(value, unit)}"
                with plot.stage("verdict"):
                    labelled(plot, name, number(when), value, text, look.ink)
    of = f" in percent of {view.catalogue.series[test.share_of].title}" if test.share_of else ""
    what = (
        f"{entry.title}, sums of {count}{rate}{of}, {'%' if test.share_of else unit_words(entry)}."
    )
    subtitle = {"series": what, **SHADED}
    table = pd.DataFrame(
        {
            "span to": [d.isoformat() for d in days],
            f"sum ({unit_words(entry) if not of else '%'})": y,
        }
    )
    return finish(plot, given, view, look, test.reads, subtitle, "", table)


def _bought(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """Two lines from nought: how far the position has changed since the first day, and what was bought."""
    found = spans(test, view)
    entry = view.catalogue.series[test.position]
    flow = view.catalogue.series[test.flow]
    rows: list[tuple[str, str, np.ndarray, np.ndarray, str, float]] = []
    if not isinstance(found, NotYet):
        position, flows = view.series(test.position), view.series(test.flow)
        places = np.arange(found.start, found.end + 1)
        changes = position.latest[places] - position.latest[found.start]
        bought = np.concatenate([[0.0], np.cumsum(flows.latest[found.between])])
        when = np.concatenate([position.periods[[found.start]], flows.periods[found.between]])
        colours = (look.ink, look.series(test.flow))
        rows = [
            ("all-position", entry.short, position.periods[places], changes, colours[0], HEAVY),
            ("all-bought", flow.short, when, bought, colours[1], LINE),
        ]
    lowest, highest = number(test.since), number(test.until or view.day)
    plot = Plot(
        look,
        months(lowest - 20, max(highest, lowest + 60) + 20),
        amounts(*ends([float(v) for _, _, _, y, _, _ in rows for v in y], zero=True), entry.unit),
        height=HEIGHT,
    )
    with plot.stage("series"):
        nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
        plot.rules("nought", [nought], look.faint)
    labels, tables = [], []
    for name, short, periods, y, colour, width in rows:
        x = numbers(periods)
        tips = [
            f"{short}, {day(d.astype(object))}: {signed(float(v), entry.unit)}"
            for d, v in zip(periods, y, strict=True)
        ]
        with plot.stage("series"):
            plot.line(name, x, y, colour, width=width)
            plot.hover(f"{name}-hover", x, y, tips)
        what = "change" if name == "all-position" else "bought"
        says = signed(float(y[-1]), entry.unit)
        labels.append(Label(float(y[-1]), says, colour, bold=True, name=what))
        title = entry.title if what == "change" else flow.title
        head = f"{'change in ' if what == 'change' else 'sum of '}{title} ({unit_words(entry)})"
        tables.append(pd.DataFrame({"date": periods.astype(str), head: y}))
    with plot.stage("verdict"):
        plot.beside("label", plot.x.high, labels)
    table = pd.DataFrame({"date": [], f"{entry.title} ({unit_words(entry)})": []})
    if tables:
        table = tables[0].merge(tables[1], on="date", how="outer").sort_values("date")
    subtitle = {
        "series": f"{entry.title}: change since {day(test.since)}; {flow.title}: sum since then. {unit_words(entry)}."
    }
    return finish(plot, given, view, look, test.reads, subtitle, "", table.reset_index(drop=True))


DRAWS: Mapping[str, Draw] = {"total": _total, "share_bought": _bought}
