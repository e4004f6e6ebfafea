"""The private store: series of which the user brought the data, in a folder outside every repository.

It is kept as the snapshot is: append-only, with a manifest and a number of its own, changed as one
under a lock. Which folder that is, `private_folder` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from evidence import calendar, ledger, plausible
from evidence import manifest as manifests
from evidence.catalogue import Catalogue
from evidence.catalogue import Series as Entry
from evidence.ledger import Fetch, Line
from evidence.mending import Mended, keep_good, mend
from evidence.observations import SnapshotFault, read_manifest
from evidence.private_folder import PrivateFault
from evidence.publishers import Observation
from evidence.transaction import LOCK, change, finish

PATIENCE = 30.0
"""Seconds that an import waits for another one."""
JUMP = 1.8
"""How many times the price before it one may be: a split or a slipped point is told, a crash is not."""
NEAR = timedelta(days=10)
"""How far apart two prices may lie for that to be asked."""
BOUNDS: Mapping[str, tuple[float, float]] = {"price": (1e-9, float("inf")), "share": (0, 100)}
"""Between what the values of a behaviour lie; shares are in percent."""


@dataclass(frozen=True)
class Batch:
    """What one file has for one series. recorded: the file itself says when each value became known."""

    rows: tuple[Observation, ...]
    file: str
    known_at: str
    note: str = ""
    recorded: bool = False


@dataclass(frozen=True)
class Kept:
    """What became of some batches.

    before, number: the store's number then and now. added, revised: lines by series. faults: what cannot
    be true of a batch, by series.
    """

    before: int
    number: int
    added: Mapping[str, int]
    revised: Mapping[str, int]
    faults: Mapping[str, Sequence[str]]
    mended: Sequence[Mended]


def number(store: Path) -> int:
    """The store's number; 0 where there is none yet."""
    return int(read_manifest(store)[1]["snapshot"]) if _there(store) else 0


def keep(
    store: Path, catalogue: Catalogue, batches: Mapping[str, Batch], now: int, *, anew: bool = False
) -> Kept:
    """Appends what is new, as one change; a series with a fault keeps what it had.

    now: the second of the import, UTC. anew: the series begin again with these files, and what they had
    is set aside in `replaced/`. Raises PrivateFault where the folder is not one of these or another
    import is at work, and WriteFault where the disk takes nothing more.
    """
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(store):
        _refuse_open(store, catalogue)
        finish(store)
        mended = mend(store) if _there(store) else []
        told: dict[str, Any] = read_manifest(store)[1] if _there(store) else dict(_EMPTY)
        wanted = _Change(store, catalogue, told, now, anew)
        for series, batch in sorted(batches.items()):
            wanted.take(catalogue.series[series], batch)
        wanted.write()
        added, revised, faults = wanted.added, wanted.revised, wanted.faults
        return Kept(int(told["snapshot"]), wanted.number, added, revised, faults, mended)


_EMPTY: Mapping[str, Any] = {"snapshot": 0, "newest_release": "", "series": {}}


def _there(store: Path) -> bool:
    return (store / manifests.NAME).exists()


def _refuse_open(store: Path, catalogue: Catalogue) -> None:
    """Raises PrivateFault for a folder that holds other data, before anything in it is touched."""
    try:
        names = read_manifest(store)[1]["series"] if _there(store) else ()
    except SnapshotFault:
        return  # it is damaged, and about to be mended
    for name in names:
        if name not in catalogue.series or catalogue.series[name].licence != "licensed":
            raise PrivateFault(f"{store} holds {name}, which nobody brings: it is no private store")


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    lock = FileLock(store / LOCK)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise PrivateFault(f"another import is at work on {store}") from None
    try:
        yield
    finally:
        lock.release()


