"""Placebo in time: where the event ranks among windows in which nothing is known to have happened.

Reference: Abadie, Diamond and Hainmueller (2010), JASA 105, 493-505; the mirrored test against a true
effect of the size that matters is docs/method.md's `p_if_true`.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evidence import calendar
from evidence.kinds.base import Extent, Outcome, PlaceboKind, Sample, TestBase
from evidence.observations import Floats, View

YEARS = 5
SLACK = 12 * 86400
"""Seconds by which a placebo may be read later than the event: a weekly batch and a holiday move a
release by up to ten days, and the next print of a month comes four weeks later."""
LEAST_EFFECTIVE = 19
OFF_RANGE = 3.0
P_IF_TRUE = 0.10
TIE = 1e-9
"""Values nearer than this are equal: a spread of 9 bp may be stored as 8.99999…"""


@dataclass(frozen=True, eq=False)
class Ranked:
    """An event among its placebos. Shapes: noise and dates (n,), in the event's unit around its centre."""

    event: Sample
    dates: calendar.Days
    noise: Floats
    centre: float
    scale: float
    p: float
    p_if_true: float
    effective: int
    matters: float
    off_range: bool

    @property
    def raw(self) -> float:
        """The event's statistic, positive as predicted."""
        return float(self.event.raw[0])

    @property
    def shown(self) -> Floats:
        """The placebos as they would have looked in the event's unit and at its usual size."""
        return np.asarray(self.centre + self.scale * self.noise)

    @cached_property
    def departures(self) -> Floats:
        """How far each placebo lies from their middle, in the event's unit."""
        return np.asarray((self.noise - np.median(self.noise)) * self.scale)

    @property
    def evaluable(self) -> bool:
        """Whether there are windows enough to rank among, or the event is far off them as predicted."""
        return self.effective >= LEAST_EFFECTIVE or (self.off_range and self.raw > self.centre)

    @property
    def mde80(self) -> float:
        """The smallest effect seen four times in five: Q95 − Q20 of the placebos, in the event's unit."""
        high, low = np.quantile(self.noise, [0.95, 0.20])
        return float((high - low) * self.scale)


def candidates(test: TestBase, kind: PlaceboKind, view: View, start: date) -> calendar.Days:
    """The anchors before `start`, with the last five years told apart by `rank`."""
    grid = kind.grid(test, view)
    return grid[grid < np.datetime64(start)]


def rank(
    test: TestBase, kind: PlaceboKind, view: View, anchor: date, extent: Extent, cutoff: int
) -> Ranked | str:
    """Ranks what is out of the event's window, read at `cutoff`; a sentence where it cannot.

    Every placebo is read with the event's own delay (so first prints meet first prints), never with
    anything that was not out when the event's window began.
    """
    start, length, whole = extent.start, extent.published, extent.length
    begin = calendar.end_of_day(start)
    delay = cutoff - calendar.end_of_day(extent.base) + SLACK
    anchors = candidates(test, kind, view, start)
    ends = calendar.ends_of_days(anchors)
    cutoffs = np.minimum(ends + delay, begin)
    starts = (
        ends if extent.offset >= 0 else calendar.ends_of_days(_earlier(anchors, -extent.offset))
    )
    recent = anchors >= np.datetime64(start) - np.timedelta64(round(YEARS * 365.25), "D")
    # the event and its placebos of five years in one call: most of a call's cost is the call
    both = kind.measure(
        test,
        view,
        np.append(np.datetime64(anchor, "D"), anchors[recent]),
        np.append(cutoff, cutoffs[recent]),
        np.append(begin, starts[recent]),
        length,
    )
    own = np.arange(len(both.raw)) == 0
    event = both.take(own)
    if np.isnan(event.raw[0]):
        return (
            "the window spans a gap, a break of method, or a position too small to measure against"
        )
    if np.isnan(event.z[0]):
        return "too little was out before the window to know the usual size of such a change"
    if not len(anchors):
        return "there is no earlier window to compare with"
    sample = _clean(both.take(~own), kind, test, event, start, begin)
    if len(sample.raw) / length < LEAST_EFFECTIVE:
        measured = kind.measure(test, view, anchors, cutoffs, starts, length)
        sample = _clean(measured, kind, test, event, start, begin)
    count = len(sample.raw)
    if count == 0:
        return "there is no earlier window to compare with"
    effective = int(count / length)
    noise, scale, centre = sample.z, float(event.scale[0]), float(event.centre[0])
    z, raw = float(event.z[0]), float(event.raw[0])
    matters = float(kind.material(test, event, length, whole)[0])
    off_range = bool(abs(z) > OFF_RANGE * np.abs(noise).max())
    if effective < LEAST_EFFECTIVE and not (off_range and z > 0):
        return f"only {effective} earlier windows that do not overlap; {LEAST_EFFECTIVE} are needed"
    return Ranked(
        event,
        sample.anchors,
        noise,
        centre,
        scale,
        _p(noise, z),
        _p_if_true((noise - np.median(noise)) * scale, matters, raw),
        effective,
        matters,
        off_range,
    )


