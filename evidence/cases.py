"""Small synthetic worlds: a few series in one line each, scored by the same engine.

The notation is promtool's, with noise: `3000+1x60` is 3000, 3001 … 3060 (61 values); `2400x4` five
times 2400; `_x3` three missing ones; `100~2x300` 301 values of 100 plus even noise within ±2;
`100^2x300` a walk from 100 whose steps are even noise within ±2. The noise is a fixed function of
the series' name and the position, the same on every machine; `~2@1` takes the name `1` instead, so
that two series share it (and `~-2@1` turns it round). Tokens follow each other with spaces. A
`|` stands at the anchor: what is before it was observed on or before that day. A series without one
is split by the case's `event_at`.
"""

import re
import zlib
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from evidence import calendar
from evidence.catalogue import Catalogue, VintageQuality
from evidence.observations import Floats, Ints, Series, View

_TOKEN = re.compile(
    r"^(?P<start>-?\d+(\.\d+)?)(?P<step>[+-]\d+(\.\d+)?)?((?P<kind>[~^])(?P<noise>-?\d+(\.\d+)?)(@(?P<seed>\d))?)?(x(?P<times>\d+))?$"
)
_MISSING = re.compile(r"^_(x(?P<times>\d+))?$")
LONGEST = 6000
YEARS = 120
"""How many years of a series a case may span."""


def noise(positions: Ints, seed: int) -> Floats:
    """Even noise in (−1, 1) for each position: splitmix64 (Steele, Lea and Flood 2014), no state."""
    with np.errstate(over="ignore"):
        mixed = (positions.astype(np.uint64) + np.uint64(1) + np.uint64(seed)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / float(1 << 52) - 1.0)


def values(text: str, name: str = "") -> Floats:
    """The notation as numbers; NaN where missing. Raises ValueError with the token that is wrong.

    `name` (a series' id) seeds the noise, so that two series of one case are not the same.
    """
    return split(text, name)[0]


def split(text: str, name: str = "") -> tuple[Floats, int | None]:
    """The numbers, and how many stand before the `|` (None without one)."""
    mark: int | None = None
    seed = zlib.crc32(name.encode()) << 16
    parts: list[Floats] = []
    position = 0
    for word in text.split():
        if word == "|":
            if mark is not None or position == 0:
                raise ValueError("`|` stands once, after at least one value")
            mark = position
            continue
        gap = _MISSING.match(word)
        match = _TOKEN.match(word)
        if gap is None and match is None:
            raise ValueError(
                f"`{word}` is not in the notation: write `100`, `100x4`, `100+1x60`, `100~2x300`, `100^2x300` or `_x3`"
            )
        source = gap or match
        assert source is not None
        count = int(source["times"] or 0) + (1 if match else 0) or 1
        if position + count > LONGEST:
            raise ValueError(f"a case holds at most {LONGEST:,} values")
        steps = np.arange(count)
        if match is None:
            part = np.full(count, np.nan)
        else:
            part = float(match["start"]) + float(match["step"] or 0) * steps
            if match["kind"]:
                own = int(match["seed"]) if match["seed"] else seed
                draws = float(match["noise"]) * noise(position + steps, own)
                part = part + (draws if match["kind"] == "~" else np.cumsum(draws) - draws[0])
        parts.append(part)
        position += count
    return (np.concatenate(parts) if parts else np.zeros(0)), mark


def most(frequency: str) -> int:
    """How many values of a series a case may hold."""
    months = calendar.MONTHS.get(frequency, 1)
    return LONGEST if frequency in ("daily", "weekly") else YEARS * 12 // months


def periods(frequency: str, anchor: date, before: int, after: int) -> calendar.Days:
    """`before` + 1 periods up to the last one on or before the anchor, and `after` past it."""
    if frequency in calendar.MONTHS:
        step = calendar.MONTHS[frequency]
        own = np.datetime64(anchor, "M") - (anchor.month % step)  # the month that ends a period
        ended = (own + 1).astype("datetime64[D]") - 1 <= np.datetime64(anchor)
        last = own if ended else own - step
        months = last + step * np.arange(-before, after + 1)
        return np.asarray((months + 1).astype("datetime64[D]") - 1)
    if frequency == "weekly":
        return np.datetime64(anchor, "D") + 7 * np.arange(-before, after + 1)
    if frequency == "daily":
        start = np.busday_offset(np.datetime64(anchor, "D"), 0, roll="backward")
        return np.busday_offset(start, np.arange(-before, after + 1))
    return np.datetime64(anchor, "D") + 30 * np.arange(-before, after + 1)


class _World:
    """Stands where a store stands. A case's view answers for itself; only the catalogue is asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.damaged: dict[str, str] = {}
        self.brought: dict[str, Mapping[str, str]] = {}


class CaseView(View):
    """A view of a case's own series, everything in it already out."""

    def __init__(
        self, catalogue: Catalogue, series: Mapping[str, str], event_at: int | None, anchor: date
    ) -> None:
        self._catalogue = catalogue
        self._given = {
            name: self._build(name, text, event_at, anchor) for name, text in series.items()
        }
        newest = max((int(s.known.max()) for s in self._given.values() if len(s)), default=0)
        day = max(calendar.new_york_day(newest), anchor + timedelta(days=1))
        super().__init__(_World(catalogue), day, 1)  # type: ignore[arg-type]
        for name, entry in catalogue.series.items():
            if entry.bridge is not None and name in self._given:
                self._given.setdefault(entry.bridge.levels, self._given[name])

    def _build(self, name: str, text: str, event_at: int | None, anchor: date) -> Series:
        entry = self._catalogue.series[name]
        numbers, mark = split(text, name)
        if mark is not None:
            event_at = mark - 1
        if event_at is None:
            raise ValueError(f"{name}: mark the anchor with `|`, or give the case an `event_at`")
        days = periods(entry.frequency, anchor, event_at, max(len(numbers) - event_at - 1, 0))[
            : len(numbers)
        ]
        known = calendar.known_at(self._catalogue.releases[entry.release], days)
        keep = ~np.isnan(numbers)
        count = int(keep.sum())
        return Series(name, days[keep], np.arange(count), known[keep], numbers[keep])

    def series(self, series_id: str) -> Series:
        """The case's series, or an empty one where the case does not name it."""
        empty = Series(
            series_id,
            np.zeros(0, "datetime64[D]"),
            np.zeros(0, np.int64),
            np.zeros(0, np.int64),
            np.zeros(0),
        )
        return self._given.get(series_id, empty)

    def quality(self, series_id: str, _first: date | None = None) -> VintageQuality:
        """What the catalogue says: a case has no vintages."""
        return self._catalogue.series[series_id].vintage_quality

    def held(self, series_id: str) -> bool:
        """Whether the case names it (a bridge by its levels)."""
        return series_id in self._given
