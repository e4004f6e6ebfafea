"""`total`: the sum of a flow over months, years or a rolling span.

Statistic (a fact, no placebo), in the series' unit and signed as predicted: the sum of the periods from
`since` to `until`, or of the `last` ones out; with `not_before` there is no answer until the newest is
as new. `annualised`: times 12 over the number of months. With `share_of` in percent of another series
that is given at an annual rate: the mean of its periods that end within the span (where none does, the
last before its end). With `compared_with`: the change against the sum of the same length that ends with
the last period on or before that day. Error: how far sums of that length are usually revised, √2 times
that for a change; the other series counts as exact.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from evidence import calendar, windows
from evidence.calendar import Days
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds import sums
from evidence.kinds.base import Fact, FactKind, NotYet, Predicts, Span, TestBase
from evidence.observations import Floats, Ints, Series, View
from evidence.quantity import amount, level


class Total(TestBase):
    """One flow, summed: over fixed months (`since`, `until`) or over the newest ones (`last`)."""

    kind: Literal["total"] = about(
        "What a flow sums to, over fixed months or over the newest ones.",
        good=["total"],
        bad=[("sum", "the kind is called `total`")],
    )
    series: SeriesId = about(
        "The flow that is summed: monthly, quarterly or yearly.",
        good=["bea.trade_balance"],
        bad=[("deficit", "an id is written with dots: `bea.trade_balance`")],
        lint=[("fed.custody.treasuries", "that is a stock, which is not summed")],
    )
    since: date | None = about(
        "The first day of a fixed span; it goes with `until`.",
        good=["2024-04-01"],
        bad=[("April 2024", "year, month, day: `2024-04-01`")],
        default=None,
    )
    until: date | None = about(
        "The last day of a fixed span; it goes with `since`.",
        good=["2025-03-31"],
        bad=[("March 2025", "year, month, day: `2025-03-31`")],
        lint=[("2020-01-01", "it has to lie a month or more after `since`")],
        default=None,
    )
    last: Span | None = about(
        "A span that ends with the newest period, in place of `since` and `until`.",
        good=["12 months"],
        bad=[("a year", "a span: `12 months`")],
        lint=[("4 weeks", "sums are over whole months")],
        default=None,
    )
    not_before: date | None = about(
        "A period's last day, with `last`: there is no answer before the newest period is as new. For a claim of what follows.",
        good=["2025-09-30"],
        bad=[("September 2025", "year, month, day: `2025-09-30`")],
        lint=[("2025-09-01", "no month ends on it: `2025-09-30`")],
        default=None,
        exclude_if=lambda told: told is None,  # a story without it keeps its identity
    )
    annualised: bool = about(
        "Multiplies the sum by 12 over the months of the span.",
        good=[True, False],
        bad=[("yes", "`yes` is a text here: write `true`")],
        default=False,
    )
    share_of: SeriesId | None = about(
        "Gives the sum in percent of this series, which is at an annual rate, in the same unit.",
        good=["bea.gdp"],
        bad=[("GDP", "an id is written with dots: `bea.gdp`")],
        lint=[("ust.yield.10y", "it is not in the unit of `series`")],
        default=None,
    )
    compared_with: date | None = about(
        "What counts is then the change against the sum of that length that ends by this day.",
        good=["2024-03-31"],
        bad=[("a year ago", "a day: `2024-03-31`")],
        lint=[("2034-12-31", "it has to lie a month or more before `until`")],
        default=None,
    )
    predicts: Predicts = about(
        "up: a sum above nought of at least what matters. down: one below nought, such as a deficit, of at least that.",
        good=[{"direction": "down"}],
        bad=[("deficit", "write `{direction: down}`")],
        default=Predicts(direction="up"),
    )

    @model_validator(mode="after")
    def _one_span(self) -> Self:
        fixed = (self.since is not None, self.until is not None)
        if fixed != ((False, False) if self.last else (True, True)):
            raise ValueError("give `since` and `until`, or `last`")
        if self.not_before is not None and self.last is None:
            raise ValueError("`not_before` is about the newest period: it goes with `last`")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        """The flow, and what it is a share of."""
        return (self.series, *([self.share_of] if self.share_of else []))


@dataclass(frozen=True, eq=False)
class Totals:
    """The statistic as it would be at the end of every period of the series, and which one is asked for.

    periods, values: (n,), in the test's unit before any comparison, NaN where the span is not whole.
    count, months: its length in observations and in months.
    at: the one at the end of the span. before: the one that it is compared with, or None.
    """

    series: Series
    periods: Days
    values: Floats
    count: int
    months: int
    at: int
    before: int | None


def totals(test: Total, view: View) -> Totals | NotYet:
    """The sums at every period, and where the test's own stands; or why it cannot be had yet."""
    early = windows.not_reached(view, test.series, test.not_before)
    return standing(test, view) if early is None else early


