"""Monthly purchases by foreign officials and by private foreigners: latest figures as bars, first prints as lines."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import pandas as pd

from charts import monthly
from charts.drawing import Plot, Words, amounts, ends, months, number
from charts.figure import Figure, key, source_line
from charts.theme import HEIGHT, LINE, Look
from charts.values import unit_words
from evidence.days import day
from evidence.narrative import EventMark
from evidence.observations import View
from evidence.quantity import amount, signed
from evidence.wording import listed

Asset = Literal["bonds_notes", "equities"]
NAMES: Mapping[Asset, str] = {"bonds_notes": "Treasury bonds and notes", "equities": "US equities"}
HOLDERS = ("private", "official")


def purchases(
    view: View,
    look: Look,
    asset: Asset,
    since: date,
    until: date,
    *,
    focus: date,
    marks: Sequence[EventMark] = (),
) -> Figure:
    """Both kinds of holders' net purchases of one asset; the title speaks of the month of `focus`."""
    series = {holder: f"tic.net.{holder}_{asset}" for holder in HOLDERS}
    found = {
        holder: monthly.read(view, name, number(since), number(until))
        for holder, name in series.items()
    }
    every = [m for held in found.values() for m in held]
    unit = view.catalogue.series[series["private"]].unit
    plot = Plot(
        look,
        months(number(since) - 31, max(number(until), number(since) + 90)),
        amounts(*ends([v for m in every for v in (m.value, m.first)], zero=True), unit),
        height=HEIGHT,
    )
    nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
    with plot.stage("series"):
        plot.rules("nought", [nought], look.faint)
    labels = []
    for holder, place in (("private", 0), ("official", 1)):
        colour = look.private if holder == "private" else look.official
        rows, lines = [], []
        for m in found[holder]:
            half = (m.end - m.start - 6) / 2
            start = m.start + 3 + place * half
            rows.append(
                {
                    "x": start,
                    "x2": start + half,
                    "y": 0.0,
                    "y2": m.value,
                    "key": holder,
                    "tip": m.tip,
                }
            )
            if m.revised:
                lines.append({"x": start, "x2": start + half, "y": m.first, "y2": m.first})
        with plot.stage("series"):
            plot.block(holder, rows, colour)
            plot.rules(f"{holder}-first", lines, look.ink, width=LINE)
        if found[holder]:
            labels.append((found[holder][-1].value, holder, colour, True))
    with plot.stage("event"):
        plot.events(
            [(f"mark{i}", number(m.on), m.name, m.on == focus) for i, m in enumerate(marks)]
        )
    with plot.stage("series"):
        plot.beside("holder", plot.x.high, labels, dx=6)
    then = {
        holder: [m for m in held if (m.day.year, m.day.month) == (focus.year, focus.month)]
        or held[-1:]
        for holder, held in found.items()
    }
    title, more = f"Purchases of {NAMES[asset]} by foreigners", "Nothing was out by then."
    if all(then.values()):
        month = then["private"][0]
        told = {holder: held[0] for holder, held in then.items()}
        title = f"In {month.day:%B %Y} {listed([f'{_who(h)} {_did(m.value, unit)}' for h, m in told.items()])} of {NAMES[asset]}, net"
        more = " ".join(
            f"{_who(h).capitalize()}: {signed(m.value, unit)} in {m.day:%B %Y}, first print {signed(m.first, unit)}."
            for h, m in told.items()
        )
    subtitle = f"Foreigners’ net purchases of {NAMES[asset]}, {unit_words(view.catalogue.series[series['private']])} a month, latest figures known then; short lines: first prints."
    alt = f"Bar chart. {subtitle} {more}"
    aloud = f"Bar chart. {subtitle} {plot.said()}"
    steps = {"series": Words(f"Purchases of {NAMES[asset]} by foreigners", subtitle, aloud)}
    steps["event"] = Words(f"{steps['series'].title}, before and after {day(focus)}", subtitle, alt)
    table = pd.DataFrame({"month": sorted({f"{m.day:%Y-%m}" for m in every})})
    for holder, held in found.items():
        part = pd.DataFrame(
            {
                "month": [f"{m.day:%Y-%m}" for m in held],
                f"{holder}, latest ($ bn)": [m.value for m in held],
                f"{holder}, first print ($ bn)": [m.first for m in held],
            }
        )
        table = table.merge(part, on="month", how="left")
    return Figure(
        key=key(
            "purchases", asset, since, until, focus, *marks, view.day, view.snapshot, look.mode
        ),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=subtitle,
        alt=alt,
        table=table,
        source=source_line(view, list(series.values())),
        steps=plot.steps(steps),
    )


def _who(holder: str) -> str:
    return "private foreigners" if holder == "private" else "foreign officials"


def _did(value: float, unit: str) -> str:
    return f"{'bought' if value >= 0 else 'sold'} {amount(value, unit)}"
