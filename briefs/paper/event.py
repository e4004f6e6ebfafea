"""The brief of an event, two pages: how rare it was, how each story stands, what the evidence says, what comes."""

from collections.abc import Iterator
from datetime import date

from briefs import answers, figures, releases
from briefs.desk import SHELVES, Desk
from briefs.paper import imprint
from briefs.paper.model import KEPT, PREMISE, Brief, Item, Score, Section
from briefs.paper.story import picture, ruling
from charts.figure import Figure
from charts.theme import LIGHT, SHAPES
from evidence.audit import STATUSES, summary
from evidence.findings import Finding, findings
from evidence.register import mark_of
from evidence.trace import Verdict
from evidence.wording import OUTCOMES, first_place, listed, standing

NARROW = 263
"""Pixels of one of three charts in a row: printed 58 mm wide, its smallest type comes to 7.5 pt."""
FINDING = "finding-"
OPEN, DISPENSABLE = "open", {"when": 6}
"""The finding without a picture, and whose picture goes where a page is full."""
MOST_FIGURES = 6
"""Of the note's figures: the most surprising ones."""


def brief(desk: Desk, event_id: str, day: date, base: str | None) -> Brief:
    """The brief of an event as known on a day. base: where the app is served, if anywhere."""
    event = desk.library.events[event_id]
    verdicts = {
        name: desk.verdict(name, day) for name, s in desk.stories.items() if s.event == event_id
    }
    found = findings(verdicts, day)
    drawn = dict(_drawn(desk, day, found))
    return Brief(
        id=event.id,
        kind="event",
        title=event.question,
        lead=event.background,
        said=_how_rare(verdicts),
        ruling=None,
        pictures=(
            *(picture(f, PREMISE, NARROW, spare=1) for f in figures.premise(desk, day, LIGHT)),
            *(
                picture(f, f"{FINDING}{name}", spare=DISPENSABLE.get(name, KEPT))
                for name, f in drawn.items()
            ),
        ),
        sections=tuple(
            section
            for section in (
                *(_finding(one) for one in found),
                _rivals(desk, day),
                _audit(desk, day),
                _watch(desk, day),
            )
            if section.items
        ),
        scores=tuple(_score(verdict) for verdict in verdicts.values()),
        key=", ".join(f"{SHAPES[word]} {words}" for word, words in OUTCOMES.items()),
        imprint=imprint.of_event(desk, day, base, list(_reads(verdicts, found))),
    )


def _drawn(desk: Desk, day: date, found: tuple[Finding, ...]) -> Iterator[tuple[str, Figure]]:
    """The findings' pictures. What nobody can tell has none here: the room goes to what can be told."""
    for one in found:
        figure = figures.finding(desk, day, one, LIGHT) if one.name != OPEN else None
        if figure is not None:
            yield one.name, figure


def _how_rare(verdicts: dict[str, Verdict]) -> str:
    """One sentence from the test of the premise that decides; empty where no story is the premise."""
    premise = next((v for v in verdicts.values() if v.shelf == "premise"), None)
    trace = answers.deciding(premise) if premise else None
    if trace is None:
        return ""
    if trace.outcome == "not_evaluable":
        return f"Whether they did could not be told yet. {trace.seen}"
    return f"{trace.title}. {answers.how_rare(trace)}"


def _finding(one: Finding) -> Section:
    return Section(
        name=f"{FINDING}{one.name}", heading=one.heading, items=(Item(text=one.sentence),)
    )


def _score(verdict: Verdict) -> Score:
    votes = [t.outcome for t in verdict.tests if t.checks is None]
    counts = [f"{SHAPES[word]} {votes.count(word)}" for word in OUTCOMES if word in votes]
    return Score(
        id=verdict.id,
        title=verdict.title,
        shelf=SHELVES[verdict.shelf],
        ruling=ruling(verdict),
        tally="   ".join(counts),
        mark=mark_of(verdict.identity),
    )


def _rivals(desk: Desk, day: date) -> Section:
    """The stories by how little speaks against them; the first places always, the last ones where there is room."""
    contest = figures.contest(desk, day)
    items: tuple[Item, ...] = ()
    if contest is not None:
        ranked = [
            Item(
                head=f"{one.place}. {one.title}.",
                text=f"{standing(one)}.",
                spare=4 if i > 2 else KEPT,
            )
            for i, one in enumerate(contest.standings)
        ]
        items = (*ranked, Item(text=first_place(contest), spare=7))
    return Section(name="rivals", heading="Whom the evidence speaks against least", items=items)


def _audit(desk: Desk, day: date) -> Section:
    """The note's own figures: how many reproduce, and the most surprising ones."""
    items: tuple[Item, ...] = ()
    if desk.sheet is not None and day >= desk.sheet.note.on:
        made = desk.audit(day)
        items = (
            Item(text=summary(made)),
            *(
                Item(
                    head=f"{figure.title}.",
                    text=f"Printed: {figure.printed}. {STATUSES[figure.status]}: {figure.sentence}",
                    spare=(2, 3)[i] if i < 2 else 7,
                )
                for i, figure in enumerate(
                    f for f in made.figures[:MOST_FIGURES] if f.printed_amount
                )
            ),
        )
    return Section(name="audit", heading="The note’s own figures", items=items)


def _watch(desk: Desk, day: date) -> Section:
    """The releases to come, and those that are late."""
    coming = releases.coming(desk, day)
    late = (
        [Item(text=f"Due before and not in the data: {listed(coming.late)}.", spare=8)]
        if coming.late
        else []
    )
    return Section(
        name="watch",
        heading="What to watch",
        items=(
            *(Item(text=due.sentence, spare=5 if i else KEPT) for i, due in enumerate(coming.due)),
            *late,
        ),
    )


def _reads(verdicts: dict[str, Verdict], found: tuple[Finding, ...]) -> Iterator[str]:
    """The series that the findings rest on."""
    for one in found:
        for verdict in verdicts.values():
            for trace in verdict.tests:
                if verdict.id in one.stories and trace.id in one.tests:
                    yield from trace.series
