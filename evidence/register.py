"""The register: every verdict that was ever given on the days of a story's memory, in short, one text file a story.

A frozen link names a verdict by its mark, and anybody can type one. So what a verdict said is believed
from nowhere but here. A line is written when a verdict is new, in the same commit as the data that made
it so, and is never changed. Verdicts that rest on data that somebody brought, or that miss a damaged
file, are not kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from filelock import FileLock, Timeout
from pydantic import Field, PositiveInt, TypeAdapter, ValidationError

from evidence import ENGINE_VERSION
from evidence.engine import Engine, Origins, rests_on
from evidence.frozen import Frozen
from evidence.history import begins, moments, named
from evidence.kinds.base import Slug
from evidence.narrative import Narrative
from evidence.trace import Confidence, Direction
from evidence.transaction import LOCK, write_whole
from evidence.trouble import Trouble

FOLDER = "verdicts"
DIGITS = 12
"""How many digits of a sha256 name a verdict, a story's content or the data: 48 bits."""
PATIENCE = 30.0
"""Seconds that the register waits for a refresh."""
YES, NO = "yes", "no"

Mark = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{DIGITS}}}$")]
Version = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]


class Busy(Exception):
    """A refresh holds the snapshot."""


class Entry(Frozen):
    """A verdict in short: whose, of which day, what it came from, how it read.

    mark: the first 12 digits of its identity. stands_for: the day of the last change that it saw. snapshot:
    the one with which it was first kept. narrative, data: 12 digits of its `engine.Origins`.
    """

    story: Slug
    mark: Mark
    stands_for: date
    snapshot: PositiveInt
    engine: Version
    narrative: Mark
    data: Mark
    direction: Direction
    confidence: Confidence
    so_far: bool
    by_proxy: bool

    @property
    def line(self) -> str:
        """The entry as its story's file has it."""
        written = {
            **{name: str(value) for name, value in self},
            "so_far": YES if self.so_far else NO,
            "by_proxy": YES if self.by_proxy else NO,
        }
        return ",".join(written[name] for name in FIELDS)


FIELDS = tuple(name for name in Entry.model_fields if name != "story")
HEADER = ",".join(FIELDS)


def mark_of(identity: str) -> str:
    """The first digits of a verdict's identity, by which links and the register name it."""
    return identity.removeprefix("sha256:")[:DIGITS]


def short(origins: Origins) -> tuple[str, str]:
    """The digits of a narrative and of its data that an entry keeps."""
    return origins.narrative[:DIGITS], origins.data[:DIGITS]


def entry_of(engine: Engine, story: str, day: date) -> Entry:
    """A story's verdict as of a day, as the register keeps it. Of an engine that reads nothing private."""
    verdict = engine.score(story, day).verdict
    if verdict.private_data:
        raise ValueError(f"{story}: a verdict that rests on private data is not kept")
    narrative, data = short(engine.origins(story, day))
    return Entry(
        story=story,
        mark=mark_of(verdict.identity),
        stands_for=verdict.stands_for,
        snapshot=engine.store.n,
        engine=ENGINE_VERSION,
        narrative=narrative,
        data=data,
        direction=verdict.direction,
        confidence=verdict.confidence,
        so_far=verdict.so_far,
        by_proxy=verdict.by_proxy,
    )


@dataclass(frozen=True)
class Kept:
    """A story's file: its verdicts in the order in which they were kept, and what could not be read of it.

    whole: whether the file is a register's at all; to one that is not, nothing is added.
    """

    entries: tuple[Entry, ...] = ()
    problems: tuple[Trouble, ...] = ()
    whole: bool = True

    @property
    def marks(self) -> frozenset[str]:
        """The verdicts that it has."""
        return frozenset(entry.mark for entry in self.entries)


