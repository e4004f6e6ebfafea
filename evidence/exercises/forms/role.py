"""`role`: what does a failure of a test say, and what does a pass.

A failure says something (hoop) where the test fails much more often in ordinary times than if the claim were true;
a pass does (smoking gun) where it would see twice the size that matters and no rival of the story expects the
same. The bars are those of `evidence.exercises.rates`. Right is the role of every test.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

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
from evidence.exercises.rates import Rates, bar, percent, rates
from evidence.fields import about
from evidence.frozen import Frozen
from evidence.inference import LEAST_FAILING, LEAST_SEEN
from evidence.kinds import is_fact
from evidence.kinds.base import Role, Slug
from evidence.library import Library
from evidence.lint.places import kind_of
from evidence.problems import Finding, shown
from evidence.verdict import HOOPS, WINNERS
from evidence.wording import ROLES, listed

NAMES: dict[Role, str] = {
    "hoop": "A hoop",
    "smoking_gun": "A smoking gun",
    "doubly_decisive": "Doubly decisive",
    "straw_in_the_wind": "A straw in the wind",
}


class Named(Frozen):
    """A test of a story."""

    story: Slug = about("The story's id.", good=["everything-fell-together"])
    test: Slug = about("The id of one of its ranked tests.", good=["other-currencies-rise"])


class Roles(ExerciseBase):
    """Tests whose roles are asked for."""

    form: Literal["role"]
    tests: tuple[Named, ...] = about(
        "One to three ranked tests of stories.", good=[], min_length=1, max_length=3
    )


@dataclass(frozen=True, eq=False)
class Told:
    """How often a test fails and passes, and the titles of the rivals that expect it to pass."""

    found: Shown
    rates: Rates
    rivals: tuple[str, ...]

    @property
    def sinks(self) -> bool:
        """Whether a failure says something."""
        return self.rates.sinks

    @property
    def bears(self) -> bool:
        """Whether a pass says something: it is to be had, and no rival explains it."""
        return self.rates.bears and not self.rivals

    @property
    def role(self) -> Role:
        """The role that fits."""
        if self.sinks:
            return "doubly_decisive" if self.bears else "hoop"
        return "smoking_gun" if self.bears else "straw_in_the_wind"


class _Roles(Form):
    name = "role"
    model = Roles
    label = "What is each test?"

    def findings(self, exercise: Roles, catalogue: Catalogue) -> Findings:  # noqa: ARG002
        for index, named in enumerate(exercise.tests):
            if named in exercise.tests[:index]:
                message = f"{shown(named.test)} stands twice"
                yield Finding(("tests", index), message, code="duplicate-option")

    def against(self, exercise: Roles, library: Library) -> Findings:
        for index, named in enumerate(exercise.tests):
            yield from unknown_story(named.story, ("tests", index, "story"), library)
            yield from unknown_test(named.story, named.test, ("tests", index, "test"), library)
            story = library.find(named.story)
            facts = {t.id for t in story.tests if is_fact(kind_of(t))} if story else set()
            if named.test in facts:
                message = f"{shown(named.test)} is a fact: it has no earlier windows to fail in"
                yield Finding(("tests", index, "test"), message, code="no-windows")

    def pose(self, exercise: Roles, pinned: Pinned) -> Posed:
        told = {named.test: _told(named, pinned) for named in exercise.tests}
        options = tuple(Option(r, f"{NAMES[r]}. {ROLES[r]}") for r in get_args(Role))
        fields = tuple(Field(name, one.found.trace.title, options) for name, one in told.items())
        given = tuple(sentence for one in told.values() for sentence in _given(one))
        return Posed(exercise, fields, partial(_judged, told), given)


def _judged(told: dict[str, Told], answer: Filled) -> Judged:
    wrong = [name for name, one in told.items() if answer[name] != one.role]
    if not wrong:
        says = tuple(f"“{t.found.trace.title}”: {_why(t)}" for t in told.values())
        return Judged(right=True, says=says)
    says = tuple(_wrong(told[name], answer[name]) for name in wrong)
    return Judged(right=False, says=says, shows=told[wrong[0]].found)


def _told(named: Named, pinned: Pinned) -> Told:
    found = pinned.asked(named.story, named.test)
    told = rates(found)
    if told is None:
        raise ValueError(f"{named.test}: {found.trace.seen}")
    rivals = (r for r, o in found.test.rivals_expect.items() if o == "consistent")
    return Told(found, told, tuple(pinned.story(r).title for r in rivals))


def _given(told: Told) -> tuple[str, ...]:
    """What the learner is told of a test: its prediction, how often it fails and passes, and what rivals expect."""
    rivals = f" It would also pass if {_rivals(told)} were true." if told.rivals else ""
    return (
        f"“{told.found.trace.title}”. {told.found.trace.expected}",
        (
            f"In ordinary times it fails in {percent(told.rates.fails)} of the windows and passes in {percent(told.rates.passes)}. "
            f"If the claim were true it would fail in {percent(told.rates.fails_if_true)}, and pass at twice the size that matters in {percent(told.rates.sees)}.{rivals}"
        ),
    )


def _failure(told: Told) -> str:
    """What a failure says."""
    rates = f"it fails in {percent(told.rates.fails)} of ordinary windows, and in {percent(told.rates.fails_if_true)} if the claim were true"
    if told.sinks:
        return f"{rates}, so a failure sinks the claim"
    return f"{rates}, so a failure says little; to be a hoop it would have to fail in {bar(LEAST_FAILING)} or more of them"


def _pass(told: Told) -> str:
    """What a pass says."""
    rates = f"it passes in {percent(told.rates.passes)} of ordinary windows, and in {percent(told.rates.sees)} at twice the size that matters"
    if told.rivals:
        return f"{rates}, but it also passes if {_rivals(told)} were true; to be a smoking gun it would have to fail then"
    if told.bears:
        return f"{rates}, and no rival expects that, so little else explains a pass"
    return f"{rates}, so a pass says little; to be a smoking gun it would have to pass in {bar(LEAST_SEEN)} or more"


def _why(told: Told) -> str:
    return f"{_failure(told)}. And {_pass(told)}."


def _wrong(told: Told, chosen: str) -> str:
    """Why a role does not fit: what of a failure, or of a pass, it gets wrong."""
    clauses = []
    if (chosen in HOOPS) != told.sinks:
        clauses.append(_failure(told))
    if (chosen in WINNERS) != told.bears:
        clauses.append(_pass(told))
    picked = next(name for role, name in NAMES.items() if role == chosen).lower()
    return f"“{told.found.trace.title}” is not {picked}: {'. And '.join(clauses)}."


def _rivals(told: Told) -> str:
    return listed([f"“{title}”" for title in told.rivals])


FORM = _Roles()
