"""What the pictures of facts share: a marked value, and the words around the plot."""

from collections.abc import Sequence

import pandas as pd

from charts.drawing import Align, Plot, width_of
from charts.figure import Figure, key, source_line
from charts.scene import Scene
from charts.theme import Look
from charts.values import headline
from evidence.observations import View
from evidence.quantity import amount, level
from evidence.wording import outcome_sentence


def finish(
    plot: Plot,
    given: Scene,
    view: View,
    look: Look,
    reads: Sequence[str],
    subtitle: str,
    more: str,
    table: pd.DataFrame,
) -> Figure:
    """The plot of a fact as a figure: its words from the trace, `more` added to what is said aloud."""
    trace = given.trace
    words = [f"{subtitle} {more}".strip(), outcome_sentence(trace)]
    if trace.statistic is not None:
        value, unit = float(trace.statistic.value), trace.statistic.unit
        bound = amount(float(trace.matters.at_least), unit)
        words.append(
            f"The statistic, {trace.statistic.label}, is {level(value, unit)}; the bar stands at {bound}."
        )
    alt = " ".join(words)
    return Figure(
        key=key(trace.kind, trace, given.anchor, view.day, view.snapshot, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=headline(trace),
        subtitle=subtitle,
        alt=alt,
        table=table,
        source=source_line(view, reads),
    )


def _side(plot: Plot, at: float, text: str) -> Align:
    """On which side of a point its label has room on a phone."""
    share = (at - plot.x.low) / (plot.x.high - plot.x.low)
    need = width_of(text) / 290
    return "left" if share + need < 1 else "right" if share > need else "center"


def labelled(
    plot: Plot,
    name: str,
    at: float,
    y: float,
    text: str,
    colour: str,
    *,
    size: float = 130,
    over: bool = True,
) -> None:
    """A big dot with its label beside or above it."""
    align = _side(plot, at, text)
    plot.dots(
        name, [{"x": at, "y": y, "tip": text.replace("\n", " ")}], colour, size=size, halo=True
    )
    lines = text.count("\n")
    dx = 9 if align == "left" else -9 if align == "right" else 0
    dy = (-16 if over else 16) - lines * 15 if align == "center" else -lines * 7.5
    plot.text(
        f"{name}-says",
        [{"x": at, "y": y, "text": text}],
        colour,
        align=align,
        dx=dx,
        dy=dy,
        bold=True,
    )
