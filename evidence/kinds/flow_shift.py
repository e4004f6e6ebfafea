"""`flow_shift`: a monthly flow turns: the months of a window against the months before them.

Statistic: raw = k × (mean of the window's k months − mean of the a months up to its base), a being
`against`, signed as predicted, in USD bn over the window. Centre 0. Scale s·√(k·(1 + k/a)), with s the
deviation of the 36 single months known when the window starts: what raw deviates by if months are
independent, because the sum of k months has the variance k·s² and k times the mean of a others k²·s²/a.
Window and comparison are read at the same time, so no vintages are mixed, and first prints are ranked
against first prints: each placebo is read with the same delay after its anchor as the event.
"""

from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from evidence import windows
from evidence.calendar import Days
from evidence.catalogue import SeriesId
from evidence.fields import about
from evidence.kinds.base import (
    Extent,
    NotYet,
    PlaceboKind,
    Predicts,
    Sample,
    Span,
    TestBase,
    Window,
    periods_in,
)
from evidence.kinds.net_flow import flows
from evidence.observations import Floats, Ints, View
from evidence.quantity import amount, level


class FlowShift(TestBase):
    """One flow, whole months, against the months before them."""

    kind: Literal["flow_shift"] = about(
        "Whether the months of a flow differ from the months before them.",
        good=["flow_shift"],
        bad=[("flow_change", "a change of a flow is a `flow_shift`")],
    )
    series: SeriesId = about(
        "The monthly flow.",
        good=["tic.net.private_equities"],
        bad=[("equities", "an id is written with dots: `tic.net.private_equities`")],
        lint=[("tic.holdings.japan", "that is a stock; its moves are for `change_after`")],
    )
    window: Window = about(
        "The months that are to differ. The first that ends after the event begins it.",
        good=[{"after": "2 months", "skip": "1 month"}],
        bad=[("2 months", "write `{after: 2 months}`")],
        lint=[({"after": "6 weeks"}, "a monthly flow has windows of months")],
    )
    against: Span = about(
        "The months before the window that it is compared with.",
        good=["12 months", "6 months"],
        bad=[("the year before", "a span: `12 months`")],
        lint=[("52 weeks", "a monthly flow is counted in months")],
        default="12 months",
    )
    predicts: Predicts = about(
        "Whether the flow is to be larger (up) or smaller (down) than before.",
        good=[{"direction": "down"}],
        bad=[("down", "write `{direction: down}`")],
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The one series."""
        return (self.series,)


class _FlowShift(PlaceboKind):
    name = "flow_shift"
    model = FlowShift
    label = "a turn of a flow"
    example = "Foreigners' purchases of US stocks fall short of the year before."
    heading = "Turns in a flow"
    behaves = ("flow",)
    does = "compares months of a flow"
    scaled = True
    moves = True
    spans = ("against",)

    def expected(self, test: FlowShift) -> str:
        side = "more" if test.predicts.direction == "up" else "less"
        return (
            f"{{series}} {test.window.words} to be {{matters}} {side} in all than at the pace of the "
            f"{test.against} before it"
        )

    def unit(self, test: FlowShift, view: View) -> str:
        return view.catalogue.series[test.series].unit

    def grid(self, test: FlowShift, view: View) -> Days:
        return windows.track(view, test.series).grid

    def extent(self, test: FlowShift, view: View, anchor: date) -> Extent | NotYet:
        return windows.extent(view, test.reads, test.window, anchor)

    def measure(
        self, test: FlowShift, view: View, anchors: Days, cutoffs: Ints, starts: Ints, length: int
    ) -> Sample:
        track = windows.track(view, test.series, until=anchors.max())
        frequency = track.entry.frequency
        offset, _, _ = windows.span(test.window, frequency)
        against = periods_in(test.against, frequency)
        base_at = track.position(anchors) + offset
        inside = base_at[:, None] + 1 + np.arange(length)[None, :]
        before = base_at[:, None] - np.arange(against)[None, :]
        at = cutoffs[:, None]
        pace, _ = windows.mean_and_deviation(
            flows(track, before, np.broadcast_to(at, before.shape)), against, against
        )
        raw = flows(track, inside, np.broadcast_to(at, inside.shape)).sum(axis=1) - length * pace
        trailing = track.last_known(starts)[:, None] - np.arange(track.usual.sd)[None, :]
        _, deviation = windows.mean_and_deviation(
            track.level(trailing, np.broadcast_to(starts[:, None], trailing.shape)),
            track.usual.sd,
            track.usual.sd,
        )
        first, end = track.day(inside[:, 0]), track.day(inside[:, -1])
        begins = base_at - against + 1
        good = track.whole(begins, base_at + length) & ~track.broken(track.day(begins), end)
        both = np.hstack([before, inside])
        return Sample(
            anchors,
            np.where(good, test.predicts.sign * raw, np.nan),
            np.zeros(len(raw)),
            deviation * np.sqrt(length * (1 + length / against)),
            pace,
            first,
            end,
            track.known(both, np.broadcast_to(at, both.shape)).max(axis=1),
        )

    def material(self, test: FlowShift, sample: Sample, length: int, whole: int) -> Floats:
        return np.full(len(sample.raw), test.matters.at_least.value * length / whole)

    def comparable(self, test: FlowShift, sample: Sample, event: Sample) -> npt.NDArray[np.bool_]:
        return np.ones(len(sample.raw), dtype=bool)

    def seen(self, test: FlowShift, value: float, unit: str, event: Sample) -> str:
        first, last = event.window
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        pace = float(event.base[0])
        when = f"in {first:%B %Y}" if months == 1 else f"from {first:%B %Y} to {last:%B %Y}"
        side = "more" if value > 0 else "less"
        return (
            f"{{series}}: {level(pace + value / months, unit)}{'' if months == 1 else ' a month'} {when}, after "
            f"{level(pace, unit)} a month over the {test.against} before; "
            f"in all {amount(value, unit)} {side}"
        )


KIND = _FlowShift()
