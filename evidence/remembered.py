"""What the snapshot's folder remembers: how each story stood on every day of its memory, so that nobody scores hundreds of days again.

One file a story, one line a day, in order: what is otherwise than on the line before, so that a new day adds
a line and changes none. Above them stands their sha256, since a line that is lost would change all that
follow. A verdict's identity says all that it is a function of, and it is known without scoring. So a day is
believed where its identity is what the engine would give it now, and else scored. Words are not kept: they
are told anew each time.

Files are text of one's own snapshot. They are read as data and checked as models; one that does not hold
together counts as not there.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from evidence.engine import Engine
from evidence.history import History, Stood, begins, history, moments
from evidence.kinds.base import Slug
from evidence.register import PATIENCE, Busy
from evidence.transaction import LOCK, sha256, write_whole

FOLDER = "histories"
MOST = 16_000_000
"""Bytes of a story's file. One of two thousand days has a tenth of them."""


def remembered(engine: Engine, story: str) -> History:
    """A story's history to the newest day, as `history` makes it; only days that are not remembered are scored."""
    every = read(engine.store.folder, story)
    whole = _current(engine, story, every)
    days = {day.on: day for day in every} if whole else known(engine, story)
    return history(engine, story, None, None, days, all_known=whole)


def _current(engine: Engine, story: str, every: Sequence[Stood]) -> bool:
    """Whether every day is there and would be scored the same now.

    Where it is so for the newest day it is so for all: what was known by an earlier day is a part of what is
    known by a later one.
    """
    return bool(every) and every[-1].identity == engine.identity_of(story, engine.store.newest_day)


def known(engine: Engine, story: str) -> dict[date, Stood]:
    """The days that are remembered rightly: those whose verdict would be the very same now."""
    every = read(engine.store.folder, story)
    if _current(engine, story, every):
        return {day.on: day for day in every}
    return {day.on: day for day in every if day.identity == engine.identity_of(story, day.on)}


def forgotten(engine: Engine, story: str) -> list[date]:
    """The days of a story's memory, to the newest release, that are not remembered or not rightly."""
    narrative, last = engine.narratives[story], engine.store.newest_day
    first = min(begins(engine, narrative), last)
    days = {first, *(day for day in moments(engine, narrative, first, last) if day >= first)}
    return sorted(days - known(engine, story).keys())


def read(snapshot: Path, story: str) -> tuple[Stood, ...]:
    """All days that a story's file has; none where there is no file, or one that does not hold together."""
    path = _path(snapshot, story)
    try:
        if path.stat().st_size > MOST:
            return ()
        seal, _, text = path.read_text("utf-8").partition("\n")
        if seal != sha256(text.encode()):
            return ()
        lines = text.splitlines()
        return _DAYS.validate_python(_unfolded(json.loads(line) for line in lines))
    except (OSError, ValueError, RecursionError, ValidationError):
        return ()


def write(snapshot: Path, told: Mapping[str, Iterable[Stood]]) -> list[str]:
    """Keeps all days of some stories, by their ids, and says whose file is another than before.

    Raises Busy where a refresh is at work, and OSError where the disk takes nothing.
    """
    changed = []
    try:
        with FileLock(snapshot / LOCK).acquire(timeout=PATIENCE):
            for story, days in told.items():
                text, path = text_of(days), _path(snapshot, story)
                if not path.exists() or path.read_bytes() != text.encode():
                    write_whole(path, text)
                    changed.append(story)
    except Timeout:
        raise Busy(f"a refresh is at work on {snapshot.name}") from None
    return changed


def text_of(days: Iterable[Stood]) -> str:
    """A story's file: the sha256 of its lines, then the lines."""
    whole = (day.written for day in sorted(days, key=lambda day: day.on))
    lines = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in _folded(whole))
    return f"{sha256(lines.encode())}\n{lines}"


_ID: TypeAdapter[str] = TypeAdapter(Slug)
_DAYS: TypeAdapter[tuple[Stood, ...]] = TypeAdapter(tuple[Stood, ...])


def _path(snapshot: Path, story: str) -> Path:
    """A story's file. An id is of small letters, digits and hyphens, so it names no other place."""
    return snapshot / FOLDER / f"{_ID.validate_python(story)}.jsonl"


# -- lines that say what is otherwise ------------------------------------------------------------------
#
# An object stands for the fields that changed. A list of objects that keeps its length is written as an
# object too, by place: {"0": {…}}. All else is written whole.


def _folded(whole: Iterable[Mapping[str, Any]]) -> Iterable[Any]:
    before: Any = {}
    for each in whole:
        yield each if not before else _difference(before, each)
        before = each


def _unfolded(lines: Iterable[Any]) -> Iterable[Any]:
    before: Any = {}
    for line in lines:
        before = _applied(before, line)
        yield before


def _difference(before: Any, after: Any) -> Any:
    if _places(before) and _places(after) and len(before) == len(after):
        before, after = _by_place(before), _by_place(after)
    if isinstance(before, dict) and isinstance(after, dict):
        return {k: _difference(before.get(k), v) for k, v in after.items() if before.get(k) != v}
    return after


def _applied(before: Any, line: Any) -> Any:
    if not isinstance(line, dict):
        return line
    if _places(before):
        found = _by_place(before)
        return [_applied(v, line[k]) if k in line else v for k, v in found.items()]
    if isinstance(before, dict):
        return {**before, **{k: _applied(before.get(k), v) for k, v in line.items()}}
    return line


def _places(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _by_place(value: list[Any]) -> dict[str, Any]:
    return {str(place): each for place, each in enumerate(value)}
