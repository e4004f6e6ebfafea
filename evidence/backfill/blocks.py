"""The blocks of a backfill: a story on the days of a year, as frozen data that can be sent anywhere.

A year is long enough that neighbouring days share almost all of their work (`evidence.recall`), and short
enough that a block that is lost costs seconds. Blocks follow the calendar and not the number of workers, so
that they are the same whoever does them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from evidence.engine import Engine
from evidence.frozen import Frozen
from evidence.history import HistoryDay, Stood, Turn, chapter, named, stood
from evidence.narrative import Narrative
from evidence.observations import Store
from evidence.register import Entry, entry_of
from evidence.sensitivity import Sensitivity, Turned


@dataclass(frozen=True)
class Tale:
    """A story with those that its conditions rest on, and the day of each of their events: all that scoring needs."""

    story: Narrative
    named: tuple[Narrative, ...]
    anchors: Mapping[str, date]

    @classmethod
    def of(cls, engine: Engine, story: str) -> "Tale":
        """A story of an engine."""
        narrative = engine.narratives[story]
        others = tuple(named(engine, narrative))
        events = sorted({n.event for n in (narrative, *others)})
        return cls(narrative, others, {event: engine.anchors[event] for event in events})

    def engine(self, store: Store) -> Engine:
        """An engine that knows these stories only; what it keeps goes with the block."""
        return Engine(store, {n.id: n for n in (self.story, *self.named)}, self.anchors)

    @cached_property
    def mark(self) -> str:
        """sha256 over the stories and their days."""
        every = [n.written for n in (self.story, *self.named)]
        days = {event: day.isoformat() for event, day in self.anchors.items()}
        text = json.dumps([every, days], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class Ways(Frozen):
    """How a verdict fares when asked in other ways: how many agree of how many, and the choices that turn it.

    sole: sources without which a part of the claim has no decisive test.
    """

    agree: int
    of: int
    flips: tuple[Turned, ...]
    sole: tuple[str, ...]


class BlockDay(Frozen):
    """A day of a story's history, the turn that it brought, if any, and the other ways of asking on it."""

    day: HistoryDay
    turn: Turn | None
    ways: Ways


@dataclass(frozen=True)
class Span:
    """A story from `first` to `last`, in a history that begins on `begin` (all New York days, ends included)."""

    tale: Tale
    begin: date
    first: date
    last: date

    @property
    def name(self) -> str:
        """What it is called where it is told of."""
        return f"{self.tale.story.id} from {self.first} to {self.last}"

    def work(self, store: Store) -> tuple[BlockDay, ...]:
        """Every day on which anything changed for the story, in order."""
        engine, story = self.tale.engine(store), self.tale.story.id
        found = chapter(engine, story, self.begin, self.first, self.last)
        turns = {turn.on: turn for turn in found.turns}
        kept: dict[int, Ways] = {}
        told = []
        for day in found.days:
            # neighbouring days share the very same specifications, and the engine keeps them alive
            asked = id(engine.score(story, day.on).specifications)
            if asked not in kept:
                kept[asked] = _ways(engine.sensitivity(story, day.on))
            told.append(BlockDay(day=day, turn=turns.get(day.on), ways=kept[asked]))
        return tuple(told)


def _ways(found: Sensitivity) -> Ways:
    robustness = found.robustness
    return Ways(
        agree=robustness.agree,
        of=robustness.of,
        flips=tuple(choice for choice in found.flips if choice.turned),
        sole=found.sole,
    )


@dataclass(frozen=True)
class Lines:
    """A story's verdicts of some days, as the register and the memory keep them; on a ground without private data."""

    tale: Tale
    days: tuple[date, ...]

    @property
    def name(self) -> str:
        """What it is called where it is told of."""
        return f"{self.tale.story.id} from {self.days[0]} to {self.days[-1]}"

    def work(self, store: Store) -> tuple[tuple[Entry, Stood], ...]:
        """Each day in both forms, in order."""
        engine, story = self.tale.engine(store), self.tale.story.id
        return tuple(
            (entry_of(engine, story, day), stood(engine.score(story, day).verdict, day))
            for day in self.days
        )


def years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The calendar years that lie between two days, or what lies between them of each."""
    while first <= last:
        end = min(date(first.year, 12, 31), last)
        yield first, end
        first = end + timedelta(days=1)


def spans(tale: Tale, first: date, last: date) -> list[Span]:
    """A story's history from `first` to `last`, year by year."""
    return [Span(tale, first, *year) for year in years(first, last)]


def by_year(days: Iterable[date]) -> list[tuple[date, ...]]:
    """Days in order, cut where a calendar year ends."""
    return [tuple(found) for _, found in groupby(sorted(days), key=lambda day: day.year)]
