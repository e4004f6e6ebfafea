"""The note's first figure from open data: what foreigners bought month by month, early in 2025.

The note draws weekly flows of foreign money into US funds, which are not public. The Treasury's survey
counts all foreigners, private and official, by the month. Each month stands here twice: as it was first
printed, and as it is known by the reader's day. Weekly figures that were printed are drawn as points.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from charts import monthly
from charts.drawing import Plot, amounts, ends, months, number, numbers
from charts.figure import Figure, key, source_line
from charts.flows import HOLDERS, NAMES, Asset
from charts.theme import HEIGHT, Look
from charts.values import unit_words
from evidence.days import day, short_day
from evidence.narrative import EventMark
from evidence.observations import View
from evidence.quantity import signed
from evidence.wording import first_up, listed

STORIES = (
    "private-outflows-began-before",
    "inflows-stalled-after-deepseek",
    "outflows-after-german-fiscal-shift",
)
"""The stories for which the note draws this figure."""
BEFORE, AFTER = timedelta(days=190), timedelta(days=150)
"""How much is drawn on each side of the event: from the months of record inflows to those after the sale."""
QUOTED: Mapping[Asset, tuple[str, ...]] = {
    "equities": ("quoted.lseg.us_equity_funds",),
    "bonds_notes": (),
}
"""Weekly figures known from print: funds that hold US stocks, whoever owns the funds."""
NOTE = (
    "quoted.note.equity_outflow_after_german_shift",
    "quoted.note.equity_outflow_second_week_of_april",
)
"""What the note prints of its own weekly figure, without the days."""
WANTED = "flows.foreign_us_equity_funds"
"""The series of the catalogue that would redraw the note's figure as it is."""


