"""`spike_after`: a rate or spread jumps for a few days.

Statistic: raw = highest value inside the window less the median of the 60 observations up to its
base, in basis points (or the series' unit), signed as predicted. Ranked as it is, without a mean;
`scale` is one, because the spread's own calm level is already taken off. With `match: period_ends`
only windows with as many month ends and quarter ends inside are compared: repo rates rise there as a
matter of course.
"""

from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from evidence import windows
from evidence.calendar import Days
from evidence.catalogue import SeriesId
from evidence.days import day, day_month
from evidence.fields import about
from evidence.kinds.base import Extent, NotYet, PlaceboKind, Predicts, Sample, TestBase, Window
from evidence.kinds.change_after import native
from evidence.observations import Floats, Ints, View
from evidence.quantity import level

CALM = 60


class SpikeAfter(TestBase):
    """One series, one window; `up` looks for the highest value, `down` for the lowest."""

    kind: Literal["spike_after"] = about(
        "How far a series jumps above its calm level on some day of a window.",
        good=["spike_after"],
        bad=[("spike", "the kind is called `spike_after`")],
    )
    series: SeriesId = about(
        "The daily rate, spread or amount that jumps.",
        good=["nyfed.sofr_less_effr"],
        bad=[("sofr", "an id is written with dots: `nyfed.sofr_less_effr`")],
        lint=[("cftc.lev_net.all", "that is a net position; its moves are for `change_after`")],
    )
    window: Window = about(
        "The days on which it may jump. This kind looks after the event only.",
        good=[{"after": "2 weeks"}],
        bad=[("2 weeks", "write `{after: 2 weeks}`")],
        lint=[({"before": "2 weeks"}, "write `after`")],
    )
    predicts: Predicts = about(
        "up: the highest value counts. down: the lowest.",
        good=[{"direction": "up"}],
        bad=[("spike", "write `{direction: up}`")],
    )
    match: Literal["none", "period_ends"] = about(
        "period_ends: compares only windows with as many month ends and quarter ends in them, because repo rates rise there as a matter of course.",
        good=["none", "period_ends"],
        bad=[("month_ends", "`period_ends` stands for ends of months and of quarters")],
        default="none",
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _SpikeAfter(PlaceboKind):
    name = "spike_after"
    model = SpikeAfter
    label = "a spike inside a window"
    example = "The repo rate stands at least 20 bp above its calm level on some day."
    heading = "Spikes"
    behaves = ("rate", "index", "share", "stock", "flow")
    does = "looks for a jump in a series' own unit"
    looks_back = False

    def expected(self, test: SpikeAfter) -> str:
        return (
            f"a spike of at least {{matters}} in {{series}} within {test.window.after} of the event"
        )

    def unit(self, test: SpikeAfter, view: View) -> str:
        entry = view.catalogue.series[test.series]
        return native(entry.behaves, entry.unit)[0]

    def grid(self, test: SpikeAfter, view: View) -> Days:
        return windows.track(view, test.series).grid

    def extent(self, test: SpikeAfter, view: View, anchor: date) -> Extent | NotYet:
        return windows.extent(view, test.reads, test.window, anchor)

    def measure(
        self, test: SpikeAfter, view: View, anchors: Days, cutoffs: Ints, starts: Ints, length: int
    ) -> Sample:
        track = windows.track(view, test.series, until=anchors.max())
        offset, _, _ = windows.span(test.window, track.entry.frequency)
        factor = native(track.entry.behaves, track.entry.unit)[1]
        base_at = track.position(anchors) + offset
        inside = base_at[:, None] + 1 + np.arange(length)[None, :]
        calm = base_at[:, None] - np.arange(CALM)[None, :]
        sign = test.predicts.sign
        at = cutoffs[:, None]
        high = sign * track.level(inside, np.broadcast_to(at, inside.shape))
        quiet = sign * track.level(calm, np.broadcast_to(at, calm.shape))
        enough = (~np.isnan(quiet)).sum(axis=1) >= windows.ENOUGH * CALM
        complete = ~np.isnan(high).any(axis=1)
        raw = np.full(len(anchors), np.nan)
        good = enough & complete & track.whole(base_at, base_at + length)
        raw[good] = (high[good].max(axis=1) - windows.medians(quiet[good])) * factor
        first, last = track.day(base_at), track.day(base_at + length)
        raw = np.where(track.broken(first, last), np.nan, raw)
        nought = np.zeros(len(raw))
        return Sample(
            anchors,
            raw,
            nought,
            np.ones(len(raw)),
            np.full(len(raw), np.nan),
            first,
            last,
            track.known(inside, np.broadcast_to(at, inside.shape)).max(axis=1),
        )

    def material(self, test: SpikeAfter, sample: Sample, length: int, whole: int) -> Floats:
        return np.full(len(sample.raw), test.matters.at_least.value)

    def comparable(self, test: SpikeAfter, sample: Sample, event: Sample) -> npt.NDArray[np.bool_]:
        if test.match == "none":
            return np.ones(len(sample.raw), dtype=bool)
        same = np.ones(len(sample.raw), dtype=bool)
        for months in (1, 3):
            same &= _ends(sample, months) == _ends(event, months)[0]
        return same

    def seen(self, test: SpikeAfter, value: float, unit: str, event: Sample) -> str:
        first, last = event.window
        return (
            f"{{series}} stood up to {level(value, unit)} {'above' if test.predicts.direction == 'up' else 'below'} "
            f"its calm level between {day_month(first)} and {day(last)}"
        )


def _ends(sample: Sample, months: int) -> npt.NDArray[np.int64]:
    """How many month ends (months = 1) or quarter ends (3) lie after the base and up to the window's end."""

    def block(days: Days) -> npt.NDArray[np.int64]:
        return np.asarray(days.astype("datetime64[M]").astype(np.int64) // months)

    # the first business day of a new month still settles the old one's end
    return block(sample.last) - block(sample.first)


KIND = _SpikeAfter()
