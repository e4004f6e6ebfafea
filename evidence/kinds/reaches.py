"""`reaches`: on some day of a span a series reaches a level.

Statistic (a fact, no placebo), in the series' unit: the highest value from `since` to `until` (the lowest,
predicts down). For series that are nought on most days, where a rank among earlier windows says
nothing. Once the level is reached, later days change nothing; until then every period of the span
has to be out. Error: one revision deviation of the series.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence import windows
from evidence.catalogue import SeriesId
from evidence.days import day, day_month
from evidence.fields import about
from evidence.kinds.base import Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import level
from evidence.revisions import revision_error


class Reaches(TestBase):
    """The extreme of a series within a span, against a level."""

    kind: Literal["reaches"] = about(
        "Whether a series reaches a level on some day of a span.",
        good=["reaches"],
        bad=[("reached", "the kind is called `reaches`")],
    )
    series: SeriesId = about(
        "The series, such as one that is nought on most days.",
        good=["nyfed.srf_accepted"],
        bad=[("repo facility", "an id is written with dots: `nyfed.srf_accepted`")],
        lint=[("nyfed.srf", "there is no such series; `python -m evidence series` lists them")],
    )
    since: date = about(
        "The first day of the span.",
        good=["2025-04-03"],
        bad=[("3 April 2025", "year, month, day: `2025-04-03`")],
    )
    until: date = about(
        "The last day of the span.",
        good=["2025-04-16"],
        bad=[("2 weeks", "a day: `2025-04-16`")],
        lint=[("2020-01-01", "it has to lie on or after `since`")],
    )
    predicts: Predicts = about(
        "up: its highest value reaches what matters. down: its lowest falls to that.",
        good=[{"direction": "up"}],
        bad=[("up", "write `{direction: up}`")],
        default=Predicts(direction="up"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _Reaches(FactKind):
    name = "reaches"
    model = Reaches
    label = "the extreme of a span"
    example = "Dealers draw at least 5 bn from the standing repo facility on some day."
    ordered = (("since", "until", 0),)
    is_level = True

    def expected(self, test: Reaches) -> str:
        side = "at least" if test.predicts.direction == "up" else "at most"
        return f"{{series}} of {side} {{matters}} on some day from {day_month(test.since)} to {day(test.until)}"

    def unit(self, test: Reaches, view: View) -> str:
        return view.catalogue.series[test.series].unit

    def find(self, test: Reaches, view: View, anchor: date, until: date) -> Fact | NotYet:
        track = windows.track(view, test.series, until=test.until)
        first, last = np.datetime64(test.since), np.datetime64(test.until)
        inside = np.flatnonzero((track.grid >= first) & (track.grid <= last))
        cut = np.full(len(inside), view.cutoff)
        values = track.level(inside, cut)
        held = ~np.isnan(values)
        if not held.any():
            return windows.not_out(view, test.series, test.since)
        sign, bar = test.predicts.sign, test.matters.at_least.value
        best = int(np.nanargmax(np.where(held, sign * values, np.nan)))
        if sign * values[best] < sign * bar and not held.all():
            missing = track.day(inside)[~held][-1].astype(object)
            return windows.not_out(view, test.series, missing)
        value, on = float(values[best]), track.day(inside)[best].astype(object)
        return Fact(
            value=value,
            low=bar if sign > 0 else None,
            high=None if sign > 0 else bar,
            error=revision_error(view.series(test.series)),
            first=test.since,
            last=track.day(inside)[held][-1].astype(object),
            known=int(track.known(inside, cut)[held].max()),
            details={"on": on.isoformat()},
        )

    def seen(self, test: Reaches, fact: Fact, unit: str) -> str:
        most = "highest" if test.predicts.direction == "up" else "lowest"
        on = date.fromisoformat(str((fact.details or {})["on"]))
        return f"{{series}} was {most} on {day(on)}, at {level(fact.value, unit)}"


KIND = _Reaches()
