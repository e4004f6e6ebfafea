"""Windows over a series: the grid of its periods, what is out of a window, changes and their usual size.

A `Track` lays a series (or, for a bridge, two collections of the same thing) on one grid of periods.
The grid goes on past the last observation by the release calendar, so that a window that is still
open has its periods, and their release days, before it has their values.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evidence import calendar
from evidence.catalogue import Release
from evidence.catalogue import Series as Entry
from evidence.days import day
from evidence.kinds.base import Extent, NotYet, Window, periods_in
from evidence.observations import Floats, Ints, Series, View

_STEP = {"daily": 7 / 5, "weekly": 7.0, "monthly": 30.44}
_SLACK = {"daily": 6.0, "weekly": 3.0, "monthly": 4.0}
"""How far, in days, a window may be from its nominal length before it counts as spanning a gap."""
ENOUGH = 0.6
"""The share of a trailing window that must be held for its mean and deviation to be used."""


@dataclass(frozen=True)
class Usual:
    """How the usual size of a change is taken, by the way a series behaves (docs/method.md).

    percent: changes are in percent of the level (of its size, for a net position) rather than in
    units. mean, sd: trailing observations for the mean (0: none is taken off) and the deviation.
    """

    percent: bool
    mean: int
    sd: int


USUAL = {
    ("stock", "weekly"): Usual(percent=True, mean=52, sd=52),
    ("stock", "daily"): Usual(percent=True, mean=0, sd=60),
    ("stock", "monthly"): Usual(percent=True, mean=12, sd=36),
    ("net_position", "weekly"): Usual(percent=True, mean=0, sd=52),
    ("price", "daily"): Usual(percent=True, mean=0, sd=60),
    ("rate", "daily"): Usual(percent=False, mean=0, sd=60),
    ("index", "daily"): Usual(percent=False, mean=0, sd=60),
    ("flow", "monthly"): Usual(percent=False, mean=12, sd=36),
}


class Track:
    """A series on its grid, as seen in one view. Whoever only reads asks `track` for one: it is kept."""

    def __init__(
        self, view: View, series_id: str, until: date | np.datetime64 | None = None
    ) -> None:
        self.view = view
        self.entry: Entry = view.catalogue.series[series_id]
        self.release: Release = view.catalogue.releases[self.entry.release]
        bridge = self.entry.bridge
        names = (bridge.levels, bridge.changes) if bridge else (series_id,)
        self.layers: tuple[Series, ...] = tuple(view.series(name) for name in names)
        periods = self.layers[0].periods
        for layer in self.layers[1:]:
            periods = np.union1d(periods, layer.periods)
        self.published = len(periods)
        if until is not None and self.published:
            last = periods[-1].astype(object)
            ahead = int((np.datetime64(until) - periods[-1]).astype(int))
            count = int(ahead / _STEP.get(self.entry.frequency, 1e9)) + 8 if ahead > 0 else 0
            following = calendar.next_periods(self.entry.frequency, last, count, self.release)
            periods = np.concatenate([periods, np.array(following, dtype="datetime64[D]")])
        self.grid: calendar.Days = periods

    def narrowed(self, days: calendar.Days) -> "Track":
        """The same track on those of its periods that are among `days`."""
        narrow = copy(self)
        for worked_out in ("_places", "_steps", "_out", "_usual_by_place"):
            narrow.__dict__.pop(worked_out, None)
        narrow.grid = np.intersect1d(self.grid, days, assume_unique=True)
        last = self.grid[self.published - 1 : self.published]
        narrow.published = int(np.searchsorted(narrow.grid, last, side="right").sum())
        return narrow

    @cached_property
    def usual(self) -> Usual:
        """How this series' changes are scaled. Raises ValueError for a series that has no usual change."""
        try:
            return USUAL[self.entry.behaves, self.entry.frequency]
        except KeyError:
            raise ValueError(
                f"{self.entry.id}: no rule scales a {self.entry.frequency} {self.entry.behaves}"
            ) from None

    @cached_property
    def _places(self) -> tuple[Ints, ...]:
        """Each layer's index for each grid position; −1 where the layer has no such period."""
        places = []
        for layer in self.layers:
            at = layer.index(self.grid)
            exact = (
                (at >= 0) & (layer.periods[np.maximum(at, 0)] == self.grid)
                if len(layer)
                else at >= 0
            )
            places.append(np.where(exact, at, -1))
        return tuple(places)

    def position(self, days: calendar.Days) -> Ints:
        """The grid position of the last period on or before each day."""
        return np.searchsorted(self.grid, days, side="right") - 1

    def _place(self, layer: int, position: Ints) -> Ints:
        """The layer's own index at each grid position; −1 outside the grid or where it has no such period."""
        if len(self.grid) == 0:
            return np.full(position.shape, -1)
        inside = (position >= 0) & (position < len(self.grid))
        return np.where(inside, self._places[layer][np.where(inside, position, 0)], -1)

    def _levels(self, layer: int, position: Ints, at: Ints) -> Floats:
        return self.layers[layer].value(self._place(layer, position), at)

    def level(self, position: Ints, at: Ints) -> Floats:
        """The level at each position as known at `at`, from the first layer that has it."""
        level = self._levels(0, position, at)
        for layer in range(1, len(self.layers)):
            level = np.where(np.isnan(level), self._levels(layer, position, at), level)
        return level

    def known(self, position: Ints, at: Ints) -> Ints:
        """When the version of each position that stood at `at` became known; 0 where none stood."""
        known = np.zeros(np.broadcast(position, at).shape, dtype=np.int64)
        for layer, series in enumerate(self.layers):
            version = series.version(self._place(layer, position), at)
            if len(series.known):
                here = np.where(version >= 0, series.known[np.maximum(version, 0)], 0)
                known = np.where(known == 0, here, known)
        return known

    def day(self, position: Ints) -> calendar.Days:
        """The grid's day at each position (clipped to the grid)."""
        return self.grid[np.clip(position, 0, len(self.grid) - 1)]

    def whole(self, start: Ints, end: Ints) -> npt.NDArray[np.bool_]:
        """Whether start and end are as far apart as their number of periods says: no gap between."""
        inside = (start >= 0) & (end < len(self.grid)) & (start < len(self.grid))
        days = (self.day(end) - self.day(start)).astype(np.int64)
        nominal = (end - start) * _STEP[self.entry.frequency]
        return np.asarray(inside & (np.abs(days - nominal) <= _SLACK[self.entry.frequency]))

    def change(self, start: Ints, end: Ints, at: Ints) -> tuple[Floats, Floats]:
        """The change from start to end and the level at start, both from one layer, in units.

        NaN where a value is not known at `at`, where no single layer has both ends, or over a gap.
        """
        change = np.full(np.broadcast(start, end, at).shape, np.nan)
        base = change.copy()
        for layer in range(len(self.layers)):
            first, last = self._levels(layer, start, at), self._levels(layer, end, at)
            fresh = np.isnan(change) & ~np.isnan(first) & ~np.isnan(last)
            change = np.where(fresh, last - first, change)
            base = np.where(fresh, first, base)
        good = self.whole(start, end)
        return np.where(good, change, np.nan), np.where(good, base, np.nan)

    @cached_property
    def _out(self) -> Ints:
        """By when each published position, or one before it, was out, (published,): never falls."""
        out = np.full(self.published, np.iinfo(np.int64).max)
        for layer, series in enumerate(self.layers):
            place = self._places[layer][: self.published]
            if len(series):
                first = np.where(
                    place >= 0, series.first_known[np.maximum(place, 0)], np.iinfo(np.int64).max
                )
                out = np.minimum(out, first)
        return np.maximum.accumulate(
            np.where(out == np.iinfo(np.int64).max, np.iinfo(np.int64).min, out)
        )

    def last_known(self, starts: Ints) -> Ints:
        """The last grid position that was out at each of `starts` (seconds); −1 where none was."""
        return np.searchsorted(self._out, starts, side="right") - 1

    def usual_change(self, starts: Ints) -> tuple[Floats, Floats]:
        """Mean and deviation of the one-period changes known at each start, two of (n,), by the series' own rule.

        In percent of the level before (of its size, for a net position), or in units.
        """
        last = self.last_known(starts)
        if not any(layer.revised for layer in self.layers):
            # what was never revised and was out by the start reads the same at any later time
            mean, deviation = self._usual_by_place
            return mean[last + 1], deviation[last + 1]
        ends = self._trailing(last)
        change = self._one_period(ends, np.broadcast_to(starts[:, None], ends.shape))
        return self._summed_up(np.where(ends >= 1, change, np.nan))

    @cached_property
    def _usual_by_place(self) -> tuple[Floats, Floats]:
        """`usual_change` where the last position known is −1, 0, 1, …: for a series that is never revised."""
        ends = self._trailing(np.arange(-1, self.published))
        change = self._steps[np.clip(ends, 0, len(self._steps) - 1)]
        return self._summed_up(np.where(ends >= 1, change, np.nan))

    def _trailing(self, last: Ints) -> Ints:
        """The positions that a usual change is taken over, the newest first, (n, count)."""
        return last[:, None] - np.arange(max(self.usual.mean, self.usual.sd))[None, :]

    def _summed_up(self, rows: Floats) -> tuple[Floats, Floats]:
        return mean_and_deviation(rows, self.usual.mean, self.usual.sd)

    @cached_property
    def _steps(self) -> Floats:
        """The change that ends at each position, as known now."""
        ends = np.arange(len(self.grid))
        return self._one_period(ends, np.full(len(ends), np.iinfo(np.int64).max >> 8))

    def _one_period(self, ends: Ints, at: Ints) -> Floats:
        change, base = self.change(ends - 1, ends, at)
        torn = self.broken(self.day(ends - 1).ravel(), self.day(ends).ravel()).reshape(ends.shape)
        change = np.where(torn, np.nan, change)
        if not self.usual.percent:
            return change
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(base != 0, 100 * change / np.abs(base), np.nan)

    def broken(self, start: calendar.Days, end: calendar.Days) -> npt.NDArray[np.bool_]:
        """Whether a change of method lies inside each window."""
        spans = np.zeros(len(start), dtype=bool)
        for gap in self.entry.breaks:
            spans |= (start < np.datetime64(gap.on)) & (end >= np.datetime64(gap.on))
        return spans