@dataclass
class _Change:
    """One change of the store while it is put together."""

    store: Path
    catalogue: Catalogue
    told: Mapping[str, Any]
    now: int
    anew: bool
    texts: dict[str, str] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    newest: str = ""
    added: dict[str, int] = field(default_factory=dict)
    revised: dict[str, int] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number that the store has with this change."""
        return int(self.told["snapshot"]) + bool(sum(self.added.values()))

    def take(self, entry: Entry, batch: Batch) -> None:
        """What a batch adds to a series, or why it cannot."""
        stood = ledger.read_lines(self.store / manifests.series_file(entry.id))
        held = [] if self.anew else stood
        release = self.catalogue.releases[entry.release]
        faults = _implausible(entry, ledger.standing(release, held), batch.rows, self.now)
        new: list[Line] = []
        if not faults:
            known = {line.period for line in held}
            rows = [
                # a period that is held comes again: a value that differs is a revision, and not so old
                replace(row, known_at="") if row.period in known and not batch.recorded else row
                for row in batch.rows
            ]
            number, fetch = int(self.told["snapshot"]) + 1, Fetch(self.now)
            new, faults = ledger.merge_fetched(release, entry.frequency, held, rows, number, fetch)
        if faults:
            self.faults[entry.id] = faults
            return
        before = self.told["series"].get(entry.id)
        if new:
            self._append(entry, batch, held, new)
            if self.anew and before:
                name = manifests.series_file(entry.id)
                aside = f"replaced/{entry.id}.{before['added']}.csv"
                self.texts[aside] = (self.store / name).read_text(encoding="utf-8")
        note = batch.note or ("" if self.anew or not before else before["note"])
        described = self.entries.get(entry.id, before)
        if described is not None:
            self.entries[entry.id] = {**described, "note": note}

    def _append(self, entry: Entry, batch: Batch, held: list[Line], new: list[Line]) -> None:
        release = self.catalogue.releases[entry.release]
        text = ledger.text_of(release, [*held, *new])
        self.texts[manifests.series_file(entry.id)] = text
        self.entries[entry.id] = {
            **manifests.describe(entry, text, ledger.lines_of(text)),
            "file": batch.file,
            "imported": calendar.iso(self.now),
            "known_by": batch.known_at,
        }
        last = calendar.new_york_day(max(ledger.known_seconds(release, new)))
        self.newest = max(self.newest, last.isoformat())
        older = {line.period for line in held}
        self.added[entry.id] = len(new)
        self.revised[entry.id] = sum(line.period in older for line in new)

    def write(self) -> None:
        """The change, on disk: nothing where there is none."""
        series = {**self.told["series"], **self.entries}
        newest = max(self.newest, self.told["newest_release"])
        manifest = {"snapshot": self.number, "newest_release": newest, "series": series}
        if series and manifest != self.told:
            change(self.store, {**self.texts, manifests.NAME: manifests.text_of(manifest)})
        if series:
            keep_good(self.store)


def _implausible(
    entry: Entry,
    stands: dict[str, list[ledger.Version]],
    rows: Sequence[Observation],
    now: int,
) -> list[str]:
    """What cannot be true of a file. An older one may come after a newer one, so where it ends is not asked."""
    told = plausible.faults(entry, (), stands, rows, calendar.new_york_day(now))
    low, high = BOUNDS.get(entry.behaves, (float("-inf"), float("inf")))
    told += [
        f"{row.period}: {row.value} {entry.unit} cannot be"
        for row in rows
        if not low <= float(row.value) <= high
    ]
    return told or (_jumps(stands, rows) if entry.behaves == "price" else [])


def _jumps(
    stands: Mapping[str, Sequence[ledger.Version]], rows: Sequence[Observation]
) -> list[str]:
    """Prices that lie too far from the one before."""
    prices = {period: float(versions[-1].value) for period, versions in stands.items()}
    prices |= {row.period: float(row.value) for row in rows}
    told = []
    for before, period in pairwise(sorted(prices)):
        apart = calendar.period_end(period) - calendar.period_end(before)
        ratio = prices[period] / prices[before]
        if apart <= NEAR and not 1 / JUMP < ratio < JUMP:
            told.append(
                f"{period}: {prices[period]:g} is {ratio:.3g} times the value before it: a split that is not"
                " adjusted for, or a slipped decimal point?"
            )
    return told
