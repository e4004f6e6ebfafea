"""`record`: a value beats everything that came before it, or falls short of that.

Statistic (a fact, no placebo): the value of day `on` less the best of all earlier ones (`of:
highest` or `lowest`), in the series' unit, positive where it is a record. `predicts: up` says that
it is one by at least `matters.at_least`; `predicts: down` that it falls short by at least that.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence import windows
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.kinds.base import Fact, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount, level


class Record(TestBase):
    """The observation of day `on`, against all before it."""

    kind: Literal["record"]
    series: SeriesId
    on: date
    of: Literal["highest", "lowest"] = "highest"
    predicts: Predicts

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _Record:
    name = "record"
    model = Record
    label = "distance from the earlier record"
    example = "The indirect share of the April auction stays short of the record."

    def expected(self, test: Record) -> str:
        side = "beyond" if test.predicts.direction == "up" else "short of"
        return f"{{series}} on {day(test.on)} to be at least {{matters}} {side} the {test.of} value before it"

    def unit(self, test: Record, view: View) -> str:
        own = view.catalogue.series[test.series].unit
        return "percentage points" if own == "percent" else own

    def find(self, test: Record, view: View, anchor: date, until: date) -> Fact | NotYet:
        series = view.series(test.series)
        here = np.flatnonzero(series.periods == np.datetime64(test.on))
        if len(here) == 0:
            return windows.not_out(view, test.series, test.on)
        at = int(here[0])
        if at == 0:
            return NotYet("there is nothing earlier to compare with")
        way = 1 if test.of == "highest" else -1
        values = way * series.latest
        best = int(values[:at].argmax())
        ahead = float(values[at] - values[best])
        return Fact(
            value=test.predicts.sign * ahead,
            low=test.matters.at_least.value,
            high=None,
            error=0.0,
            first=series.periods[0].astype(object),
            last=test.on,
            known=int(series.known[series.owner <= at].max()),
            sign=test.predicts.sign,
            details={
                "value": float(series.latest[at]),
                "best_before": float(series.latest[best]),
                "best_before_on": str(series.periods[best]),
                "compared": at,
                "ahead": ahead,
            },
        )

    def seen(self, test: Record, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        ahead = float(d["ahead"])
        own = "percent" if unit == "percentage points" else unit
        return (
            f"{{series}} was {level(float(d['value']), own)}; the {test.of} of {int(d['compared']):,} earlier values was "
            f"{level(float(d['best_before']), own)}, so this one is {amount(ahead, unit)} {'beyond' if ahead > 0 else 'short of'} it"
        )


KIND = _Record()
