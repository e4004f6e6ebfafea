"""The ranked tests once more, from docs/method.md, in plain pandas: one window after the other.

This is how one would write it first: a frame of prints for each series, `known` asks what stood at a
moment, and a loop goes over the placebos. It shares the reading of the data with the engine and nothing else.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from evidence.kinds.base import TestBase
from evidence.observations import View

NEW_YORK = "America/New_York"
DAYS_A_PERIOD = {"weekly": 7.0, "daily": 7 / 5, "monthly": 365.25 / 12}
SLACK = {"weekly": 3, "daily": 6, "monthly": 4}
IN_A_DAILY_SPAN = {"day": 1, "week": 5, "month": 21}
USUAL = {("stock", "weekly"): (52, 52), ("stock", "monthly"): (12, 36), ("net_position", "weekly"): (0, 52)}  # fmt: skip
FIVE_YEARS = pd.Timedelta(days=1826)
AGED = 150 * 86400
BATCHES = 12 * 86400
TIES = 1e-9


@dataclass(frozen=True)
class Row:
    """What a ranked test comes to."""

    statistic: float
    p: float
    p_if_true: float
    placebos: int
    outcome: str


def end_of(day: pd.Timestamp) -> int:
    """A day's last second in New York."""
    return int((day + pd.Timedelta("23:59:59")).tz_localize(NEW_YORK).timestamp())


def observations(span: str, frequency: str) -> int:
    count, unit = re.fullmatch(r"(\d+) (\w+?)s?", span).groups()
    return int(count) * (IN_A_DAILY_SPAN[unit] if frequency == "daily" else 1)


class Series:
    """A series as frames of prints: one, or two under a bridge, on one row of periods."""

    def __init__(self, view: View, name: str) -> None:
        entry = view.catalogue.series[name]
        self.entry, self.frequency, self.behaves = entry, entry.frequency, entry.behaves
        self.factor = 100 if entry.behaves == "rate" and entry.unit == "percent" else 1
        names = [entry.bridge.levels, entry.bridge.changes] if entry.bridge else [name]
        self.prints = [_prints(view, each) for each in names]
        held = [view.catalogue.series[each].open_interest for each in names]
        self.open_interest = [_prints(view, each) if each else None for each in held]
        self.breaks = [pd.Timestamp(one.on) for one in entry.breaks]
        self.not_first = {pd.Period(p, "M").end_time.normalize() for p in entry.not_first_prints}
        periods = pd.DatetimeIndex(pd.concat([p["period"] for p in self.prints]).unique())
        if self.frequency == "monthly":
            periods = pd.date_range(periods.min(), periods.max(), freq="ME")
        self.on(periods.sort_values())

    def on(self, periods: pd.DatetimeIndex) -> None:
        """Only these periods count."""
        self.periods = periods
        ahead = periods.to_series().diff().dt.days
        self.torn = (ahead - DAYS_A_PERIOD[self.frequency]).abs() > SLACK[self.frequency]
        for on in self.breaks:
            self.torn |= (periods >= on) & (periods.to_series().shift() < on)
        # what was never printed twice is laid on its periods once
        self.single = [
            None
            if prints["period"].duplicated().any()
            else prints.set_index("period").reindex(periods)
            for prints in self.prints
        ]

    def known(self, at: int) -> list[pd.Series]:
        """Each collection's values by period, as they stood at a moment."""
        return [
            _stood(prints, at).reindex(self.periods)
            if single is None
            else single["value"].where(single["known"] <= at)
            for prints, single in zip(self.prints, self.single, strict=True)
        ]

    def position(self, day: pd.Timestamp) -> int:
        """The last period that ends on or before the day."""
        return int(self.periods.searchsorted(day, side="right")) - 1

    def whole(self, first: int, last: int, unbroken_from: int | None = None) -> bool:
        """Neither a gap between two periods, nor a break of method."""
        if first < 0 or last >= len(self.periods):
            return False
        begins, ends = self.periods[first], self.periods[last]
        nominal = DAYS_A_PERIOD[self.frequency] * (last - first)
        near = abs((ends - begins).days - nominal) <= SLACK[self.frequency]
        since = begins if unbroken_from is None else self.periods[unbroken_from]
        return near and not any(since < on <= ends for on in self.breaks)

    def last_release(self) -> int:
        return max(int(prints["known"].max()) for prints in self.prints)

    def usual(self, start: pd.Timestamp, *, flow: bool) -> tuple[float, float] | None:
        """Mean and deviation of one period, as known at the end of the day on which a window starts."""
        layers = self.known(end_of(start))
        level = _first_of(layers).iloc[: self.position(start) + 1]
        out = level.last_valid_index()
        if out is None:
            return None
        if flow:
            for_mean, for_deviation, change = 12, 36, level.loc[:out]
        else:
            for_mean, for_deviation = USUAL.get((self.behaves, self.frequency), (0, 60))
            lately = [layer.loc[:out].tail(for_deviation + 1) for layer in layers]
            change = _first_of([self._changes(layer) for layer in lately])
        trailing = change.tail(for_deviation)
        held, recent = trailing.dropna(), trailing.tail(for_mean).dropna() if for_mean else None
        if len(held) < 0.6 * for_deviation:
            return None
        if recent is None:
            mean, deviation = 0.0, math.sqrt((held**2).mean())
        else:
            if len(recent) < 0.6 * for_mean:
                return None
            mean, deviation = recent.mean(), held.std()
        return (mean, deviation) if deviation > 0 else None

    def _changes(self, level: pd.Series) -> pd.Series:
        before = level.shift()
        if self.behaves in ("rate", "index"):
            change = (level - before) * self.factor
        else:
            change = 100 * (level - before) / before.abs().where(before != 0)
        return change.mask(self.torn.loc[change.index])


