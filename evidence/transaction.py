"""Files of a folder changed together: all of them, or none, whenever the process is stopped.

New texts are written aside, read back, and listed in `pending.json`. From then on the change is
decided: whoever comes next finishes it. A reader that meets a file which is newer than its manifest
finds it in that list. Before that, what was written aside is thrown away. So it is where somebody else
has given one of the files another text in between: what he wrote is not written over.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

PENDING = "pending.json"
ASIDE = ".aside"
LOCK = ".lock"
"""What whoever changes a folder holds meanwhile."""


class WriteFault(Exception):
    """What was written aside does not read back the same, or could not be written."""


def sha256(data: bytes) -> str:
    """The hash that the manifest names a file by."""
    return hashlib.sha256(data).hexdigest()


def hash_of(path: Path) -> str:
    """A file's hash; nothing where there is no file that can be read."""
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""


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
    """The files of a change that is decided and not finished, by name, with the hashes that they get."""
    return {name: after for name, (_, after) in _decided(folder).items()}


def _decided(folder: Path) -> dict[str, tuple[str, str]]:
    """As `pending`, with the hashes that the files had before; nothing where the list cannot be read."""
    try:
        found = json.loads((folder / PENDING).read_text(encoding="utf-8"))
        return {name: (told["before"], told["after"]) for name, told in found.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def change(folder: Path, texts: Mapping[str, str]) -> None:
    """Gives the named files of a folder these texts; the last one named becomes valid last.

    Raises WriteFault where the disk is full or gives back something else: nothing has changed then, or
    the fault says that the change is decided.
    """
    aside = folder / ASIDE
    hashes = {
        name: {"before": hash_of(folder / name), "after": sha256(text.encode())}
        for name, text in texts.items()
    }
    try:
        for name, text in texts.items():
            _write_aside(aside / name, text)
        write_whole(folder / PENDING, json.dumps(hashes, indent=1) + "\n")
    except (OSError, WriteFault) as fault:
        shutil.rmtree(aside, ignore_errors=True)
        raise WriteFault(f"nothing was changed: {fault}") from fault
    try:
        finish(folder)
    except OSError as fault:
        raise WriteFault(f"the change is decided, the next refresh finishes it: {fault}") from fault


def _write_aside(path: Path, text: str) -> None:
    write_whole(path, text)
    if path.read_bytes() != text.encode():
        raise WriteFault(f"{path.name}: what was written does not read back the same")


def finish(folder: Path) -> bool:
    """Finishes a change that is decided, or throws away what was written aside. Whether it was finished."""
    aside, decided = folder / ASIDE, _decided(folder)
    whole = all(
        (now := hash_of(folder / name)) == after
        or (now == before and hash_of(aside / name) == after)
        for name, (before, after) in decided.items()
    )
    if whole:
        for name in decided:
            if (aside / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (aside / name).replace(folder / name)
    (folder / PENDING).unlink(missing_ok=True)
    shutil.rmtree(aside, ignore_errors=True)
    return whole and bool(decided)
