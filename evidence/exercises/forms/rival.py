"""`rival`: what does a rival story expect of a story's tests.

Right is an answer that agrees with what the story declares of the rival, test by test, and in which at least one
test with a clear outcome tells the two apart. Of a wrong cell is said what the data would look like under the rival.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from evidence.catalogue import Catalogue
from evidence.exercises.base import (
    ExerciseBase,
    Field,
    Filled,
    Findings,
    Form,
    Judged,
    Option,
    Pinned,
    Posed,
    Shown,
    unknown_story,
    unknown_test,
)
from evidence.fields import about
from evidence.kinds.base import Outcome, Slug
from evidence.library import Library
from evidence.problems import Finding, nearest, shown
from evidence.rivals import CLEAR
from evidence.wording import OUTCOMES

EXPECTS: dict[Outcome, str] = {
    "consistent": "It passes under the rival, too",
    "inconsistent": "It fails under the rival",
    "neutral": "The rival says nothing of it",
}


class Rival(ExerciseBase):
    """A story, one of its rivals, and tests of the story."""

    form: Literal["rival"]
    story: Slug = about("The story whose tests are shown.", good=["foreign-private-protest"])
    rival: Slug = about("A rival that it names.", good=["private-outflows-began-before"])
    tests: tuple[Slug, ...] = about(
        "Two or three of its tests, of which the rival expects something.",
        good=[["private-bonds-sold", "selling-began-in-april"]],
        min_length=2,
        max_length=3,
    )


@dataclass(frozen=True, eq=False)
class Cell:
    """A test, and what the rival expects of it."""

    found: Shown
    expects: Outcome

    @property
    def tells_apart(self) -> bool:
        """Whether its outcome fits one of the two stories and speaks against the other."""
        return self.expects == "inconsistent" and self.found.trace.outcome in CLEAR


class _Rival(Form):
    name = "rival"
    model = Rival
    label = "What would the rival expect?"

    def findings(self, exercise: Rival, catalogue: Catalogue) -> Findings:  # noqa: ARG002
        for index, name in enumerate(exercise.tests):
            if name in exercise.tests[:index]:
                yield Finding(
                    ("tests", index), f"{shown(name)} stands twice", code="duplicate-option"
                )

    def against(self, exercise: Rival, library: Library) -> Findings:
        yield from unknown_story(exercise.story, ("story",), library)
        story = library.find(exercise.story)
        if story is None:
            return
        if exercise.rival not in story.rivals:
            message = f"{shown(exercise.story)} has no rival {shown(exercise.rival)}"
            yield Finding(
                ("rival",), message, nearest(exercise.rival, story.rivals), code="unknown-rival"
            )
            return
        for index, name in enumerate(exercise.tests):
            yield from unknown_test(exercise.story, name, ("tests", index), library)
            declared = {t.id: t.rivals_expect for t in story.tests}
            if name in declared and exercise.rival not in declared[name]:
                message = f"the test {shown(name)} says nothing of {shown(exercise.rival)}"
                yield Finding(("tests", index), message, code="rival-expects")

    def pose(self, exercise: Rival, pinned: Pinned) -> Posed:
        story, rival = pinned.story(exercise.story), pinned.story(exercise.rival)
        cells = {}
        for name in exercise.tests:
            found = pinned.asked(story.id, name)
            cells[name] = Cell(found, found.test.rivals_expect[exercise.rival])
        options = tuple(Option(outcome, text) for outcome, text in EXPECTS.items())
        fields = tuple(Field(name, c.found.trace.title, options) for name, c in cells.items())
        given = (
            f"The story, “{story.title}”: {story.claim}",
            f"The rival, “{rival.title}”: {rival.claim}",
            *(f"“{c.found.trace.title}”. {c.found.trace.expected}" for c in cells.values()),
        )
        return Posed(exercise, fields, partial(_judged, cells, rival.title), given)


def _judged(cells: dict[str, Cell], rival: str, answer: Filled) -> Judged:
    wrong = {name: c for name, c in cells.items() if answer[name] != c.expects}
    apart = [c for c in cells.values() if c.tells_apart]
    if not wrong and apart:
        says = tuple(_apart(c, rival) for c in apart)
        return Judged(right=True, says=says, shows=apart[0].found)
    says = tuple(_wrong(c, rival, answer[name]) for name, c in wrong.items())
    if "inconsistent" not in answer.values():
        told = ", ".join(f"{c.found.trace.seen.rstrip('.')}" for c in apart)
        seen = f" Yet one thing was seen that fits only one of them: {told}." if told else ""
        says = (
            *says,
            f"As you have it no test could speak against one story and for the other.{seen}",
        )
    return Judged(right=False, says=says, shows=next((c.found for c in wrong.values()), None))


def _apart(cell: Cell, rival: str) -> str:
    fits = (
        "the story, and against the rival"
        if cell.found.trace.outcome == "consistent"
        else "the rival, and against the story"
    )
    return f"“{cell.found.trace.title}” tells them apart: under “{rival}” it would fail. {cell.found.trace.seen} That speaks for {fits}."


def _wrong(cell: Cell, rival: str, chosen: str) -> str:
    """What the rival expects of a test in place of what was chosen, and what was seen."""
    trace = cell.found.trace
    expected = trace.expected.removeprefix("If the claim were true, we would expect ").rstrip(".")
    clause = {
        "consistent": f"one would expect the same: {expected}",
        "inconsistent": f"one would not see {expected}",
        "neutral": f"one would expect nothing in particular; the story alone expects {expected}",
    }[cell.expects]
    mine = {
        "consistent": "a pass cannot tell the two apart",
        "inconsistent": "a pass speaks against the rival",
        "neutral": "a pass says nothing of the rival",
    }[chosen]
    return f"“{trace.title}”: if “{rival}” were true, {clause}. As you have it {mine}. What came of it: {OUTCOMES[trace.outcome]}. {trace.seen}"


FORM = _Rival()
