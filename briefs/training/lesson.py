"""One story as a lesson: what may be predicted of each test, and what is said once it is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import floor, log10

import numpy as np

from briefs.desk import Desk
from briefs.stand import Stand
from briefs.training.record import Conclusion, Prediction
from evidence import bits
from evidence.answer import Answer, kind_of
from evidence.kinds import KINDS, is_fact
from evidence.kinds.base import Outcome
from evidence.narrative import Narrative
from evidence.predictions import Says, choices
from evidence.quantity import level, signed
from evidence.trace import Direction, TestTrace, Verdict
from evidence.verdict import DECISIVE
from evidence.wording import DIRECTIONS, OUTCOMES, ROLES, first_up, listed, sentence

EXPECTS: Mapping[Outcome, str] = {
    "consistent": "The data will bear it out",
    "inconsistent": "The data will speak against it",
    "neutral": "The data will not settle it",
    "not_evaluable": "The data cannot tell yet",
}
"""What may be expected of a test, in the order of choices."""
CONCLUDES: Mapping[Direction, str] = {
    "supported": "The data bear it out",
    "contradicted": "The data speak against it",
    "mixed": "The data do not settle it",
    "insufficient_data": "The data cannot tell yet",
}
NONE_TELLS = "No test here can be set against earlier windows, so none can be said to tell more than another by its numbers."
REACH = 2.5
"""How far a number may be put, in sizes of what matters, where earlier windows went less far."""


@dataclass(frozen=True)
class Bounds:
    """Between which values a number can be put: the same to both sides, so they do not give away where it fell.

    None: nothing to compare with is out yet; that is not told, so any number can be put.
    """

    unit: str
    most: float | None = None
    step: float | None = None


def says(stand: Stand) -> Mapping[Says, str]:
    """What the claim may be taken to predict."""
    return choices(stand.test, stand.desk.store.catalogue)


def bounds(stand: Stand) -> Bounds | None:
    """For the number of a test with a window of its own; made from what earlier windows did. None for a fact."""
    kind = KINDS[kind_of(stand.test)]
    if is_fact(kind.name):
        return None
    unit = kind.unit(stand.test, stand.desk.view(stand.verdict.stands_for))
    ranked = stand.desk.score(stand.story.id, stand.day).ranked.get(stand.trace.id)
    if ranked is None:
        return Bounds(unit)
    most = max(float(np.abs(ranked.shown).max()), REACH * ranked.matters)
    step = 10.0 ** floor(log10(most / 50))
    return Bounds(unit, step * float(np.ceil(most / step)), step)


def telling(desk: Desk, story: Narrative, stand: Stand) -> dict[str, float]:
    """The tests that tell most, most first, with their bits (evidence.bits)."""
    scored = desk.score(story.id, stand.day)
    answers = {t.id: Answer(t, scored.ranked.get(t.id)) for t in scored.verdict.tests}
    return bits.telling(answers)


def about_claim(stand: Stand, given: Says) -> str:
    """Whether the claim was read right."""
    if given == "as_claimed":
        return "You read the claim right."
    return f"You read the claim differently. {stand.trace.expected}"


def about_outcome(trace: TestTrace, given: Prediction) -> str:
    """What was expected of the test and what came, the finding first."""
    since = (
        "" if given.was == trace.outcome else f" By now it is another: {OUTCOMES[trace.outcome]}."
    )
    if given.right:
        return f"As you expected: {OUTCOMES[given.was]}.{since}"
    return f"Not as you expected: {OUTCOMES[given.was]}. You had said: {EXPECTS[given.outcome].lower()}.{since}"


def about_number(trace: TestTrace, given: float | None) -> str:
    """How far off the number was, in what matters; empty where none was given."""
    if given is None or trace.statistic is None:
        return ""
    off = given - float(trace.statistic.value)
    unit = trace.statistic.unit
    told = f"You said {signed(given, unit)}; it was {signed(float(trace.statistic.value), unit)}."
    bar = float(trace.matters.at_least)
    if not bar:
        return told
    if abs(off) < abs(bar):
        return f"{told} That is closer than the size that would matter."
    return f"{told} That is {level(abs(off / bar), 'times')} the size that would matter apart."


def about_telling(stand: Stand, given: str | None, found: Mapping[str, float]) -> str:
    """Which test tells most by the engine, beside the one that was named, if any was."""
    tests = {t.id: t for t in stand.verdict.tests}
    if given is None:
        return _tells_most(tests, found) if found else NONE_TELLS
    named = tests.get(given)
    if named is None:
        return "The test that you named is not among the story’s any more."
    if not found:
        return f"{NONE_TELLS} Of yours the story says: {ROLES[named.role]}"
    best = tests[next(iter(found))]
    much = level(found[best.id], "bits")
    if best.id == given:
        return f"You named the test that tells most: its outcome is worth {much} about the claim."
    if given not in found:
        own = f"Yours, “{named.title}”, cannot be set against earlier windows."
    elif best.role in DECISIVE and named.role not in DECISIVE:
        own = (
            f"Yours, “{named.title}”, only leans: the claim can be true without it. So it decides nothing, though it would be seen "
            f"clearly ({level(found[given], 'bits')})."
        )
    else:
        own = f"Yours, “{named.title}”, is worth {level(found[given], 'bits')}."
    return f"{_tells_most(tests, found)} {own}"


def _tells_most(tests: Mapping[str, TestTrace], found: Mapping[str, float]) -> str:
    best = tests[next(iter(found))]
    lead = "Of the tests that can decide, " if best.role in DECISIVE else ""
    much = level(found[best.id], "bits")
    return f"{first_up(f'{lead}“{best.title}” tells most')}: its outcome is worth {much} about the claim."


def about_conclusion(found: Verdict, given: Conclusion) -> str:
    """The learner's verdict beside the engine's, with the rule that decided."""
    own, engine = DIRECTIONS[given.direction], DIRECTIONS[given.was]
    lead = (
        f"You and the engine agree: {engine.lower()}."
        if given.right
        else f"You said: {own.lower()}. The engine says: {engine.lower()}."
    )
    if given.was != found.direction:
        return f"{lead} By now it says: {DIRECTIONS[found.direction].lower()}."
    return f"{lead} {sentence(first_up(found.rule_sentence))}"


def looks_at(story: Narrative, test_id: str, desk: Desk) -> str:
    """What a test looks at, without what it predicts: `Custody holdings: a change over a window`."""
    test = story.test(test_id)
    names = listed([desk.store.catalogue.series[name].named for name in test.reads])
    return f"{first_up(names)}: {KINDS[kind_of(test)].label}"


def neutral(story: Narrative, test_id: str, desk: Desk) -> str:
    """The same with the test's number: `3. Custody holdings: a change over a window`."""
    return f"{number(story, test_id)}. {looks_at(story, test_id, desk)}"


