"""`largest`: a series stands above all of its peers in one period, or below them.

Statistic (a fact, no placebo): the series' value less the highest of its peers (with `predicts: down`
the lowest peer less the series' value), on `on` or on the newest day that all have. Consistent at
`matters.at_least` or more. Error: the revisions of the series and of that peer, added in squares.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence import windows
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds import sums
from evidence.kinds.base import Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount, level
from evidence.revisions import revision_error


class Largest(TestBase):
    """One series against its peers, in one period."""

    kind: Literal["largest"] = about(
        "Whether a series stands above all of its peers, or below them, in one period.",
        good=["largest"],
        bad=[("smallest", "write `largest` with `predicts: {direction: down}`")],
    )
    series: SeriesId = about(
        "The series that is to stand apart.",
        good=["imf.gg_balance.usa"],
        bad=[("usa", "an id is written with dots: `imf.gg_balance.usa`")],
        lint=[
            ("imf.gg_balance.us", "there is no such series; `python -m evidence series` lists them")
        ],
    )
    peers: tuple[SeriesId, ...] = about(
        "What it is held against: one to twenty-four series in the same unit.",
        good=[["imf.gg_balance.chn", "imf.gg_balance.deu", "imf.gg_balance.jpn"]],
        bad=[([], "at least one")],
        lint=[(["bea.trade_balance"], "it is not in the unit of the series")],
        min_length=1,
        max_length=24,
    )
    on: date | None = about(
        "A period's last day; the newest period that all of them have where nothing is said.",
        good=["2025-12-31"],
        bad=[(2025, "the last day of the period: `2025-12-31`")],
        default=None,
    )
    predicts: Predicts = about(
        "up: above the highest of the peers. down: below the lowest, as a deficit is.",
        good=[{"direction": "down"}],
        bad=[("down", "write `{direction: down}`")],
        default=Predicts(direction="up"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The series, then its peers."""
        return (self.series, *self.peers)


class _Largest(FactKind):
    name = "largest"
    model = Largest
    label = "distance from the nearest peer"
    example = "The US deficit is larger than that of any other large country."
    one_unit = True
    period_ends = ("on",)
    newest_without = "on"

    def expected(self, test: Largest) -> str:
        side = "above" if test.predicts.direction == "up" else "below"
        when = f"on {day(test.on)}" if test.on else "in the newest period"
        return f"{{0}} to be at least {{matters}} {side} every one of its {len(test.peers)} peers {when}"

    def unit(self, test: Largest, view: View) -> str:
        own = view.catalogue.series[test.series].unit
        return "percentage points" if own.startswith("percent") else own

    def find(self, test: Largest, view: View, anchor: date, until: date) -> Fact | NotYet:
        each = [view.series(name) for name in test.reads]
        if test.on is not None:
            on = np.datetime64(test.on)
            late = next((s.id for s in each if on not in s.periods), None)
            if late is not None:
                return windows.not_out(view, late, test.on)
        else:
            common = each[0].periods
            for series in each[1:]:
                common = np.intersect1d(common, series.periods)
            if len(common) == 0:
                return NotYet("there is no period that all of them have")
            on = common[-1]
        places = [int(series.index(np.array([on]))[0]) for series in each]
        values = np.array([s.latest[i] for s, i in zip(each, places, strict=True)])
        sign = test.predicts.sign
        best = 1 + int((sign * values[1:]).argmax())
        last = on.astype(object)
        return Fact(
            value=float(sign * (values[0] - values[best])),
            low=test.matters.at_least.value,
            high=None,
            error=float(np.hypot(revision_error(each[0]), revision_error(each[best]))),
            first=last,
            last=last,
            known=max(
                sums.newest_known(s, np.array([i])) for s, i in zip(each, places, strict=True)
            ),
            sign=sign,
            details={
                "unit": view.catalogue.series[test.series].unit,
                "value": float(values[0]),
                "nearest": each[best].id,
                "nearest_at": best,
                "nearest_value": float(values[best]),
                "rank": 1 + int((sign * values[1:] > sign * values[0]).sum()),
                "of": len(each),
            },
        )

    def seen(self, test: Largest, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        own = str(d["unit"])
        up = test.predicts.direction == "up"
        gap = fact.sign * fact.value
        return (
            f"{{0}} stood at {level(float(d['value']), own)} on {day(fact.last)}, number {int(d['rank'])} of {int(d['of'])} "
            f"{'from the top' if up else 'from the bottom'}; the {'highest' if up else 'lowest'} of the others was "
            f"{{{int(d['nearest_at'])}}} with {level(float(d['nearest_value']), own)}, "
            f"{amount(gap, unit)} {'lower' if gap > 0 else 'higher'}"
        )


KIND = _Largest()