def _prints(view: View, name: str) -> pd.DataFrame:
    """Every print that a view lets through: period, the second it became known, value."""
    held = view.series(name)
    rows = {"period": held.periods[held.owner], "known": held.known, "value": held.values}
    frame = pd.DataFrame(rows).astype({"period": "datetime64[ns]"})
    return frame.sort_values(["period", "known"], ignore_index=True)


def _stood(prints: pd.DataFrame, at: int) -> pd.Series:
    """The newest print of each period known by a moment."""
    seen = prints[prints["known"] <= at]
    return seen.drop_duplicates("period", keep="last").set_index("period")["value"]


def _first_of(layers: list[pd.Series]) -> pd.Series:
    """Each period from the first collection that has it."""
    found = layers[0]
    for other in layers[1:]:
        found = found.combine_first(other)
    return found


@dataclass
class Loop:
    """All ranked tests on one view."""

    view: View
    kept: dict[tuple[str, ...], list[Series]] = field(default_factory=dict)

    def legs(self, names: tuple[str, ...]) -> list[Series]:
        """The series of a test; several have the days that all of them have."""
        if names not in self.kept:
            legs = [Series(self.view, name) for name in names]
            common = legs[0].periods
            for leg in legs[1:]:
                common = common.intersection(leg.periods)
            for leg in legs if len(legs) > 1 else ():
                leg.on(common)
            self.kept[names] = legs
        return self.kept[names]

    def test(self, test: TestBase, anchor: pd.Timestamp) -> Row | None:
        """A ranked test as of the view's day; None where it has no answer."""
        legs = self.legs(test.reads)
        first, frequency = legs[0], legs[0].frequency
        span = observations(test.window.after or test.window.before, frequency)
        shift = observations(test.window.skip, frequency) if test.window.skip else 0
        shift = -span if test.window.before else shift
        least = observations(test.window.min, frequency) if test.window.min else -(-span // 2)
        own = first.position(anchor)
        base = own + shift
        start = min(anchor, first.periods[base]) if shift < 0 else anchor
        now = self.view.cutoff
        length = min(self._out(leg, base, span, now) for leg in legs)
        if length < least:
            return None
        event = self.window(test, legs, base, length, now, start)
        if event is None:
            return None
        raw, centre, scale, level = event
        delay = max(leg.last_release() for leg in legs) - end_of(first.periods[own]) + BATCHES
        compared = self._alike(test, first.periods[base], first.periods[base + length])
        noise: list[float] = []
        for oldest in (start - FIVE_YEARS, first.periods[0]):
            noise = []
            for at, day in enumerate(first.periods):
                if not oldest <= day < start or at + shift < 0 or at + shift + length >= len(first.periods):  # fmt: skip
                    continue
                ends = first.periods[at + shift + length]
                begins = day if shift >= 0 else first.periods[at + shift]
                if ends > start or self._alike(test, first.periods[at + shift], ends) != compared:
                    continue
                cutoff = min(end_of(day) + delay, end_of(start))
                found = self.window(test, legs, at + shift, length, cutoff, begins)
                if found is not None:
                    noise.append((found[0] - found[1]) / found[2])
            if len(noise) / length >= 19:
                break
        return _ranked(test, noise, (raw, centre, scale), level, length, length / span)

    def _out(self, leg: Series, base: int, span: int, at: int) -> int:
        """How many of a window's periods are out, up to the last that is."""
        level = _first_of(leg.known(at))
        held = level.iloc[base + 1 : base + 1 + span].notna().to_numpy()
        return int(np.flatnonzero(held)[-1]) + 1 if held.any() else 0

    def _alike(self, test: TestBase, first: pd.Timestamp, last: pd.Timestamp) -> tuple[int, ...]:
        """What two windows must have in common to be compared: as many ends of months and quarters."""
        if getattr(test, "match", "none") == "none":
            return ()
        month, quarter = first.to_period("M"), first.to_period("Q")
        return (last.to_period("M") - month).n, (last.to_period("Q") - quarter).n

    def window(
        self,
        test: TestBase,
        legs: list[Series],
        base: int,
        length: int,
        at: int,
        start: pd.Timestamp,
    ) -> tuple[float, float, float, float] | None:
        """(raw, centre, scale, level at the base), positive as predicted."""
        several = test.kind == "falls_together"
        ways = [leg.direction for leg in test.legs] if several else [test.predicts.direction]
        found = []
        for leg, way in zip(legs, ways, strict=True):
            sign = 1 if way == "up" else -1
            one = _STATISTICS[test.kind](Window(test, leg, base, length, at, start, sign))
            if one is None:
                return None
            found.append(one)
        if not several:
            return found[0]
        return min((raw - centre) / scale for raw, centre, scale, _ in found), 0.0, 1.0, math.nan


class Window(NamedTuple):
    """`length` periods of a series after one of them, read at a moment; it starts on a day."""

    test: Any
    leg: Series
    base: int
    length: int
    at: int
    start: pd.Timestamp
    sign: int

    @property
    def last(self) -> int:
        return self.base + self.length


def _change(w: Window):
    leg, usual = w.leg, w.leg.usual(w.start, flow=False)
    if usual is None or not leg.whole(w.base, w.last):
        return None
    both = _both_ends(w)
    if both is None:
        return None
    before, after, interest = both
    mean, deviation = w.length * usual[0], math.sqrt(w.length) * usual[1]
    if leg.behaves == "net_position" and not abs(before) >= 0.05 * interest:
        return None
    if leg.behaves in ("stock", "net_position"):
        size = abs(before) / 100
        return w.sign * (after - before), w.sign * mean * size, deviation * size, before
    if leg.behaves in ("rate", "index"):
        return w.sign * (after - before) * leg.factor, w.sign * mean, deviation, math.nan
    return w.sign * 100 * (after - before) / before, w.sign * mean, deviation, math.nan


def _both_ends(w: Window) -> tuple[float, float, float] | None:
    """Levels at both ends from the first collection that has both, and the open interest beside it."""
    for layer, held in zip(w.leg.known(w.at), w.leg.open_interest, strict=True):
        before, after = layer.iloc[w.base], layer.iloc[w.last]
        if pd.notna(before) and pd.notna(after):
            day = w.leg.periods[w.base]
            interest = math.nan if held is None else _stood(held, w.at).get(day, math.nan)
            return before, after, interest
    return None


def _flow(w: Window):
    usual = w.leg.usual(w.start, flow=True)
    if usual is None or not w.leg.whole(w.base, w.last, unbroken_from=w.base + 1):
        return None
    months = _settled(w.leg, w.at).iloc[w.base + 1 : w.last + 1]
    if months.isna().any():
        return None
    centre, scale = w.length * usual[0], math.sqrt(w.length) * usual[1]
    return w.sign * months.sum(), w.sign * centre, scale, math.nan


def _shift(w: Window):
    against = observations(w.test.against, "monthly")
    usual, first = w.leg.usual(w.start, flow=True), w.base - against + 1
    if usual is None or first < 0 or not w.leg.whole(first, w.last):
        return None
    months = _settled(w.leg, w.at)
    before, after = months.iloc[first : w.base + 1].dropna(), months.iloc[w.base + 1 : w.last + 1]
    if after.isna().any() or len(before) < 0.6 * against:
        return None
    turn = after.sum() - w.length * before.mean()
    scale = usual[1] * math.sqrt(w.length * (1 + w.length / against))
    return w.sign * turn, 0.0, scale, before.mean()


def _spike(w: Window):
    level = w.leg.known(w.at)[0]
    if not w.leg.whole(w.base, w.last):
        return None
    inside = w.sign * level.iloc[w.base + 1 : w.last + 1]
    calm = w.sign * level.iloc[max(w.base - 59, 0) : w.base + 1].dropna()
    if inside.isna().any() or len(calm) < 36:
        return None
    return (inside.max() - calm.median()) * w.leg.factor, 0.0, 1.0, math.nan


def _settled(leg: Series, at: int) -> pd.Series:
    """The months as they stood; one whose first print is not held stands in only once it is old."""
    months = leg.known(at)[0]
    young = [p for p in months.index if p in leg.not_first and at < end_of(p) + AGED]
    return months.mask(months.index.isin(young))


_STATISTICS = {
    "change_after": _change,
    "falls_together": _change,
    "net_flow": _flow,
    "flow_shift": _shift,
    "spike_after": _spike,
}


def _ranked(test, noise, event, level, length, share) -> Row | None:
    """The event among its placebos: docs/method.md, Placebos and Outcome."""
    raw, centre, scale = event
    z, zs = (raw - centre) / scale, pd.Series(noise, dtype=float)
    thin = int(len(zs) / length) < 19
    if thin and not (len(zs) and z > 3 * zs.abs().max()):
        return None
    matters = test.matters.at_least.value
    if test.matters.at_least.unit == "percent" and pd.notna(level) and test.kind == "change_after":
        matters *= abs(level) / 100
    if test.kind not in ("spike_after", "falls_together"):
        matters *= share
    departures = (zs - zs.median()) * scale
    p = (1 + (zs >= z - TIES).sum()) / (len(zs) + 1)
    p_if_true = (1 + (departures + matters <= raw + TIES).sum()) / (len(zs) + 1)
    outcome = "neutral"
    if (thin or p <= test.tail.value / 100) and raw >= matters - TIES:
        outcome = "consistent"
    elif not thin and p_if_true <= 0.10:
        outcome = "inconsistent"
    return Row(float(raw), float(p), float(p_if_true), len(zs), outcome)
