"""The releases to come on a line of time, the first with their names."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from charts.drawing import Axis, Plot, months, number
from charts.figure import Figure, key
from charts.theme import HEIGHT, Look
from evidence.days import day, day_month
from evidence.wording import first_up, listed

MOST = 6
"""Days that are drawn."""
LONGEST = 52
"""Letters of a label; a longer one says how many more there are."""


def agenda(today: date, due: Sequence[tuple[date, Sequence[str]]], look: Look) -> Figure:
    """`due`: days in order, each with the names of its releases."""
    shown = due[:MOST]
    first, last = number(today), number(shown[-1][0])
    room = max(last - first, 14.0)
    plot = Plot(
        look,
        months(first - 0.04 * room, last + 0.35 * room),
        Axis(0.4, len(shown) + 0.6, ()),
        height=HEIGHT,
    )
    middle = (plot.x.low + plot.x.high) / 2
    plot.event("today", first, day_month(today))
    for line, (on, names) in enumerate(shown):
        y, at = len(shown) - line, number(on)
        plot.rules(f"way-{line}", [{"x": first, "x2": at, "y": y, "y2": y}], look.grid)
        plot.dots(
            f"due-{line}",
            [{"x": at, "y": y, "tip": f"{day(on)}: {listed(names)}"}],
            look.primary,
            size=90,
        )
        plot.text(
            f"says-{line}",
            [{"x": at, "y": y, "text": f"{day_month(on)}\n{_short(names)}"}],
            look.ink,
            align="left" if at < middle else "right",
            dx=9 if at < middle else -9,
            dy=-7,
        )
    told = "; ".join(f"{day(on)}: {listed(names)}" for on, names in due)
    alt = f"Releases due after {day(today)}. {told}."
    return Figure(
        key=key("agenda", today, told, look.mode),
        spec=plot.spec(alt),
        frame=plot.frame(),
        title=f"The next release is due on {day(shown[0][0])}",
        subtitle="Releases that these questions wait for, on the days on which they are expected.",
        alt=alt,
        table=pd.DataFrame(
            [{"day": on.isoformat(), "releases": listed(names)} for on, names in due]
        ),
        source=f"The publishers’ release calendars, as known on {day(today)}.",
    )


def _short(names: Sequence[str]) -> str:
    """The first names that a label has room for."""
    kept = list(names)
    while len(kept) > 1 and len(listed(kept)) > LONGEST:
        kept.pop()
    more = len(names) - len(kept)
    return first_up(listed(kept)) + (f", {more} more" if more else "")