def standing(test: Total, view: View) -> Totals | NotYet:
    """As `totals`, without waiting for `not_before`: the sums that are known while a test waits."""
    series, entry = view.series(test.series), view.catalogue.series[test.series]
    if test.last is not None:
        count, at = sums.observations(test.last, entry.frequency), len(series) - 1
    else:
        assert test.since is not None
        assert test.until is not None
        missing = _missing(view, test.series, test.since, test.until)
        if missing is not None:
            return missing
        inside = (series.periods >= np.datetime64(test.since)) & (
            series.periods <= np.datetime64(test.until)
        )
        count, at = int(inside.sum()), int(np.flatnonzero(inside)[-1])
    values = sums.rolling(series.periods, series.latest, entry.frequency, count)
    if test.annualised:
        values = values * sums.per_year(entry.frequency, count)
    months = count * calendar.MONTHS[entry.frequency]
    if test.share_of is not None:
        values = 100 * values / _rates(view.series(test.share_of), series.periods, months)
    before = None
    if test.compared_with is not None:
        before = int(series.index(np.array([test.compared_with], dtype="datetime64[D]"))[0])
        if before < 0 or np.isnan(values[before]):
            return NotYet(f"{entry.named}: there is no such sum to {day(test.compared_with)}")
    if np.isnan(values[at]):
        return NotYet(f"{entry.named}: the newest {count} values in a row were not out by then")
    return Totals(series, series.periods, values, count, months, at, before)


def _missing(view: View, series_id: str, since: date, until: date) -> NotYet | None:
    """That a period of the span is not out, with the day on which the last is expected."""
    track = windows.track(view, series_id, until=until)
    if not track.published:
        return NotYet(f"nothing of {track.entry.named} was out by then")
    step = calendar.MONTHS[track.entry.frequency]
    inside = np.flatnonzero(
        (track.grid >= np.datetime64(since)) & (track.grid <= np.datetime64(until))
    )
    held = ~np.isnan(track.level(inside, np.full(len(inside), view.cutoff)))
    months = int((np.datetime64(until, "M") - np.datetime64(since, "M")).astype(int)) + 1
    if held.sum() * step >= months:
        return None
    if held.all():
        return NotYet(f"{track.entry.named} does not have the whole span to {day(until)}")
    short = track.day(inside[~held])
    due = calendar.expected(track.release, short[-1].astype(object), view.day)
    reason = (
        f"{track.entry.named} for {day(until)} was not out by then"
        if len(inside) == 1
        else f"{track.entry.named}: {int(held.sum())} of {len(inside)} periods to {day(until)} were out"
    )
    return NotYet(reason, due if due > view.day else None)


def _within(series: Series, ends: Days, months: int) -> tuple[Ints, Ints]:
    """The first and last period that ends within the `months` months to each end, (n,); -1 where none is out.

    Where none ends within them, the last before their end.
    """
    last = series.index(ends)
    begins = (ends.astype("datetime64[M]") - months + 1).astype("datetime64[D]")
    return np.minimum(np.searchsorted(series.periods, begins, side="left"), last), last


def _rates(series: Series, ends: Days, months: int) -> Floats:
    """What the annual rate was over the `months` months to each end, (n,); NaN where nothing was out."""
    first, last = _within(series, ends, months)
    running = np.concatenate([[0.0], np.cumsum(series.latest)])
    mean = (running[last + 1] - running[np.maximum(first, 0)]) / (last - first + 1)
    return np.where(last >= 0, mean, np.nan)


