"""The folder of narratives, read whole: what could be read, in order, and every problem of what could not.

`<event-id>/event.yaml` says what happened, `<event-id>/<narrative-id>.yaml` beside it are the
narratives, `audit.yaml` (where there is one) the figures of a printed note; `controls.yaml` above them
holds the episodes with known answers. An event without an `event.yaml` is what its stories say under `event_is`.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import get_args

from evidence import lint, sheet_rules
from evidence.catalogue import Catalogue
from evidence.catalogue import read as read_catalogue
from evidence.narrative import Control, Event, EventIs, Narrative, Shelf
from evidence.problems import Finding, Problem, nearest, shown
from evidence.reading import (
    Reading,
    Source,
    read_controls,
    read_draft,
    read_event,
    read_narrative,
    read_sheet,
)
from evidence.sheet import Sheet

HOME = Path(__file__).parent.parent / "narratives"
"""The project's own narratives."""
SHELVES: tuple[str, ...] = get_args(Shelf)
SHEET = "audit.yaml"
EXERCISES = "exercises"
"""The folder beside the events that holds exercises (`evidence.exercises`) and no stories."""


@dataclass(frozen=True)
class Library:
    """All narratives without an error, by id in the order of the board, with their events and controls.

    told: those of the events that have no `event.yaml`, as stories tell them.
    """

    narratives: Mapping[str, Narrative]
    events: Mapping[str, Event]
    controls: Mapping[str, Control]
    problems: tuple[Problem, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    audits: Mapping[str, Sheet] = field(default_factory=dict)
    told: Mapping[str, EventIs] = field(default_factory=dict)

    def find(self, narrative_id: str) -> Narrative | None:
        """A narrative by its id or a former one; None where there is none."""
        return self.narratives.get(self.renamed.get(narrative_id, narrative_id))

    def nearest(self, narrative_id: str) -> str:
        """What might have been meant by an id that is not there, for `did you mean …?`."""
        return nearest(narrative_id, self.narratives)

    def anchor(self, narrative: Narrative) -> date:
        """The day from which a narrative's windows count: its own, or its event's."""
        return narrative.anchor or self.events[narrative.event].date

    @property
    def live(self) -> tuple[Narrative, ...]:
        """The narratives that are scored and shown."""
        return tuple(n for n in self.narratives.values() if n.status == "live")

    @property
    def loud_days(self) -> tuple[date, ...]:
        """The days on which something is known to have happened: events, their marks, control episodes."""
        return (
            *(mark.on for event in self.events.values() for mark in event.marks),
            *(event.date for event in self.events.values()),
            *(control.date for control in self.controls.values()),
        )

    @property
    def broken(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass
class _Found:
    """What a walk through the folder gathers."""

    events: dict[str, Reading[Event]] = field(default_factory=dict)
    narratives: list[tuple[str, str, Reading[Narrative]]] = field(default_factory=list)
    sheets: dict[str, Reading[Sheet]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_library(
    folder: Path = HOME, catalogue: Catalogue | None = None, name: str | None = None
) -> Library:
    """Every narrative of a folder. In problems, paths begin with `name` (default: the folder's own name)."""
    catalogue = catalogue or read_catalogue()
    top = name or folder.name
    if not folder.is_dir():
        problem = Problem(top, 1, 1, "unreadable", "there is no such folder")
        return Library({}, {}, {}, (problem,))
    found = _Found()
    for path in _entries(folder, folder, top, found.problems):
        if path.is_dir() and path.name != EXERCISES:
            _read_event_folder(path, folder, f"{top}/{path.name}", catalogue, found)
    controls = _controls(folder, top, found.problems)
    return _assemble(found, controls)


def read_paths(
    paths: Sequence[Path], narratives: Path, catalogue: Catalogue
) -> tuple[Problem, ...]:
    """The problems of some files or folders.

    A file of a library is held against the rest of that library, one that lies elsewhere (a draft)
    against the narratives of `narratives`.
    """
    problems: list[Problem] = []
    libraries: dict[Path, Library] = {}

    def library(home: Path) -> Library:
        if home not in libraries:
            libraries[home] = read_library(home, catalogue, home.as_posix())
        return libraries[home]

    for path in paths:
        home = _home(path)
        if home is not None:
            inside = path.as_posix()
            problems += [
                p
                for p in library(home).problems
                if path == home or p.file == inside or p.file.startswith(f"{inside}/")
            ]
        elif path.name == "event.yaml":
            problems += read_event(path).problems
        elif path.name == SHEET:
            problems += read_sheet(path, catalogue).problems
        else:
            problems += draft(read_draft(path, catalogue), library(narratives)).problems
    return tuple(dict.fromkeys(problems))


def draft(reading: Reading[Narrative], library: Library) -> Reading[Narrative]:
    """A narrative that stands alone, held against the narratives, events and controls that there are."""
    if reading.parsed is None:
        return reading
    files = {Path(problem.file).stem for problem in library.problems}
    others = (n for n in library.narratives.values() if n.id != reading.parsed.id)
    known = lint.Known(
        narratives={*library.narratives, *library.renamed, *files},
        retired={n.id for n in library.narratives.values() if n.status == "retired"},
        events=library.events.keys() - library.told.keys(),
        told=_told(others),
        controls=set(library.controls),
        read={**library.narratives, reading.parsed.id: reading.parsed},
    )
    return reading.also(lint.library(reading.parsed, known))


def _told(narratives: Iterable[Narrative]) -> dict[str, EventIs]:
    """What stories say of their events, by event: what the first of each says."""
    told: dict[str, EventIs] = {}
    for narrative in narratives:
        if narrative.event_is is not None:
            told.setdefault(narrative.event, narrative.event_is)
    return told


def _home(path: Path) -> Path | None:
    """The library that a path is, or lies in; None for a file that stands alone."""
    if path.is_dir():
        return path.parent if _is_event_folder(path) else path
    if path.name == "controls.yaml":
        return path.parent
    regular = path.suffix == ".yaml" and path.exists() and not path.name.startswith((".", "_"))
    return path.parent.parent if regular and _is_event_folder(path.parent) else None


def _is_event_folder(folder: Path) -> bool:
    """Whether a folder holds the stories of an event: it says what happened, or lies beside the controls."""
    return (folder / "event.yaml").exists() or (folder.parent / "controls.yaml").exists()


def _entries(inside: Path, folder: Path, shown_as: str, problems: list[Problem]) -> Iterator[Path]:
    """What lies in a folder, in order, without what is hidden; links that lead out are refused."""
    root = folder.resolve()
    for path in sorted(inside.iterdir(), key=lambda p: p.name):
        if path.name.startswith((".", "_")):
            continue
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
            problems.append(
                Problem(
                    f"{shown_as}/{path.name}",
                    1,
                    1,
                    "link",
                    "this link leads out of the folder and is not followed",
                )
            )
            continue
        yield path


def _read_event_folder(
    inside: Path, folder: Path, shown_as: str, catalogue: Catalogue, found: _Found
) -> None:
    """One event and its narratives. A folder without any YAML is none of ours."""
    files = [
        p
        for p in _entries(inside, folder, shown_as, found.problems)
        if p.suffix in (".yaml", ".yml")
    ]
    for path in files:
        label = f"{shown_as}/{path.name}"
        if path.suffix == ".yml":
            found.problems.append(
                Problem(
                    label,
                    1,
                    1,
                    "file-name",
                    "the name has to end in `.yaml`, or the file is not read",
                )
            )
        elif path.name == "event.yaml":
            found.events[inside.name] = read_event(path, label)
        elif path.name == SHEET:
            found.sheets[inside.name] = read_sheet(path, catalogue, label)
        else:
            found.narratives.append(
                (inside.name, path.stem, read_narrative(path, catalogue, label))
            )
    told = _told(r.parsed for e, _, r in found.narratives if e == inside.name and r.parsed)
    if files and not told and inside.name not in found.events:
        found.problems.append(
            Problem(f"{shown_as}/event.yaml", 1, 1, "no-event", "the folder has no `event.yaml`")
        )


def _controls(folder: Path, top: str, problems: list[Problem]) -> dict[str, Control] | None:
    """The control events; None where the file cannot be read (then nobody can say which are unknown)."""
    path, label = folder / "controls.yaml", f"{top}/controls.yaml"
    if any(problem.file == label for problem in problems):
        return None
    if not path.exists():
        return {}
    reading = read_controls(path, label)
    problems.extend(reading.problems)
    return (
        {control.id: control for control in reading.value.controls}
        if reading.value is not None
        else None
    )


def _assemble(found: _Found, controls: Mapping[str, Control] | None) -> Library:
    events = {
        name: reading.value for name, reading in found.events.items() if reading.value is not None
    }
    read = [r.parsed for _, _, r in found.narratives if r.parsed is not None]
    sound = (r.value for event, _, r in found.narratives if r.value and r.value.event == event)
    told = {name: said for name, said in _told(sound).items() if name not in found.events}
    events |= {name: said.event(name) for name, said in told.items()}
    known = lint.Known(
        narratives={stem for _, stem, _ in found.narratives} | {old for n in read for old in n.was},
        retired={n.id for n in read if n.status == "retired"},
        events=set(found.events),
        told=told,
        controls=None if controls is None else set(controls),
        read={n.id: n for n in read},
    )
    problems = [*found.problems, *(p for r in found.events.values() for p in r.problems)]
    owners: dict[str, str] = {}
    kept: list[Narrative] = []
    for event, stem, reading in found.narratives:
        whole = reading
        if reading.parsed is not None:
            whole = reading.also(
                [
                    *lint.library(reading.parsed, known),
                    *_place(
                        reading.parsed,
                        event,
                        stem,
                        {name: name in events for name in found.events},
                        owners,
                    ),
                ]
            )
        owners.setdefault(stem, event)
        problems += whole.problems
        if whole.value is not None:
            kept.append(whole.value)
    kept, renamed, clashes = _renamed(kept, found)
    kept, resting = _resting(kept, found)
    kept.sort(
        key=lambda n: (
            n.anchor or events[n.event].date,
            n.event,
            SHELVES.index(n.shelf),
            n.order,
            n.id,
        )
    )
    sources = {r.parsed.id: r.source.alone for _, _, r in found.narratives if r.parsed is not None}
    audits, wrong = _audits(found, read, known, events)
    return Library(
        {n.id: n for n in kept},
        events,
        controls or {},
        (*problems, *clashes, *resting, *wrong),
        renamed,
        sources,
        audits,
        told,
    )


def _audits(
    found: _Found, read: Sequence[Narrative], known: lint.Known, events: Mapping[str, Event]
) -> tuple[dict[str, Sheet], list[Problem]]:
    """The sheets of events that could be read, held against the narratives, and the problems of all."""
    tests = {n.id: {test.id for test in n.tests} for n in read}
    tests |= {old: tests[n.id] for n in read for old in n.was}
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for event, reading in found.sheets.items():
        whole = reading
        if reading.parsed is not None:
            whole = reading.also(sheet_rules.library(reading.parsed, tests, known.narratives))
        problems += whole.problems
        if whole.value is not None and event in events:
            sheets[event] = whole.value
    return sheets, problems


def _place(
    narrative: Narrative,
    folder: str,
    stem: str,
    events: Mapping[str, bool],
    owners: Mapping[str, str],
) -> Iterator[Finding]:
    """What the place of a file says: its folder is its event, which can be read, and its id is the only one."""
    if narrative.event != folder:
        yield Finding(
            ("event",),
            f"the file lies in the folder {shown(folder)}; its `event` has to be the same",
            f"`{folder}`",
            code="event-folder",
        )
    elif not events.get(folder, True):
        yield Finding(
            ("event",), f"the `event.yaml` of {shown(folder)} cannot be read", code="event-broken"
        )
    if stem in owners:
        yield Finding(
            ("id",),
            f"there is another narrative {shown(stem)}, in the folder {shown(owners[stem])}",
            code="duplicate-id",
        )


def _resting(kept: list[Narrative], found: _Found) -> tuple[list[Narrative], list[Problem]]:
    """Who rests on a narrative that is left out cannot be scored, and is left out as well."""
    sources = {r.parsed.id: r.source for _, _, r in found.narratives if r.parsed is not None}
    problems: list[Problem] = []
    while True:
        ids = {n.id for n in kept}
        lacking = {
            n.id: next(i for i, c in enumerate(n.when) if c.narrative not in ids)
            for n in kept
            if any(c.narrative not in ids for c in n.when)
        }
        if not lacking:
            return kept, problems
        for narrative in (n for n in kept if n.id in lacking):
            index = lacking[narrative.id]
            finding = Finding(
                ("when", index, "narrative"),
                f"the narrative {shown(narrative.when[index].narrative)} cannot be read",
                code="condition-broken",
            )
            problems.append(sources[narrative.id].on(finding))
        kept = [n for n in kept if n.id not in lacking]


def _renamed(
    kept: list[Narrative], found: _Found
) -> tuple[list[Narrative], dict[str, str], list[Problem]]:
    """Former ids to present ones. Who claims a former id that stands or is claimed already is left out."""
    ids = {stem for _, stem, _ in found.narratives}
    renamed: dict[str, str] = {}
    good: list[Narrative] = []
    clashes: list[Problem] = []
    sources = {
        reading.value.id: reading.source
        for _, _, reading in found.narratives
        if reading.value is not None
    }
    for narrative in kept:
        taken = [i for i, old in enumerate(narrative.was) if old in ids or old in renamed]
        for index in taken:
            finding = Finding(
                ("was", index),
                f"{shown(narrative.was[index])} is the id, now or formerly, of another narrative",
                code="was",
            )
            clashes.append(sources[narrative.id].on(finding))
        if not taken:
            good.append(narrative)
            renamed.update(dict.fromkeys(narrative.was, narrative.id))
    return good, renamed, clashes
