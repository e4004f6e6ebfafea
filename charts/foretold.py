"""A test before and after somebody said what they expect: nothing past the event, then their number beside the data.

The axis of the first is made from what is drawn: neither its ends nor its labels tell what came. A window may begin
after its event; what lies between is not drawn either, for it may answer another test of the same story.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from charts.drawing import Label, day_of, number
from charts.figure import Figure, key
from charts.general import looks_at
from charts.scene import Scene
from charts.theme import Look
from charts.values import unit_words
from charts.window import CONTENTS, Content, Shot, content, domain, figure, spans
from evidence.answer import sign_of
from evidence.days import day
from evidence.kinds.base import TestBase
from evidence.observations import View
from evidence.quantity import signed
from evidence.wording import first_up, listed

YOURS = "you said"


def drawable(kind: str) -> bool:
    """Whether tests of a kind have a window of their own, whose other side can be left empty."""
    return kind in CONTENTS


def asks(test: TestBase, given: Scene, view: View) -> tuple[date, date]:
    """The first and last day that a test asks about; a month is asked about from its first day on."""
    first, last = (day_of(place) for place in looks_at(test, given, view))
    monthly = view.catalogue.series[test.reads[0]].frequency == "monthly"
    return first.replace(day=1) if monthly else first, last


def blank(
    test: TestBase, given: Scene, view: View, look: Look, before: date | None = None
) -> Figure:
    """The picture up to the event, or to where the test's window begins, with what is usual.

    What would matter is left out: it lies on the side that the claim predicts, and that is asked.
    before: a day from which on nothing is drawn either.
    """
    shot, whole = content(test, given, view, look, spans(test, view), relative=False)
    begins = number(given.anchor) if whole.inside is None else whole.inside[0]
    at = min(begins, number(given.anchor))
    left = ""
    if before is not None and number(before) <= at:
        at, left = number(before) - 1, f" From {day(before)} on a later test asks."
    drawn = _until(whole, at)
    entries = [view.catalogue.series[name] for name in test.reads]
    title = f"{first_up(listed([e.named for e in entries]))}: what comes next?"
    alt = (
        f"{title} {listed([f'{e.title}, {unit_words(e)}' for e in entries])}, up to {day(day_of(at))}. "
        f"After that day the picture is empty until you have said what you expect.{left}"
    )
    made = figure(shot, drawn, domain([drawn]))
    return replace(
        made,
        key=key("blank", made.key, before),
        title=title,
        subtitle=f"{made.subtitle}{left}",
        alt=alt,
        spec={**made.spec, "description": alt},
        steps=(),
    )


def _until(whole: Content, at: float) -> Content:
    """The content without anything that came after a place."""
    known = [np.asarray(x) <= at for _, x, _, _ in whole.curves]
    known_rows = (
        np.array([bar[1] <= at for bar in whole.bars], dtype=bool)
        if whole.bars
        else whole.table[whole.table.columns[0]].astype(str) <= day_of(at).isoformat()
    )
    drawn = replace(
        whole,
        curves=[
            (name, x[k], y[k], colour)
            for (name, x, y, colour), k in zip(whole.curves, known, strict=True)
        ],
        tips=[
            [tip for tip, kept in zip(tips, k, strict=True) if kept]
            for tips, k in zip(whole.tips, known, strict=True)
        ],
        bars=[bar for bar in whole.bars if bar[1] <= at],
        firsts=[one for one in whole.firsts if one[1] <= at],
        means=[one for one in whole.means if one[0] != "verdict" and one[2] <= at],
        points=[],
        labels=[],
        tops=[],
        bar=None,
        until=None if whole.ribbon is None or whole.inside is None else whole.inside[1],
        table=whole.table[known_rows].reset_index(drop=True),
    )
    if whole.bars or whole.inside is None or whole.inside[0] <= at:
        return drawn
    # what is counted from the level at the window's beginning would tell that level, and so would legs drawn from it
    table = drawn.table.dropna(axis="columns", how="all")
    drawn = replace(drawn, level_line=None, ribbon=None, until=None, table=table)
    return replace(drawn, curves=[], tips=[]) if whole.unit == "sd" else drawn


def beside(test: TestBase, given: Scene, view: View, look: Look, expected: float) -> Figure:
    """The whole picture, and beside what was seen the number that was expected: a statistic in the data's sign."""
    shot, drawn = content(test, given, view, look, spans(test, view), relative=False)
    place = _place(drawn, shot, expected)
    if place is None or given.trace.statistic is None:
        return figure(shot, drawn, domain([drawn]))
    unit = given.trace.statistic.unit
    label = Label(place, f"{YOURS}: {signed(expected, unit)}", look.primary, bold=False)
    told = replace(drawn, foretold=place, labels=[*drawn.labels, label])
    made = figure(shot, told, domain([told]))
    alt = f"{made.alt} You expected {signed(expected, unit)}."
    return replace(
        made,
        key=key("beside", made.key, expected),
        alt=alt,
        spec={**made.spec, "description": alt},
        steps=(),
    )


def _place(drawn: Content, shot: Shot, value: float) -> float | None:
    """Where a statistic stands on the picture's axis: on the line through nought and what would matter."""
    ranked, window = shot.scene.ranked, shot.scene.trace.window
    if ranked is None or window is None or drawn.bar is None or not ranked.matters:
        return None
    step = sign_of(shot.test) * ranked.matters
    # of months a mean is drawn, so that a sum is shared among them
    nought = drawn.bar - step / window.published if drawn.level_line is None else drawn.level_line
    return nought + value * (drawn.bar - nought) / step
