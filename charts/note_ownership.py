"""The note's second figure from open data: foreigners' net holding of equities, and how much of it was bought.

The survey's net position (foreign-held US equities less US-held foreign ones) at the end of each year,
beside the path that purchases alone would have given from the first year on. What lies between them is
prices, exchange rates and what the surveys count otherwise. The Financial Accounts count direct
investment too, so their line is another quantity: it shows the same turn over more years.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from charts.drawing import Plot, amounts, ends, months, number, numbers
from charts.figure import Figure, key, source_line
from charts.theme import HEAVY, HEIGHT, LINE, Look
from evidence.calendar import Days
from evidence.observations import Floats, View
from evidence.quantity import amount, level, signed

NET, BOUGHT, WIDE = (
    "tic.net_foreign_equity_position",
    "tic.net.equities_both_ways",
    "z1.net_row_equity",
)
UNIT = "USD bn"
STORIES = ("the-liability-turned-to-equity", "record-equity-inflow-2024")
"""The stories for which the note draws this figure."""


@dataclass(frozen=True)
class Split:
    """Net position at the end of each year, and what it would be by purchases alone; NaN where a month is missing."""

    periods: Days
    net: Floats
    bought: Floats

    @property
    def last(self) -> int:
        """The last year to which every month's purchases are held; 0 where there is none."""
        whole = np.flatnonzero(np.isfinite(self.bought))
        return int(whole[-1]) if len(whole) else 0


def split(view: View) -> Split | None:
    """The two paths as known in a view; None where fewer than two years are held."""
    net, flow = view.series(NET), view.series(BOUGHT)
    if len(net) < 2:
        return None
    bought = [float(net.latest[0])]
    for start, end in zip(net.periods[:-1], net.periods[1:], strict=True):
        inside = (flow.periods > start) & (flow.periods <= end)
        expected = round((end - start).astype(int) / (365.25 / 12))
        whole = int(inside.sum()) == expected
        bought.append(bought[-1] + float(flow.latest[inside].sum()) if whole else float("nan"))
    return Split(net.periods, net.latest, np.array(bought))


def ownership(view: View, look: Look) -> Figure:
    """The net holding by year, split into purchases and the rest, with the wider count of the Financial Accounts."""
    found = split(view)
    wide = view.series(WIDE)
    held: list[float] = [float(v) for v in wide.latest]
    if found is not None:
        held += [float(v) for v in found.net]
    last = max([number(view.day), *(number(p) for p in wide.periods[-1:])])
    first = min([number(date(2010, 1, 1)), *(number(p) for p in wide.periods[:1])])
    plot = Plot(look, months(first, last), amounts(*ends(held, zero=True), UNIT), height=HEIGHT)
    plot.rules("nought", [{"x": first, "x2": last, "y": 0.0, "y2": 0.0}], look.faint)
    labels = []
    if len(wide):
        x = numbers(wide.periods)
        plot.line("wide", x, wide.latest, look.soft, width=LINE)
        tips = [
            f"{_year(p)}, with direct investment: {level(float(v), UNIT)}"
            for p, v in zip(wide.periods, wide.latest, strict=True)
        ]
        plot.hover("wide-hover", x, wide.latest, tips)
        labels.append((float(wide.latest[-1]), "with direct\ninvestment", look.soft, False))
    title = "Foreigners’ net holding of equities: not known yet"
    words = "Nothing was out by then."
    if found is not None:
        x, to = numbers(found.periods), found.last + 1
        plot.area("rest", x[:to], found.bought[:to], found.net[:to], look.ribbon)
        plot.line("bought", x[:to], found.bought[:to], look.private, width=HEAVY)
        plot.line("net", x, found.net, look.equities, width=HEAVY)
        dots = [
            {
                "x": float(a),
                "y": float(v),
                "tip": f"{_year(p)}, net holding: {level(float(v), UNIT)}",
            }
            for a, v, p in zip(x, found.net, found.periods, strict=True)
        ]
        plot.dots("net-dots", dots, look.equities, size=70, halo=True)
        dots = [
            {
                "x": float(a),
                "y": float(v),
                "tip": f"{_year(p)}, by purchases alone: {level(float(v), UNIT)}",
            }
            for a, v, p in zip(x[:to], found.bought[:to], found.periods[:to], strict=True)
        ]
        plot.dots("bought-dots", dots, look.private, size=50, halo=True)
        labels.append((float(found.net[-1]), "net holding", look.equities, True))
        labels.append((float(found.bought[found.last]), "by purchases\nalone", look.private, True))
        title, words = _title(found), _said(found)
    plot.beside("says", plot.x.high, labels, dx=6)
    subtitle = (
        "US equities held by foreigners less foreign equities held by Americans (surveys, year ends), $ tn, and what purchases alone "
        "would have made of it; shaded between them: prices, exchange rates and the rest. Thin: the Financial Accounts, which count "
        "direct investment too."
    )
    alt = f"Line chart. {subtitle} {words}"
    return Figure(
        key=key("note-ownership", view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=subtitle,
        alt=alt,
        table=_table(found),
        source=source_line(view, [NET, BOUGHT, WIDE]),
    )


def _year(period: np.datetime64) -> str:
    end: date = period.astype(object)
    return f"end of {end.year}" if end.month == 12 else f"{end:%B %Y}"


def _title(found: Split) -> str:
    """How far the net holding moved over the years that can be split, and how much of that was bought."""
    to = found.last
    if to == 0:
        return f"Foreigners’ net holding of equities stood at {level(float(found.net[-1]), UNIT)} at the {_year(found.periods[-1])}"
    start, end = found.periods[0].astype(object).year, found.periods[to].astype(object).year
    return (
        f"From {level(float(found.net[0]), UNIT)} at the end of {start} to {level(float(found.net[to]), UNIT)} at the end of {end}: "
        f"{_bought(found)}"
    )


def _bought(found: Split) -> str:
    """`$1.2 tn of it was bought`, or that purchases alone went the other way."""
    moved = float(found.net[found.last] - found.net[0])
    bought = float(found.bought[found.last] - found.net[0])
    if bought * moved <= 0:
        return f"purchases alone would have moved it by {signed(bought, UNIT)}"
    return f"{amount(abs(bought), UNIT)} of it was {'bought' if bought > 0 else 'sold'}"


def _said(found: Split) -> str:
    told = [
        f"{_year(p)}: {level(float(net), UNIT)}"
        + (f", by purchases alone {level(float(bought), UNIT)}" if np.isfinite(bought) else "")
        for p, net, bought in zip(found.periods, found.net, found.bought, strict=True)
    ]
    return f"{'; '.join(told)}."


def _table(found: Split | None) -> pd.DataFrame:
    columns = [
        "end of",
        "net holding ($ bn)",
        "bought in the year ($ bn)",
        "prices, rates and the rest ($ bn)",
    ]
    if found is None:
        return pd.DataFrame(columns=columns)
    change, bought = np.diff(found.net), np.diff(found.bought)
    rows = [[str(found.periods[0]), float(found.net[0]), None, None]]
    rows += [
        [str(p), float(v), _or_none(b), _or_none(c - b)]
        for p, v, c, b in zip(found.periods[1:], found.net[1:], change, bought, strict=True)
    ]
    return pd.DataFrame(rows, columns=columns)


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
