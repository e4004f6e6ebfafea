"""Damaged files of a snapshot: named, set aside, and put back as they last were in good order.

A refresh keeps a copy of every file in `.good/` beside the series. A file whose hash is not the
manifest's is moved to `damaged/` and taken from there, or from the last commit where the snapshot
lies in a git repository. Where neither has it, the series is left out and fetched anew. The best copy
is the very file; then one that the manifest which was kept with it vouches for; then one that reads well.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from evidence import manifest as manifests
from evidence.ledger import lines_of
from evidence.observations import SnapshotFault, read_manifest
from evidence.transaction import hash_of, sha256, write_whole

GOOD = ".good"
DAMAGED = "damaged"


@dataclass(frozen=True)
class Mended:
    """A file that was damaged, and what became of it."""

    file: str
    sentence: str


@dataclass(frozen=True)
class _Copies:
    """A place where copies of a snapshot's files are kept, with the manifest that they were kept with."""

    read: Callable[[str], str | None] = field(repr=False)

    @cached_property
    def manifest(self) -> Mapping[str, Any] | None:
        """The copy of the manifest; None where there is none that can be read."""
        try:
            found = json.loads(self.read(manifests.NAME) or "")
        except ValueError:
            return None
        return found if isinstance(found, dict) and isinstance(found.get("series"), dict) else None

    def entry(self, series: str) -> Mapping[str, Any]:
        """A series' entry in that manifest; nothing where it has none."""
        return self.manifest["series"].get(series, {}) if self.manifest is not None else {}


def mend(folder: Path) -> list[Mended]:
    """Looks through a snapshot and puts back what is damaged. The caller holds the snapshot's lock.

    A folder without any file is a snapshot that has yet to begin. Raises SnapshotFault where the manifest
    is damaged and nobody has a copy.
    """
    places = (_Copies(lambda name: _kept(folder / GOOD / name)), _Copies(_committed_in(folder)))
    found: list[Mended] = []
    try:
        told = read_manifest(folder)[1]
    except SnapshotFault:
        copy = next((place for place in places if place.manifest is not None), None)
        if copy is None:
            if (folder / manifests.NAME).exists() or any(_series_files(folder)):
                raise
            return []
        _set_aside(folder, manifests.NAME)
        told = _never_before(dict(copy.manifest or {}), folder)
        found.append(Mended(manifests.NAME, "it could not be read, and was put back from a copy"))
    entries: dict[str, Any] = dict(told["series"])
    for series, entry in told["series"].items():
        name = manifests.series_file(series)
        if hash_of(folder / name) == entry["sha256"]:
            continue
        what = "damaged and set aside" if (folder / name).exists() else "missing"
        _set_aside(folder, name)
        came, kept = _put_back(folder, series, entry, places)
        found.append(Mended(name, f"it was {what}; {came}"))
        if kept is None:
            del entries[series]
        else:
            entries[series] = kept
    for path in _series_files(folder):
        if path.stem not in told["series"]:
            name = manifests.series_file(path.stem)
            _set_aside(folder, name)
            found.append(Mended(name, "the manifest does not know it; it was set aside"))
    if found and (entries != told["series"] or found[0].file == manifests.NAME):
        text = manifests.text_of({**told, "series": entries})
        write_whole(folder / manifests.NAME, text)
    elif (
        found
    ):  # an app that read the damaged file opens the data again when this one's time is another
        (folder / manifests.NAME).touch()
    return found


def keep_good(folder: Path) -> None:
    """Copies what has no equal copy yet, if it is what the manifest says."""
    text, told = read_manifest(folder)
    for series, entry in told["series"].items():
        name = manifests.series_file(series)
        copy = folder / GOOD / name
        if hash_of(copy) != entry["sha256"] == hash_of(folder / name):
            write_whole(copy, (folder / name).read_text(encoding="utf-8"))
    if _kept(folder / GOOD / manifests.NAME) != text:
        write_whole(folder / GOOD / manifests.NAME, text)


def _put_back(
    folder: Path, series: str, entry: Mapping[str, Any], places: tuple[_Copies, ...]
) -> tuple[str, Mapping[str, Any] | None]:
    """Puts a file back, if anybody has it: what to say of it, and its entry in the manifest from now on."""
    name = manifests.series_file(series)
    copies = [(place, text) for place in places if (text := place.read(name)) is not None]
    for _, text in copies:
        if sha256(text.encode()) == entry["sha256"]:
            write_whole(folder / name, text)
            return "put back as it was", entry
    vouched = [
        (place.entry(series), text)
        for place, text in copies
        if sha256(text.encode()) == place.entry(series).get("sha256")
    ]
    readable = [({**entry, **told}, text) for _, text in copies if (told := _told(text))]
    if not (vouched or readable):
        return "nobody has a copy, so it is to be fetched anew", None
    older, text = max(vouched or readable, key=lambda copy: int(copy[0]["added"]))
    write_whole(folder / name, text)
    return f"put back as of snapshot {older['added']}", older


def _told(text: str) -> dict[str, object]:
    """What a manifest tells of a file with this text; nothing where it does not read well."""
    try:
        lines = lines_of(text)
    except (ValueError, IndexError):
        return {}
    if not lines or not text.endswith("\n"):
        return {}
    return {
        "sha256": sha256(text.encode()),
        "rows": len(lines),
        "first": lines[0].period,
        "last": lines[-1].period,
        "added": max(line.added for line in lines),
    }


def _never_before(told: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A manifest's copy with a number that no line in the folder goes beyond: none may come to stand for two things."""
    numbers = [int(told["snapshot"])]
    for path in _series_files(folder):
        try:
            numbers += [line.added for line in lines_of(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, IndexError):
            continue
    return {**told, "snapshot": max(numbers)}


def _series_files(folder: Path) -> Iterator[Path]:
    return (folder / manifests.series_file("x")).parent.glob("*.csv")


def _kept(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _committed_in(folder: Path) -> Callable[[str], str | None]:
    """Reads files as the last commit has them, where the folder lies in a git repository."""

    def read(name: str) -> str | None:
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

    return read


def _set_aside(folder: Path, name: str) -> None:
    """Moves what is left of a damaged file out of the way, under a name that says what it holds."""
    path = folder / name
    if path.exists():
        place = folder / DAMAGED / f"{Path(name).name}.{hash_of(path)[:12]}"
        place.parent.mkdir(exist_ok=True)
        shutil.move(path, place)
