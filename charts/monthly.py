"""Months of a flow, as known in a view: the latest figure and the first print of each."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from charts.drawing import number
from evidence.observations import View
from evidence.quantity import signed

DIFFERS = 0.05
"""From how many USD bn on a revision is worth a mark."""


@dataclass(frozen=True)
class Month:
    """One month: its ends on the time axis, its latest and first value, and its words."""

    day: date
    start: float
    end: float
    value: float
    first: float
    tip: str

    @property
    def revised(self) -> bool:
        """Whether the first print was another figure."""
        return abs(self.first - self.value) > DIFFERS


def read(view: View, series_id: str, low: float, high: float) -> list[Month]:
    """The months of a series that lie between two places on the time axis."""
    entry, series = view.catalogue.series[series_id], view.series(series_id)
    found = []
    firsts = series.values[series.first] if len(series) else series.values
    for period, value, first in zip(series.periods, series.latest, firsts, strict=True):
        start, end = number(np.datetime64(period, "M").astype("datetime64[D]")), number(period)
        if low <= start and end <= high:
            day = period.astype(object)
            tip = f"{entry.short}, {day:%B %Y}: {signed(float(value), entry.unit)}"
            if abs(first - value) > DIFFERS:
                tip += f" (first print {signed(float(first), entry.unit)})"
            found.append(Month(day, start, end + 1, float(value), float(first), tip))
    return found
