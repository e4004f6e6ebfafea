"""What the snapshot's folder remembers: how each story stood on every day of its memory, so that nobody scores hundreds of days again.

One file a story, one line a day, in order: what is otherwise than on the line before, so that a new day adds
a line and changes none. Above them stand their sha256, since a line that is lost would change all that
follow, and their basis: a sha256 over all that the story's days are a function of. Where the basis is the
same, all days are; else each day is believed only if the engine would give its verdict the same identity,
which is known without scoring, and the others are scored. Words are not kept: they are told anew each time.

Files are text of one's own snapshot. They are read as data and checked as models; one that does not hold
together counts as not there.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from evidence.engine import Engine, rests_on
from evidence.history import History, Standing, Stood, begins, history, moments, named
from evidence.kinds.base import Slug
from evidence.narrative import Narrative
from evidence.register import PATIENCE, Busy
from evidence.transaction import LOCK, sha256, write_whole

FOLDER = "histories"
MOST = 16_000_000
"""Bytes of a story's file. One of two thousand days has a tenth of them."""


class Kept(NamedTuple):
    """What a story's file has; nothing where there is no file, or one that does not hold together."""

    basis: str = ""
    days: tuple[Stood, ...] = ()


def remembered(engine: Engine, story: str) -> History:
    """A story's history to the newest day, as `history` makes it; only days that are not remembered are scored."""
    kept = read(engine.store.folder, story)
    whole = kept.basis == basis_of(engine, story)
    return history(
        engine, story, None, None, _right(engine, story, kept, whole=whole), all_known=whole
    )


def basis_of(engine: Engine, story: str) -> str:
    """A sha256 over all that a story's days are a function of.

    The newest verdict's identity has the story, the data and the engine, and of the calendar what is known
    by now. What was known of it earlier stands in the releases as they are written.
    """
    narrative, catalogue = engine.narratives[story], engine.store.catalogue
    every = (narrative, *named(engine, narrative))
    releases = {catalogue.series[f].release for n in every for f in rests_on(n, catalogue)}
    document = [
        engine.identity_of(story, engine.store.newest_day),
        _first(engine, narrative).isoformat(),
        [catalogue.releases[release].written for release in sorted(releases)],
    ]
    return sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())


def current(engine: Engine, story: str) -> bool:
    """Whether a story's file is as `write` would leave it."""
    return read(engine.store.folder, story).basis == basis_of(engine, story)


def known(engine: Engine, story: str) -> dict[date, Stood]:
    """The days that are remembered rightly: those whose verdict would be the very same now."""
    kept = read(engine.store.folder, story)
    return _right(engine, story, kept, whole=kept.basis == basis_of(engine, story))


def _right(engine: Engine, story: str, kept: Kept, *, whole: bool) -> dict[date, Stood]:
    # an engine of its own: hundreds of days must not push out those that somebody looks at
    own = Engine(engine.store, engine.narratives, engine.anchors)
    return {
        day.on: day for day in kept.days if whole or day.identity == own.identity_of(story, day.on)
    }


def _first(engine: Engine, narrative: Narrative) -> date:
    return min(begins(engine, narrative), engine.store.newest_day)


def forgotten(engine: Engine, story: str) -> list[date]:
    """The days of a story's memory, to the newest release, that are not remembered or not rightly."""
    narrative, last = engine.narratives[story], engine.store.newest_day
    first = _first(engine, narrative)
    days = {first, *(day for day in moments(engine, narrative, first, last) if day >= first)}
    return sorted(days - known(engine, story).keys())


def read(snapshot: Path, story: str) -> Kept:
    """What a story's file has."""
    path = _path(snapshot, story)
    try:
        if path.stat().st_size > MOST:
            return Kept()
        seal, _, text = path.read_text("utf-8").partition("\n")
        if seal != sha256(text.encode()):
            return Kept()
        basis, *lines = text.splitlines()
        return Kept(basis, _days(_unfolded(json.loads(line) for line in lines)))
    except (OSError, ValueError, RecursionError, ValidationError):
        return Kept()


def _days(whole: Iterable[Any]) -> tuple[Stood, ...]:
    """Days as models, in which a test that stands as on the day before is the same object.

    A story of ten tests has thousands of standings, of which one in sixteen is new. `_unfolded` leaves what a line
    does not name as the very object that it was, so that it is checked once, and held once.
    """
    made: dict[int, tuple[Any, Standing]] = {}

    def shared(value: Any) -> Standing:
        if id(value) not in made:
            # kept beside it, so that nothing else takes its id
            made[id(value)] = value, _STANDING.validate_python(value)
        return made[id(value)][1]

    return _DAYS.validate_python(
        {**day, "tests": [shared(test) for test in day["tests"]]} if _has_tests(day) else day
        for day in whole
    )


def _has_tests(day: Any) -> bool:
    return isinstance(day, dict) and isinstance(day.get("tests"), list)


def write(engine: Engine, told: Mapping[str, Iterable[Stood]]) -> None:
    """Keeps all days of some stories, by their ids, in the snapshot's folder of an engine that scored them.

    Raises Busy where a refresh is at work, and OSError where the disk takes nothing.
    """
    folder = engine.store.folder
    try:
        with FileLock(folder / LOCK).acquire(timeout=PATIENCE):
            for story, days in told.items():
                write_whole(_path(folder, story), text_of(basis_of(engine, story), days))
    except Timeout:
        raise Busy(f"a refresh is at work on {folder.name}") from None


def text_of(basis: str, days: Iterable[Stood]) -> str:
    """A story's file: the sha256 of what follows, the basis, the days."""
    whole = (day.written for day in sorted(days, key=lambda day: day.on))
    lines = [json.dumps(line, separators=(",", ":")) for line in _folded(whole)]
    text = "".join(f"{line}\n" for line in [basis, *lines])
    return f"{sha256(text.encode())}\n{text}"


_ID: TypeAdapter[str] = TypeAdapter(Slug)
_STANDING: TypeAdapter[Standing] = TypeAdapter(Standing)
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
