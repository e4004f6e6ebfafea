"""`share_bought`: how much of a change in holdings was bought, and how much is prices.

Statistic (a fact, no placebo): 100 × (sum of the flow's periods after `since` and up to `until`) /
(position at `until` − position at `since`), in percent; `until` is the newest day of the position that
the flow reaches if not given. Inside [`at_least`, `at_most`] (with `predicts: down`: at most `at_least`)
consistent. Error: the revisions of the sum and of both positions, carried through the quotient.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from evidence import calendar, windows
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds import sums
from evidence.kinds.base import Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import Ints, View
from evidence.quantity import amount, level, signed
from evidence.revisions import revision_error


class ShareBought(TestBase):
    """A position at two dates, and the purchases between them."""

    kind: Literal["share_bought"] = about(
        "How much of a change in holdings was bought; the rest is prices.",
        good=["share_bought"],
        bad=[("bought_share", "the kind is called `share_bought`")],
    )
    position: SeriesId = about(
        "The holdings at market value.",
        good=["tic.slt.total.equities.position"],
        bad=[("holdings", "an id is written with dots: `tic.slt.total.equities.position`")],
        lint=[("ust.yield.10y", "it is not in the unit of `flow`")],
    )
    flow: SeriesId = about(
        "The net purchases of the same thing by the same holders.",
        good=["tic.net.equities"],
        bad=[("purchases", "an id is written with dots: `tic.net.equities`")],
        lint=[("fed.custody.treasuries", "that is a stock, not a flow")],
    )
    since: date = about(
        "The day of the first position, a period's last day.",
        good=["2023-12-31"],
        bad=[(2023, "year, month, day: `2023-12-31`")],
    )
    until: date | None = about(
        "The day of the last position; the newest that the flow reaches where nothing is said.",
        good=["2024-12-31"],
        bad=[(2024, "year, month, day: `2024-12-31`")],
        lint=[("2019-12-31", "it has to lie a month or more after `since`")],
        default=None,
    )
    predicts: Predicts = about(
        "up: at least what matters was bought. down: at most that.",
        good=[{"direction": "up"}],
        bad=[("most", "write `{direction: up}`")],
        default=Predicts(direction="up"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The position and the flow."""
        return (self.position, self.flow)


@dataclass(frozen=True, eq=False)
class Bought:
    """Where the two ends lie in the position, and which periods of the flow lie between them."""

    start: int
    end: int
    between: Ints


def spans(test: ShareBought, view: View) -> Bought | NotYet:
    """The places of the test's dates, or why they cannot be had yet."""
    position, flow = view.series(test.position), view.series(test.flow)
    entry = view.catalogue.series[test.flow]
    here = np.flatnonzero(position.periods == np.datetime64(test.since))
    if len(here) == 0:
        return windows.not_out(view, test.position, test.since)
    start = int(here[0])
    if test.until is not None:
        there = np.flatnonzero(position.periods == np.datetime64(test.until))
        if len(there) == 0:
            return windows.not_out(view, test.position, test.until)
        end = int(there[0])
    else:
        end = int(position.index(flow.periods[-1:])[0])
        if end <= start:
            return NotYet(f"nothing of both after {day(test.since)} was out by then")
    last = position.periods[end]
    between = np.flatnonzero((flow.periods > position.periods[start]) & (flow.periods <= last))
    months = int(
        (last.astype("datetime64[M]") - position.periods[start].astype("datetime64[M]")).astype(int)
    )
    if len(between) * calendar.MONTHS[entry.frequency] < months:
        if flow.periods[-1] < last:
            due = calendar.expected(
                view.catalogue.releases[entry.release], last.astype(object), view.day
            )
            return NotYet(
                f"{entry.named} was not out to {day(last.astype(object))} by then",
                due if due > view.day else None,
            )
        return NotYet(f"{entry.named} does not have every period since {day(test.since)}")
    if position.latest[end] == position.latest[start]:
        return NotYet(f"{view.catalogue.series[test.position].named} had not changed by then")
    return Bought(start, end, between)


class _ShareBought(FactKind):
    name = "share_bought"
    model = ShareBought
    label = "the share of a change that was bought"
    example = "Most of the rise in foreigners' US stocks was bought, not gained."
    one_unit = True
    ordered = (("since", "until", 27),)
    period_ends = ("since", "until")
    newest_without = "until"

    def expected(self, test: ShareBought) -> str:
        side = "at least" if test.predicts.direction == "up" else "at most"
        most = " and at most {at_most}" if test.matters.at_most else ""
        until = day(test.until) if test.until else "the newest day"
        return f"{side} {{matters}}{most} of the change in {{0}} from {day(test.since)} to {until} to have come by {{1}}"

    def unit(self, test: ShareBought, view: View) -> str:
        return "percent"

    def banded(self, test: ShareBought) -> bool:
        return test.predicts.direction == "up"

    def summed(self, test: ShareBought) -> str:
        return "flow"

    def find(self, test: ShareBought, view: View, anchor: date, until: date) -> Fact | NotYet:
        found = spans(test, view)
        if isinstance(found, NotYet):
            return found
        position, flow = view.series(test.position), view.series(test.flow)
        ends = np.array([found.start, found.end])
        change = float(position.latest[found.end] - position.latest[found.start])
        bought = float(flow.latest[found.between].sum())
        frequency = view.catalogue.series[test.flow].frequency
        error = 100 * np.hypot(
            sums.sum_error(flow, frequency, len(found.between)) / change,
            bought * np.sqrt(2) * revision_error(position) / change**2,
        )
        low, high = sums.band(test, up=test.predicts.direction == "up")
        return Fact(
            value=100 * bought / change,
            low=low,
            high=high,
            error=float(error),
            first=test.since,
            last=position.periods[found.end].astype(object),
            known=max(sums.newest_known(position, ends), sums.newest_known(flow, found.between)),
            details={"change": change, "bought": bought, "rest": change - bought},
        )

    def seen(self, test: ShareBought, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        bn = "USD bn"
        return (
            f"{{0}} changed by {signed(float(d['change']), bn)} from {day(fact.first)} to {day(fact.last)}; "
            f"{{1}} came to {signed(float(d['bought']), bn)}, {level(fact.value, 'percent')} of it; "
            f"the other {amount(float(d['rest']), bn)} is prices and revaluation"
        )


KIND = _ShareBought()
