"""What foreign officials hold: custody at the New York Fed by the week, the TIC total by the month."""

from datetime import date

import numpy as np
import pandas as pd

from charts.drawing import Label, Plot, Words, amounts, ends, months, number
from charts.figure import Figure, key, source_line
from charts.finish import labelled
from charts.since import since_anchor
from charts.theme import HEAVY, HEIGHT, LINE, Look
from evidence.days import day, day_month
from evidence.observations import View
from evidence.quantity import moved, signed

EARLY = 28
"""Days after the event at which the title takes its first number: the four weeks of the test."""
WEEKLY, MONTHLY = "fed.custody.treasuries", "tic.holdings.official"


def holdings(
    view: View, look: Look, anchor: date, since: date, until: date, *, event_name: str
) -> Figure:
    """Both as changes since the last figure on or before the anchor, so that they share an axis."""
    plot_low, plot_high = number(since), number(until)
    named = ((WEEKLY, "custody"), (MONTHLY, "all, TIC"))
    held = since_anchor(view, named, anchor, plot_low, plot_high)
    plot = Plot(
        look,
        months(plot_low, plot_high),
        amounts(*ends([float(v) for *_, y in held for v in y], zero=True), "USD bn"),
        height=HEIGHT,
    )
    with plot.stage("series"):
        plot.rules("nought", [{"x": plot_low, "x2": plot_high, "y": 0.0, "y2": 0.0}], look.faint)
    labels, words = [], []
    table = pd.DataFrame({"date": []}, dtype=str)
    for i, (name, label, days, x, y) in enumerate(held):
        colour = look.series(name) if name == WEEKLY else look.ink
        tips = [
            f"{label}, {day(d.astype(object))}: {signed(float(v), 'USD bn')}"
            for d, v in zip(days, y, strict=True)
        ]
        with plot.stage("series"):
            plot.line(f"series{i}", x, y, colour, width=HEAVY if name == WEEKLY else LINE)
            plot.hover(f"hover{i}", x, y, tips)
        end = days[-1].astype(object)
        out = (
            end > anchor
        )  # a line that ends before the event has no change since then, least of all one of nought
        last = signed(float(y[-1]), "USD bn") if out else f"known to {end:%B}"
        labels.append(Label(float(y[-1]), last, colour, bold=out, name=label))
        come_to = f"{last} by {day(end)}" if out else f"nothing after {day(end)} yet"
        words.append(f"{view.catalogue.series[name].title}: {come_to}.")
        own = pd.DataFrame(
            {"date": days.astype(str), f"{view.catalogue.series[name].title}, change (USD bn)": y}
        )
        table = table.merge(own, on="date", how="outer")
    with plot.stage("event"):
        plot.event("event", number(anchor), event_name)
    title = "What foreign officials hold: not known yet"
    if held and held[0][0] == WEEKLY and held[0][2][-1] > np.datetime64(anchor):
        _, _, days, _, y = held[0]
        early = int(np.flatnonzero(days <= np.datetime64(anchor) + EARLY)[-1])
        on = days[early].astype(object)
        if early < len(days) - 1:
            text = f"{day_month(on)}: {signed(float(y[early]), 'USD bn')}"
            with plot.stage("verdict"):
                labelled(plot, "early", number(on), float(y[early]), text, look.series(WEEKLY))
        title = f"Officials’ Treasuries in custody {moved(float(y[early]), 'USD bn')} by {day(days[early].astype(object))}"
        if early < len(days) - 1:
            title += f", and {moved(float(y[-1]), 'USD bn')} by {day(days[-1].astype(object))}"
    subtitle = f"Change since {day(anchor)}, $ bn: Treasuries in custody at the New York Fed (face value, weekly) and all Treasuries of foreign officials (TIC, market value, monthly)."
    with plot.stage("verdict"):
        plot.beside("label", plot_high, labels, dx=6)
    alt = " ".join(["Line chart.", subtitle, *words])
    aloud = f"Line chart. {subtitle} {plot.said()}"
    steps = {
        "series": Words("What foreign officials hold of Treasuries", subtitle, aloud),
        "event": Words(
            f"What foreign officials hold of Treasuries, before and after {day(anchor)}",
            subtitle,
            f"{aloud} A rule marks {event_name} ({day(anchor)}).",
        ),
    }
    return Figure(
        key=key("holdings", anchor, since, until, event_name, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=subtitle,
        alt=alt,
        table=table,
        source=source_line(view, [WEEKLY, MONTHLY]),
        steps=plot.steps(steps),
    )
