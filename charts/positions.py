"""Leveraged funds' net positions in the six Treasury futures, and in all of them, around the event."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from charts.drawing import Plot, Words, amounts, brief, ends, months, number
from charts.figure import Figure, key, source_line
from charts.finish import labelled
from charts.since import since_anchor
from charts.theme import HEAVY, HEIGHT, LINE, Look
from evidence.days import day, day_month
from evidence.observations import View
from evidence.quantity import amount, signed

CONTRACTS: Mapping[str, str] = {
    "us2y": "2-year",
    "us5y": "5-year",
    "us10y": "10-year",
    "us10y_ultra": "10-year ultra",
    "us30y": "30-year",
    "us30y_ultra": "30-year ultra",
}
DASHED: Mapping[str, tuple[int, int]] = {"us10y_ultra": (6, 2), "us30y_ultra": (6, 2)}
"""Contracts whose colour is near another's: told apart by their dashes, and by the label at the line's end."""
TOTAL = "cftc.lev_net.all"


def positions(
    view: View, look: Look, anchor: date, *, event_name: str, before: int = 70, after: int = 84
) -> Figure:
    """Each contract's change since the last report on or before the anchor, and the sum's, in contracts."""
    low, high = number(anchor) - before, number(anchor) + after
    contracts = ((f"cftc.lev_net.{c}", text) for c, text in CONTRACTS.items())
    held = since_anchor(view, ((TOTAL, "all six"), *contracts), anchor, low, high)
    plot = Plot(
        look,
        months(low, high),
        amounts(*ends([float(v) for *_, y in held for v in y], zero=True), "contracts"),
        height=HEIGHT + 60,
    )
    with plot.stage("series"):
        plot.rules("nought", [{"x": low, "x2": high, "y": 0.0, "y2": 0.0}], look.faint)
    labels, words = [], []
    table = pd.DataFrame({"date": []}, dtype=str)
    for i, (name, label, days, x, y) in reversed(list(enumerate(held))):
        total = name == TOTAL
        colour = look.ink if total else look.series(name)
        tips = [
            f"{label}, {day(d.astype(object))}: {signed(float(v), 'contracts')}"
            for d, v in zip(days, y, strict=True)
        ]
        with plot.stage("series"):
            width, dash = HEAVY if total else LINE, DASHED.get(name.rsplit(".", 1)[-1])
            plot.line(f"series{i}", x, y, colour, width=width, dash=dash)
            plot.hover(f"hover{i}", x, y, tips)
        labels.append((float(y[-1]), label, colour, total))
        words.append(f"{label}: {signed(float(y[-1]), 'contracts')}")
        table = table.merge(
            pd.DataFrame({"date": days.astype(str), f"{label}, change (contracts)": y}),
            on="date",
            how="outer",
        )
    with plot.stage("event"):
        plot.event("event", number(anchor), event_name)
    with plot.stage("series"):
        plot.beside("label", high, labels, dx=6)
    title, last = "Leveraged funds’ futures: not known yet", ""
    if held and held[0][2][-1] > np.datetime64(anchor):
        month = held[0][2] <= np.datetime64(anchor) + 28
        change, on = float(held[0][4][month][-1]), held[0][2][month][-1].astype(object)
        text = f"{day_month(on)}: {brief(change, 'contracts')}"
        with plot.stage("verdict"):
            labelled(plot, "told", number(on), change, text, look.ink)
        level = float(
            view.series(TOTAL).latest[
                view.series(TOTAL).index(np.array([anchor], dtype="datetime64[D]"))[0]
            ]
        )
        short = level < 0
        verb = (
            ("grew" if change < 0 else "shrank") if short else ("grew" if change > 0 else "shrank")
        )
        title = f"Leveraged funds’ net {'short' if short else 'long'} {verb} by {amount(change, 'contracts')} by {day(on)}"
        last = f"At the end of the lines: {'; '.join(reversed(words))}."
    subtitle = f"Leveraged funds’ net position in Treasury futures by contract: change since {day(anchor)}, contracts. Down: more net short."
    alt = f"Line chart. {subtitle} {title}. {last}".strip()
    aloud = f"Line chart. {subtitle} {plot.said()}"
    before_that = "Leveraged funds’ net position in Treasury futures"
    steps = {
        "series": Words(before_that, subtitle, aloud),
        "event": Words(
            f"{before_that}, before and after {day(anchor)}",
            subtitle,
            f"{aloud} A rule marks {event_name} ({day(anchor)}).",
        ),
    }
    return Figure(
        key=key("positions", anchor, event_name, before, after, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=subtitle,
        alt=alt,
        table=table,
        source=source_line(view, [TOTAL]),
        steps=plot.steps(steps),
    )
