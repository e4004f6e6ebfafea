"""The manifest of a snapshot: its number, its newest release, and for each series the hash of its file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evidence import calendar
from evidence.catalogue import Catalogue
from evidence.catalogue import Series as Entry
from evidence.ledger import Line, known_seconds, lines_of
from evidence.transaction import sha256

NAME = "manifest.json"
RECORDED, PRINTS_FROM = "recorded_since", "prints_from"
"""In a series' entry: the snapshot from which on its past is as its publisher printed it, and the first
period of which the day of the print is known."""


def series_file(series: str) -> str:
    """A series' file, as it is named below the snapshot's folder."""
    return f"series/{series}.csv"


def describe(
    entry: Entry, text: str, lines: Sequence[Line], before: Mapping[str, object] | None = None
) -> dict[str, object]:
    """A series' entry in the manifest. before: the one that was, of which what is recorded stays so."""
    kept = {k: v for k, v in (before or {}).items() if k in (RECORDED, PRINTS_FROM)}
    return {
        **kept,
        "sha256": sha256(text.encode()),
        "rows": len(lines),
        "first": lines[0].period,
        "last": lines[-1].period,
        "added": max(line.added for line in lines),
        "publisher": entry.publisher,
        "url": entry.url,
        "citation": entry.citation,
        "licence": entry.licence,
    }


def manifest_of(
    out: Path, catalogue: Catalogue, before: Mapping[str, Any], texts: Mapping[str, str]
) -> dict[str, object]:
    """The manifest of what lies in a folder. Its number is the largest that a line carries.

    before: the one that was, which knows the series whose past is recorded ({} where there was none).
    texts: files that are about to be written, by name below the folder.
    """
    entries: dict[str, object] = {}
    number, newest = 0, 0
    held = {series_file(path.stem) for path in (out / "series").glob("*.csv")}
    for name in sorted(held | set(texts)):
        entry = catalogue.series[Path(name).stem]
        text = texts[name] if name in texts else (out / name).read_text(encoding="utf-8")
        lines = lines_of(text)
        was = before.get("series", {}).get(entry.id)
        entries[entry.id] = describe(entry, text, lines, was)
        number = max(number, *(line.added for line in lines))
        newest = max(newest, *known_seconds(catalogue.releases[entry.release], lines))
    day = calendar.new_york_day(newest).isoformat()
    return {"snapshot": number, "newest_release": day, "series": entries}


def text_of(manifest: Mapping[str, object]) -> str:
    """The manifest as it is written."""
    return json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
