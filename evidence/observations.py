"""The append-only store of observations, and its one door: `Store.as_of`.

A series is a text file in the snapshot: `period,value,known_at,added`. `known_at` is recorded, or
blank where the release calendar computes it when the file is read. `added` is the snapshot's
sequence number at which the line came in. A revision is a new line; no line is ever changed. Nothing
but a `View` hands out data, and a view hides every observation that became known after its day.

A file that is not what the manifest says is left out and named in `Store.damaged`; the rest goes on.
Series of which somebody brought data of their own lie in a second folder, the private store.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evidence import calendar
from evidence.catalogue import Catalogue, Release, VintageQuality
from evidence.catalogue import Series as Entry
from evidence.catalogue import read as read_catalogue
from evidence.transaction import pending

SNAPSHOT = Path(os.environ.get("FLOWCHECK_SNAPSHOT") or Path(__file__).parent / "snapshot")
"""The snapshot's folder: the one beside this module, or where whoever hosts it keeps it."""
HEADER = "period,value,known_at,added"
_FOUR_FIELDS = re.compile(r"(?:[^,\n]*,[^,\n]*,[^,\n]*,[^,\n]*\n)*+")
LAST = np.iinfo(np.int64).max
"""A snapshot's number that every line was added before."""
_SPAN = np.int64(1) << np.int64(
    40
)  # more seconds than any known_at has: room for (period, second) keys

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class SnapshotFault(Exception):
    """A file of the snapshot is missing or not what the manifest says."""


@dataclass(frozen=True, eq=False)
class Series:
    """All versions of all periods of one series that are visible, sorted by period and time known.

    periods: (n,) last days, each once. owner: (v,) index into periods. known: (v,) seconds UTC.
    values: (v,) in the catalogue's unit. v is n where nothing was ever revised.
    """

    id: str
    periods: calendar.Days
    owner: Ints
    known: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.periods)

    @cached_property
    def revised(self) -> bool:
        """Whether any period has more than one version."""
        return len(self.owner) != len(self.periods)

    @cached_property
    def _keys(self) -> Ints:
        return np.asarray(self.owner * _SPAN + self.known)

    @cached_property
    def first(self) -> Ints:
        """Index of each period's first version: of a series that was never revised, of its only one."""
        if not self.revised:
            return self.owner
        return np.searchsorted(self.owner, np.arange(len(self.periods)))

    @cached_property
    def first_known(self) -> Ints:
        """When each period was first known, (n,)."""
        return self.known[self.first] if self.revised else self.known

    @cached_property
    def latest(self) -> Floats:
        """The newest visible value of each period, (n,)."""
        if not self.revised:
            return self.values
        return np.asarray(self.values[np.append(self.first[1:], len(self.owner)) - 1])

    def version(self, index: Ints, at: Ints | int) -> Ints:
        """Which version of period `index` stood at second `at`; -1 where none was known yet.

        Shapes broadcast against each other. An index outside the series gives -1.
        """
        if len(self) == 0:
            return np.full(np.broadcast(index, np.asarray(at)).shape, -1, dtype=np.int64)
        inside = (index >= 0) & (index < len(self.periods))
        safe = np.where(inside, index, 0)
        if not self.revised:
            return np.where(inside & (self.known[safe] <= at), safe, -1)
        found = np.searchsorted(self._keys, safe * _SPAN + at, side="right") - 1
        good = inside & (found >= 0) & (self.owner[np.maximum(found, 0)] == safe)
        return np.where(good, found, -1)

    def value(self, index: Ints, at: Ints | int) -> Floats:
        """The value of period `index` as it stood at second `at`; NaN where none was known."""
        version = self.version(index, at)
        if len(self.values) == 0:
            return np.full(version.shape, np.nan)
        return np.where(version >= 0, self.values[np.maximum(version, 0)], np.nan)

    def index(self, days: calendar.Days) -> Ints:
        """The last period that ends on or before each day; -1 where there is none."""
        return np.searchsorted(self.periods, days, side="right") - 1

    def upto(self, second: int) -> "Series":
        """Only what was known by `second`."""
        keep = self.known <= second
        if keep.all():
            return self
        count = int(keep.argmin())
        if not keep[count:].any():
            # what came later stands at the end, as where nothing was revised: the same numbers, held once for all views
            periods = int(self.owner[count - 1]) + 1 if count else 0
            return Series(
                self.id,
                self.periods[:periods],
                self.owner[:count],
                self.known[:count],
                self.values[:count],
            )
        owner = self.owner[keep]
        left, renumbered = np.unique(owner, return_inverse=True)
        return Series(
            self.id,
            self.periods[left],
            renumbered.astype(np.int64),
            self.known[keep],
            self.values[keep],
        )

    @cached_property
    def digest(self) -> str:
        """sha256 over every visible version: what the identity of a verdict rests on."""
        whole = hashlib.sha256(self.id.encode())
        for part in (
            self.periods.astype("datetime64[D]").astype("<i8"),
            self.owner.astype("<i8"),
            self.known.astype("<i8"),
            self.values.astype("<f8"),
        ):
            whole.update(part.tobytes())
        return whole.hexdigest()


