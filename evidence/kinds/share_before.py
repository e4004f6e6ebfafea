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
from evidence.fields import about
from evidence.kinds.base import Fact, FactKind, NotYet, Predicts, TestBase
from evidence.observations import View
from evidence.quantity import amount


class ShareBefore(TestBase):
    """A move from its turn to the day of the claim, split at a date."""

    kind: Literal["share_before"] = about(
        "How much of a fall, or of a rise, came before a date.",
        good=["share_before"],
        bad=[("share_after", "what came after is the rest: ask for the share before")],
    )
    series: SeriesId = about(
        "The series that moved.",
        good=["fed.h10.broad_dollar"],
        bad=[("dollar", "an id is written with dots: `fed.h10.broad_dollar`")],
        lint=[
            ("fed.h10.dollar", "there is no such series; `python -m evidence series` lists them")
        ],
    )
    since: date = about(
        "From when on the turn is looked for at which the move began.",
        good=["2024-10-01"],
        bad=[("October 2024", "year, month, day: `2024-10-01`")],
    )
    split: date = about(
        "The day that parts before from after.",
        good=["2025-04-02"],
        bad=[("2 April 2025", "year, month, day: `2025-04-02`")],
        lint=[("2024-09-30", "it has to lie after `since`")],
    )
    frozen: date = about(
        "The day on which the claim was made: the move ends with it.",
        good=["2025-05-30"],
        bad=[("today", "a day: `2025-05-30`")],
        lint=[("2024-12-31", "it has to lie after `split`")],
    )
    least: int = about(
        "How many observations past `split` have to be out before the test speaks.",
        good=[10],
        bad=[("10 days", "a number of observations, without a unit")],
        lint=[(0, "from 1 to 250")],
        default=10,
    )
    predicts: Predicts = about(
        "down: a fall. up: a rise.",
        good=[{"direction": "down"}],
        bad=[("fall", "write `{direction: down}`")],
        default=Predicts(direction="down"),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _ShareBefore(FactKind):
    name = "share_before"
    model = ShareBefore
    label = "the share of a move before a date"
    example = "About half of the dollar's fall came before 2 April."
    ordered = (("since", "split", 1), ("split", "frozen", 1))
    counts = (("least", 1, 250),)

    def expected(self, test: ShareBefore) -> str:
        between = "{matters}" if test.matters.at_most is None else "between {matters} and {at_most}"
        return f"{between} of the move in {{series}} before {day(test.split)}"

    def unit(self, test: ShareBefore, view: View) -> str:
        return "percent"

    def banded(self, test: ShareBefore) -> bool:
        return True

    def hopeless(self, test: ShareBefore) -> str | None:
        if test.matters.at_least.value > 0 or test.matters.at_most is not None:
            return None
        return "a share is never under nought: this test cannot fail"

    def find(self, test: ShareBefore, view: View, anchor: date, until: date) -> Fact | NotYet:
        series = view.series(test.series)
        end = np.datetime64(min(until, test.frozen))
        inside = (series.periods >= np.datetime64(test.since)) & (series.periods <= end)
        days, values, where = series.periods[inside], series.latest[inside], np.flatnonzero(inside)
        before = days <= np.datetime64(test.split)
        short = view.catalogue.series[test.series].short
        if not before.any() or int((~before).sum()) < test.least:
            track = windows.track(
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
