"""`net_flow`: the sum of a monthly flow over a window of whole months.

Statistic: raw = sum of the months' flows in USD bn, signed as predicted (`down`: net sales). Abnormal:
(raw − k·m) / (√k·s), with m the mean of the 12 and s the deviation of the 36 months known when the
window starts, as printed then. The first month that ends after the anchor begins an `after` window; the
months that ended before it make a `before` window. First prints are ranked against first prints: each
placebo is read with the same delay after its anchor as the event.
"""

from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from evidence import windows
from evidence.calendar import Days, period_end
from evidence.catalogue import SeriesId
from evidence.fields import about
from evidence.kinds.base import Extent, NotYet, PlaceboKind, Predicts, Sample, TestBase, Window
from evidence.observations import Floats, Ints, View
from evidence.quantity import amount

AGED = 150 * 86400
"""Seconds after its end from which a month counts whose first print is not held."""


class NetFlow(TestBase):
    """One flow, whole months, one direction."""

    kind: Literal["net_flow"] = about(
        "How much is bought or sold, net, over whole months.",
        good=["net_flow"],
        bad=[("net_sales", "the direction stands in `predicts`")],
    )
    series: SeriesId = about(
        "The monthly flow that is summed.",
        good=["tic.net.official_bonds_notes"],
        bad=[("official sales", "an id is written with dots: `tic.net.official_bonds_notes`")],
        lint=[("fed.custody.treasuries", "that is a stock; its changes are for `change_after`")],
    )
    window: Window = about(
        "The months that are summed. The first that ends after the event begins an `after` window.",
        good=[{"after": "1 month"}, {"before": "2 months"}],
        bad=[("1 month", "write `{after: 1 month}`")],
        lint=[({"after": "4 weeks"}, "a monthly flow has windows of months")],
    )
    predicts: Predicts = about(
        "up: net purchases. down: net sales.",
        good=[{"direction": "down"}],
        bad=[("sales", "write `{direction: down}`")],
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _NetFlow(PlaceboKind):
    name = "net_flow"
    model = NetFlow
    label = "a flow over months"
    example = "Foreign officials sell Treasury notes and bonds, net, in April."
    heading = "Purchases and sales over months"
    behaves = ("flow",)
    does = "sums a flow"
    scaled = True
    moves = True

    def expected(self, test: NetFlow) -> str:
        verb = "net purchases" if test.predicts.direction == "up" else "net sales"
        return f"{verb} of at least {{matters}} {test.window.words} ({{series}})"

    def unit(self, test: NetFlow, view: View) -> str:
        return view.catalogue.series[test.series].unit

    def grid(self, test: NetFlow, view: View) -> Days:
        return windows.track(view, test.series).grid

    def extent(self, test: NetFlow, view: View, anchor: date) -> Extent | NotYet:
        return windows.extent(view, test.reads, test.window, anchor)

    def measure(
        self, test: NetFlow, view: View, anchors: Days, cutoffs: Ints, starts: Ints, length: int
    ) -> Sample:
        track = windows.track(view, test.series, until=anchors.max())
        offset, _, _ = windows.span(test.window, track.entry.frequency)
        base_at = track.position(anchors) + offset
        months = base_at[:, None] + 1 + np.arange(length)[None, :]
        at = np.broadcast_to(cutoffs[:, None], months.shape)
        raw = flows(track, months, at).sum(axis=1)
        usual = track.usual
        last = track.last_known(starts)
        before = last[:, None] - np.arange(max(usual.mean, usual.sd))[None, :]
        mean, sd = windows.mean_and_deviation(
            track.level(before, np.broadcast_to(starts[:, None], before.shape)),
            usual.mean,
            usual.sd,
        )
        first, end = track.day(months[:, 0]), track.day(months[:, -1])
        good = track.whole(base_at, base_at + length) | ((base_at == -1) & (length > 0))
        raw = np.where(good & ~track.broken(first, end), raw, np.nan)
        sign = test.predicts.sign
        return Sample(
            anchors,
            sign * raw,
            sign * mean * length,
            sd * np.sqrt(length),
            np.full(len(raw), np.nan),
            first,
            end,
            track.known(months, at).max(axis=1),
        )

    def material(self, test: NetFlow, sample: Sample, length: int, whole: int) -> Floats:
        return np.full(len(sample.raw), test.matters.at_least.value * length / whole)

    def comparable(self, test: NetFlow, sample: Sample, event: Sample) -> npt.NDArray[np.bool_]:
        return np.ones(len(sample.raw), dtype=bool)

    def seen(self, test: NetFlow, value: float, unit: str, event: Sample) -> str:
        first, last = event.window
        when = f"in {first:%B %Y}" if first == last else f"from {first:%B %Y} to {last:%B %Y}"
        return f"{{series}}: net {'purchases' if value > 0 else 'sales'} of {amount(value, unit)} {when}"


def flows(track: "windows.Track", months: Ints, at: Ints) -> Floats:
    """Each month's flow as known at `at`; NaN for one whose first print is not held until it has aged."""
    late = np.isin(track.day(months), _late_prints(track.entry.not_first_prints))
    return np.where(late & (at < _settled(track, months)), np.nan, track.level(months, at))


def _late_prints(months: tuple[str, ...]) -> Days:
    return np.array([period_end(m) for m in months], dtype="datetime64[D]")


def _settled(track: "windows.Track", months: Ints) -> Ints:
    """From when a month whose first print is not held may stand in: once it has aged."""
    return np.asarray(track.day(months).astype("datetime64[s]").astype(np.int64) + AGED)


KIND = _NetFlow()
