"""Several levels laid over each other: each as its change since the anchor."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from charts.drawing import numbers
from evidence.calendar import Days
from evidence.observations import Floats, View


def since_anchor(
    view: View, named: Iterable[tuple[str, str]], anchor: date, low: float, high: float
) -> list[tuple[str, str, Days, Floats, Floats]]:
    """(id, label, periods, places, change since the last value on or before the anchor) of each series.

    `low` and `high` bound the places, in days since 1970. A series without a value by the anchor, or
    with none inside, is left out.
    """
    held = []
    for name, label in named:
        series = view.series(name)
        at = int(series.index(np.array([anchor], dtype="datetime64[D]"))[0])
        places = numbers(series.periods)
        keep = (places >= low) & (places <= high)
        if at >= 0 and keep.any():
            change = series.latest[keep] - series.latest[at]
            held.append((name, label, series.periods[keep], places[keep], change))
    return held
