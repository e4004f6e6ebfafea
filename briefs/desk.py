"""What every page works with: the data, the stories and the engine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from evidence import calendar, private_folder
from evidence.audit import Asked, Audit, asked, audit
from evidence.engine import Engine, Scored
from evidence.exercises.reading import Exercises, read_exercises
from evidence.library import EXERCISES, Library, read_library
from evidence.narrative import Control, Event, Narrative
from evidence.observations import Store, View
from evidence.sheet import Sheet
from evidence.trace import Verdict

ROOT = Path(__file__).resolve().parent.parent
OLDER = 3
"""Desks on older snapshots that are kept at a time."""
NARRATIVES = ROOT / "narratives"
SHELVES: Mapping[str, str] = {
    "premise": "What happened",
    "said": "What people said",
    "happened": "What the note says happened",
    "buildup": "The long build-up",
    "watch": "What to watch",
}


@dataclass(frozen=True)
class LastRelease:
    """The newest publication that counts on a day."""

    name: str
    on: date


@dataclass(eq=False)
class Desk:
    """The store, the stories and the engine."""

    store: Store
    library: Library
    engine: Engine
    _last: dict[tuple[str | None, date], LastRelease | None] = field(default_factory=dict)
    _audits: dict[date, Audit] = field(default_factory=dict)
    _older: "dict[int, Desk]" = field(default_factory=dict)

    @cached_property
    def stories(self) -> Mapping[str, Narrative]:
        """The live stories, in the order of the board."""
        shelves = list(SHELVES)
        ordered = sorted(self.library.live, key=lambda n: (shelves.index(n.shelf), n.order, n.id))
        return {n.id: n for n in ordered}

    @cached_property
    def was(self) -> Mapping[str, str]:
        """Old ids of stories and what they are called now."""
        return {old: new for old, new in self.library.renamed.items() if new in self.stories}

    @cached_property
    def sheet(self) -> Sheet | None:
        """The printed figures about the event that most stories explain; None where they cannot be read."""
        return self.library.audits.get(self.the_event.id) if self.the_event else None

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Their ids, in the note's order."""
        return tuple(figure.id for figure in self.sheet.figures) if self.sheet else ()

    def audit(self, day: date) -> Audit:
        """The printed figures, recomputed as known on a day. Only where there is a `sheet`."""
        assert self.the_event is not None
        if day not in self._audits:
            self._audits[day] = audit(self.library, self.engine, self.the_event.id, day)
        return self._audits[day]

    def asked(self, figure: str, reading: str) -> Asked | None:
        """What a reading of a printed figure asks."""
        assert self.sheet is not None
        assert self.the_event is not None
        found = next(r for r in self.sheet.figure(figure).readings if r.id == reading)
        return asked(found, self.the_event.id, self.library, self.engine)

    @cached_property
    def exercises(self) -> Exercises:
        """The exercises that could be read, in order, and what is wrong with the others."""
        folder = NARRATIVES / EXERCISES
        return read_exercises(folder, self.store.catalogue, self.library, EXERCISES)

    @property
    def exercise_ids(self) -> tuple[str, ...]:
        """Their ids, in order."""
        return tuple(self.exercises.by_id)

    @property
    def chapters(self) -> Mapping[str, tuple[str, ...]]:
        """The steps of the walk by chapter."""
        from briefs import walk  # noqa: PLC0415  (the walk is made of what stands on the desk)

        return walk.names(self)

    def at(self, snapshot: int) -> "Desk":
        """The desk on an older snapshot, or on this one without what was brought. Raises ValueError where there is none."""
        engine = self.engine.at(snapshot)
        found = self._older.get(id(engine))
        if found is None:
            found = self._older[id(engine)] = Desk(engine.store, self.library, engine)
            for other in list(self._older)[: -len(self._older) + OLDER]:
                del self._older[other]
        return found

    @property
    def snapshot(self) -> int:
        """The number of the newest snapshot."""
        return self.store.n

    @property
    def newest(self) -> date:
        """The day of the newest release in the snapshot: the default as-of date."""
        return self.store.newest_day

    @cached_property
    def used(self) -> Mapping[str, tuple[str, ...]]:
        """Each series that a story reads, with the ids of those stories."""
        found: dict[str, dict[str, None]] = {}
        for story in self.stories.values():
            for test in story.tests:
                for name in test.reads:
                    found.setdefault(name, {})[story.id] = None
        return {name: tuple(ids) for name, ids in found.items()}

    @cached_property
    def oldest(self) -> date:
        """The first day on which anything that a story reads was known."""
        newest = self.engine.view(self.newest)
        firsts = [
            newest.series(n).first_known[0]
            for n in self.used
            if newest.held(n) and len(newest.series(n))
        ]
        return calendar.new_york_day(int(min(firsts))) if firsts else self.newest

    def view(self, day: date) -> View:
        """The data as known at the end of a day."""
        return self.engine.view(day)

    def score(self, story: str, day: date) -> Scored:
        """A story as known on a day."""
        return self.engine.score(story, day)

    def verdict(self, story: str, day: date) -> Verdict:
        """Its verdict."""
        return self.score(story, day).verdict

    def anchor(self, story: Narrative) -> date:
        """The day that its windows count from."""
        return self.engine.anchor(story)

    def event(self, story: Narrative) -> Event:
        """The event that it explains."""
        return self.library.events[story.event]

    @cached_property
    def the_event(self) -> Event | None:
        """The event that most stories explain: what the first page is about."""
        events = [n.event for n in self.stories.values()]
        return self.library.events[max(events, key=events.count)] if events else None

    def control(self, event: str) -> Control | None:
        """A past episode by its id."""
        return self.library.controls.get(event)

    def last_release(self, day: date, story: str | None = None) -> LastRelease | None:
        """The newest publication by `day` among the series of a story, or of all stories."""
        key = (story, day)
        if key not in self._last:
            self._last[key] = self._find_last(day, story)
        return self._last[key]

    def _find_last(self, day: date, story: str | None) -> LastRelease | None:
        view = self.view(day)
        best: tuple[int, str] | None = None
        for name, ids in self.used.items():
            if (
                (story is not None and story not in ids)
                or not view.held(name)
                or not len(view.series(name))
            ):
                continue
            known = int(view.series(name).known.max())
            if best is None or known > best[0]:
                best = (known, name)
        if best is None:
            return None
        entry = view.catalogue.series[best[1]]
        return LastRelease(
            view.catalogue.releases[entry.release].name, calendar.new_york_day(best[0])
        )


def open_desk() -> Desk:
    """Reads everything there is."""
    store = Store(private=private_folder.folder(os.environ))
    library = read_library(NARRATIVES, store.catalogue)
    anchors = {event.id: event.date for event in library.events.values()}
    return Desk(store, library, Engine(store, library.narratives, anchors))
