"""What the evidence says: four findings, and the story that it speaks against least."""

from collections.abc import Callable, Iterator
from datetime import date

from briefs import figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.walk.step import Fold, Maker, Step, told
from charts.figure import Figure
from charts.theme import Look
from evidence.findings import Finding, findings
from evidence.trace import TestTrace
from evidence.wording import first_place_shortly, standing

RANKING = "rivals"
ALSO = {
    "not": "The claims are about the weeks after the event. What came later is no part of them."
}
"""What the picture of a finding needs said."""


def _findings(desk: Desk, day: date) -> tuple[Finding, ...]:
    return findings({name: desk.verdict(name, day) for name in desk.stories}, day)


def names(desk: Desk) -> Iterator[str]:
    """The steps' names."""
    if desk.the_event is None:
        return
    yield from (one.name for one in _findings(desk, desk.newest))
    if figures.contest(desk, desk.newest) is not None:
        yield RANKING


def steps(desk: Desk, day: date) -> Iterator[Step]:
    """The steps."""
    if desk.the_event is None:
        return
    there = Address("evidence", day, day == desk.newest)
    for one in _findings(desk, day):
        yield Step(
            one.name,
            one.heading,
            told(one.short, ALSO.get(one.name, "")),
            _finding(desk, day, one),
            folds=(Fold("numbers", tuple(trace.seen for trace in _traces(desk, day, one))),),
            to=there,
            to_label="The findings with their stories",
        )
    contest = figures.contest(desk, day)
    if contest is not None:
        yield Step(
            RANKING,
            "Which story does the evidence speak against least?",
            told(first_place_shortly(contest)),
            lambda look: figures.scorecard(desk, contest, look),
            folds=(
                Fold(
                    "numbers", tuple(f"{one.title}: {standing(one)}." for one in contest.standings)
                ),
            ),
            to=there.at("rivals"),
            to_label="All stories against all of the evidence",
        )


def _traces(desk: Desk, day: date, one: Finding) -> list[TestTrace]:
    return [
        trace
        for story in desk.stories
        for trace in desk.verdict(story, day).tests
        if story in one.stories and trace.id in one.tests
    ]


def _finding(desk: Desk, day: date, one: Finding) -> Callable[[Look], Figure | None]:
    return lambda look: figures.finding(desk, day, one, look)


CHAPTER = Maker(30, "evidence", "What the evidence says", names, steps)
