"""Damaged files of a snapshot: named, set aside, and put back as they last were in good order.

A refresh keeps a copy of every file in `.good/` beside the series. A file whose hash is not the
manifest's is moved to `damaged/` and taken from there, or from the last commit where the snapshot
lies in a git repository. Where neither has it, the series is left out and fetched anew.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import manifest as manifests
from evidence.ledger import lines_of
from evidence.observations import SnapshotFault, read_manifest
from evidence.transaction import sha256, write_whole

GOOD = ".good"
DAMAGED = "damaged"


@dataclass(frozen=True)
class Mended:
    """A file that was damaged, and what became of it."""

    file: str
    sentence: str


def mend(folder: Path) -> list[Mended]:
    """Looks through a snapshot and puts back what is damaged. The caller holds the snapshot's lock."""
    found: list[Mended] = []
    try:
        told = read_manifest(folder)[1]
    except SnapshotFault:
        text = _copy(folder, manifests.NAME)
        if text is None:
            raise
        _set_aside(folder, manifests.NAME)
        write_whole(folder / manifests.NAME, text)
        found.append(Mended(manifests.NAME, "it could not be read, and was put back from a copy"))
        told = read_manifest(folder)[1]
    changed = False
    for series, entry in list(told["series"].items()):
        name = manifests.series_file(series)
        if _hash(folder / name) == entry["sha256"]:
            continue
        _set_aside(folder, name)
        sentence, kept = _put_back(folder, name, entry)
        found.append(Mended(name, sentence))
        if kept is None:
            del told["series"][series]
            changed = True
        elif kept != entry:
            told["series"][series] = kept
            changed = True
    if changed:
        write_whole(folder / manifests.NAME, manifests.text_of(told))
    return found


def keep_good(folder: Path) -> None:
    """Copies what has no equal copy yet. Only for files that have just been found in good order."""
    told = read_manifest(folder)[1]
    for name in (*(manifests.series_file(series) for series in told["series"]), manifests.NAME):
        copy = folder / GOOD / name
        text = (folder / name).read_text(encoding="utf-8")
        if not copy.exists() or copy.read_text(encoding="utf-8") != text:
            write_whole(copy, text)


def _put_back(folder: Path, name: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """Puts a file back, if anybody has it: what to say of it, and its entry in the manifest from now on."""
    text = _copy(folder, name, entry["sha256"])
    if text is not None:
        write_whole(folder / name, text)
        return "it was damaged; set aside and put back as it was", entry
    text = _copy(folder, name)
    if text is None:
        return "it was damaged and nobody has a copy; set aside, to be fetched anew", None
    write_whole(folder / name, text)
    lines = lines_of(text)
    older = {
        **entry,
        "sha256": sha256(text.encode()),
        "rows": len(lines),
        "first": lines[0].period,
        "last": lines[-1].period,
        "added": max(line.added for line in lines),
    }
    return f"it was damaged; set aside and put back as of snapshot {older['added']}", older


def _copy(folder: Path, name: str, wanted: str | None = None) -> str | None:
    """The text of a copy of a file: the one with this hash, or any that reads well."""
    for text in (_kept(folder / GOOD / name), _committed(folder, name)):
        if text is None:
            continue
        if wanted is None and _reads(name, text):
            return text
        if wanted is not None and sha256(text.encode()) == wanted:
            return text
    return None


def _reads(name: str, text: str) -> bool:
    try:
        return bool(json.loads(text)) if name == manifests.NAME else bool(lines_of(text))
    except (ValueError, IndexError):
        return False


def _kept(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _committed(folder: Path, name: str) -> str | None:
    """A file as the last commit has it, where the folder lies in a git repository."""
    try:
        shown = subprocess.run(  # noqa: S603  (names of our own files)
            ["git", "show", f"HEAD:./{name}"],  # noqa: S607  (git is where the path has it)
            cwd=folder,
            capture_output=True,
            check=True,
            timeout=20,
        )
        return shown.stdout.decode("utf-8")
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None


def _set_aside(folder: Path, name: str) -> None:
    """Moves what is left of a damaged file out of the way, under a name that says what it holds."""
    path = folder / name
    if path.exists():
        place = folder / DAMAGED / f"{Path(name).name}.{_hash(path)[:12]}"
        place.parent.mkdir(exist_ok=True)
        shutil.move(path, place)


def _hash(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""
