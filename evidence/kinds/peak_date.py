"""`peak_date`: a series turned well before a date.

Statistic (a fact, no placebo): days from the highest value (predicts down: it then fell) in [`since`,
`frozen` or the as-of date] to `before`. Consistent at `matters.at_least` days or more. Not evaluable
until `before` is past.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence.catalogue import SeriesId
from evidence.days import day, day_month
from evidence.kinds.base import Fact, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount


class PeakDate(TestBase):
    """When a series turned, against a date."""

    kind: Literal["peak_date"]
    series: SeriesId
    since: date
    before: date
    frozen: date
    predicts: Predicts = Predicts(direction="down")

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _PeakDate:
    name = "peak_date"
    model = PeakDate
    label = "the date of a turn"
    example = "The dollar peaked around the start of the year."

    def expected(self, test: PeakDate) -> str:
        turn = "peak" if test.predicts.direction == "down" else "low"
        return f"the {turn} of {{series}} at least {{matters}} before {day(test.before)}"

    def unit(self, test: PeakDate, view: View) -> str:
        return "days"

    def find(self, test: PeakDate, view: View, anchor: date, until: date) -> Fact | NotYet:
        series = view.series(test.series)
        end = np.datetime64(min(until, test.frozen))
        inside = (series.periods >= np.datetime64(test.since)) & (series.periods <= end)
        days, values = series.periods[inside], series.latest[inside]
        if len(days) == 0 or days[-1] < np.datetime64(test.before):
            return NotYet(
                f"{view.catalogue.series[test.series].named} was not out to {day(test.before)} by then"
            )
        turn = int(np.argmin(test.predicts.sign * values))
        return Fact(
            value=float((np.datetime64(test.before) - days[turn]).astype(int)),
            low=test.matters.at_least.value,
            high=None,
            error=0.0,
            first=days[turn].astype(object),
            last=days[-1].astype(object),
            known=int(series.known[np.isin(series.owner, np.flatnonzero(inside))].max()),
            so_far=bool(until < test.frozen),
            details={"turn_on": str(days[turn]), "turn": float(values[turn])},
        )

    def seen(self, test: PeakDate, fact: Fact, unit: str) -> str:
        turn = "peaked" if test.predicts.direction == "down" else "was lowest"
        side = "before" if fact.value >= 0 else "after"
        return f"{{series}} {turn} on {day(fact.first)}, {amount(fact.value, 'days')} {side} {day_month(test.before)}"


KIND = _PeakDate()
