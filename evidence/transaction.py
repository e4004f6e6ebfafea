"""Files of a folder changed together: all of them, or none, whenever the process is stopped.

New texts are written aside, read back, and listed in `pending.json`. From then on the change is
decided: whoever comes next finishes it. A reader that meets a file which is newer than its manifest
finds it in that list. Before that, what was written aside is thrown away.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

PENDING = "pending.json"
ASIDE = ".aside"


class WriteFault(Exception):
    """What was written aside does not read back the same, or could not be written."""


def sha256(data: bytes) -> str:
    """The hash that the manifest names a file by."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Writes a file at once: a file beside it, on disk before it takes the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def pending(folder: Path) -> Mapping[str, str]:
    """The files of a change that is decided and not finished, by name, with their hashes."""
    try:
        found = json.loads((folder / PENDING).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {str(name): str(value) for name, value in found.items()}


def change(folder: Path, texts: Mapping[str, str]) -> None:
    """Gives the named files of a folder these texts; the last one named becomes valid last.

    Raises WriteFault (nothing has changed then) where the disk is full or gives back something else.
    """
    aside = folder / ASIDE
    try:
        for name, text in texts.items():
            _write_aside(aside / name, text)
        hashes = {name: sha256(text.encode()) for name, text in texts.items()}
        write_whole(folder / PENDING, json.dumps(hashes, indent=1) + "\n")
    except (OSError, WriteFault) as fault:
        shutil.rmtree(aside, ignore_errors=True)
        raise WriteFault(f"nothing was changed: {fault}") from fault
    finish(folder)


def _write_aside(path: Path, text: str) -> None:
    write_whole(path, text)
    if path.read_bytes() != text.encode():
        raise WriteFault(f"{path.name}: what was written does not read back the same")


def finish(folder: Path) -> bool:
    """Finishes a change that is decided, or throws away what was only written aside. Whether it was decided."""
    names = pending(folder)
    aside = folder / ASIDE
    for name, wanted in names.items():
        staged, place = aside / name, folder / name
        if staged.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(place)
        elif not place.exists() or sha256(place.read_bytes()) != wanted:
            raise WriteFault(f"{name}: a change was decided, and its new text is gone")
    (folder / PENDING).unlink(missing_ok=True)
    shutil.rmtree(aside, ignore_errors=True)
    return bool(names)