@dataclass(frozen=True)
class Register:
    """The register of the snapshot in a folder. Files are read when asked for: a refresh may add to them."""

    snapshot: Path

    def read(self, story: str) -> Kept:
        """All that is kept of a story; nothing where it has no file yet."""
        lines, fault = self._lines(story)
        if fault:
            return Kept(problems=(_trouble(story, 1, fault),), whole=False)
        entries: dict[str, Entry] = {}
        problems: list[Trouble] = []
        for number, line in enumerate(lines, start=2):
            found = entry_from(story, line)
            if isinstance(found, str):
                problems.append(_trouble(story, number, found))
            elif found.mark in entries:
                problems.append(_trouble(story, number, f"{found.mark} stands above already"))
            else:
                entries[found.mark] = found
        return Kept(tuple(entries.values()), tuple(problems))

    def find(self, story: str, mark: str) -> Entry | None:
        """A verdict by its mark; None where it is not kept, or its line cannot be believed."""
        for line in self._lines(story)[0]:
            if line.startswith(f"{mark},"):
                found = entry_from(story, line)
                return found if isinstance(found, Entry) else None
        return None

    def add(self, entries: Iterable[Entry]) -> Mapping[str, int]:
        """Appends the verdicts that are not kept yet, and says how many by story.

        Raises Busy where a refresh is at work, and OSError where the disk takes nothing.
        """
        by_story: dict[str, list[Entry]] = {}
        for entry in entries:
            by_story.setdefault(entry.story, []).append(entry)
        lock = FileLock(self.snapshot / LOCK)
        try:
            with lock.acquire(timeout=PATIENCE):
                counts = {story: self._append(story, new) for story, new in by_story.items()}
        except Timeout:
            raise Busy(f"a refresh is at work on {self.snapshot.name}") from None
        return {story: count for story, count in counts.items() if count}

    def _append(self, story: str, entries: Sequence[Entry]) -> int:
        path, kept = self._path(story), self.read(story)
        new = {entry.mark: entry.line for entry in entries if entry.mark not in kept.marks}
        if not new or not kept.whole:
            return 0
        held = _text(path) or f"{HEADER}\n"
        ended = "" if held.endswith("\n") else "\n"
        write_whole(path, "".join([held, ended, *(f"{line}\n" for line in new.values())]))
        return len(new)

    def _lines(self, story: str) -> tuple[list[str], str]:
        """The lines of a story's file below its header, and why it is no file of a register."""
        try:
            text = _text(self._path(story))
        except (OSError, UnicodeDecodeError) as fault:
            return [], f"the file cannot be read: {fault}"
        header, *lines = text.removesuffix("\n").split("\n")
        if text and header != HEADER:
            return [], f"the file does not begin with `{HEADER}`"
        return lines, ""

    def _path(self, story: str) -> Path:
        """A story's file. An id is of small letters, digits and hyphens, so it names no other place."""
        return self.snapshot / _name(_ID.validate_python(story))


_ID: TypeAdapter[str] = TypeAdapter(Slug)


def _name(story: str) -> str:
    return f"{FOLDER}/{story}.csv"


def _text(path: Path) -> str:
    """A file's text, its line ends as they are; nothing where there is no file."""
    return path.read_bytes().decode("utf-8") if path.exists() else ""


def _trouble(story: str, line: int, message: str) -> Trouble:
    return Trouble(source=_name(story), line=line, message=message)


def entry_from(story: str, line: str) -> Entry | str:
    """A line of a story's file, or why it is none. It has to be the very line that its entry would write."""
    values = line.split(",")
    if len(values) != len(FIELDS):
        return f"{len(values)} fields, where {len(FIELDS)} are expected"
    try:
        found = Entry.model_validate({"story": story, **dict(zip(FIELDS, values, strict=True))})
    except ValidationError as fault:
        return "; ".join(f"`{e['loc'][0]}`: {e['msg']}" for e in fault.errors())
    return found if found.line == line else f"it should read `{found.line}`"


@dataclass(frozen=True)
class Wanting:
    """The days of a story's memory whose verdicts the register does not have, or why they are not kept."""

    story: str
    days: tuple[date, ...]
    kept: int
    problems: tuple[Trouble, ...] = ()


def wanting(engine: Engine, register: Register, story: str) -> Wanting:
    """What the register lacks of a story on an engine's newest snapshot.

    A verdict's identity is known without scoring it, so looking costs little beside scoring.
    """
    narrative, kept = engine.narratives[story], register.read(story)
    every, problems = days(engine, narrative), kept.problems
    if broken := _damaged(engine, narrative):
        problems += (_trouble(story, 0, f"{broken}; without it no verdict is kept"),)
    if broken or not kept.whole:
        return Wanting(story, (), len(kept.marks), problems)
    marks = kept.marks
    missing = [d for d in every if mark_of(engine.identity_of(story, d)) not in marks]
    return Wanting(story, tuple(missing), len(marks), problems)


def days(engine: Engine, narrative: Narrative) -> list[date]:
    """Every day that a verdict stands for, from where the story's memory begins to the newest release."""
    last = engine.store.newest_day
    first = min(begins(engine, narrative), last)
    return moments(engine, narrative, first, last)


def _damaged(engine: Engine, narrative: Narrative) -> str:
    """What is wrong with the first damaged file that a narrative rests on; empty where there is none."""
    store = engine.store
    every = [narrative, *named(engine, narrative)]
    files = {file for each in every for file in rests_on(each, store.catalogue)}
    return next((store.damaged[name] for name in sorted(files & store.damaged.keys())), "")
