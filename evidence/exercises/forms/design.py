"""`design`: choose direction, window and size of a test that can fail, and can pass.

Right is a design that lint has nothing against, that fires in a past episode in which the claim is known to be true
(`controls.yaml`), and that on the event's own earlier windows fails often enough and sees enough
(`evidence.exercises.rates`). Of a wrong one is said how often it would fail and pass, and what it says of the episode.
"""

from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Literal

from evidence import lint, placebo
from evidence.answer import sign_of
from evidence.catalogue import Catalogue
from evidence.days import day
from evidence.episode import episode
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
)
from evidence.exercises.rates import Rates, rates
from evidence.fields import about
from evidence.kinds import Test
from evidence.kinds.base import Direction, Slug, Span, TestBase, Window
from evidence.library import Library
from evidence.lint.places import kind_of
from evidence.narrative import Control
from evidence.placebo import Ranked
from evidence.problems import Finding, nearest, shown
from evidence.quantity import Quantity, signed
from evidence.trace import TestTrace
from evidence.wording import OUTCOMES, declared, first_up, sentence

DIRECTIONS: dict[Direction, str] = {"down": "Down", "up": "Up"}


class Design(ExerciseBase):
    """A test with three blanks."""

    form: Literal["design"]
    test: Test = about(
        "A doubly decisive test of the kind `change_after`; direction, window and size are taken from the answer.",
        good=[],
    )
    episode: Slug = about(
        "A control event in which the claim is known to be true.", good=["dash-for-cash-2020"]
    )
    windows: tuple[Span, ...] = about(
        "Two or three lengths.", good=[["1 week", "4 weeks"]], min_length=2, max_length=3
    )
    sizes: tuple[Quantity, ...] = about(
        "Two or three sizes.", good=[["0.1 %", "2 %"]], min_length=2, max_length=3
    )


@dataclass(frozen=True, eq=False)
class Tried:
    """A design, asked at the event and in the episode."""

    found: Shown
    then: TestTrace
    then_ranked: Ranked | None
    rates: Rates | None
    control: Control

    @property
    def right(self) -> bool:
        """Whether both outcomes would mean something, and it fires where the claim is known to be true."""
        sound = self.rates is not None and self.rates.sinks and self.rates.bears
        return sound and self.then.outcome == "consistent"


class _Design(Form):
    name = "design"
    model = Design
    label = "Design a test that can fail."

    def findings(self, exercise: Design, catalogue: Catalogue) -> Findings:
        if kind_of(exercise.test) != "change_after" or exercise.test.role != "doubly_decisive":
            message = "the test has to be a `change_after` with the role `doubly_decisive`"
            yield Finding(("test",), message, code="no-design")
            return
        for name in exercise.test.reads:
            if name not in catalogue.series:
                return
        sizes = [q.unit for q in exercise.sizes]
        for (i, span), (j, _) in product(enumerate(exercise.windows), enumerate(sizes)):
            tried = _filled(exercise, "down", span, exercise.sizes[j])
            for finding in lint.one_test(tried, 0, catalogue):
                at = ("windows", i) if "window" in finding.path else ("sizes", j)
                yield Finding(at, finding.message, finding.hint, code=finding.code)

    def against(self, exercise: Design, library: Library) -> Findings:
        if exercise.episode not in library.controls:
            message = f"there is no control event {shown(exercise.episode)} in `controls.yaml`"
            hint = nearest(exercise.episode, library.controls)
            yield Finding(("episode",), message, hint, code="unknown-control")

    def pose(self, exercise: Design, pinned: Pinned) -> Posed:
        fields = (
            Field("direction", "Which way?", tuple(Option(d, t) for d, t in DIRECTIONS.items())),
            Field(
                "window",
                "Over how long after the event?",
                tuple(Option(_slug(w), first_up(w)) for w in exercise.windows),
            ),
            Field(
                "size",
                "By how much at least?",
                tuple(Option(_slug(declared(q)), declared(q)) for q in exercise.sizes),
            ),
        )
        control = pinned.library.controls[exercise.episode]
        given = (f"{control.name}, {day(control.date)}. {sentence(control.known)}",)
        return Posed(exercise, fields, partial(_judged, exercise, pinned, control), given)


def _slug(text: str) -> str:
    """An option's id from its words: `4-weeks`, `0-1-percent`."""
    plain = text.replace("%", "percent").replace(".", "-").replace(" ", "-")
    return "".join(c for c in plain.lower() if c.isalnum() or c == "-").strip("-")


def _filled(exercise: Design, direction: Direction, span: str, size: Quantity) -> TestBase:
    """The test with an answer's direction, window and size."""
    test: TestBase = exercise.test
    predicts = test.predicts.model_copy(update={"direction": direction})  # type: ignore[attr-defined]
    matters = test.matters.model_copy(update={"at_least": size})
    return test.model_copy(
        update={"predicts": predicts, "window": Window(after=span), "matters": matters}
    )


def _judged(exercise: Design, pinned: Pinned, control: Control, answer: Filled) -> Judged:
    spans = {_slug(w): w for w in exercise.windows}
    sizes = {_slug(declared(q)): q for q in exercise.sizes}
    direction: Direction = "up" if answer["direction"] == "up" else "down"
    test = _filled(exercise, direction, spans[answer["window"]], sizes[answer["size"]])
    found = pinned.ask(test)
    then, then_ranked, _ = episode(test, pinned.engine.store, control.date)
    tried = Tried(found, then, then_ranked, rates(found), control)
    told = (
        tried.rates.says if tried.rates else (f"At the event it has no answer. {found.trace.seen}",)
    )
    return Judged(right=tried.right, says=(*told, _episode(tried)), shows=found)


def _episode(tried: Tried) -> str:
    """What the test says of the episode in which the claim is known to be true."""
    then, ranked = tried.then, tried.then_ranked
    name = tried.control.name
    if then.outcome == "consistent":
        return f"In the episode it fires, as it should. {name}: {then.seen}"
    told = f"In the episode it reads “{OUTCOMES[then.outcome]}”, though the claim is known to be true there. {name}: {then.seen}"
    if ranked is None or then.statistic is None:
        return told
    high = placebo.bars(ranked, tried.found.test.tail.value / 100)[1]
    if high is None:
        return told
    bar = signed(sign_of(tried.found.test) * high, then.statistic.unit)
    return f"{told} To fire it would have needed {bar} or more."


FORM = _Design()