def _none(series_id: str) -> Series:
    """A series without a value."""
    no_days = np.array([], dtype="datetime64[D]")
    return _series(series_id, no_days, np.zeros(0, np.int64), np.zeros(0))


def _verified(folder: Path, series_id: str, wanted: str) -> str:
    """A series file's text, if it is the one that the manifest names, or a newer one of a later refresh.

    A newer one has every line of the older, so whoever reads it as of an older snapshot sees the same.
    """
    name = f"series/{series_id}.csv"
    try:
        data = (folder / name).read_bytes()
    except OSError:
        raise SnapshotFault(f"{series_id}: its file is missing from the snapshot") from None
    found = hashlib.sha256(data).hexdigest()
    if found != wanted and found != pending(folder).get(name):
        now = read_manifest(folder)[1]["series"].get(series_id, {})
        if found != now.get("sha256"):
            raise SnapshotFault(f"{series_id}: the file does not have the manifest’s sha256")
    return data.decode("utf-8")


def _series(series_id: str, ends: calendar.Days, known: Ints, values: Floats) -> Series:
    if (ends[1:] > ends[:-1]).all():  # as a series is that was never revised
        return Series(series_id, ends, np.arange(len(ends)), known, values)
    order = np.lexsort((known, ends))
    ends, known, values = ends[order], known[order], values[order]
    if len(ends):
        # of two versions known at the same second the later line stands
        last = np.append((ends[1:] != ends[:-1]) | (known[1:] != known[:-1]), True)
        ends, known, values = ends[last], known[last], values[last]
    periods, owner = np.unique(ends, return_inverse=True)
    return Series(series_id, periods, owner.astype(np.int64), known, values)


def parse(series_id: str, text: str, release: Release, newest: int) -> Series:
    """A series file's text as a Series of the versions added at or before snapshot `newest`."""
    lines = text.splitlines()
    if not lines or lines[0] != HEADER:
        raise SnapshotFault(f"{series_id}: the file does not begin with `{HEADER}`")
    body = "\n".join([*lines[1:], ""])
    if not _FOUR_FIELDS.fullmatch(body):
        raise SnapshotFault(f"{series_id}: a line has not four fields")
    cells = body.replace("\n", ",").split(",")[:-1]
    whens, numbers, knowns, added = (cells[i::4] for i in range(4))
    if "" in numbers or max(map(int, added), default=0) > newest:
        rows = [
            row for row in zip(whens, numbers, knowns, added, strict=True) if int(row[3]) <= newest
        ]
        left = _left(rows)
        whens, numbers, knowns = ([row[i] for row in left] for i in range(3))
    if whens and len(whens[0]) == 7:
        months = np.array(whens, dtype="datetime64[M]")
        ends = np.asarray(
            (months + 1).astype("datetime64[D]") - np.timedelta64(1, "D"), dtype="datetime64[D]"
        )
    else:
        ends = np.array(whens, dtype="datetime64[D]")
    try:
        values = np.array(list(map(float, numbers)), dtype=np.float64)
    except ValueError as fault:
        raise SnapshotFault(f"{series_id}: {fault}") from None
    blank = np.array([known == "" for known in knowns], dtype=bool)
    known = np.zeros(len(knowns), dtype=np.int64)
    if blank.any():
        known[blank] = calendar.known_at(release, ends[blank])
    known[~blank] = [calendar.seconds(text) for text in knowns if text]
    return _series(series_id, ends, known, values)


