"""`ratio`: one series in percent of another, on a day or now.

Statistic (a fact, no placebo): 100 × series / per on `on`, or on the newest day that both have, in
percent. Inside [`at_least`, `at_most`] (with `predicts: down`: at most `at_least`) consistent. With
`since` the change since then in percentage points, signed as predicted. Where `per` has no value on a
day, its last one before stands in (a year's output under a month's holdings). With `not_before` there
is no answer until the newest day is as new. Error: the revisions of both, as a share of the ratio:
100·|series/per|·√((e₁/series)² + (e₂/per)²), √2 times that for a change.
"""

from datetime import date
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from evidence import windows
from evidence.calendar import Days
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds import sums
from evidence.kinds.base import Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import Floats, View
from evidence.quantity import amount, level
from evidence.revisions import revision_error


class Ratio(TestBase):
    """One series over another, in percent."""

    kind: Literal["ratio"] = about(
        "How large one series is in percent of another, on a day or now.",
        good=["ratio"],
        bad=[("percent", "the kind is called `ratio`")],
    )
    series: SeriesId = about(
        "What is measured.",
        good=["tic.slt.private.equities.position"],
        bad=[("equities", "an id is written with dots: `tic.slt.private.equities.position`")],
        lint=[("ust.yield.10y", "it is not in the unit of `per`")],
    )
    per: SeriesId = about(
        "What it is measured in, such as a year's output, in the same unit.",
        good=["bea.gdp"],
        bad=[("GDP", "an id is written with dots: `bea.gdp`")],
        lint=[("ust.yield.10y", "it is not in the unit of `series`")],
    )
    on: date | None = about(
        "A period's last day; the newest where nothing is said.",
        good=["2024-12-31"],
        bad=[("end of 2024", "year, month, day: `2024-12-31`")],
        default=None,
    )
    since: date | None = about(
        "A period's last day: what counts is then the change since, in percentage points.",
        good=["2019-12-31"],
        bad=[("5 years", "a day: `2019-12-31`")],
        default=None,
    )
    not_before: date | None = about(
        "A period's last day: there is no answer before the newest is as new. For a claim of what follows.",
        good=["2025-04-30"],
        bad=[("April 2025", "year, month, day: `2025-04-30`")],
        lint=[("2025-04-01", "no month ends on it: `2025-04-30`")],
        default=None,
        exclude_if=lambda told: told is None,  # a story without it keeps its identity
    )
    predicts: Predicts = about(
        "up: at least what matters. down: at most that. With `since`, which way it changed.",
        good=[{"direction": "up"}],
        bad=[("more", "write `{direction: up}`")],
        default=Predicts(direction="up"),
    )

    @model_validator(mode="after")
    def _newest(self) -> Self:
        if self.on is not None and self.not_before is not None:
            raise ValueError("`not_before` is about the newest day: leave out `on`")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        """What is measured, and what it is measured in."""
        return (self.series, self.per)


def ratios(test: Ratio, view: View) -> tuple[Days, Floats]:
    """The ratio in percent on every period of the series, (n,); NaN where nothing of `per` was out."""
    series, per = view.series(test.series), view.series(test.per)
    at = per.index(series.periods)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = 100 * series.latest / np.where(at >= 0, per.latest[np.maximum(at, 0)], np.nan)
    return series.periods, values


class _Ratio(FactKind):
    name = "ratio"
    model = Ratio
    label = "one series in percent of another"
    example = "Foreigners held US stocks worth at least half of a year's output."
    one_unit = True
    ordered = (("since", "on", 1),)
    period_ends = ("on", "since", "not_before")
    newest_without = "on"

    def expected(self, test: Ratio) -> str:
        up = test.predicts.direction == "up"
        later = f" ({day(test.not_before)} or later)" if test.not_before else ""
        when = f"on {day(test.on)}" if test.on else f"on the newest day{later}"
        most = " and at most {at_most}" if test.matters.at_most else ""
        if test.since is not None:
            verb = "risen" if up else "fallen"
            return f"{{0}} in percent of {{1}} to have {verb} by at least {{matters}}{most} from {day(test.since)} to {when.removeprefix('on ')}"
        return f"{{0}} to be at {'least' if up else 'most'} {{matters}}{most} of {{1}} {when}"

    def unit(self, test: Ratio, view: View) -> str:
        return "percentage points" if test.since else "percent"

    def banded(self, test: Ratio) -> bool:
        return test.since is not None or test.predicts.direction == "up"

    def find(self, test: Ratio, view: View, anchor: date, until: date) -> Fact | NotYet:
        series, per = view.series(test.series), view.series(test.per)
        early = windows.not_reached(view, test.series, test.not_before)
        if early is not None:
            return early
        days, values = ratios(test, view)
        places = []
        for on in (test.on, test.since):
            if on is None:
                continue
            here = np.flatnonzero(days == np.datetime64(on))
            if len(here) == 0:
                return windows.not_out(view, test.series, on)
            places.append(int(here[0]))
        if test.on is None:
            places.insert(0, len(days) - 1)
        if np.isnan(values[places]).any():
            return NotYet(f"{view.catalogue.series[test.per].named} does not reach back that far")
        at = places[0]
        value = now = float(values[at])
        under = per.index(days[places])
        error = abs(now) * float(
            np.hypot(
                revision_error(series) / series.latest[at],
                revision_error(per) / per.latest[under[0]],
            )
        )
        details: dict[str, float | int | str] = {
            "value": now,
            "series": float(series.latest[at]),
            "per": float(per.latest[under[0]]),
        }
        up = test.predicts.direction == "up"
        low, high = sums.band(test, up=up)
        sign = 1
        if test.since is not None:
            before = float(values[places[1]])
            value, error, sign = now - before, float(np.sqrt(2)) * error, test.predicts.sign
            low, high = sums.band(test, up=True)
            details |= {"before": before, "before_on": test.since.isoformat()}
        last = days[at].astype(object)
        return Fact(
            value=sign * value,
            low=low,
            high=high,
            error=error,
            first=test.since or last,
            last=last,
            known=max(sums.newest_known(series, np.array(places)), sums.newest_known(per, under)),
            sign=sign,
            details=details,
        )

    def seen(self, test: Ratio, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        now = float(d["value"])
        told = f"{{0}} came to {level(now, 'percent')} of {{1}} on {day(fact.last)}"
        if "before" not in d:
            return told
        before = float(d["before"])
        verb = "up" if now > before else "down"
        return f"{told}, {verb} {amount(now - before, unit)} from {level(before, 'percent')} on {day(fact.first)}"


KIND = _Ratio()
