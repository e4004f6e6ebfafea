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
from evidence.fields import about
from evidence.kinds.base import Details, Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount


class PeakDate(TestBase):
    """When a series turned, against a date."""

    kind: Literal["peak_date"] = about(
        "How long before a date a series turned.",
        good=["peak_date"],
        bad=[
            (
                "trough_date",
                "write `peak_date` with `predicts: {direction: up}`: it rose from then on",
            )
        ],
    )
    series: SeriesId = about(
        "The series that turned.",
        good=["fed.h10.broad_dollar"],
        bad=[("dollar", "an id is written with dots: `fed.h10.broad_dollar`")],
        lint=[
            ("fed.h10.dollar", "there is no such series; `python -m evidence series` lists them")
        ],
    )
    since: date = about(
        "From when on a turn is looked for.",
        good=["2024-10-01"],
        bad=[("October 2024", "year, month, day: `2024-10-01`")],
    )
    before: date = about(
        "The day before which it turned, by as many days as matter.",
        good=["2025-04-02"],
        bad=[("2 April 2025", "year, month, day: `2025-04-02`")],
        lint=[("2024-09-30", "it has to lie after `since`")],
    )
    frozen: date = about(
        "The day on which the claim was made: nothing later is read.",
        good=["2025-05-30"],
        bad=[("today", "a day: `2025-05-30`")],
        lint=[("2024-12-31", "it has to lie on or after `before`")],
    )
    predicts: Predicts = about(
        "Which way it went after the turn. down: it had peaked. up: it had been lowest.",
        good=[{"direction": "down"}],
        bad=[("peak", "write `{direction: down}`")],
        default=Predicts(direction="down"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _PeakDate(FactKind):
    name = "peak_date"
    model = PeakDate
    label = "the date of a turn"
    example = "The dollar peaked around the start of the year."
    ordered = (("since", "before", 1), ("before", "frozen", 0))

    def expected(self, test: PeakDate) -> str:
        turn = "peak" if test.predicts.direction == "down" else "low"
        return f"the {turn} of {{series}} at least {{matters}} before {day(test.before)}"

    def unit(self, test: PeakDate, view: View) -> str:
        return "days"

    def hopeless(self, test: PeakDate) -> str | None:
        least = test.matters.at_least.value
        if least > (test.before - test.since).days >= 0:
            return "`since` is nearer to `before` than that: this test cannot pass"
        if least <= (test.before - test.frozen).days <= 0:
            return "`frozen` is nearer to `before` than that: this test cannot fail"
        return None

    def told(self, value: float, unit: str, first: date, details: Details) -> str:
        return day(first)

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