class _Total(FactKind):
    name = "total"
    model = Total
    label = "a sum over months"
    example = "The trade deficit of the twelve months to March 2025 was at least 1.5 tn."
    one_unit = True
    sums_over = ("last",)
    ordered = (("since", "until", 27), ("compared_with", "until", 27))
    period_ends = ("not_before",)
    newest_without = "until"

    def expected(self, test: Total) -> str:
        up = test.predicts.direction == "up"
        rate = " at an annual rate" if test.annualised else ""
        later = f" (to {day(test.not_before)} or later)" if test.not_before else ""
        span = (
            f"over the newest {test.last}{later}"
            if test.last
            else f"from {day(test.since)} to {day(test.until)}"
            if test.since and test.until
            else ""
        )
        of = " of {1}" if test.share_of else ""
        between = "" if test.matters.at_most is None else " and at most {at_most}"
        if test.compared_with is not None:
            side = "more" if up else "less"
            return f"{{0}} {span}{rate} to sum to at least {{matters}}{between}{of} {side} than to {day(test.compared_with)}"
        return f"{{0}} {span}{rate} to sum to {'' if up else 'minus '}{{matters}}{of} or {'more' if up else 'lower'}{between}"

    def unit(self, test: Total, view: View) -> str:
        if test.share_of is not None:
            return "percentage points" if test.compared_with else "percent"
        return view.catalogue.series[test.series].unit

    def banded(self, test: Total) -> bool:
        return True

    def summed(self, test: Total) -> str:
        return "series"

    def find(self, test: Total, view: View, anchor: date, until: date) -> Fact | NotYet:
        found = totals(test, view)
        if isinstance(found, NotYet):
            return found
        entry = view.catalogue.series[test.series]
        series, at, count, months = found.series, found.at, found.count, found.months
        total = sums.rolling(series.periods, series.latest, entry.frequency, count)[at]
        value = float(found.values[at])
        error = sums.sum_error(series, entry.frequency, count) * abs(value / total if total else 1)
        used: Ints = np.arange(at - count + 1, at + 1)
        details: dict[str, float | int | str] = {"months": months, "value": value, "sum": total}
        if found.before is not None:
            earlier = float(found.values[found.before])
            details |= {"before": earlier, "before_on": str(found.periods[found.before])}
            value, error = value - earlier, float(np.sqrt(2)) * error
            used = np.concatenate([used, np.arange(found.before - count + 1, found.before + 1)])
        known = sums.newest_known(series, used)
        if test.share_of is not None:
            other = view.series(test.share_of)
            last = series.periods[at : at + 1]
            details["of"] = float(_rates(other, last, months)[0])
            first_of, last_of = _within(other, last, months)
            known = max(
                known, sums.newest_known(other, np.arange(int(first_of[0]), int(last_of[0]) + 1))
            )
        end = series.periods[at].astype(object)
        most = test.matters.at_most
        return Fact(
            value=test.predicts.sign * value,
            low=test.matters.at_least.value,
            high=most.value if most else None,
            error=error,
            first=sums.begin(end, months),
            last=end,
            known=known,
            sign=test.predicts.sign,
            details=details,
        )

    def seen(self, test: Total, fact: Fact, unit: str) -> str:
        d = fact.details or {}
        value = float(d["value"])
        own = "percent" if test.share_of else unit
        of = " of {1}" if test.share_of else ""
        rate = " at an annual rate" if test.annualised else ""
        one = int(d["months"]) == 1
        span = f"in {fact.last:%B %Y}" if one else f"from {fact.first:%B %Y} to {fact.last:%B %Y}"
        summed = "" if one or test.share_of or test.annualised else "in all "
        told = f"{{0}}: {summed}{level(value, own)}{of} {span}{rate}"
        if "before" not in d:
            return told
        earlier = float(d["before"])
        on = date.fromisoformat(str(d["before_on"]))
        side = "more" if value > earlier else "less"
        return (
            f"{told}, {amount(value - earlier, unit)} {side} than the {level(earlier, own)}"
            f"{of} of the same span to {on:%B %Y}"
        )


KIND = _Total()
