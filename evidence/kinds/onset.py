"""`onset`: the month in which net selling (or buying) began.

Statistic (a fact, no placebo), in USD bn and signed as predicted. `when: before`: the largest flow of
the months from `since` to `split`; consistent when it reaches `matters.at_least`. `when: after`: the
largest flow of the months after `split` to `until`, or twice the mark less the largest flow up to
`split` where that is smaller; so it falls under the mark when an early month reached it, by as much
as that month went past it. Error: one revision deviation of the series.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence import windows
from evidence.calendar import expected as expected_release
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.kinds.base import Fact, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount
from evidence.revisions import revision_error


class Onset(TestBase):
    """When a flow first reached a size, against a date."""

    kind: Literal["onset"]
    series: SeriesId
    since: date
    until: date
    split: date
    when: Literal["before", "after"]
    predicts: Predicts = Predicts(direction="down")

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _Onset:
    name = "onset"
    model = Onset
    label = "when a flow turned"
    example = "Net selling by private foreigners began before April."

    def expected(self, test: Onset) -> str:
        verb = "net purchases" if test.predicts.direction == "up" else "net sales"
        side = "by" if test.when == "before" else "only after"
        return (
            f"the first month since {_month(test.since)} with {verb} of at least {{matters}} "
            f"{side} {day(test.split)} ({{series}})"
        )

    def unit(self, test: Onset, view: View) -> str:
        return view.catalogue.series[test.series].unit

    def find(self, test: Onset, view: View, anchor: date, until: date) -> Fact | NotYet:
        last = test.split if test.when == "before" else test.until
        track = windows.Track(view, test.series, until=last)
        inside = (track.grid >= np.datetime64(test.since)) & (track.grid <= np.datetime64(last))
        months = np.flatnonzero(inside)
        cut = np.full(len(months), view.cutoff)
        flows = test.predicts.sign * track.level(months, cut)
        days = track.day(months)
        held = ~np.isnan(flows)
        early = days <= np.datetime64(test.split)
        mark = test.matters.at_least.value
        reached = np.where(held, flows, -np.inf) >= mark
        settled = (
            held.all() or bool((reached & early).any()) or bool(held[early].all() and reached.any())
        )
        if not settled:
            missing = days[~held]
            due = expected_release(track.release, missing[-1].astype(object), view.day)
            gap = [_month(month.astype(object)) for month in (missing[0], missing[-1])]
            what = gap[0] if len(missing) == 1 else " to ".join(gap)
            reason = f"{track.entry.named}: {what} {'was' if len(missing) == 1 else 'were'} not out by then"
            return NotYet(reason, due if due > view.day else None)
        if test.when == "before":
            value = float(flows[held & early].max())
        else:
            late = flows[held & ~early]
            value = 2 * mark - float(flows[early].max())
            value = min(value, float(late.max())) if len(late) else value
        began = int(np.flatnonzero(reached)[0]) if reached.any() else None
        told = began if began is not None else int(np.nanargmax(np.where(held, flows, np.nan)))
        return Fact(
            value=value,
            low=mark,
            high=None,
            error=revision_error(view.series(test.series)),
            first=days[0].astype(object),
            last=days[held][-1].astype(object),
            known=int(track.known(months, cut).max()),
            sign=test.predicts.sign,
            shown=float(flows[told]),
            details={
                "began": int(began is not None),
                "month": str(days[told])[:7],
                "flow": float(test.predicts.sign * flows[told]),
            },
        )

    def seen(self, test: Onset, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        flow = float(d["flow"])
        month = _month(date.fromisoformat(f"{d['month']}-01"))
        verb = "net purchases" if test.predicts.direction == "up" else "net sales"
        sized = f"{verb} of {amount(fact.low or 0, unit)} or more"
        if d["began"]:
            first = f"the first month since {_month(test.since)} with {sized}"
            return f"{{series}}: {first} was {month}, with {amount(flow, unit)}"
        found = f"net {'purchases' if flow > 0 else 'sales'} of {amount(flow, unit)}"
        return (
            f"{{series}}: no month since {_month(test.since)} showed {sized}; "
            f"nearest came {month} with {found}"
        )


def _month(day: date) -> str:
    return f"{day:%B %Y}"


KIND = _Onset()
