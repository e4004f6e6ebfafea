"""The stories of one event, a row each: the sources that speak against it, for it, and those without an answer."""

import pandas as pd

from charts.drawing import Axis, Plot
from charts.figure import Figure, key
from charts.theme import SHAPES, Look
from evidence.days import day
from evidence.rivals import Rivals
from evidence.wording import DIRECTIONS, first_count, standing

ROW, MARK = 46, 17
"""Pixels: a row, a mark."""
OUTCOMES = (("inconsistent", "against"), ("consistent", "fits"), ("not_evaluable", "open"))
"""In the order of the marks: each with the field of a standing that counts it."""


def scorecard(found: Rivals, look: Look) -> Figure:
    """Ranked as the rivals are: whom the fewest sources speak against comes first."""
    rows = found.standings
    most = max(one.against + one.fits + one.open for one in rows)
    plot = Plot(
        look,
        Axis(0.4, max(most, 8) + 0.8, ()),
        Axis(0.2, len(rows) + 0.9, ()),
        height=ROW * len(rows),
    )
    drawn: dict[str, list[dict[str, object]]] = {name: [] for name, _ in OUTCOMES}
    for line, one in enumerate(rows):
        y, x = float(len(rows) - line), 1.0
        plot.text(
            f"title{line}", [{"x": 0.6, "y": y + 0.36, "text": one.title}], look.ink, bold=True
        )
        for name, field in OUTCOMES:
            for _ in range(getattr(one, field)):
                tip = f"{one.title}: {standing(one)}"
                drawn[name].append({"x": x, "y": y, "text": SHAPES[name], "tip": tip})
                x += 1
    for name, marks in drawn.items():
        plot.shapes(f"marks-{name}", marks, look.verdict(name), MARK)
    told = "; ".join(f"{one.title}: {standing(one)}" for one in rows)
    alt = f"The stories, with the sources that speak against each and for it. {told}."
    return Figure(
        key=key("scorecard", found, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=first_count(found),
        subtitle="A mark for each source: ✕ against the story, ● for it, ◌ without an answer. Only tests that tell stories apart count.",
        alt=alt,
        table=pd.DataFrame(
            [
                {
                    "story": one.title,
                    "against": one.against,
                    "for": one.fits,
                    "open": one.open,
                    "verdict": DIRECTIONS[one.direction],
                }
                for one in rows
            ]
        ),
        source=f"Flowcheck, from the tests of these stories, as known on {day(found.as_of)}.",
    )
