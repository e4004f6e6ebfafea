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
from evidence.fields import about
from evidence.kinds.base import Details, Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount
from evidence.revisions import revision_error


class Onset(TestBase):
    """When a flow first reached a size, against a date."""

    kind: Literal["onset"] = about(
        "In which month net sales (or purchases) first reached a size: before a date, or only after it.",
        good=["onset"],
        bad=[("begins", "the kind is called `onset`")],
    )
    series: SeriesId = about(
        "The monthly flow.",
        good=["tic.net.private_bonds_notes"],
        bad=[("flows", "an id is written with dots: `tic.net.private_bonds_notes`")],
        lint=[("tic.holdings.japan", "that is a stock, not a flow")],
    )
    since: date = about(
        "The first day of the months that are looked at.",
        good=["2025-01-01"],
        bad=[("January 2025", "year, month, day: `2025-01-01`")],
    )
    until: date = about(
        "The last day of the months that are looked at.",
        good=["2025-04-30"],
        bad=[("2025-04-31", "April has thirty days")],
        lint=[("2024-12-31", "it has to lie on or after `split`")],
    )
    split: date = about(
        "The day that parts early months from late ones: the last day of a month.",
        good=["2025-03-31"],
        bad=[("March", "year, month, day: `2025-03-31`")],
        lint=[("2025-01-15", "it has to lie a month or more after `since`")],
    )
    when: Literal["before", "after"] = about(
        "before: a month up to `split` reached the size. after: none did, and a later one does.",
        good=["before", "after"],
        bad=[("since", "`before` or `after` the day in `split`")],
    )
    predicts: Predicts = about(
        "down: net sales. up: net purchases.",
        good=[{"direction": "down"}],
        bad=[("sales", "write `{direction: down}`")],
        default=Predicts(direction="down"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _Onset(FactKind):
    name = "onset"
    model = Onset
    label = "when a flow turned"
    example = "Net selling by private foreigners began before April."
    behaves = ("flow",)
    does = "looks for the first month of a flow"
    ordered = (("since", "split", 31), ("split", "until", 0))

    def expected(self, test: Onset) -> str:
        verb = "net purchases" if test.predicts.direction == "up" else "net sales"
        side = "by" if test.when == "before" else "only after"
        return (
            f"the first month since {_month(test.since)} with {verb} of at least {{matters}} "
            f"{side} {day(test.split)} ({{series}})"
        )

    def unit(self, test: Onset, view: View) -> str:
        return view.catalogue.series[test.series].unit

    def hopeless(self, test: Onset) -> str | None:
        if test.matters.at_least.value > 0:
            return None
        return "write more than nought; the direction is in `predicts`"

    def told(self, value: float, unit: str, first: date, details: Details) -> str:
        return (
            _month(date.fromisoformat(f"{details['month']}-01"))
            if details["began"]
            else "no such month"
        )

    def find(self, test: Onset, view: View, anchor: date, until: date) -> Fact | NotYet:
        last = test.split if test.when == "before" else test.until
        track = windows.track(view, test.series, until=last)
        inside = (track.grid >= np.datetime64(test.since)) & (track.grid <= np.datetime64(last))
        months = np.flatnonzero(inside)
        cut = np.full(len(months), view.cutoff)
        flows = test.predicts.sign * track.level(months, cut)
        days = track.day(months)
        held = ~np.isnan(flows)
        early = days <= np.datetime64(test.split)
        if not early.any():
            span = f"from {_month(test.since)} to {_month(test.split)}"
            return NotYet(f"{track.entry.named}: no month {span} is held")
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
            value = 2 * mark - float(flows[held & early].max())
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
