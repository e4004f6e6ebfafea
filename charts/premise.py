"""What stocks, Treasuries and the dollar did around the event, and around four shocks before it.

Changes are counted from the last close on or before the event's day, as the tests count them (the
tariffs were announced after the close of 2 April 2025), over trading days of each series.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from charts.drawing import Axis, Label, Plot, Words, amounts, ends
from charts.figure import Figure, key, source_line
from charts.theme import HEAVY, LOW, Look
from evidence.days import day
from evidence.kinds.change_after import native
from evidence.observations import View
from evidence.quantity import moved, signed
from evidence.wording import listed

BEFORE, AFTER = 20, 40
WIDTH = 1.4
"""Of the lines of earlier shocks: thinner than any other series."""
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


Path = tuple[np.ndarray, np.ndarray]
"""Trading days from the last close, and the change since it."""


def _path(view: View, series_id: str, day: date) -> Path | None:
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
    year = f"{anchor.year}"
    columns: dict[str, pd.Series] = {e.name: pd.Series(y, index=x) for e, (x, y) in before}
    with plot.stage("series"):
        nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
        plot.rules("nought", [nought], look.faint)
    with plot.stage("event"):
        eve = {"x": 0.0, "x2": 0.0, "y": plot.y.low, "y2": plot.y.high}
        plot.rules("eve", [eve], look.ink)
    with plot.stage("range"):
        plot.lines("earlier", [(e.name, x, y) for e, (x, y) in before], look.pale, width=WIDTH)
        for i, (episode, (x, y)) in enumerate(before):
            tips = [_tip(episode.name, int(d), float(v), unit) for d, v in zip(x, y, strict=True)]
            plot.hover(f"hover{i}", x[::5], y[::5], tips[::5])
    labels = [
        Label(float(y[-1]), e.name, look.soft, bold=False, stage="range") for e, (_, y) in before
    ]
    title, now = f"{who} before and after: not known yet", "The event is not yet in the data."
    if own is not None:
        columns = {year: pd.Series(own[1], index=own[0]), **columns}
        labels += _this_year(plot, year, own, unit, look.series(name))
        if own[0][-1] > 0:
            title, now = _told(plot, thing, own, unit, look.series(name))
    plot.beside("year", plot.x.high, labels, dx=6)
    told_before = "; ".join(
        f"{e.name} {signed(float(y[x == TOLD][0]), unit)}" for e, (x, y) in before if TOLD in x
    )
    begin = f"Line chart of {what}, change since the last close before {day(anchor)}."
    earlier = f"The same after {TOLD} trading days in earlier shocks: {told_before}."
    alt = f"{begin} {now} {earlier}"
    plain = f"{what}: change in {words} since the last close before."
    subtitle = f"{plain} Pale: {listed([e.name for e, _ in before])}."
    aloud = f"{begin} {plot.said()}"
    rule = f"{aloud} A rule marks that close."
    steps = {
        "series": Words(f"{who} in {year}", plain, aloud),
        "event": Words(f"{who} before and after {day(anchor)}", plain, rule),
        "range": Words(f"{who}, and what it did in earlier shocks", subtitle, f"{rule} {earlier}"),
    }
    table = pd.DataFrame(columns).rename_axis("trading days since the eve").reset_index()
    table.columns = [c if i == 0 else f"{c} (change, {words})" for i, c in enumerate(table.columns)]
    return Figure(
        key=key("premise", name, anchor, *episodes, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle=subtitle,
        alt=alt,
        table=table,
        source=source_line(view, [name]),
        steps=plot.steps(steps),
    )


def _this_year(plot: Plot, year: str, path: Path, unit: str, colour: str) -> list[Label]:
    """The year's own line; its label, where the line reaches the edge, to stand beside the others."""
    x, y = path
    tips = [_tip(year, int(d), float(v), unit) for d, v in zip(x, y, strict=True)]
    with plot.stage("series"):
        plot.line("now", x, y, colour, width=HEAVY, key=year)
        plot.hover("now-hover", x, y, tips)
        if x[-1] == AFTER:
            return [Label(float(y[-1]), year, colour, bold=True, stage="series")]
        row = {"x": float(x[-1]), "y": float(y[-1]), "text": year}
        plot.text("now-says", [row], colour, dx=6, bold=True)
    return []


def _told(plot: Plot, thing: Thing, path: Path, unit: str, colour: str) -> tuple[str, str]:
    """The number that the title tells, marked on the line: (title, the same with the line's end, to be read aloud)."""
    x, y = path
    last = int(x[-1])
    told = min(TOLD, last)
    within = np.flatnonzero((x > 0) & (x <= told))
    at = int(within[y[within].argmax()]) if thing.peak else int(within[-1])
    value = float(y[at])
    words = moved(value, unit)
    title = f"{thing.who} {words} in {told} trading day{'s' if told > 1 else ''}"
    if thing.peak:
        title = f"{thing.who} {words.replace(' by ', ' by up to ')}"
    with plot.stage("verdict"):
        spot = {"x": float(x[at]), "y": value}
        plot.dots("told", [{**spot, "tip": title}], colour, size=80, halo=True)
        row = {**spot, "text": signed(value, unit)}
        dy = 15 if value < 0 else -14
        plot.text("told-says", [row], colour, align="center", dy=dy, bold=True)
    when = "At most within" if thing.peak else "After"
    return title, (
        f"{when} {told} trading days: {signed(value, unit)}; at the end of the line "
        f"({_days(last)}): {signed(float(y[-1]), unit)}."
    )


def _tip(year: str, step: int, change: float, unit: str) -> str:
    return f"{year}, {_days(step)}: {signed(change, unit)}"


def _days(step: int) -> str:
    if step == 0:
        return "the last close before"
    return (
        f"{abs(step)} trading day{'s' if abs(step) > 1 else ''} {'after' if step > 0 else 'before'}"
    )