def mean_and_deviation(rows: Floats, mean: int, sd: int) -> tuple[Floats, Floats]:
    """Mean of the first `mean` columns (0 where none is asked) and deviation of the first `sd`, by row.

    NaN where fewer than 60 % of the columns are held. The deviation divides by n − 1 and is taken
    about the columns' own mean (about nought where no mean is asked: daily means are noise).
    """

    def held(part: Floats) -> tuple[Floats, Floats, Floats]:
        there = ~np.isnan(part)
        count = there.sum(axis=1).astype(float)
        total = np.where(there, part, 0.0).sum(axis=1)
        return there.astype(float), count, total

    deviation_rows = rows[:, :sd]
    there, count, total = held(deviation_rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = total / count if mean else np.zeros(len(rows))
        squares = (there * (np.where(there > 0, deviation_rows, 0.0) - own[:, None]) ** 2).sum(
            axis=1
        )
        deviation = np.sqrt(squares / (count - 1 if mean else count))
    deviation = np.where(count >= ENOUGH * sd, deviation, np.nan)
    deviation = np.where(deviation > 0, deviation, np.nan)
    if not mean:
        return np.zeros(len(rows)), deviation
    _, mean_count, mean_total = held(rows[:, :mean])
    with np.errstate(divide="ignore", invalid="ignore"):
        average = mean_total / mean_count
    return np.where(mean_count >= ENOUGH * mean, average, np.nan), deviation


def medians(rows: Floats) -> Floats:
    """The median of what is held of each row, (n,); every row has to hold something.

    NumPy's own for rows with gaps goes through masked arrays, at many times the cost.
    """
    ordered = np.sort(rows, axis=1)  # gaps come last
    held = (~np.isnan(rows)).sum(axis=1)
    row = np.arange(len(rows))
    return np.asarray((ordered[row, (held - 1) // 2] + ordered[row, held // 2]) / 2)


def span(window: Window, frequency: str) -> tuple[int, int, int]:
    """(offset of the window's first base from the anchor's position, length, least), in observations."""
    length = periods_in(window.after or window.before or "", frequency)
    least = periods_in(window.min, frequency) if window.min else -(-length // 2)
    offset = (
        -length if window.before else (periods_in(window.skip, frequency) if window.skip else 0)
    )
    return offset, length, min(least, length)


def not_out(view: View, series_id: str, on: date) -> NotYet:
    """That the value of a day is not out, and when it is expected."""
    entry = view.catalogue.series[series_id]
    due = calendar.expected(view.catalogue.releases[entry.release], on, view.day)
    return NotYet(
        f"{entry.named} for {day(on)} was not out by then", due if due > view.day else None
    )


def not_reached(view: View, series_id: str, least: date | None) -> NotYet | None:
    """That the newest period of a series ends before a day that it has to reach; None where it does not."""
    if least is None or view.series(series_id).periods[-1] >= np.datetime64(least):
        return None
    return not_out(view, series_id, least)


def longest(frequency: str, count: int) -> int:
    """The most days that a window of `count` periods spans; a longer one would span a gap."""
    return int(count * _STEP[frequency] + _SLACK[frequency]) + 1


def track(view: View, series_id: str, until: date | np.datetime64 | None = None) -> Track:
    """The track of a series in a view, kept with the view: one for all days that its own periods reach."""
    key = ("track", series_id, None if until is None else str(until))
    kept: Track | None = view.kept.get(key)
    if kept is not None:
        return kept
    made = Track(view, series_id, until=until) if until is None else track(view, series_id)
    if until is not None and not (made.published and made.grid[-1] >= np.datetime64(until)):
        made = Track(view, series_id, until=until)
    view.kept[key] = made
    return made


def together(
    view: View, series: Sequence[str], until: date | np.datetime64 | None = None
) -> list[Track]:
    """Tracks of several series on the periods that all of them have."""
    if len(series) == 1:
        return [track(view, series[0], until)]
    tracks = [track(view, name, until) for name in series]
    key = ("together", *map(id, tracks))  # what is kept holds them, so no id comes again
    kept: tuple[list[Track], list[Track]] | None = view.kept.get(key)
    if kept is None:
        common = tracks[0].grid
        for other in tracks[1:]:
            common = np.intersect1d(common, other.grid, assume_unique=True)
        kept = (tracks, [one.narrowed(common) for one in tracks])
        view.kept[key] = kept
    return kept[1]


def extent(view: View, series: Sequence[str], window: Window, anchor: date) -> Extent | NotYet:
    """How much of the event's window is out for all of the series, and when enough and all will be."""
    frequency = view.catalogue.series[series[0]].frequency
    offset, length, least = span(window, frequency)
    room = int((offset + length + 3) * _STEP[frequency]) + 12 if offset + length > 0 else 12
    tracks = together(view, series, until=anchor + timedelta(days=max(room, 40)))
    empty = next((track for track in tracks if track.published == 0), None)
    if empty is not None:
        return NotYet(f"nothing of {empty.entry.named} was out by then")
    grid = tracks[0].grid
    base = int(tracks[0].position(np.array([anchor], dtype="datetime64[D]"))[0]) + offset
    if base < 0:
        return NotYet(f"{tracks[0].entry.named} begins only after the window")
    cut = np.full(length, view.cutoff)
    inside = base + 1 + np.arange(length)
    held = ~np.any([np.isnan(track.level(inside, cut)) for track in tracks], axis=0)
    published = int(np.flatnonzero(held)[-1]) + 1 if held.any() else 0
    base_day, own = grid[base].astype(object), grid[base - offset].astype(object)

    def due(count: int) -> tuple[date, Track] | None:
        if base + count >= len(grid):
            return None
        day = grid[base + count].astype(object)
        days = [(calendar.expected(track.release, day, view.day), track) for track in tracks]
        return max(days, key=lambda pair: pair[0])

    stale = None
    following = due(published + 1) if published < length else None
    if following is not None:
        on, track = following
        if (view.day - on).days > track.release.stale_after_days:
            stale = f"{track.entry.named} is overdue since {day(on)}"
    enough, whole = due(least), due(length)
    return Extent(
        length=length,
        published=published,
        least=least,
        base=own,
        offset=offset,
        start=min(anchor, base_day) if offset < 0 else anchor,
        due_least=enough[0] if enough else None,
        due_whole=whole[0] if whole else None,
        stale=stale,
    )
