"""Pictures for tests that compare one value with a band: a record, a level, a turn, an onset, a likeness, a quote."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from charts import monthly
from charts.drawing import Axis, Plot, amounts, ends, months, number, numbers
from charts.figure import Figure
from charts.finish import SHADED, claimed, finish, labelled
from charts.scene import Draw, Scene
from charts.theme import HEAVY, HEIGHT, LINE, LOW, Look
from charts.values import unit_words, value_text
from evidence.catalogue import Series as Entry
from evidence.days import day, day_month, short_day
from evidence.kinds.record import compared, summed
from evidence.observations import View
from evidence.quantity import amount, level, signed

CONTRAST: Mapping[str, str] = {
    "ust.auction10y.indirect_share": "ust.auction10y.foreign_class_share",
}
"""What stands beside a series so that it is not taken for more than it is."""


def _values(view: View, series_id: str) -> tuple[np.ndarray, np.ndarray]:
    series = view.series(series_id)
    return numbers(series.periods), series.latest


def _record(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """All values of the series as dots, the one in question and the best before it marked; the contrast beside."""
    names = [
        test.series,
        *(
            [CONTRAST[test.series]]
            if test.series in CONTRAST and view.held(CONTRAST[test.series])
            else []
        ),
    ]
    held = [(name, *_values(view, name)) for name in names]
    if test.over or test.annualised:
        held[0] = (test.series, held[0][1], compared(test, view)[0])
    entry = view.catalogue.series[test.series]
    values = [float(v) for _, _, y in held for v in y]
    places = [float(v) for _, x, _ in held for v in x] or [number(given.anchor)]
    plot = Plot(
        look,
        months(min(places) - 90, max(*places, number(test.on)) + 120),
        amounts(*ends(values, zero=True), entry.unit),
        height=HEIGHT,
    )
    tables = []
    for i, (name, x, y) in enumerate(held):
        own = view.catalogue.series[name]
        colour = look.series(name) if i else look.pale
        tips = [
            f"{own.short}, {day(d.astype(object))}: {value_text(float(v), own)}"
            for d, v in zip(view.series(name).periods, y, strict=True)
        ]
        rows = [
            {"x": a, "y": b, "tip": t} for a, b, t in zip(x, y, tips, strict=True) if np.isfinite(b)
        ]
        with plot.stage("series"):
            plot.dots(f"all{i}", rows, colour, size=22, opacity=0.45 if i else 0.9)
        tables.append(
            pd.DataFrame(
                {
                    "date": view.series(name).periods.astype(str),
                    f"{own.title} ({unit_words(own)})": y,
                }
            )
        )
    more = []
    details = given.trace.details or {}
    if "value" in details:
        at, value = number(test.on), float(details["value"])
        best, best_on = (
            float(details["best_before"]),
            date.fromisoformat(str(details["best_before_on"])),
        )
        spot = {"x": number(best_on), "y": best}
        tip, says = (
            f"{day(best_on)}: {value_text(best, entry)}",
            f"before: {value_text(best, entry)}",
        )
        with plot.stage("range"):
            plot.dots("best", [{**spot, "tip": tip}], look.ink, size=70, hollow=True)
            plot.text("best-says", [{**spot, "text": says}], look.ink, align="right", dx=-8, dy=-8)
        with plot.stage("verdict"):
            text = f"{entry.short.split(', ')[-1]}: {value_text(value, entry)}"
            labelled(plot, "this", at, value, text, look.ink)
        more.append(
            f"{day(test.on)}: {value_text(value, entry)}; the {test.of} before it {value_text(best, entry)} on {day(best_on)}."
        )
        for i, (name, x, y) in enumerate(held[1:], start=1):
            here = np.flatnonzero(x == at)
            if len(here):
                own = view.catalogue.series[name]
                text = f"{own.short.split(', ')[-1]}: {value_text(float(y[here[0]]), own)}"
                with plot.stage("verdict"):
                    labelled(plot, f"contrast{i}", at, float(y[here[0]]), text, look.series(name))
                more.append(f"{own.title} that day: {value_text(float(y[here[0]]), own)}.")
    table = tables[0]
    for other in tables[1:]:
        table = table.merge(other, on="date", how="left")
    drawn = " ".join(
        f"{'Grey' if not i else 'In colour'}: {view.catalogue.series[n].title}{'' if i else summed(test)}, {unit_words(view.catalogue.series[n])}."
        for i, n in enumerate(names)
    )
    subtitle = {"series": drawn}
    if "value" in details:
        subtitle["range"] = f"Circle: the {test.of} before."
    return finish(plot, given, view, look, names, subtitle, " ".join(more), table)


def _level(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """The series with the claim's band, and the value on the day."""
    entry = view.catalogue.series[test.series]
    x, y = _values(view, test.series)
    low, high = _bounds(test)
    middle = number(test.on)
    near = np.abs(x - middle) <= 365 * (8 if entry.frequency in {"irregular", "monthly"} else 2)
    x, y, days = x[near], y[near], view.series(test.series).periods[near]
    inside = [float(v) for v in y] + [v for v in (low, high) if v is not None]
    span = (min([*x, middle]) - 20, max([*x, middle]) + 40)
    plot = Plot(
        look,
        months(*span),
        amounts(*ends(inside, zero=entry.behaves == "share"), entry.unit),
        height=HEIGHT,
    )
    with plot.stage("range"):
        claimed(plot, low, high, x, y, over=low is not None)
    tips = [
        f"{day(d.astype(object))}: {value_text(float(v), entry)}"
        for d, v in zip(days, y, strict=True)
    ]
    with plot.stage("series"):
        if entry.frequency == "irregular":
            rows = [{"x": a, "y": b, "tip": t} for a, b, t in zip(x, y, tips, strict=True)]
            plot.dots("all", rows, look.series(test.series), size=26, opacity=0.7)
        else:
            plot.line("all", x, y, look.series(test.series))
            plot.hover("all-hover", x, y, tips)
    if given.trace.outcome != "not_evaluable":
        here = float(
            view.series(test.series).latest[
                int(np.flatnonzero(view.series(test.series).periods == np.datetime64(test.on))[0])
            ]
        )
        with plot.stage("verdict"):
            text = f"{short_day(test.on)}: {value_text(here, entry)}"
            labelled(plot, "this", middle, here, text, look.ink)
    table = pd.DataFrame({"date": days.astype(str), f"{entry.title} ({unit_words(entry)})": y})
    return finish(
        plot,
        given,
        view,
        look,
        [test.series],
        {"series": f"{entry.title}: {unit_words(entry)}.", **SHADED},
        "",
        table,
    )


