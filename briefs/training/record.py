"""What a learner keeps: predictions, conclusions and exercises, as one small file of their own.

It names no person. With each prediction stands what the engine said when it was shown, so that a refresh of
the data never makes an old answer right or wrong.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from evidence.frozen import Frozen
from evidence.kinds.base import Outcome, Slug
from evidence.predictions import Says
from evidence.trace import Direction

LARGEST = 512 * 1024
"""Of a file that is brought back, in characters: some thousand predictions."""
MOST = 4000
SURE_FROM, SURE_TO = 50, 100
"""How sure somebody can be of what they chose, in percent: who is less sure would choose something else."""

Sure = Annotated[int, Field(ge=SURE_FROM, le=SURE_TO)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,60}$")]


class Prediction(Frozen):
    """What was said of one test before it was shown, and what it then was.

    says: what the claim was taken to predict. number: the statistic that was expected, in its unit and with
    the data's sign. telling: the test that was held to tell most, where one was named.
    """

    story: Slug
    test: Slug
    as_of: date
    snapshot: int = Field(ge=1)
    says: Says
    outcome: Outcome
    sure: Sure
    telling: Slug | None = None
    number: float | None = Field(default=None, ge=-1e15, le=1e15)
    was: Outcome

    @property
    def right(self) -> bool:
        """Whether the outcome was the expected one."""
        return self.outcome == self.was


class Conclusion(Frozen):
    """The verdict that was given on a story after its tests, and the engine's."""

    story: Slug
    as_of: date
    snapshot: int = Field(ge=1)
    direction: Direction
    sure: Sure
    was: Direction

    @property
    def right(self) -> bool:
        """Whether it was the engine's."""
        return self.direction == self.was


class Tried(Frozen):
    """One exercise: the answers in their order (field to option), how many hints were asked for, whether it is solved."""

    exercise: Slug
    answers: tuple[Mapping[Word, Word], ...] = Field(default=(), max_length=100)
    hints: int = Field(default=0, ge=0, le=20)
    solved: bool = False


class Record(Frozen):
    """All of it. Each test of a story on a day is predicted once: what was seen cannot be unseen."""

    kind: Literal["flowcheck training record"] = "flowcheck training record"
    version: Literal[1] = 1
    predictions: tuple[Prediction, ...] = Field(default=(), max_length=MOST)
    conclusions: tuple[Conclusion, ...] = Field(default=(), max_length=MOST)
    exercises: tuple[Tried, ...] = Field(default=(), max_length=MOST)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.predictions or self.conclusions or self.exercises)

    def prediction(self, story: str, as_of: date, test: str) -> Prediction | None:
        """What was said of a test on a day."""
        wanted = (story, as_of, test)
        return next((p for p in self.predictions if (p.story, p.as_of, p.test) == wanted), None)

    def conclusion(self, story: str, as_of: date) -> Conclusion | None:
        """What was concluded of a story on a day."""
        return next((c for c in self.conclusions if (c.story, c.as_of) == (story, as_of)), None)

    def tried(self, exercise: str) -> Tried:
        """What was done of an exercise."""
        found = (one for one in self.exercises if one.exercise == exercise)
        return next(found, Tried(exercise=exercise))

    def predicted(self, one: Prediction) -> "Record":
        """The record with a prediction; the first of a test on a day stands."""
        if self.prediction(one.story, one.as_of, one.test) is not None:
            return self
        return self.model_copy(update={"predictions": (*self.predictions, one)})

    def concluded(self, one: Conclusion) -> "Record":
        """The record with a conclusion; the first of a story on a day stands."""
        if self.conclusion(one.story, one.as_of) is not None:
            return self
        return self.model_copy(update={"conclusions": (*self.conclusions, one)})

    def worked(self, one: Tried) -> "Record":
        """The record with the newest state of an exercise, in its old place."""
        held = [t for t in self.exercises if t.exercise != one.exercise]
        at = next(
            (i for i, t in enumerate(self.exercises) if t.exercise == one.exercise), len(held)
        )
        return self.model_copy(update={"exercises": (*held[:at], one, *held[at:])})

    def without(self, story: str, as_of: date) -> "Record":
        """The record without a story on a day, to begin it anew."""
        return self.model_copy(
            update={
                "predictions": tuple(
                    p for p in self.predictions if (p.story, p.as_of) != (story, as_of)
                ),
                "conclusions": tuple(
                    c for c in self.conclusions if (c.story, c.as_of) != (story, as_of)
                ),
            }
        )

    def joined(self, other: "Record") -> "Record":
        """Both records in one: of what stands in both, this one's predictions and conclusions, and the better try."""
        found = self
        for prediction in other.predictions:
            found = found.predicted(prediction)
        for conclusion in other.conclusions:
            found = found.concluded(conclusion)
        for tried in other.exercises:
            own = found.tried(tried.exercise)
            if (tried.solved, len(tried.answers)) > (own.solved, len(own.answers)):
                found = found.worked(tried)
        return found


def written(record: Record) -> str:
    """The file: JSON, the same bytes for the same record."""
    return json.dumps(record.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"


def read(text: str) -> Record | str:
    """The record of a file, or a sentence that says why there is none."""
    if len(text) > LARGEST:
        return f"The file is too large: a record has at most {LARGEST // 1024} kB."
    try:
        return Record.model_validate_json(text, strict=True)
    except ValidationError as fault:
        return _refused(fault)
    except (ValueError, RecursionError):
        return "This is no record of a training: it is not JSON."


def _refused(fault: ValidationError) -> str:
    first = fault.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return "This is no record of a training: it is not JSON."
    return f"This is no record of a training: {_place(first['loc'])} cannot be read."


def _place(loc: Iterable[int | str]) -> str:
    """Where in the file: `predictions, entry 3, sure`."""
    told = [f"entry {step + 1}" if isinstance(step, int) else step for step in loc]
    return ", ".join(step if step.isascii() else "…" for step in told)[:80] or "its beginning"
