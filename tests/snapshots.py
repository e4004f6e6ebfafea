"""Snapshots of a test's own: the project's, with one more after it."""

import hashlib
import json
import shutil
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from evidence import calendar, private
from evidence.engine import Engine
from evidence.library import Library, read_library
from evidence.observations import SNAPSHOT, Store
from evidence.publishers import Observation
from tests import ours

NARRATIVES = Path(__file__).parent.parent / "narratives"
CATALOGUE = ours.catalogue()
PROTEST = "foreign-private-protest"
SWAPS, SPREAD = "swap-spread-unwind", "swap.spread.10y"
BONDS = "tic.net.private_bonds_notes"
REVISED = (BONDS, ("2025-04,-99.5", "2025-05,-99.5"))
"""Sales of bonds that go on in May: they take the contradiction of that story away."""


@cache
def library_in(folder: Path) -> Library:
    """The narratives of a folder, read once."""
    found = read_library(folder, CATALOGUE)
    assert not [problem for problem in found.problems if problem.severity == "error"]
    return found


def engine_on(
    folder: Path = SNAPSHOT, *, own: Path | None = None, narratives: Path = NARRATIVES
) -> Engine:
    """An engine on a snapshot's folder."""
    library = library_in(narratives)
    anchors = {event.id: event.date for event in library.events.values()}
    return Engine(Store(folder, CATALOGUE, private=own), library.narratives, anchors)


def copied(to: Path) -> Path:
    """A copy of the project's snapshot with its register."""
    shutil.copytree(SNAPSHOT, to, ignore=shutil.ignore_patterns(".*", "damaged"))
    return to


def grown(folder: Path, series: str, values: tuple[str, ...]) -> tuple[int, date]:
    """The folder's next snapshot, with these figures of a series (`period,value`). Its number and newest day.

    They become known two days after what was newest until then.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    number = manifest["snapshot"] + 1
    on = date.fromisoformat(manifest["newest_release"]) + timedelta(days=2)
    path = folder / "series" / f"{series}.csv"
    lines = "".join(f"{value},{on}T12:00:00Z,{number}\n" for value in values)
    path.write_text(path.read_text("utf-8") + lines, "utf-8")
    manifest["series"][series]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest |= {"snapshot": number, "newest_release": on.isoformat()}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return number, on


def filled(store: Path) -> Path:
    """A private store with a made-up swap spread that falls from month to month."""
    rows = [
        Observation(SPREAD, f"2025-{month:02d}-{day:02d}", str(60 - 12 * month))
        for month in range(1, 6)
        for day in (6, 7, 8)
    ]
    now = calendar.seconds("2025-09-10T16:00:00Z")
    batch = private.Batch(tuple(rows), "made-up.csv", "release")
    kept = private.keep(store, CATALOGUE, {SPREAD: batch}, now)
    assert kept.added == {SPREAD: len(rows)}, kept.faults
    return store