def _p(noise: Floats, z: float) -> float:
    return float((1 + (noise >= z - TIE).sum()) / (len(noise) + 1))


def _p_if_true(departures: Floats, matters: float, raw: float) -> float:
    return float((1 + (departures + matters <= raw + TIE).sum()) / (len(departures) + 1))


def told_again(ranked: Ranked, raw: float, matters: float) -> Ranked:
    """The same placebos around another event: one that went `raw` far, where `matters` is what counts."""
    z = (raw - ranked.centre) / ranked.scale
    return replace(
        ranked,
        event=replace(ranked.event, raw=np.array([raw])),
        p=_p(ranked.noise, z),
        p_if_true=_p_if_true(ranked.departures, matters, raw),
        matters=matters,
        off_range=bool(abs(z) > OFF_RANGE * np.abs(ranked.noise).max()),
    )


def _earlier(days: calendar.Days, count: int) -> calendar.Days:
    """Each day's predecessor `count` places before it in the row (at the edge, the first day)."""
    return days[np.maximum(np.arange(len(days)) - count, 0)]


def _clean(
    sample: Sample, kind: PlaceboKind, test: TestBase, event: Sample, start: date, begin: int
) -> Sample:
    """Only windows that ended and were out before the event's began, and that compare with it."""
    good = ~np.isnan(sample.z) & (sample.last <= np.datetime64(start)) & (sample.known <= begin)
    return sample.take(good & kind.comparable(test, sample, event))


def outcome(ranked: Ranked, tail: float) -> Outcome:
    """The rule of one test: docs/method.md, Outcome. tail is a share (0.05)."""
    if ranked.off_range and ranked.effective < LEAST_EFFECTIVE:
        return "consistent" if ranked.raw >= ranked.matters - TIE else "neutral"
    if ranked.p <= tail and ranked.raw >= ranked.matters - TIE:
        return "consistent"
    if ranked.p_if_true <= P_IF_TRUE:
        return "inconsistent"
    return "neutral"


def outcomes(ranked: Ranked, raw: Floats, tail: float) -> npt.NDArray[np.str_]:
    """The outcome of each of many values in the event's place, (n,): what `outcome` says of them one by one."""
    count = len(ranked.noise)
    z = (raw - ranked.centre) / ranked.scale
    noise, departures = np.sort(ranked.noise), np.sort(ranked.departures)
    p = (1 + count - np.searchsorted(noise, z - TIE, side="left")) / (count + 1)
    least = np.searchsorted(departures + ranked.matters, raw + TIE, side="right")
    material = raw >= ranked.matters - TIE
    told = np.where((1 + least) / (count + 1) <= P_IF_TRUE, "inconsistent", "neutral")
    told = np.where((p <= tail) & material, "consistent", told)
    if ranked.effective < LEAST_EFFECTIVE:
        off = np.abs(z) > OFF_RANGE * np.abs(ranked.noise).max()
        told = np.where(off, np.where(material, "consistent", "neutral"), told)
    return told


def bars(ranked: Ranked, tail: float) -> tuple[float | None, float | None]:
    """(the raw value under which the test is inconsistent, the one from which it is consistent).

    None where no value reaches the outcome with so few placebos. Inverts `outcome` exactly.
    """
    count = len(ranked.noise)
    order = np.sort(ranked.noise)
    allowed = int(np.floor(P_IF_TRUE * (count + 1) + 1e-9)) - 1
    low = None
    if allowed >= 0:
        around = np.sort(ranked.departures)
        low = float(ranked.matters + around[min(allowed, count - 1)])
    above = int(np.floor(tail * (count + 1) + 1e-9)) - 1
    high = None
    if above >= 0:
        high = max(
            ranked.matters, float(ranked.centre + ranked.scale * order[::-1][min(above, count - 1)])
        )
    return low, high


def true_at(ranked: Ranked, size: float) -> Ranked:
    """The event had the claim been true at `size` times what matters, with this window's own departure from usual.

    A claim of net sales is true where sales are that large, however large purchases usually are; so the
    effect stands in place of the usual value and is not added to it. The median departure is taken off,
    as in p_if_true.
    """
    own = (float(ranked.event.z[0]) - float(np.median(ranked.noise))) * ranked.scale
    return told_again(ranked, size * ranked.matters + own, ranked.matters)
