"""Raw files into the snapshot: `python -m evidence.rebuild RAW_DIR [--out evidence/snapshot]`.

Runs every publisher's parser over RAW_DIR and appends what is new. A line that stands in the snapshot
is never changed: a revision is a line of its own, with its own `known_at` and the snapshot's next
sequence number. Where nothing is new, no byte changes. Nothing below `licensed/` is read.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from filelock import FileLock

from evidence import calendar
from evidence.catalogue import Catalogue, Release
from evidence.catalogue import read as read_catalogue
from evidence.ledger import Line, known_seconds, merge, read_lines, text_of
from evidence.manifest import manifest_of, series_file
from evidence.manifest import text_of as manifest_text
from evidence.observations import SNAPSHOT
from evidence.publishers import HERE as PUBLISHERS
from evidence.publishers import Observation, Problem, Publisher, discover
from evidence.transaction import LOCK, change, finish

BARRED = "licensed"


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
    out.mkdir(parents=True, exist_ok=True)
    with FileLock(out / LOCK):
        finish(out)
        return _append(out, catalogue, found, problems, limit)


def _append(
    out: Path,
    catalogue: Catalogue,
    found: Mapping[str, Sequence[Observation]],
    problems: list[Problem],
    limit: int,
) -> Outcome:
    """What is new, as one change. The caller holds the lock."""
    path = out / "manifest.json"
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    number = json.loads(held)["snapshot"] + 1 if held else 1
    added: dict[str, int] = {}
    texts: dict[str, str] = {}
    for series in sorted(found):
        entry = catalogue.series.get(series)
        name = series_file(series)
        lines = read_lines(out / name)
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
            texts[name] = text_of(release, [*lines, *new])
            added[series] = len(new)
    manifest = manifest_of(out, catalogue, json.loads(held) if held else {}, texts)
    text = manifest_text(manifest)
    if manifest["series"] and text != held:
        change(out, {**texts, path.name: text})
    return Outcome(int(str(manifest["snapshot"])), added, tuple(problems))


def checked(
    release: Release, held: Sequence[Line], found: Sequence[Observation], added: int, limit: int
) -> tuple[list[Line], list[str]]:
    """As `merge`; nothing at all where an observation would become known after `limit`."""
    for row, second in zip(found, known_seconds(release, found), strict=True):
        if second > limit:
            return [], [f"{row.period} would become known only after today: a wrong date?"]
    return merge(release, held, found, added)


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
