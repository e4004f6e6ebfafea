"""What the pictures of facts share: the claim's band, a marked value, and the words around the plot."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from charts.drawing import PHONE, Align, Plot, Words
from charts.figure import STAGES, Figure, key, source_line
from charts.letters import width_of
from charts.scene import Scene
from charts.theme import LINE, SMALL, Look
from charts.values import headline
from evidence.observations import Floats, View
from evidence.quantity import amount, level
from evidence.wording import first_up, listed, outcome_sentence

WIDTHS = (PHONE, 560)
"""Pixels of plot at which a label has to be clear of the line."""
SHADED = {"range": "Shaded: what the claim says."}


def finish(
    plot: Plot,
    given: Scene,
    view: View,
    look: Look,
    reads: Sequence[str],
    subtitle: Mapping[str, str],
    more: str,
    table: pd.DataFrame,
) -> Figure:
    """The plot of a fact as a figure: its words from the trace, `more` added to what is said aloud.

    subtitle: what is drawn, by the stage from which it is drawn.
    """
    trace = given.trace
    whole = _by("verdict", subtitle)
    words = [f"{whole} {more}".strip(), outcome_sentence(trace)]
    if trace.statistic is None:
        words.append(plot.said())
    else:
        value, unit = float(trace.statistic.value), trace.statistic.unit
        bound = amount(float(trace.matters.at_least), unit)
        words.append(
            f"The statistic, {trace.statistic.label}, is {level(value, unit)}; the bar stands at {bound}."
        )
    alt = " ".join(filter(None, words))
    return Figure(
        key=key(trace.kind, trace, given.anchor, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=headline(trace),
        subtitle=whole,
        alt=alt,
        table=table,
        source=source_line(view, reads),
        steps=plot.steps(_steps(plot, given, view, reads, subtitle)),
    )


def _by(stage: str, subtitle: Mapping[str, str]) -> str:
    """What the subtitle says by a stage."""
    drawn = STAGES[: STAGES.index(stage) + 1]
    return " ".join(subtitle[name] for name in drawn if name in subtitle)


def _steps(
    plot: Plot, given: Scene, view: View, reads: Sequence[str], subtitle: Mapping[str, str]
) -> dict[str, Words]:
    """What is said before the verdict is drawn: the series, the days marked, and what the claim would have."""
    entries = [view.catalogue.series[name] for name in reads]
    what = first_up(entries[0].title if len(entries) == 1 else listed([e.short for e in entries]))
    aloud = f"{_by('series', subtitle)} {plot.said()}"
    words = {"series": Words(what, _by("series", subtitle), aloud)}
    if marked := plot.marked("event"):
        aloud = f"{aloud} A rule marks {listed(marked)}."
        title = f"{what}, before and after {listed(marked)}"
        words["event"] = Words(title, _by("event", subtitle), aloud)
    expected = given.trace.expected
    aloud = f"{aloud} {expected}"
    words["range"] = Words(expected.removesuffix("."), _by("range", subtitle), aloud)
    return words


def labelled(plot: Plot, name: str, at: float, y: float, text: str, colour: str) -> None:
    """A big dot, its label on top of the plot and a thin rule between them: so no label lies on a line."""
    plot.event(name, at, text, foot=y, colour=colour)
    plot.dots(f"{name}-dot", [{"x": at, "y": y, "tip": text}], colour, size=130, halo=True)


def claimed(
    plot: Plot, low: float | None, high: float | None, x: Floats, y: Floats, *, over: bool
) -> None:
    """The band that the claim names (open where None), its edges dashed, its label where the line is not.

    over: the claim's side lies above its edge.
    """
    look = plot.look
    left, right = plot.x.low, plot.x.high
    foot, top = plot.y.low if low is None else low, plot.y.high if high is None else high
    plot.block("claimed", [{"x": left, "x2": right, "y": foot, "y2": top}], look.band)
    edges = [{"x": left, "x2": right, "y": v, "y2": v} for v in (low, high) if v is not None]
    plot.rules("claimed-edges", edges, look.ink, width=LINE * 0.8, dash=[5, 3])
    edge = low if low is not None and (over or high is None) else high
    if edge is None:
        return
    text, side = "what the claim says", 1 if edge == low else -1
    sides: tuple[tuple[float, Align], ...] = ((left, "left"), (right, "right"))
    places = [
        (at, align, edge + plot.px(side * way * 10)) for way in (1, -1) for at, align in sides
    ]
    at, align, height = min(places, key=lambda place: _struck(plot, place, text, x, y))
    row = {"x": at, "y": height, "text": text}
    plot.text("claimed-says", [row], look.soft, align=align, dx=4 if align == "left" else -4)


def _struck(
    plot: Plot, place: tuple[float, Align, float], text: str, x: Floats, y: Floats
) -> float:
    """How much of a line runs through a label, over plots of some widths."""
    if not len(x):
        return 0.0
    at, align, height = place
    span, found = plot.x.high - plot.x.low, 0.0
    for width in WIDTHS:
        unit = span / width
        first = at + 4 * unit if align == "left" else at - (4 + width_of(text)) * unit
        places = np.linspace(first, first + width_of(text) * unit, 60)
        inside = (places >= x[0]) & (places <= x[-1])
        off = np.abs(np.interp(places[inside], x, y) - height)
        found += float((off < plot.px(SMALL * 0.75)).mean()) if inside.any() else 0.0
    return found
