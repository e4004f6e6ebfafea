"""`record`: a value beats everything that came before it, or falls short of that.

Statistic (a fact, no placebo): the value of day `on` less the best of all earlier ones (`of:
highest` or `lowest`), in the series' unit, positive where it is a record. `predicts: up` says that
it is one by at least `matters.at_least`; `predicts: down` that it falls short by at least that. With
`over` sums of that many months are compared instead of single values, with those that had ended
before this one began; with `annualised` each is multiplied by 12 over its months. Error: how far such
a value is usually revised.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence import windows
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds import sums
from evidence.kinds.base import Details, Fact, FactKind, NotYet, Predicts, Span, TestBase
from evidence.observations import Floats, View
from evidence.quantity import amount, level
from evidence.revisions import revision_error


class Record(TestBase):
    """The observation of day `on`, against all before it."""

    kind: Literal["record"] = about(
        "By how much a value beats everything before it, or falls short of that.",
        good=["record"],
        bad=[("highest", "the kind is called `record`; which one stands in `of`")],
    )
    series: SeriesId = about(
        "The series whose value is held against its past.",
        good=["bea.trade_balance", "ust.auction10y.indirect_share"],
        bad=[("deficit", "an id is written with dots: `bea.trade_balance`")],
        lint=[("bea.deficit", "there is no such series; `python -m evidence series` lists them")],
    )
    on: date = about(
        "The last day of the period that is held against the earlier ones.",
        good=["2025-03-31"],
        bad=[("March 2025", "year, month, day: `2025-03-31`")],
    )
    of: Literal["highest", "lowest"] = about(
        "Which record: the highest value so far, or the lowest (a deficit's largest).",
        good=["highest", "lowest"],
        bad=[("largest", "`highest` or `lowest`, in the series' own sign")],
        default="highest",
    )
    over: Span | None = about(
        "Compares sums of that many months instead of single values. It takes a flow.",
        good=["12 months"],
        bad=[("a year", "a span: `12 months`")],
        lint=[("4 weeks", "sums are over whole months")],
        default=None,
    )
    annualised: bool = about(
        "Multiplies each sum by 12 over its months.",
        good=[True, False],
        bad=[("yes", "`yes` is a text here: write `true`")],
        default=False,
    )
    predicts: Predicts = about(
        "up: it is a record, by at least what matters. down: it falls short by at least that.",
        good=[{"direction": "down"}],
        bad=[("record", "write `{direction: up}`")],
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


def compared(test: Record, view: View) -> tuple[Floats, int, float]:
    """(what is compared at every period of the series, (n,), its periods, how far it is usually revised).

    NaN where a sum's months are not all there.
    """
    series, frequency = view.series(test.series), view.catalogue.series[test.series].frequency
    if test.over is None and not test.annualised:
        return series.latest, 1, revision_error(series)
    count = sums.observations(test.over, frequency) if test.over else 1
    factor = sums.per_year(frequency, count) if test.annualised else 1.0
    values = sums.rolling(series.periods, series.latest, frequency, count)
    return factor * values, count, factor * sums.sum_error(series, frequency, count)


class _Record(FactKind):
    name = "record"
    model = Record
    label = "distance from the earlier record"
    example = "The indirect share of the April auction stays short of the record."
    sums_over = ("over",)
    period_ends = ("on",)

    def expected(self, test: Record) -> str:
        side = "beyond" if test.predicts.direction == "up" else "short of"
        return f"{{series}}{summed(test)} on {day(test.on)} to be at least {{matters}} {side} the {test.of} value before it"

    def unit(self, test: Record, view: View) -> str:
        own = view.catalogue.series[test.series].unit
        return "percentage points" if own == "percent" else own

    def summed(self, test: Record) -> str | None:
        return "series" if test.over or test.annualised else None

    def stands_at(self, unit: str, details: Details) -> tuple[float, str]:
        return float(details["value"]), "percent" if unit == "percentage points" else unit

    def find(self, test: Record, view: View, anchor: date, until: date) -> Fact | NotYet:
        series = view.series(test.series)
        here = np.flatnonzero(series.periods == np.datetime64(test.on))
        if len(here) == 0:
            return windows.not_out(view, test.series, test.on)
        at = int(here[0])
        values, count, error = compared(test, view)
        if np.isnan(values[at]):
            return NotYet(f"not all of {test.over} to {day(test.on)} were out by then")
        earlier = np.flatnonzero(~np.isnan(values[: max(at - count + 1, 0)]))
        if len(earlier) == 0:
            return NotYet("there is nothing earlier to compare with")
        way = 1 if test.of == "highest" else -1
        best = int(earlier[(way * values[earlier]).argmax()])
        ahead = float(way * (values[at] - values[best]))
        return Fact(
            value=test.predicts.sign * ahead,
            low=test.matters.at_least.value,
            high=None,
            error=error,
            first=series.periods[0].astype(object),
            last=test.on,
            known=int(series.known[series.owner <= at].max()),
            sign=test.predicts.sign,
            details={
                "value": float(values[at]),
                "best_before": float(values[best]),
                "best_before_on": str(series.periods[best]),
                "compared": len(earlier),
                "ahead": ahead,
            },
        )

    def seen(self, test: Record, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        ahead = float(d["ahead"])
        own = "percent" if unit == "percentage points" else unit
        return (
            f"{{series}}{summed(test)} was {level(float(d['value']), own)}; the {test.of} of {int(d['compared']):,} earlier {'sums' if test.over else 'values'} was "
            f"{level(float(d['best_before']), own)}, so this one is {amount(ahead, unit)} {'beyond' if ahead > 0 else 'short of'} it"
        )


def summed(test: Record) -> str:
    """What is compared, where it is not single values: ` over 12 months at an annual rate`."""
    over = f" over {test.over}" if test.over else ""
    return f"{over}{' at an annual rate' if test.annualised else ''}"


KIND = _Record()
