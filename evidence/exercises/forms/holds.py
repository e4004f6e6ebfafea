"""`holds`: which sentence do the figures bear out.

Each statement carries a test. Right is one whose test comes out as the sentence predicts; of the others is
said what would have to be seen, and what was.
"""

from collections.abc import Iterator
from typing import Literal

from evidence.catalogue import Catalogue
from evidence.exercises.base import (
    ExerciseBase,
    Filled,
    Findings,
    Form,
    Judged,
    Option,
    Pinned,
    Posed,
    Shown,
    Worded,
    alone,
    twice,
)
from evidence.fields import about
from evidence.kinds import Test
from evidence.kinds.base import TestBase


class Statement(Worded):
    """A sentence about the data, and the test that it has to survive."""

    test: Test = about("What has to be so for the sentence to hold.", good=[])


class Holds(ExerciseBase):
    """Several sentences, of which some hold."""

    form: Literal["holds"]
    statements: tuple[Statement, ...] = about(
        "Two to six sentences, each with its test.", good=[], min_length=2, max_length=6
    )
    before: Test | None = about(
        "A test whose picture stands beside the question.", good=[], default=None
    )


class _Holds(Form):
    name = "holds"
    model = Holds
    label = "Which sentence holds?"

    def tests(self, exercise: Holds) -> Iterator[tuple[tuple[str | int, ...], TestBase]]:
        for index, statement in enumerate(exercise.statements):
            yield ("statements", index, "test"), statement.test
        if exercise.before is not None:
            yield ("before",), exercise.before

    def findings(self, exercise: Holds, catalogue: Catalogue) -> Findings:  # noqa: ARG002
        yield from twice([s.id for s in exercise.statements], "statements")

    def pose(self, exercise: Holds, pinned: Pinned) -> Posed:
        statements = {s.id: s for s in exercise.statements}

        def judged(answer: Filled) -> Judged:
            found = pinned.ask(statements[answer["answer"]].test)
            right = found.trace.outcome == "consistent"
            says = (found.trace.seen,) if right else (_wanted(found), _seen(found))
            return Judged(right=right, says=says, shows=found)

        options = tuple(Option(s.id, s.text) for s in exercise.statements)
        before = pinned.ask(exercise.before) if exercise.before is not None else None
        given = (before.trace.seen,) if before is not None else ()
        return Posed(exercise, alone(self.label, options), judged, given, before)


def _wanted(found: Shown) -> str:
    """What would have to be seen if a sentence were true: it is the claim of its test."""
    return found.trace.expected.replace("If the claim were", "If that sentence were", 1)


def _seen(found: Shown) -> str:
    """What was seen instead."""
    trace = found.trace
    head = {
        "inconsistent": "The figures speak against it.",
        "neutral": "The figures leave it open.",
    }
    return f"{head.get(trace.outcome, 'Nobody can say yet.')} {trace.seen}"


FORM = _Holds()
