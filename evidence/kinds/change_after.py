"""`change_after`: a level moves abnormally over a window.

Statistic: raw = level at the window's end less level at its base, signed as predicted; in USD bn,
contracts, percent (prices) or basis points (rates). Abnormal: (c − k·m) / (√k·s), where c is the
change in percent of the base level (of its size for net positions; in units for rates and indices),
k the number of observations, m and s mean and deviation of the one-period changes known when the
window starts (52 weeks; 60 days about nought; 12 and 36 months). A net position under 5 % of open
interest is refused: a percentage of almost nothing says nothing. Reference: placebo in time, Abadie,
Diamond and Hainmueller (2010, JASA 105, 493-505); overlap as in docs/method.md.
"""

from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from evidence import windows
from evidence.calendar import Days
from evidence.catalogue import Series as Entry
from evidence.catalogue import SeriesId
from evidence.days import day
from evidence.fields import about
from evidence.kinds.base import Extent, NotYet, PlaceboKind, Predicts, Sample, TestBase, Window
from evidence.observations import Floats, Ints, View
from evidence.quantity import amount, moved

LEAST_OF_OPEN_INTEREST = 0.05


class ChangeAfter(TestBase):
    """One series, one window, one direction."""

    kind: Literal["change_after"] = about(
        "How far a series moves from the event to the end of a window.",
        good=["change_after"],
        bad=[("change_before", "the side of the event stands in `window`")],
    )
    series: SeriesId = about(
        "The series that is to move: a stock, a net position, a price, a rate or an index.",
        good=["fed.custody.treasuries", "cftc.lev_net.all"],
        bad=[("custody", "an id is written with dots: `fed.custody.treasuries`")],
        lint=[
            (
                "fed.custody.treasurys",
                "there is no such series; `python -m evidence series` lists them",
            )
        ],
    )
    window: Window = about(
        "Where the test looks, counted from the event.",
        good=[{"after": "4 weeks", "min": "2 weeks"}, {"before": "2 months"}],
        bad=[
            ("4 weeks", "say on which side of the event: `{after: 4 weeks}`"),
            ({"after": "4 weeks", "before": "4 weeks"}, "one of the two"),
        ],
    )
    predicts: Predicts = about(
        "Which way the series is to move.",
        good=[{"direction": "down"}],
        bad=[("down", "write `{direction: down}`")],
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


UNITS = {"price": "percent", "rate": "bp", "index": "points"}


def native(behaves: str, unit: str) -> tuple[str, float]:
    """The unit in which a change is told, and the factor from the series' unit to it."""
    if behaves == "rate":
        return "bp", 1.0 if unit == "bp" else 100.0
    return UNITS.get(behaves, unit), 1.0


class _ChangeAfter(PlaceboKind):
    name = "change_after"
    model = ChangeAfter
    label = "a change over a window"
    example = "Custody holdings fall by at least 2 % in the four weeks after the announcement."
    heading = "Changes after a day"
    scaled = True
    moves = True

    def expected(self, test: ChangeAfter) -> str:
        clause = (
            test.predicts.says
            or f"{{series}} to {'rise' if test.predicts.direction == 'up' else 'fall'}"
        )
        return f"{clause} by at least {{matters}} {test.window.words}"

    def unit(self, test: ChangeAfter, view: View) -> str:
        entry = view.catalogue.series[test.series]
        return native(entry.behaves, entry.unit)[0]

    def also_in(self, test: ChangeAfter, entry: Entry) -> tuple[str, ...]:
        return ("percent",) if entry.behaves in ("stock", "net_position") else ()

    def grid(self, test: ChangeAfter, view: View) -> Days:
        return windows.track(view, test.series).grid

    def extent(self, test: ChangeAfter, view: View, anchor: date) -> Extent | NotYet:
        return windows.extent(view, test.reads, test.window, anchor)

    def measure(
        self, test: ChangeAfter, view: View, anchors: Days, cutoffs: Ints, starts: Ints, length: int
    ) -> Sample:
        track = windows.track(view, test.series, until=anchors.max())
        return change(track, test.window, test.predicts.sign, anchors, cutoffs, starts, length)

    def material(self, test: ChangeAfter, sample: Sample, length: int, whole: int) -> Floats:
        share = length / whole
        at_least = test.matters.at_least
        if at_least.unit == "percent" and not np.isnan(sample.base).all():
            return np.asarray(at_least.value / 100 * np.abs(sample.base) * share)
        return np.full(len(sample.raw), at_least.value * share)

    def comparable(self, test: ChangeAfter, sample: Sample, event: Sample) -> npt.NDArray[np.bool_]:
        return np.ones(len(sample.raw), dtype=bool)

    def seen(self, test: ChangeAfter, value: float, unit: str, event: Sample) -> str:
        first, last = event.window
        base = float(event.base[0])
        share = "" if np.isnan(base) or base == 0 else f", {amount(100 * value / base, 'percent')}"
        when = f"from {day(first)} to {day(last)}"
        if unit == "contracts" and base < 0 and value != 0:
            return f"{{series}}: the net short {'shrank' if value > 0 else 'grew'} by {amount(value, unit)}{share}, {when}"
        return f"{{series}} {moved(value, unit)}{share}, {when}"


def change(
    track: "windows.Track",
    window: Window,
    sign: int,
    anchors: Days,
    cutoffs: Ints,
    starts: Ints,
    length: int,
) -> Sample:
    """The sample of changes over `length` observations; shared by the kinds that look at changes.

    `base` is NaN for prices, rates and indices, where a percentage of the level is not the unit.
    """
    offset, _, _ = windows.span(window, track.entry.frequency)
    base_at = track.position(anchors) + offset
    end_at = base_at + length
    moved_by, base = track.change(base_at, end_at, cutoffs)
    mean, sd = track.usual_change(starts)
    centre, scale = mean * length, sd * np.sqrt(length)
    behaves = track.entry.behaves
    if behaves == "price":
        raw = 100 * moved_by / base
        base = np.full(len(base), np.nan)
    elif track.usual.percent:
        raw = moved_by
        centre, scale = centre * np.abs(base) / 100, scale * np.abs(base) / 100
    else:
        factor = native(behaves, track.entry.unit)[1]
        raw, centre, scale = moved_by * factor, centre * factor, scale * factor
        base = np.full(len(base), np.nan)
    first, last = track.day(base_at), track.day(end_at)
    if behaves == "net_position" and track.entry.open_interest:
        interest = windows.track(track.view, track.entry.open_interest)
        size = interest.level(interest.position(first), cutoffs)
        raw = np.where(np.abs(base) < LEAST_OF_OPEN_INTEREST * size, np.nan, raw)
    raw = np.where(track.broken(first, last), np.nan, raw)
    known = np.maximum(track.known(base_at, cutoffs), track.known(end_at, cutoffs))
    return Sample(anchors, sign * raw, sign * centre, scale, base, first, last, known)


KIND = _ChangeAfter()
