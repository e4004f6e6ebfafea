"""The figures of a printed note, a mark for each, in rows by what became of them."""

import pandas as pd

from charts.drawing import Axis, Plot
from charts.figure import Figure, key
from charts.theme import LOW, SHAPES, Look
from evidence.audit import STATUSES, Audit, Status, summary
from evidence.days import day
from evidence.trace import Direction

MARKS: dict[Status, Direction] = {
    "not_reproduced": "contradicted",
    "reproduced_under_another_definition": "mixed",
    "reproduced": "supported",
    "not_checkable": "insufficient_data",
}
"""The verdict of which each status has the shape and the colour."""
MARK = 20
"""Pixels of a mark."""
ROOM = 3.0
"""Rows are this many marks wide at least, so that few marks do not stand far apart."""


def tally(made: Audit, look: Look) -> Figure:
    """One row for each status: its count in words, and a mark for each figure with its title under the pointer."""
    most = max(made.count(status) for status in STATUSES)
    plot = Plot(
        look,
        Axis(0.2, max(most, ROOM) + 0.8, ()),
        Axis(0.3, len(STATUSES) + 0.8, ()),
        height=LOW,
    )
    for line, (status, words) in enumerate(STATUSES.items()):
        y, own = len(STATUSES) - line, [f for f in made.figures if f.status == status]
        colour = look.verdict(MARKS[status])
        plot.text(
            f"says-{status}",
            [{"x": 0.6, "y": y + 0.42, "text": f"{len(own)} {words.lower()}"}],
            look.ink,
            bold=True,
        )
        rows = [{"x": n + 1.0, "y": y, "tip": f.title} for n, f in enumerate(own)]
        marks = [{**row, "text": SHAPES[MARKS[status]]} for row in rows]
        plot.shapes(f"marks-{status}", marks, colour, MARK)
    alt = f"{summary(made)} " + " ".join(
        f"{words}: {'; '.join(f.title for f in made.figures if f.status == status) or 'none'}."
        for status, words in STATUSES.items()
    )
    return Figure(
        key=key("tally", made, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=summary(made),
        subtitle="A mark for each figure or statement that the note prints.",
        alt=alt,
        table=pd.DataFrame(
            [
                {
                    "figure": f.title,
                    "printed": f.printed,
                    "recomputed": f.recomputed or "",
                    "status": STATUSES[f.status],
                }
                for f in made.figures
            ]
        ),
        source=f"Recomputed from open data as known on {day(made.then)} and on {day(made.today)}.",
    )
