"""From answers to a story that can be read: what was left empty filled in, cases and controls worked out, and scored.

Nothing is written to a disk. A draft is held against the library as a file of its own would be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence.drafting.draft import Draft, DraftTest, yaml_of
from evidence.drafting.suggest import prefilled, slug, title
from evidence.drafting.worked_cases import Worked, worked
from evidence.engine import Engine
from evidence.kinds import KINDS, is_fact
from evidence.library import Library
from evidence.library import draft as held_against
from evidence.narrative import Event, Narrative
from evidence.observations import Store
from evidence.reading import Reading, read_text


@dataclass(frozen=True)
class Finished:
    """A draft filled in, its text, how that reads, and what could not be worked out for it, in sentences."""

    draft: Draft
    text: str
    reading: Reading[Narrative]
    left_out: tuple[str, ...] = ()


def finished(draft: Draft, library: Library, store: Store) -> Finished:
    """The draft as a text with its cases and controls, where it can be read; else as far as it goes."""
    whole = completed(draft, store)
    text = yaml_of(whole)
    reading = _read(text, whole, library, store)
    narrative, event = reading.parsed, event_of(reading.parsed, library)
    broken = any(p.severity == "error" and p.code not in WORKED_OUT for p in reading.problems)
    if narrative is None or event is None or broken:
        return Finished(whole, text, reading)
    found: Worked = worked(narrative, narrative.anchor or event.date, store)
    text = yaml_of(whole, found.cases, found.controls)
    return Finished(whole, text, _read(text, whole, library, store), found.left_out)


WORKED_OUT = ("no-cases", "no-controls")
"""Problems of a draft that working it out mends."""


def _read(text: str, draft: Draft, library: Library, store: Store) -> Reading[Narrative]:
    return held_against(read_text(text, f"{draft.id or 'story'}.yaml", store.catalogue), library)


def completed(draft: Draft, store: Store) -> Draft:
    """The draft with ids, titles, windows and grades where they were left empty."""
    tests = [_completed(test, store) for test in draft.tests]
    return draft.model_copy(
        update={
            "id": draft.id or slug(draft.claim),
            "title": draft.title or title(draft.claim),
            "tests": tuple(
                test.model_copy(update={"id": name})
                for test, name in zip(tests, _names(tests), strict=True)
            ),
        }
    )


def _completed(test: DraftTest, store: Store) -> DraftTest:
    series = test.series or (test.legs[0].series if test.legs else "")
    if test.kind not in KINDS or series not in store.catalogue.series:
        return test
    suits = prefilled(test.kind, series, store.catalogue)
    windowed = is_fact(test.kind) or test.after or test.before
    grade = test.grade or suits.grade
    return test.model_copy(
        update={
            "after": test.after if windowed else suits.window,
            "grade": "" if grade == "direct" else grade,
            "role": test.role or "straw_in_the_wind",
        }
    )


def _names(tests: Sequence[DraftTest]) -> list[str]:
    """The tests' ids: their own, or from their titles, each once."""
    names: list[str] = []
    for place, test in enumerate(tests, 1):
        name = test.id or slug(test.title) or f"test-{place}"
        names.append(name if name not in names else f"{name}-{place}")
    return names


def event_of(narrative: Narrative | None, library: Library) -> Event | None:
    """The event that a narrative explains: the library's, or what it says itself."""
    if narrative is None:
        return None
    if narrative.event_is is not None:
        return narrative.event_is.event(narrative.event)
    return library.events.get(narrative.event)


def engine_with(drafts: Iterable[Narrative], library: Library, store: Store) -> Engine:
    """An engine on the library with drafts added, or in the places of the narratives that have their ids."""
    anchors = {event.id: event.date for event in library.events.values()}
    narratives = dict(library.narratives)
    for draft in drafts:
        narratives[draft.id] = draft
        event = event_of(draft, library)
        if event is not None:
            anchors[event.id] = event.date
    return Engine(store, narratives, anchors)
