"""An exercise put to a learner, and whether it can be: some answer right, some wrong, each wrong one explained."""

from itertools import islice

from evidence.engine import Engine
from evidence.exercises.base import ExerciseBase, Findings, Pinned, Posed
from evidence.exercises.forms import FORMS
from evidence.library import Library
from evidence.problems import Finding

MOST = 200
"""How many answers of one exercise are tried when it is looked over."""


def form_of(exercise: ExerciseBase) -> str:
    """The name of an exercise's form."""
    return str(getattr(exercise, "form", ""))


def pose(exercise: ExerciseBase, engine: Engine, library: Library) -> Posed:
    """An exercise on its own snapshot and day. A snapshot that does not exist raises ValueError."""
    then, event = engine.at(exercise.snapshot), library.events[exercise.event]
    anchor = exercise.anchor or event.date
    view = then.view(exercise.as_of).calling(exercise.called)
    pinned = Pinned(then, library, view, anchor, event)
    return FORMS[form_of(exercise)].pose(exercise, pinned)


def unsound(exercise: ExerciseBase, engine: Engine, library: Library) -> Findings:
    """Why an exercise cannot be put to anybody: no answer or every answer is right, or two wrong ones are told alike."""
    newest = engine.store.n
    if exercise.snapshot > newest:
        message = f"there is no snapshot {exercise.snapshot}; the newest is {newest}"
        yield Finding(("snapshot",), message, code="no-snapshot")
        return
    posed = pose(exercise, engine, library)
    judged = [posed.judge(answer) for answer in islice(posed.answers, MOST)]
    right = sum(one.right for one in judged)
    if right == 0:
        yield Finding(("form",), "no answer is right", code="no-right-answer")
    if right == len(judged):
        yield Finding(("form",), "every answer is right", code="no-wrong-answer")
    wrong = [one.says for one in judged if not one.right]
    if len(set(wrong)) < len(wrong):
        message = "two wrong answers are explained in the same words"
        yield Finding(("form",), message, code="alike")
