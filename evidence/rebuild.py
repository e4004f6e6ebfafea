"""Raw files into the snapshot: `python -m evidence.rebuild RAW_DIR [--out evidence/snapshot]`.

Runs every publisher's parser over RAW_DIR and appends what is new. A line that stands in the snapshot
is never changed: a revision is a line of its own, with its own `known_at` and the snapshot's next
sequence number. Where nothing is new, no byte changes. Nothing below `licensed/` is read.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from pathlib import Path

import numpy as np

from evidence import calendar
from evidence.catalogue import Catalogue, Release
from evidence.catalogue import Series as Entry
from evidence.catalogue import read as read_catalogue
from evidence.observations import HEADER, SNAPSHOT
from evidence.publishers import HERE as PUBLISHERS
from evidence.publishers import Observation, Problem, Publisher, discover

BARRED = "licensed"


@dataclass(frozen=True)
class Line:
    """One line of a series file. `known_at` is empty where the release rule gives it."""

    period: str
    value: str
    known_at: str
    added: int

    def __str__(self) -> str:
        return f"{self.period},{self.value},{self.known_at},{self.added}"


Version = tuple[int, str]
"""A value and the second at which it became known."""
first = itemgetter(0)


@dataclass(frozen=True)
class Outcome:
    """What a rebuild did: the sequence number, the series that got lines (and how many), what went wrong."""

    snapshot: int
    added: Mapping[str, int]
    problems: tuple[Problem, ...]


def read_sources(
    raw: Path, publishers: Mapping[str, Publisher]
) -> tuple[dict[str, list[Observation]], list[Problem]]:
    """Every parser over its files: observations by series, in the order of files and lines."""
    found: dict[str, list[Observation]] = {}
    problems: list[Problem] = []
    for publisher, module in sorted(publishers.items()):
        files = {
            path.relative_to(raw).as_posix(): path
            for glob in module.SOURCES
            for path in sorted(raw.glob(glob))
        }
        files |= {name: PUBLISHERS / name for name in getattr(module, "BESIDE", ())}
        missing = [glob for glob in module.SOURCES if not any(raw.glob(glob))]
        problems.extend(Problem(glob, 0, f"no such file; {publisher} reads it") for glob in missing)
        for name, path in files.items():
            if BARRED in Path(name).parts:
                problems.append(Problem(name, 0, "licensed data do not enter the snapshot"))
                continue
            parsed = module.parse(name, path.read_bytes())
            problems.extend(parsed.problems)
            for row in parsed.observations:
                found.setdefault(row.series, []).append(row)
    return found, problems


def known_seconds(release: Release, rows: Sequence[Observation | Line]) -> list[int]:
    """When each row became known, in seconds UTC: as recorded, or by the release rule."""
    ends = np.array([calendar.period_end(row.period) for row in rows], dtype="datetime64[D]")
    rule = calendar.known_at(release, ends)
    return [
        calendar.seconds(row.known_at) if row.known_at else int(at)
        for row, at in zip(rows, rule, strict=True)
    ]


def merge(
    release: Release, held: Sequence[Line], found: Sequence[Observation], added: int
) -> tuple[list[Line], list[str]]:
    """The lines to append to `held`, and what could not be placed.

    A recorded observation is held against the version that stood at its time, one without a recorded
    time against the version that stands at the newest release in `found`. Equal ones bring no line. A
    value that differs and has no time of its own is a revision that the newest release brought.
    """
    standing: dict[str, list[Version]] = {}
    for line, second in zip(held, known_seconds(release, held), strict=True):
        standing.setdefault(line.period, []).append((second, line.value))
    batch: dict[str, dict[int, Observation]] = {}
    faults: list[str] = []
    for row, second in zip(found, known_seconds(release, found), strict=True):
        same = batch.setdefault(row.period, {}).setdefault(second, row)
        if Decimal(same.value) != Decimal(row.value):
            when = calendar.iso(second)
            faults.append(f"{row.period} is {same.value} and {row.value}, both known at {when}")
    if faults:
        return [], faults
    newest = max((second for rows in batch.values() for second in rows), default=0)
    new: list[Line] = []
    for period in sorted(batch):
        for value, known_at in fresh(standing.get(period, []), batch[period], newest, faults):
            new.append(Line(period, value, known_at, added))
    return new, faults


def fresh(
    held: Sequence[Version], rows: Mapping[int, Observation], newest: int, faults: list[str]
) -> list[tuple[str, str]]:
    """What `rows` (by second) add to one period's `held` versions, as (value, known_at)."""
    standing = sorted(held, key=first)
    taken = {second for second, _ in held}
    added: list[tuple[str, str]] = []
    for second in sorted(rows):
        row, last = rows[second], second == max(rows)
        at = newest if held and last and not row.known_at else second
        now = [value for when, value in standing if when <= at]
        if now and Decimal(now[-1]) == Decimal(row.value):
            continue
        placed, known_at = second, row.known_at
        if second in taken:  # a version of that second is there, and lines are never changed
            if newest in taken or not last:
                told = calendar.iso(second)
                faults.append(f"{row.period}: {row.value} differs from what was known at {told}")
                continue
            placed, known_at = newest, calendar.iso(newest)
        added.append((row.value, known_at))
        standing = sorted([*standing, (placed, row.value)], key=first)
    return added