def number(story: Narrative, test_id: str) -> int:
    """A test's place among the tests of its story, from one on."""
    return [t.id for t in story.tests].index(test_id) + 1


def waiting(story: Narrative, predicted: Collection[str]) -> str:
    """The first test that is not predicted; empty where all are."""
    return next((t.id for t in story.tests if t.id not in predicted), "")


def opened(story: Narrative, predicted: Collection[str]) -> tuple[str, ...]:
    """The tests that may be looked at: those that are predicted, and the first that is not.

    A later one could show what an earlier one asks.
    """
    first = waiting(story, predicted)
    return tuple(t.id for t in story.tests if t.id in predicted or t.id == first)


def about_order(story: Narrative, asked: str, led_to: str) -> str:
    """Why a test is not open yet, and which one is shown in its place."""
    return (
        f"Test {number(story, asked)} opens once the tests before it are predicted: it could show what they ask. "
        f"This is test {number(story, led_to)}."
    )


def about_picture(story: Narrative, answers: Collection[str]) -> str:
    """Why a picture is held back: it would answer tests that are not predicted yet."""
    told = [str(number(story, name)) for name in answers]
    which, what = ("test", "it asks") if len(told) == 1 else ("tests", "they ask")
    return f"The picture waits for {which} {listed(told)}: it would show what {what}."
