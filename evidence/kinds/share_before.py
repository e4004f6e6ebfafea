"""`share_before`: how much of a fall (or rise) came before a date.

Statistic (a fact, no placebo): 100 × (value at the turn − value at `split`) / (value at the turn −
value at the end), with the turn the highest value (predicts down) in [`since`, `split`], the end the
last one by `frozen` (the day on which the claim was made) or the as-of date, whichever is earlier.
In percent. Not evaluable until `least` observations past the split are out.
"""

from datetime import date
from typing import Literal

import numpy as np

from evidence import calendar, windows
from evidence.catalogue import SeriesId
from evidence.days import day, day_month
from evidence.kinds.base import Fact, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount


class ShareBefore(TestBase):
    """A move from its turn to the day of the claim, split at a date."""

    kind: Literal["share_before"]
    series: SeriesId
    since: date
    split: date
    frozen: date
    least: int = 10
    predicts: Predicts = Predicts(direction="down")

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _ShareBefore:
    name = "share_before"
    model = ShareBefore
    label = "the share of a move before a date"
    example = "About half of the dollar's fall came before 2 April."

    def expected(self, test: ShareBefore) -> str:
        between = "{matters}" if test.matters.at_most is None else "between {matters} and {at_most}"
        return f"{between} of the move in {{series}} before {day(test.split)}"

    def unit(self, test: ShareBefore, view: View) -> str:
        return "percent"

    def find(self, test: ShareBefore, view: View, anchor: date, until: date) -> Fact | NotYet:
        series = view.series(test.series)
        end = np.datetime64(min(until, test.frozen))
        inside = (series.periods >= np.datetime64(test.since)) & (series.periods <= end)
        days, values, where = series.periods[inside], series.latest[inside], np.flatnonzero(inside)
        before = days <= np.datetime64(test.split)
        short = view.catalogue.series[test.series].short
        if not before.any() or int((~before).sum()) < test.least:
            track = windows.Track(
                view, test.series, until=date.fromordinal(test.split.toordinal() + 60)
            )
            at = int(track.position(np.array([test.split], dtype="datetime64[D]"))[0]) + test.least
            due = None
            if at < len(track.grid):
                due = calendar.expected(track.release, track.grid[at].astype(object), view.day)
            return NotYet(
                f"{short} needs {test.least} days past {day(test.split)}",
                due if due and due > view.day else None,
            )
        sign = test.predicts.sign
        turn = int(np.argmin(sign * values[before]))
        moved = values[-1] - values[turn]
        if sign * moved <= 0:
            return NotYet(f"{short} had not moved that way by then")
        at_split = values[before][-1]
        share = 100 * (at_split - values[turn]) / moved
        last_known = int(series.known[np.isin(series.owner, where)].max())
        return Fact(
            value=float(share),
            low=test.matters.at_least.value,
            high=test.matters.at_most.value if test.matters.at_most else None,
            error=0.0,
            first=days[turn].astype(object),
            last=days[-1].astype(object),
            known=last_known,
            so_far=bool(until < test.frozen),
            details={
                "turn_on": str(days[turn]),
                "turn": float(values[turn]),
                "at_split": float(at_split),
                "end": float(values[-1]),
            },
        )

    def seen(self, test: ShareBefore, fact: Fact, unit: str) -> str:
        verb = "fall" if test.predicts.direction == "down" else "rise"
        return (
            f"{amount(fact.value, 'percent')} of the {verb} in {{series}} from {day(fact.first)} to "
            f"{day(fact.last)} came before {day_month(test.split)}"
        )


KIND = _ShareBefore()