def read_lines(path: Path) -> list[Line]:
    """A series file's lines; none where there is no file yet."""
    if not path.exists():
        return []
    rows = (text.split(",") for text in path.read_text(encoding="utf-8").splitlines()[1:])
    return [Line(row[0], row[1], row[2], int(row[3])) for row in rows]


def ordered(release: Release, lines: Sequence[Line]) -> list[Line]:
    """Lines by period, then when known, then when added."""
    seconds = known_seconds(release, lines)
    keyed = sorted(
        zip(lines, seconds, strict=True), key=lambda pair: (pair[0].period, pair[1], pair[0].added)
    )
    return [line for line, _ in keyed]


def write_whole(path: Path, text: str) -> None:
    """Writes a file at once: a temporary file beside it, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def describe(entry: Entry, text: str, lines: Sequence[Line]) -> dict[str, object]:
    """A series' entry in the manifest."""
    return {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "rows": len(lines),
        "first": lines[0].period,
        "last": lines[-1].period,
        "added": max(line.added for line in lines),
        "publisher": entry.publisher,
        "url": entry.url,
        "citation": entry.citation,
        "licence": entry.licence,
    }


def rebuild(
    raw: Path,
    out: Path = SNAPSHOT,
    catalogue: Catalogue | None = None,
    publishers: Mapping[str, Publisher] | None = None,
    today: date | None = None,
) -> Outcome:
    """Appends what RAW has and the snapshot has not. A series with a fault keeps what it had."""
    catalogue = catalogue or read_catalogue()
    found, problems = read_sources(raw, publishers or discover())
    limit = calendar.end_of_day(today or datetime.now(calendar.NEW_YORK).date())
    path = out / "manifest.json"
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    number = json.loads(held)["snapshot"] + 1 if held else 1
    added: dict[str, int] = {}
    for series in sorted(found):
        entry = catalogue.series.get(series)
        file = out / "series" / f"{series}.csv"
        lines = read_lines(file)
        if entry is None or entry.derived or entry.licence == "licensed":
            new, faults = (
                list[Line](),
                ["the catalogue has no open series of this id with a file of its own"],
            )
        else:
            release = catalogue.releases[entry.release]
            new, faults = checked(release, lines, found[series], number, limit)
        problems.extend(Problem(series, 0, fault) for fault in faults)
        if new:
            text = "\n".join([HEADER, *map(str, ordered(release, [*lines, *new]))]) + "\n"
            write_whole(file, text)
            added[series] = len(new)
    manifest = manifest_of(out, catalogue)
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if manifest["series"] and text != held:
        write_whole(path, text)
    return Outcome(int(str(manifest["snapshot"])), added, tuple(problems))


def checked(
    release: Release, held: Sequence[Line], found: Sequence[Observation], added: int, limit: int
) -> tuple[list[Line], list[str]]:
    """As `merge`; nothing at all where an observation would become known after `limit`."""
    for row, second in zip(found, known_seconds(release, found), strict=True):
        if second > limit:
            return [], [f"{row.period} would become known only after today: a wrong date?"]
    return merge(release, held, found, added)


def manifest_of(out: Path, catalogue: Catalogue) -> dict[str, object]:
    """The manifest of what lies in the snapshot. Its number is the largest that a line carries."""
    entries: dict[str, object] = {}
    number, newest = 0, 0
    for file in sorted((out / "series").glob("*.csv")):
        entry = catalogue.series[file.stem]
        lines = read_lines(file)
        entries[entry.id] = describe(entry, file.read_text(encoding="utf-8"), lines)
        number = max(number, *(line.added for line in lines))
        newest = max(newest, *known_seconds(catalogue.releases[entry.release], lines))
    day = calendar.new_york_day(newest).isoformat()
    return {"snapshot": number, "newest_release": day, "series": entries}


def main(arguments: Iterable[str] | None = None) -> int:
    """The command line: what was added, and every problem on the error stream."""
    parser = argparse.ArgumentParser(prog="python -m evidence.rebuild", description=__doc__)
    parser.add_argument("raw", type=Path, help="folder with the raw files")
    parser.add_argument("--out", type=Path, default=SNAPSHOT, help="the snapshot's folder")
    given = parser.parse_args(list(arguments) if arguments is not None else None)
    if not given.raw.is_dir():
        sys.stderr.write(f"{given.raw} is no folder\n")
        return 2
    outcome = rebuild(given.raw, given.out)
    for problem in outcome.problems:
        sys.stderr.write(f"{problem}\n")
    lines, series = sum(outcome.added.values()), len(outcome.added)
    sys.stdout.write(f"snapshot {outcome.snapshot}: {lines} new lines in {series} series\n")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
