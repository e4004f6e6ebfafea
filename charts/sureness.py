"""How sure somebody was of their predictions, against how many came out so: on the diagonal both fit."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from charts.drawing import Axis, Plot, plain
from charts.figure import Figure, key
from charts.theme import LINE, Look

LEAST, MOST = 48.0, 102.0
TICKS = (50, 60, 70, 80, 90, 100)
SHARES = (0, 25, 50, 75, 100)
SMALLEST, LARGEST = 50.0, 320.0
"""Sizes of dots, in square pixels: of one prediction, and of many."""


class Group(NamedTuple):
    """Predictions that were about as sure: how sure (mean, %), how many came out so (%), its interval, and how many were made."""

    sure: float
    share: float
    low: float
    high: float
    right: int
    made: int


def sureness(groups: Sequence[Group], title: str, look: Look) -> Figure:
    """A dot for each group, as large as it has predictions, with its 95 % interval, over the diagonal."""
    plot = Plot(
        look,
        Axis(LEAST, MOST, tuple((float(v), f"{v} %") for v in TICKS), "how sure you were"),
        Axis(-4.0, 104.0, tuple((float(v), f"{v} %") for v in SHARES), "came out as you said"),
        height=240,
    )
    plot.rules("fits", [{"x": 50.0, "x2": 100.0, "y": 50.0, "y2": 100.0}], look.soft, dash=[4, 3])
    plot.text("fits-says", [{"x": 52.0, "y": 62.0, "text": "as right as sure"}], look.soft)
    spans = [{"x": g.sure, "x2": g.sure, "y": g.low, "y2": g.high} for g in groups]
    plot.rules("spans", spans, look.primary, width=LINE)
    most = max(g.made for g in groups)
    for i, g in enumerate(groups):
        size = SMALLEST + (LARGEST - SMALLEST) * g.made / most
        says = f"{g.right} of {g.made}"
        spot = {"x": g.sure, "y": g.share, "tip": says}
        plot.dots(f"group{i}", [spot], look.primary, size=size, halo=True)
        plot.text(f"group{i}-says", [{"x": g.sure, "y": g.share, "text": says}], look.ink, dx=11)
    told = "; ".join(
        f"{plain(g.sure, 0)} % sure: {g.right} of {g.made} came out so" for g in groups
    )
    alt = f"{title} How sure against how right: {told}."
    return Figure(
        key=key("sureness", title, tuple(groups), look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=title,
        subtitle="A dot for predictions that were about as sure, with its 95 % interval. On the dashed line you are as right as you are sure.",
        alt=alt,
        table=pd.DataFrame(
            {
                "how sure (mean, %)": [g.sure for g in groups],
                "predictions": [g.made for g in groups],
                "came out as said": [g.right for g in groups],
                "lowest share (95 %)": [g.low for g in groups],
                "highest share (95 %)": [g.high for g in groups],
            }
        ),
        source="Your own record; nobody else has it.",
    )