def _left(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without the lines that a later one without a value withdrew, and without those."""
    withdrawn = {(row[0], row[2]): int(row[3]) for row in rows if not row[1]}
    return [row for row in rows if row[1] and int(row[3]) >= withdrawn.get((row[0], row[2]), 0)]


def read_manifest(folder: Path) -> tuple[str, dict[str, Any]]:
    """The manifest as text and as it reads. Raises SnapshotFault where there is none that can be read."""
    try:
        text = (folder / "manifest.json").read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError) as fault:
        raise SnapshotFault(f"no readable manifest.json in the snapshot: {fault}") from None
    if not isinstance(found, dict) or not {"snapshot", "series", "newest_release"} <= set(found):
        raise SnapshotFault("manifest.json lacks `snapshot`, `series` or `newest_release`")
    return text, found


class Store:
    """A snapshot on disk with its catalogue. Series are read when first asked for, and kept.

    private: the folder of what the user brought, where there is one; its series count as of every
    newest snapshot, and none of them is seen in an older one. damaged: series that are left out, each
    with a sentence that says why; private_fault: why none of the user's own can be read.
    """

    def __init__(
        self,
        folder: Path = SNAPSHOT,
        catalogue: Catalogue | None = None,
        private: Path | None = None,
    ) -> None:
        self.folder = folder
        self.catalogue = catalogue or read_catalogue()
        self.manifest_text, self.manifest = read_manifest(folder)
        self.damaged: dict[str, str] = {}
        self.private = private
        self.private_fault = ""
        own: Mapping[str, Any] = {}
        if private is not None and (private / "manifest.json").exists():
            try:
                own = read_manifest(private)[1]["series"]
            except SnapshotFault as fault:
                self.private_fault = f"your own data are left out: {fault}"
        self.brought = {
            name: told
            for name, told in own.items()
            if name in self.catalogue.series and self.catalogue.series[name].licence == "licensed"
        }
        self._read: dict[tuple[str, int], Series] = {}

    @property
    def n(self) -> int:
        """The newest sequence number."""
        return int(str(self.manifest["snapshot"]))

    @cached_property
    def hash(self) -> str:
        """The manifest's own hash, printed as provenance."""
        return "sha256:" + hashlib.sha256(self.manifest_text.encode()).hexdigest()

    def held(self, series_id: str) -> bool:
        """Whether the snapshot has the data that a series rests on (a licensed one may be missing)."""
        files = self.manifest["series"]
        return all(
            name in files or name in self.brought for name in self.catalogue.files(series_id)
        )

    def quality(self, series_id: str, snapshot: int, first: date | None = None) -> VintageQuality:
        """What the past of a series' file is made of: as its publisher printed it, or by the release rule.

        first: the first period that is read; what came before the first dated print is none itself.
        """
        told = self.manifest["series"].get(series_id) or {}
        entry = self.catalogue.series[series_id]
        if told.get("recorded_since", LAST) > snapshot:
            return entry.vintage_quality
        if first is not None and first < calendar.period_end(told["prints_from"]):
            return entry.vintage_quality
        return "recorded"

    def whole(self, series_id: str, snapshot: int) -> Series:
        """Every version of a series in snapshot `snapshot`, whenever known. For the door below only."""
        key = (series_id, snapshot)
        if key not in self._read:
            entry = self.catalogue.series[series_id]
            found = self._combine(entry, snapshot) if entry.derived else self._file(entry, snapshot)
            for shared in (found.periods, found.owner, found.known, found.values):
                shared.flags.writeable = False  # views hold parts of these very arrays
            self._read[key] = found
        return self._read[key]

    def _file(self, entry: Entry, snapshot: int) -> Series:
        brought = entry.id in self.brought
        if not brought and entry.id not in self.manifest["series"]:
            return _none(entry.id)
        if brought and snapshot != self.n:
            return _none(entry.id)
        folder = self.private if brought and self.private is not None else self.folder
        told = self.brought[entry.id] if brought else self.manifest["series"][entry.id]
        release = self.catalogue.releases[entry.release]
        try:
            text = _verified(folder, entry.id, told["sha256"])
            return parse(entry.id, text, release, LAST if brought else snapshot)
        except SnapshotFault as fault:
            self.damaged[entry.id] = str(fault)
            return _none(entry.id)

    def _combine(self, entry: Entry, snapshot: int) -> Series:
        if entry.bridge is not None:
            levels = self.whole(entry.bridge.levels, snapshot)
            return Series(entry.id, levels.periods, levels.owner, levels.known, levels.values)
        assert entry.combination is not None
        signs = [(m, 1.0) for m in entry.combination.plus] + [
            (m, -1.0) for m in entry.combination.minus
        ]
        members = [
            (self.whole(m, snapshot), sign, entry.combination.begins.get(m)) for m, sign in signs
        ]
        return combine(entry.id, members)

    @cached_property
    def newest_day(self) -> date:
        """The New York day of the newest release in the snapshot: the default as-of date."""
        return date.fromisoformat(str(self.manifest["newest_release"]))

    def verify(self) -> Mapping[str, str]:
        """Reads every file of the snapshot and says which are damaged."""
        for name in (*self.manifest["series"], *self.brought):
            self.whole(name, self.n)
        return self.damaged

    def as_of(self, day: date, snapshot: int | None = None) -> "View":
        """The one door: what was known at the end of `day` in New York, in snapshot `snapshot`."""
        n = self.n if snapshot is None else snapshot
        self._refuse_unknown(n)
        return View(self, day, n)

    def at(self, snapshot: int) -> "Store":
        """The store as it was when `snapshot` was the newest, without anything that somebody brought.

        Its `hash` stays that of the manifest that it was read by. Raises ValueError as the door does.
        """
        self._refuse_unknown(snapshot)
        found = Store(self.folder, self.catalogue)
        found.manifest_text, found.manifest = self.manifest_text, self.manifest
        if snapshot < self.n:
            found.manifest = {**self.manifest, "snapshot": snapshot}
            every = [found.whole(name, snapshot).known for name in self.manifest["series"]]
            newest = max((int(known.max()) for known in every if len(known)), default=0)
            found.manifest["newest_release"] = calendar.new_york_day(newest).isoformat()
        return found

    def _refuse_unknown(self, snapshot: int) -> None:
        if not 1 <= snapshot <= self.n:
            raise ValueError(f"there is no snapshot {snapshot}; the newest is {self.n}")


def combine(series_id: str, members: list[tuple[Series, float, date | None]]) -> Series:
    """A signed sum of series on their common periods, with every version that any member's gives.

    A member with a beginning counts as nought before it.
    """
    common: calendar.Days | None = None
    for series, _, begins in members:
        own = series.periods
        if begins is not None and common is not None:
            own = np.union1d(own, common[common < np.datetime64(begins)])
        common = own if common is None else np.intersect1d(common, own)
    if common is None:
        raise ValueError(f"{series_id}: a combination needs members")
    if any(series.revised for series, _, _ in members):
        # each moment at which any member has a new version of a common period
        ends = np.concatenate([s.periods[s.owner] for s, _, _ in members])
        known = np.concatenate([s.known for s, _, _ in members])
        order = np.lexsort((known, ends))
        order = order[np.isin(ends[order], common)]
        ends, known = ends[order], known[order]
        new = np.append(True, (ends[1:] != ends[:-1]) | (known[1:] != known[:-1]))[: len(ends)]
        all_ends, all_known = ends[new], known[new]
    else:
        all_ends = common
        all_known = np.full(len(common), np.iinfo(np.int64).min)
        for series, _, _ in members:
            at = series.index(common)
            has = (
                (at >= 0) & (series.periods[np.maximum(at, 0)] == common)
                if len(series)
                else at >= 0
            )
            all_known = np.where(
                has, np.maximum(all_known, series.first_known[np.maximum(at, 0)]), all_known
            )
    total = np.zeros(len(all_ends))
    for series, sign, begins in members:
        at = series.index(all_ends)
        exact = (at >= 0) & (series.periods[np.maximum(at, 0)] == all_ends)
        value = np.where(exact, series.value(at, all_known), np.nan)
        if begins is not None:
            value = np.where(all_ends < np.datetime64(begins), np.where(exact, value, 0.0), value)
        total = total + sign * value
    good = ~np.isnan(total)
    return _series(series_id, all_ends[good], all_known[good], total[good])


class View:
    """What was known at the end of a day in New York."""

    def __init__(self, store: Store, day: date, snapshot: int) -> None:
        self.store = store
        self.catalogue: Catalogue = store.catalogue
        self.day = day
        self.snapshot = snapshot
        self.cutoff = calendar.end_of_day(day)
        self._seen: dict[str, Series] = {}
        self.kept: dict[tuple[object, ...], Any] = {}
        """What was worked out from this view alone and is asked for again: common grids of series."""

    def calling(self, phrases: Mapping[str, str]) -> "View":
        """The same view, in whose sentences some series are called otherwise."""
        if not phrases:
            return self
        found = copy(self)
        found.catalogue, found.kept = self.catalogue.calling(phrases), {}
        return found

    def series(self, series_id: str) -> Series:
        """A series as it was known then. Unknown ids raise KeyError (a reader checks them first)."""
        if series_id not in self._seen:
            self._seen[series_id] = self.store.whole(series_id, self.snapshot).upto(self.cutoff)
        return self._seen[series_id]

    def quality(self, series_id: str, first: date | None = None) -> VintageQuality:
        """What the past of a series' file is made of, from its period `first` on."""
        return self.store.quality(series_id, self.snapshot, first)

    def held(self, series_id: str) -> bool:
        """Whether anything of the series was out (of a bridge: of its levels)."""
        bridge = self.catalogue.series[series_id].bridge
        return len(self.series(bridge.levels if bridge else series_id)) > 0