def _bounds(test: Any) -> tuple[float | None, float | None]:
    first = float(test.matters.at_least.value)
    second = float(test.matters.at_most.value) if test.matters.at_most else None
    return (first, second) if test.predicts.direction == "up" else (None, first)


def _turn(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """A series with its turn, the day that splits the move, and how much of it lies on each side."""
    entry = view.catalogue.series[test.series]
    split = test.split if hasattr(test, "split") else test.before
    end = min(view.day, test.frozen)
    x, y = _values(view, test.series)
    keep = (x >= number(test.since) - 45) & (x <= number(end))
    x, y, days = x[keep], y[keep], view.series(test.series).periods[keep]
    share = given.trace.kind == "share_before"
    details = given.trace.details or {}
    last = float(x[-1]) if len(x) else number(end)
    plot = Plot(
        look,
        months(number(test.since) - 45, max(last, number(split)) + 6),
        amounts(*ends(y, share=0.14), entry.unit),
        height=HEIGHT,
    )
    before = x <= number(split)
    colour = look.series(test.series)
    tips = [
        f"{day(d.astype(object))}: {value_text(float(v), entry)}"
        for d, v in zip(days, y, strict=True)
    ]
    with plot.stage("series"):
        plot.line("series", x, y, colour, width=LINE, opacity=0.75)
    with plot.stage("event"):
        plot.line("before", x[before], y[before], colour, width=HEAVY)
        plot.event("split", number(split), day(split))
    with plot.stage("series"):
        plot.hover("hover", x, y, tips)
    more = ""
    if "turn" in details:
        turn_on, turn = date.fromisoformat(str(details["turn_on"])), float(details["turn"])
        word = "peak" if test.predicts.direction == "down" else "low"
        says = f"{word}, {day_month(turn_on)}: {value_text(turn, entry)}"
        spot = {"x": number(turn_on), "y": turn}
        with plot.stage("verdict"):
            tip = f"{day(turn_on)}: {value_text(turn, entry)}"
            plot.dots("turn", [{**spot, "tip": tip}], look.ink, size=90, halo=True)
            dy = -13 if word == "peak" else 14
            row = {**spot, "text": says}
            plot.text("turn-says", [row], look.ink, align="center", dy=dy, bold=True)
        more = f"The {word} was {value_text(turn, entry)} on {day(turn_on)}."
        if given.trace.statistic is not None:
            with plot.stage("verdict"):
                if share:
                    more += _shares(plot, given, details, look, number(split), number(turn_on))
                else:
                    _gap(plot, given, look, (number(turn_on), turn), number(split))
    table = pd.DataFrame({"date": days.astype(str), f"{entry.title} ({unit_words(entry)})": y})
    until = days[-1].astype(object) if len(days) else end
    subtitle = {
        "series": f"{entry.title}: {unit_words(entry)}, {entry.frequency}, to {day(until)}.",
        "event": f"Heavy: before {day(split)}.",
    }
    return finish(plot, given, view, look, [test.series], subtitle, more, table)


def _gap(plot: Plot, given: Scene, look: Look, turn: tuple[float, float], split: float) -> None:
    """The days between the turn and the day, as a bracket at the foot."""
    assert given.trace.statistic is not None
    at = plot.y.low + 0.06 * (plot.y.high - plot.y.low)
    span = {"x": turn[0], "x2": split, "y": at, "y2": at}
    plot.rules("gap", [span], look.ink, width=LINE)
    end = {"x": turn[0], "x2": turn[0], "y": at, "y2": turn[1]}
    plot.rules("gap-end", [end], look.faint, dash=[2, 3])
    says = amount(float(given.trace.statistic.value), "days")
    row = {"x": (turn[0] + split) / 2, "y": at, "text": says}
    plot.text("gap-says", [row], look.ink, align="center", dy=-10, bold=True)


def _shares(
    plot: Plot,
    given: Scene,
    details: Mapping[str, float | int | str],
    look: Look,
    split: float,
    turn_at: float,
) -> str:
    """Two brackets at the right edge: how much of the move came before the day, and how much after."""
    assert given.trace.statistic is not None
    turn, middle, end = (float(details[k]) for k in ("turn", "at_split", "end"))
    edge, share = plot.x.high, float(given.trace.statistic.value)
    guides = [
        {"x": a, "x2": edge, "y": v, "y2": v}
        for a, v in ((turn_at, turn), (split, middle), (edge - 6, end))
    ]
    plot.rules("guides", guides, look.faint, dash=[2, 3])
    gap = plot.px(3) * (1 if turn > end else -1)
    for name, top, low, colour, text in (
        ("share-before", turn, middle, look.ink, f"{amount(share, 'percent')}\nbefore"),
        ("share-after", middle, end, look.soft, f"{amount(100 - share, 'percent')}\nafter"),
    ):
        plot.rules(
            name, [{"x": edge, "x2": edge, "y": top - gap, "y2": low + gap}], colour, width=HEAVY
        )
        plot.text(
            f"{name}-says",
            [{"x": edge, "y": (top + low) / 2, "text": text}],
            colour,
            dx=8,
            dy=-7.5,
            bold=True,
        )
    return f" {amount(share, 'percent')} of the move came before the day, {amount(100 - share, 'percent')} after."


def _onset(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """Monthly flows as bars, the size that counts as a line, the first month that reached it (or came nearest) in full colour."""
    entry = view.catalogue.series[test.series]
    low, high = number(test.since) - 100, number(test.until) + 40
    found = monthly.read(view, test.series, low, high)
    mark = test.predicts.sign * float(test.matters.at_least.value)
    plot = Plot(
        look,
        months(low - 25, high),
        amounts(
            *ends([m.value for m in found] + [m.first for m in found] + [mark], zero=True),
            entry.unit,
        ),
        height=HEIGHT,
    )
    colour = look.series(test.series)
    details = given.trace.details or {}
    first, began = str(details.get("month", "")), bool(details.get("began", 0))
    chosen = [m for m in found if f"{m.day:%Y-%m}" == first]
    with plot.stage("event"):
        plot.band("looked", number(test.since), number(test.until), look.band)
    with plot.stage("series"):
        plot.block("months", [_bar(m) for m in found], colour, opacity=0.45)
    with plot.stage("verdict"):
        own = [{**_bar(m), "tip": m.tip} for m in chosen]
        plot.block("first-month", own, colour, opacity=1.0 if began else 0.45)
    with plot.stage("series"):
        firsts = [{**_bar(m), "y": m.first, "y2": m.first, "tip": ""} for m in found if m.revised]
        plot.rules("first-prints", firsts, look.ink, width=LINE)
        nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
        plot.rules("nought", [nought], look.faint)
    with plot.stage("range"):
        bar = {"x": plot.x.low, "x2": plot.x.high, "y": mark, "y2": mark}
        plot.rules("bar", [bar], look.ink, dash=[5, 3], width=LINE)
        says = f"what would\nmatter:\n{signed(mark, entry.unit)}"
        # beside the plot: bars reach over the line on either side
        plot.beside("bar-says", plot.x.high, [(mark, says, look.ink, False)])
    with plot.stage("event"):
        plot.event("split", number(test.split), day(test.split))
    with plot.stage("verdict"):
        for m in chosen:
            says = f"{'' if began else 'nearest: '}{m.day:%B} {signed(m.value, entry.unit)}"
            row = {"x": (m.start + m.end) / 2, "y": m.value, "text": says}
            dy = 10 if m.value < 0 else -10
            plot.text("first-says", [row], look.ink, align="center", dy=dy, bold=True)
    table = pd.DataFrame(
        {
            "month": [f"{m.day:%Y-%m}" for m in found],
            f"{entry.title}, latest ({unit_words(entry)})": [m.value for m in found],
            f"first print ({unit_words(entry)})": [m.first for m in found],
        }
    )
    subtitle = {
        "series": f"{entry.title}: {unit_words(entry)} a month; short lines: first prints.",
        "event": "Shaded: where the test looks.",
        "range": "Dashed: what would matter.",
    }
    return finish(plot, given, view, look, [test.series], subtitle, "", table)


def _bar(month: monthly.Month) -> dict[str, Any]:
    return {
        "x": month.start + 3,
        "x2": month.end - 3,
        "y": 0.0,
        "y2": month.value,
        "tip": month.tip,
    }


def _tracks(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """The monthly changes of both series: lines that would move together if one stood in for the other."""
    names = (test.quick, test.slow)
    entries = [view.catalogue.series[name] for name in names]
    ending = np.datetime64(test.until, "M")
    changes = [_monthly_changes(view, name, ending, test.months) for name in names]
    common = np.intersect1d(changes[0][0], changes[1][0])
    lines = [(m, c[np.isin(m, common)]) for m, c in changes]
    places = numbers(common.astype("datetime64[D]"))
    values = [float(v) for _, c in lines for v in c]
    span = (
        (float(places[0]), float(places[-1]))
        if len(places)
        else (number(test.until) - 700, number(test.until))
    )
    plot = Plot(
        look,
        months(span[0] - 15, span[1] + 15),
        amounts(*ends(values, zero=True), entries[0].unit),
        height=HEIGHT,
    )
    with plot.stage("series"):
        nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
        plot.rules("nought", [nought], look.faint)
    colours = (
        look.ink,
        look.series(test.slow) if look.series(test.slow) != look.ink else look.private,
    )
    labels = []
    for i, (entry, (_, change), colour) in enumerate(zip(entries, lines, colours, strict=True)):
        tips = [
            f"{entry.short}, {m.astype(object):%B %Y}: {signed(float(v), entry.unit)}"
            for m, v in zip(common, change, strict=True)
        ]
        with plot.stage("series"):
            plot.line(f"series{i}", places, change, colour, width=HEAVY if i == 0 else LINE)
            plot.hover(f"hover{i}", places, change, tips)
        if len(change):
            labels.append((float(change[-1]), "\n".join(wrapped(entry.short, 16)), colour, True))
    with plot.stage("series"):
        plot.beside("label", plot.x.high, labels)
    table = pd.DataFrame(
        {
            "month": [str(m)[:7] for m in common],
            **{
                f"change in {e.title} ({unit_words(e)})": c
                for e, (_, c) in zip(entries, lines, strict=True)
            },
        }
    )
    subtitle = {
        "series": f"Change over each month, {unit_words(entries[0])}: {entries[0].title}; {entries[1].title}."
    }
    return finish(plot, given, view, look, names, subtitle, "", table)


def wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _monthly_changes(
    view: View, name: str, until: np.datetime64, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """(months, change from the month before) of the last value in each month, for the last months by `until`."""
    series = view.series(name)
    labels = series.periods.astype("datetime64[M]")
    last = np.append(labels[1:] != labels[:-1], True) if len(labels) else np.zeros(0, bool)
    held, values = labels[last], series.latest[last]
    keep = held <= until
    held, values = held[keep][-1 - most :], values[keep][-1 - most :]
    steady = np.diff(held) == np.timedelta64(1, "M") if len(held) > 1 else np.zeros(0, bool)
    return held[1:][steady], np.diff(values)[steady]


def _quoted(test: Any, given: Scene, view: View, look: Look) -> Figure:
    """The printed figures as labelled dots, in the order in which the claim reads them, and what would matter."""
    names = [name for name in reversed(test.reads) if view.held(name) and len(view.series(name))]
    rows = [
        (view.catalogue.series[n], *found)
        for n in names
        if (found := _printed(view, n, test.on)) is not None
    ]
    base = rows[0][1] if len(rows) > 1 else 0.0
    bar = base + test.predicts.sign * float(test.matters.at_least.value)
    unit = view.catalogue.series[test.figure].unit
    ticks = tuple(
        (float(i), "\n".join(wrapped(entry.short, 14))) for i, (entry, _, _) in enumerate(rows)
    )
    plot = Plot(
        look,
        Axis(-0.6, max(len(rows), 1) - 0.4, ticks),
        amounts(*ends([v for _, v, _ in rows] + [bar, base], share=0.25), unit),
        height=LOW,
    )
    with plot.stage("series"):
        if plot.y.low < 0 < plot.y.high:
            nought = {"x": plot.x.low, "x2": plot.x.high, "y": 0.0, "y2": 0.0}
            plot.rules("nought", [nought], look.faint)
        _figures(plot, rows, look, unit)
    if rows:
        says = f"what would matter:\n{level(bar, unit)}"
        with plot.stage("verdict"):
            line = {"x": plot.x.low, "x2": plot.x.high, "y": bar, "y2": bar}
            plot.rules("bar", [line], look.ink, width=LINE, dash=[5, 3])
            plot.beside("bar-says", plot.x.high, [(bar, says, look.ink, False)])
    table = pd.DataFrame(
        {
            "figure": [e.title for e, _, _ in rows],
            f"value ({unit})": [v for _, v, _ in rows],
            "printed for": [d.isoformat() for _, _, d in rows],
        }
    )
    more = " ".join(f"{e.title}: {level(v, unit)}." for e, v, _ in rows)
    return finish(
        plot,
        given,
        view,
        look,
        test.reads,
        {
            "series": f"Figures known only from print, {unit_words(view.catalogue.series[test.figure])}.",
            "verdict": "Dashed: what would matter.",
        },
        more,
        table,
    )


def _figures(plot: Plot, rows: list[tuple[Entry, float, date]], look: Look, unit: str) -> None:
    """Dots with their values; a single one stands on a stem from nought, several are joined."""
    if not rows:
        row = {"x": 0.0, "y": (plot.y.low + plot.y.high) / 2, "text": "nothing in print by then"}
        plot.text("none", [row], look.soft, align="center")
        return
    spots = [{"x": float(i), "y": value} for i, (_, value, _) in enumerate(rows)]
    if len(rows) == 1:
        plot.rules("move", [{**spots[0], "y2": 0.0}], look.ink, width=HEAVY)
    else:
        plot.line("move", [s["x"] for s in spots], [s["y"] for s in spots], look.ink, width=LINE)
    tips = [f"{entry.title}: {level(v, unit)}, printed for {day(on)}" for entry, v, on in rows]
    told = [{**spot, "tip": tip} for spot, tip in zip(spots, tips, strict=True)]
    plot.dots("figures", told, look.ink, size=120, halo=True)
    top = max(value for _, value, _ in rows)
    for i, (_, value, _) in enumerate(rows):
        over = value >= 0 if len(rows) == 1 else value == top
        row = {**spots[i], "text": level(value, unit)}
        dy = -15 if over else 16
        plot.text(f"figure{i}-says", [row], look.ink, align="center", dy=dy, bold=True)


def _printed(view: View, name: str, on: date | None) -> tuple[float, date] | None:
    """A printed figure and the day it stands for: the one of `on`, or the newest."""
    series = view.series(name)
    at = (
        len(series) - 1
        if on is None
        else int(series.index(np.array([on], dtype="datetime64[D]"))[0])
    )
    if at < 0 or (on is not None and series.periods[at] != np.datetime64(on)):
        return None
    return float(series.latest[at]), series.periods[at].astype(object)


DRAWS: Mapping[str, Draw] = {
    "record": _record,
    "level": _level,
    "share_before": _turn,
    "peak_date": _turn,
    "onset": _onset,
    "tracks": _tracks,
    "quoted": _quoted,
}
