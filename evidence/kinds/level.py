"""`level`: a value on a day lies inside the band that the claim names.

Statistic (a fact, no placebo): the series' value on `on`, in its unit. Consistent inside
[`matters.at_least`, `matters.at_most`]; outside by more than two revision deviations inconsistent.
With `predicts: down` the claim is that the value is at most `matters.at_least`.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence import windows
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds.base import Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import level
from evidence.revisions import revision_error


class Level(TestBase):
    """One value on one day."""

    kind: Literal["level"] = about(
        "Whether a value on one day is as high, or as low, as the claim has it.",
        good=["level"],
        bad=[("level_on", "the kind is called `level`; the day stands in `on`")],
    )
    series: SeriesId = about(
        "The series whose value is read.",
        good=["ust.auction10y.foreign_class_share"],
        bad=[("auction", "an id is written with dots: `ust.auction10y.foreign_class_share`")],
        lint=[
            (
                "ust.auction10y.foreign_share",
                "there is no such series; `python -m evidence series` lists them",
            )
        ],
    )
    on: date = about(
        "The last day of the period that is read; for an auction, its day.",
        good=["2025-04-09"],
        bad=[("9 April 2025", "year, month, day: `2025-04-09`")],
    )
    predicts: Predicts = about(
        "up: at least what matters. down: at most that.",
        good=[{"direction": "down"}],
        bad=[("at most", "write `{direction: down}`")],
        default=Predicts(direction="up"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _Level(FactKind):
    name = "level"
    model = Level
    label = "a level"
    example = "Foreign buyers took at least half of the April auction."
    is_level = True
    period_ends = ("on",)

    def expected(self, test: Level) -> str:
        side = "at least" if test.predicts.direction == "up" else "at most"
        return f"{{series}} of {side} {{matters}} on {day(test.on)}"

    def unit(self, test: Level, view: View) -> str:
        return view.catalogue.series[test.series].unit

    def banded(self, test: Level) -> bool:
        return test.predicts.direction == "up"

    def find(self, test: Level, view: View, anchor: date, until: date) -> Fact | NotYet:
        series = view.series(test.series)
        here = np.flatnonzero(series.periods == np.datetime64(test.on))
        if len(here) == 0:
            return windows.not_out(view, test.series, test.on)
        at = int(here[0])
        up = test.predicts.direction == "up"
        bound = test.matters.at_least.value
        high = test.matters.at_most.value if test.matters.at_most else None
        value = float(series.latest[at])
        return Fact(
            value=value,
            low=bound if up else None,
            high=high if up else bound,
            error=revision_error(series),
            first=test.on,
            last=test.on,
            known=int(series.known[series.owner == at].max()),
            details={"rank": int((series.latest > value).sum()) + 1, "of": len(series)},
        )

    def seen(self, test: Level, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        return f"{{series}} was {level(fact.value, unit)}, number {int(d['rank'])} of {int(d['of'])} by size"


KIND = _Level()
