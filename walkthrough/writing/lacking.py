"""What the answers still lack before they make a story: each question that needs one, in the form's own words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from briefs.desk import Desk
from evidence.drafting.answers import fault
from evidence.drafting.draft import DraftTest
from evidence.drafting.questions import STAGES, Question, asked, question

NEW = "a new event"
FILLED_IN = ("test-window", "test-role", "thresholds-set")
"""Questions that are answered in the writer's stead where they are left empty."""
APART = ("test-title", "test-series", "test-kind", "test-legs")
"""Of a test, what is asked before its kind is known, and what this form does not ask."""


@dataclass(frozen=True)
class Lack:
    """A question without an answer that can be taken. name: of the answer; why: what is wrong with the one given."""

    name: str
    asked: str
    why: str = ""


def lacking(answers: Mapping[str, Any], desk: Desk, tests: int) -> tuple[Lack, ...]:
    """All of them, in the form's order."""
    found: list[Lack] = []
    for stage in STAGES:
        if stage == "tests":
            for at in range(tests):
                found += _of_a_test(answers, desk, at + 1)
        elif stage == "event" and answers.get("event-of", NEW) != NEW:
            continue
        elif stage != "rivals":
            found += (lack for one in worded(stage) for lack in _lack(answers, desk, one, one.id))
    return tuple(found)


def worded(stage: str) -> tuple[Question, ...]:
    """The questions of a stage as the form words them: whether the event is a new one was asked before."""
    return tuple(
        replace(one, ask="What is the event’s short name?") if one.id == "event" else one
        for one in asked(stage)  # type: ignore[arg-type]
    )


def _of_a_test(answers: Mapping[str, Any], desk: Desk, number: int) -> Iterator[Lack]:
    lead, label = f"t{number}-", f"Test {number}: "
    yield from _lack(answers, desk, question("test-title"), f"{lead}test-title", label)
    series = str(answers.get(f"{lead}test-series", ""))
    if series not in desk.store.catalogue.series:
        yield Lack(f"{lead}test-series-words", f"{label}{question('test-series').ask}")
        return
    kind = str(answers.get(f"{lead}test-kind", ""))
    about = DraftTest(kind=kind, series=series)
    for one in asked("tests", kind):
        if one.id not in APART:
            yield from _lack(answers, desk, one, f"{lead}{one.id}", label, about)


def _lack(
    answers: Mapping[str, Any],
    desk: Desk,
    one: Question,
    name: str,
    label: str = "",
    about: DraftTest | None = None,
) -> Iterator[Lack]:
    given = str(answers.get(name) or "").strip()
    if given:
        why = fault(one, given, desk.store.catalogue, desk.library, about)
        if why is not None:
            yield Lack(name, f"{label}{one.ask}", why)
    elif one.needed and one.id not in FILLED_IN:
        yield Lack(name, f"{label}{one.ask}")