def flows(
    view: View, look: Look, asset: Asset, event: date, marks: Sequence[EventMark] = ()
) -> Figure:
    """Private and official purchases of one asset by month, first print beside latest, with quoted weeks."""
    low, high = number(event - BEFORE), number(event + AFTER)
    series = {holder: f"tic.net.{holder}_{asset}" for holder in HOLDERS}
    found = {holder: monthly.read(view, name, low, high) for holder, name in series.items()}
    weeks = _weeks(view, asset, low, high)
    every = [v for held in found.values() for m in held for v in (m.value, m.first)]
    entry = view.catalogue.series[series["private"]]
    plot = Plot(
        look,
        months(low, high),
        amounts(*ends([*every, *(v for _, v, _ in weeks)], zero=True), entry.unit),
        height=HEIGHT,
    )
    plot.rules("nought", [{"x": low, "x2": high, "y": 0.0, "y2": 0.0}], look.faint)
    labels = []
    for place, holder in enumerate(HOLDERS):
        colour = look.private if holder == "private" else look.official
        latest, first = [], []
        for m in found[holder]:
            half = (m.end - m.start - 4) / 2
            start = m.start + 2 + place * half
            middle = start + (half - 1) / 2
            bar = {"y": 0.0, "tip": m.tip}
            first.append({**bar, "x": start, "x2": middle, "y2": m.first})
            latest.append({**bar, "x": middle, "x2": start + half - 1, "y2": m.value})
        plot.block(f"{holder}-first", first, colour, opacity=0.42)
        plot.block(f"{holder}-latest", latest, colour)
        if found[holder]:
            labels.append((found[holder][-1].value, holder, colour, True))
    rows = [
        {"x": float(x), "y": v, "tip": tip}
        for x, (_, v, tip) in zip([number(on) for on, _, _ in weeks], weeks, strict=True)
    ]
    plot.dots("quoted", rows, look.ink, size=55, hollow=True)
    if rows:
        lowest = min(rows, key=lambda row: float(str(row["y"])))
        place_of = [{"x": lowest["x"], "y": lowest["y"], "text": "quoted weeks"}]
        plot.text("quoted-says", place_of, look.ink, dx=7, dy=8)
    plot.events([(f"mark{i}", number(m.on), m.name, m.on == event) for i, m in enumerate(marks)])
    plot.beside("holder", plot.x.high, labels, dx=6)
    weekly = (
        " Circles: flows of US equity funds in single weeks, quoted from print." if rows else ""
    )
    subtitle = (
        f"Foreigners’ net purchases of {NAMES[asset]}, {unit_words(entry)} a month: pale as first printed, full as known now."
        f"{weekly}"
    )
    told = [_said(holder, held, entry.unit) for holder, held in found.items()]
    alt = " ".join(["Bar chart.", subtitle, *told, *(f"{tip}." for _, _, tip in weeks)])
    quoted = [name for name in QUOTED[asset] if rows]
    return Figure(
        key=key("note-flows", asset, event, *marks, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=_title(found, asset, event),
        subtitle=subtitle,
        alt=alt,
        table=_table(found, weeks),
        source=source_line(view, [*series.values(), *quoted]),
    )


def _weeks(view: View, asset: Asset, low: float, high: float) -> list[tuple[date, float, str]]:
    """(last day, flow, words) of each week that was printed."""
    found = []
    for name in QUOTED[asset]:
        held, entry = view.series(name), view.catalogue.series[name]
        for on, at, value in zip(held.periods, numbers(held.periods), held.latest, strict=True):
            if low <= at <= high:
                last = on.astype(object)
                words = f"{entry.short}, week to {day(last)}, quoted: {signed(float(value), entry.unit)}"
                found.append((last, float(value), words))
    return found


def _title(found: Mapping[str, Sequence[monthly.Month]], asset: Asset, event: date) -> str:
    """The months of net sales, which is what the note's figure is about."""
    sold = {holder: [m for m in held if m.value < 0] for holder, held in found.items()}
    if not any(found.values()):
        return f"Purchases of {NAMES[asset]} by foreigners: not known yet"
    early = [m for m in sold["private"] if m.day < event]
    private = sold["private"]
    last = max(m.day for held in found.values() for m in held)
    when = f"to {last:%B %Y}"
    if not private:
        return f"Private foreigners bought {NAMES[asset]} on balance in every month shown {when}"
    named = listed([f"{m.day:%B %Y}" for m in private])
    before = "" if early else ", none of them before the event" if len(private) > 1 else ""
    return f"Private foreigners sold {NAMES[asset]} on balance in {named}{before}"


def _said(holder: str, held: Sequence[monthly.Month], unit: str) -> str:
    if not held:
        return f"{first_up(holder)}: nothing was out."
    told = [
        f"{m.day:%B %Y} {signed(m.value, unit)}"
        + (f" (first print {signed(m.first, unit)})" if m.revised else "")
        for m in held
    ]
    return f"{first_up(holder)}: {'; '.join(told)}."


def _table(
    found: Mapping[str, Sequence[monthly.Month]], weeks: Sequence[tuple[date, float, str]]
) -> pd.DataFrame:
    rows = [
        {
            "period": f"{m.day:%Y-%m}",
            "who": f"{holder} foreigners",
            "first print ($ bn)": m.first,
            "latest ($ bn)": m.value,
        }
        for holder, held in found.items()
        for m in held
    ]
    rows += [
        {
            "period": f"week to {on.isoformat()}",
            "who": "US equity funds, whoever owns them (quoted)",
            "first print ($ bn)": value,
            "latest ($ bn)": value,
        }
        for on, value, _ in weeks
    ]
    return pd.DataFrame(rows, columns=["period", "who", "first print ($ bn)", "latest ($ bn)"])


def quoted(view: View) -> str:
    """What the note prints of its own weekly figure; empty before it was known."""
    held = [view.series(name) for name in NOTE]
    if not all(len(series) for series in held):
        return ""
    after, second = (float(series.latest[-1]) for series in held)
    unit = view.catalogue.series[NOTE[0]].unit
    on = held[0].periods[-1].astype(object)
    return (
        f"The note ({short_day(on)}) prints two weeks of its own figure: {signed(-after, unit)} after Germany’s announcement and "
        f"{signed(-second, unit)} in the second week of April, foreign flows of exchange-traded funds that hold US stocks. "
        "It does not print the days."
    )


def slot(view: View) -> str:
    """What a reader can bring to redraw the note's figure as it is."""
    entry = view.catalogue.series[WANTED]
    terms = entry.terms.replace("`", "")
    return (
        f"To see the note’s own weekly figure, bring the series {WANTED} ({entry.title}). {terms}"
    )
