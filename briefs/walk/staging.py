"""One test told in stages over one picture: the series, the event, the normal range, the verdict; then the past."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from briefs import answers, figures
from briefs.address import Address
from briefs.desk import Desk
from briefs.stand import Stand
from briefs.walk.step import Step, folds, told
from charts.figure import Figure
from charts.stages import STAGES, staged
from charts.theme import Look
from evidence.days import day
from evidence.narrative import Narrative
from evidence.trace import TestTrace
from evidence.wording import by_part, how_unusual, listed, usual_range, would_count

PAST = "past"
"""The stage after the verdict: the past episode in which the test did fire."""


@dataclass(frozen=True, eq=False)
class Led:
    """A story by the test that decides it on the newest data; `staged` on another day tells the same test."""

    desk: Desk
    story: Narrative
    test: str

    @property
    def names(self) -> tuple[str, ...]:
        """The steps' names."""
        past = (PAST,) if self._stand(self.desk.newest).past is not None else ()
        return tuple(f"{self.story.id}.{stage}" for stage in (*STAGES, *past))

    def steps(self, day: date) -> Iterator[Step]:
        """The steps as known on a day."""
        here = self._stand(day)
        for name in self.names:
            yield here.step(name, name.rpartition(".")[2])

    def _stand(self, day: date) -> "_Told":
        verdict = self.desk.verdict(self.story.id, day)
        here = Address(
            "story", day, day == self.desk.newest, story=self.story.id, step="tests", test=self.test
        )
        return _Told(Stand(self.desk, here, self.story, verdict))


def led(desk: Desk, story: Narrative) -> Led:
    """The story by its deciding test; by its first where none decides."""
    found = desk.verdict(story.id, desk.newest)
    trace = answers.deciding(found) or found.tests[0]
    return Led(desk, story, trace.id)


@dataclass(frozen=True, eq=False)
class _Told:
    stand: Stand

    @property
    def past(self) -> tuple[str, TestTrace] | None:
        """What is known of the episode in which the test must fire, and what the test said there."""
        found = figures.control_of(self.stand)
        return None if found is None else (found[0].known, found[1])

    def step(self, name: str, stage: str) -> Step:
        heading, text = self._words(stage)
        at_end = stage == "verdict"
        verdict = self.stand.verdict
        return Step(
            name,
            heading,
            text,
            self._figure(stage),
            mark=verdict.direction if at_end else "",
            said=answers.says(verdict) if at_end else "",
            verdict=verdict if at_end else None,
            folds=folds(self.stand.desk, self.stand.trace, verdict, self.stand.story.cannot_tell),
            to=self.stand.here,
            to_label="The whole story",
        )

    def _words(self, stage: str) -> tuple[str, str]:
        story, trace = self.stand.story, self.stand.trace
        if stage == "series":
            said = listed(list(dict.fromkeys(one.who for one in story.said)))
            return f"“{story.title}”", told(
                story.claim, f"Its source: {said}." if said else "", trace.why
            )
        if stage == "event":
            return "If it were true", told(trace.expected)
        if stage == "range":
            set_on = f"That was set on {day(self.stand.verdict.thresholds_set)}, after the event."
            return would_count(trace), told(trace.matters.why, set_on, usual_range(trace))
        if stage == PAST:
            return self._before()
        return (
            answers.found(trace),
            told(
                trace.seen
                if trace.outcome != "not_evaluable"
                else f"As known then, there was no answer. {trace.seen}",
                by_part(self.stand.verdict),
                answers.against_need(trace),
                how_unusual(trace),
            ),
        )

    def _before(self) -> tuple[str, str]:
        found = figures.control_of(self.stand)
        if found is None:
            return "When it did happen", "On this day no such episode was on record."
        known, past = found
        return f"What it looks like: {known.name}", told(
            known.known, f"The same test there: {past.seen}"
        )

    def _figure(self, stage: str) -> Callable[[Look], Figure | None]:
        def draw(look: Look) -> Figure | None:
            pair = figures.pair(self.stand, look)
            if not pair:
                return None
            if stage == PAST:
                return pair[0] if len(pair) > 1 else None
            return at_stage(pair[-1], stage)

        return draw


def at_stage(figure: Figure, stage: str) -> Figure:
    """The figure as far as a stage; where it has no such step, the one before."""
    steps = staged(figure)
    reached = [one for one in steps if STAGES.index(one.stage) <= STAGES.index(stage)]
    return reached[-1] if reached else steps[0]
