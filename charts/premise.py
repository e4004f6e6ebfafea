"""What stocks, Treasuries and the dollar did around the event, and around four shocks before it.

Changes are counted from the last close on or before the event's day, as the tests count them (the
tariffs were announced after the close of 2 April 2025), over trading days of each series.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from charts.drawing import Axis, Plot, amounts, ends
from charts.figure import Figure, key, source_line
from charts.theme import HEAVY, LOW, Look
from evidence.days import day
from evidence.kinds.change_after import native
from evidence.observations import View
from evidence.quantity import moved, signed
from evidence.wording import listed

BEFORE, AFTER = 20, 40
TOLD = 15
"""After how many trading days the title's number is taken: three weeks, as in the premise's tests."""


@dataclass(frozen=True)
class Episode:
    """A day on which stocks began to fall."""

    name: str
    day: date


EPISODES: tuple[Episode, ...] = (
    # the last close before Lehman Brothers failed: a banking panic
    Episode("2008", date(2008, 9, 12)),
    # the last close before US debt was downgraded: a fright about Treasuries themselves
    Episode("2011", date(2011, 8, 5)),
    # two weeks into the pandemic’s crash: the dash for cash, in which Treasuries were sold too
    Episode("2020", date(2020, 3, 4)),
    # two days before the inflation figure of May 2022: stocks fell because rates rose, as hard as in any week of that year
    Episode("2022", date(2022, 6, 8)),
)
"""The same days as in narratives/controls.yaml; a test holds them together."""


@dataclass(frozen=True)
class Thing:
    """One of the three: its series, its names in a title and a subtitle, its unit, and whether its peak is told."""

    series: str
    who: str
    what: str
    words: str
    peak: bool = False


THINGS: tuple[Thing, ...] = (
    Thing(
        "fed.h10.broad_dollar",
        "The dollar",
        "The dollar against all trading partners’ currencies (broad index)",
        "%",
    ),
    Thing(
        "ust.yield.10y",
        "The 10-year yield",
        "10-year Treasury yield (up: bonds lost value)",
        "basis points",
    ),
    Thing(
        "ofr.fsi.equity_valuation",
        "Stress in stocks",
        "Equity part of the OFR’s stress index, a stand-in for stock prices (up: worse)",
        "points",
        peak=True,
    ),
)
"""The dollar and the yield lead: stocks can be shown by a stand-in only."""


def premise(
    view: View, anchor: date, look: Look, episodes: Sequence[Episode] = EPISODES
) -> tuple[Figure, ...]:
    """Three small figures: the dollar, the 10-year yield, and what stands in for stocks."""
    return tuple(_part(view, anchor, look, episodes, thing) for thing in THINGS)


def _path(view: View, series_id: str, day: date) -> tuple[np.ndarray, np.ndarray] | None:
    """(trading days from the close, changes since it); None where the series does not reach back."""
    series, entry = view.series(series_id), view.catalogue.series[series_id]
    at = int(series.index(np.array([day], dtype="datetime64[D]"))[0])
    if at < 0 or day > view.day:
        return None
    steps = np.arange(max(-BEFORE, -at), min(AFTER, len(series) - 1 - at) + 1)
    values, base = series.latest[at + steps], float(series.latest[at])
    if entry.behaves == "price":
        return steps, 100 * (values / base - 1)
    return steps, (values - base) * native(entry.behaves, entry.unit)[1]


def _part(
    view: View, anchor: date, look: Look, episodes: Sequence[Episode], thing: Thing
) -> Figure:
    name, who, what, words = thing.series, thing.who, thing.what, thing.words
    entry = view.catalogue.series[name]
    unit = native(entry.behaves, entry.unit)[0]
    before = [(e, path) for e in episodes if (path := _path(view, name, e.day)) is not None]
    own = _path(view, name, anchor)
    shown = [*(path for _, path in before), *([own] if own else [])]
    ticks = (
        (float(-BEFORE), f"{BEFORE} days\nbefore"),
        (0.0, "last close\nbefore"),
        (20.0, "+20"),
        (float(AFTER), f"+{AFTER}"),
    )
    plot = Plot(
        look,
        Axis(-BEFORE, AFTER, ticks),
        amounts(*ends([float(v) for _, y in shown for v in y], zero=True), unit),
        height=LOW,
    )
    plot.rules("nought", [{"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}], look.faint)
    plot.rules("eve", [{"x": 0.0, "x2": 0.0, "y": plot.y.low, "y2": plot.y.high}], look.ink)
    plot.lines("earlier", [(e.name, x, y) for e, (x, y) in before], look.pale)
    for i, (episode, (x, y)) in enumerate(before):
        plot.hover(
            f"hover{i}",
            x[::5],
            y[::5],
            [
                f"{episode.name}, {_days(int(d))}: {signed(float(v), unit)}"
                for d, v in zip(x[::5], y[::5], strict=True)
            ],
        )
    labels = [(float(y[-1]), e.name, look.soft, False) for e, (_, y) in before if len(y)]
    year = f"{anchor.year}"
    columns: dict[str, pd.Series] = {e.name: pd.Series(y, index=x) for e, (x, y) in before}
    title, alt_now = f"{who} before and after: not known yet", "The event is not yet in the data."
    colour = look.series(name)
    if own is not None:
        x, y = own
        plot.line("now", x, y, colour, width=HEAVY, key=year)
        plot.hover(
            "now-hover",
            x,
            y,
            [
                f"{year}, {_days(int(d))}: {signed(float(v), unit)}"
                for d, v in zip(x, y, strict=True)
            ],
        )
        last = int(x[-1])
        if last == AFTER:
            labels.append((float(y[-1]), year, colour, True))
        else:
            plot.text(
                "now-says",
                [{"x": float(last), "y": float(y[-1]), "text": year}],
                colour,
                dx=6,
                bold=True,
            )
        columns = {year: pd.Series(y, index=x), **columns}
        if last > 0:
            told = min(TOLD, last)
            change = float(y[x == told][0])
            title = f"{who} {moved(change, unit)} in {told} trading day{'s' if told > 1 else ''}"
            if thing.peak:
                change = float(y[(x > 0) & (x <= told)].max())
                title = f"{who} {moved(change, unit).replace(' by ', ' by up to ')}"
            alt_now = f"{'At most within' if thing.peak else 'After'} {told} trading days: {signed(change, unit)}; at the end of the line ({_days(last)}): {signed(float(y[-1]), unit)}."
    plot.beside("year", plot.x.high, labels, dx=6)
    told_before = "; ".join(
        f"{e.name} {signed(float(y[x == TOLD][0]), unit)}" for e, (x, y) in before if TOLD in x
    )
    alt = (
        f"Line chart of {what}, change since the last close before {day(anchor)}. {alt_now} "
        f"The same after {TOLD} trading days in earlier shocks: {told_before}."
    )
    table = pd.DataFrame(columns).rename_axis("trading days since the eve").reset_index()
    table.columns = [c if i == 0 else f"{c} (change, {words})" for i, c in enumerate(table.columns)]
    return Figure(
        key=key("premise", name, anchor, *episodes, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=f"{what}: change in {words} since the last close before. Pale: {listed([e.name for e, _ in before])}.",
        alt=alt,
        table=table,
        source=source_line(view, [name]),
    )


def _days(step: int) -> str:
    if step == 0:
        return "the last close before"
    return (
        f"{abs(step)} trading day{'s' if abs(step) > 1 else ''} {'after' if step > 0 else 'before'}"
    )
