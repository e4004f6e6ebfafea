"""What every exercise shares: the fields of its file, what a learner fills in, and what is said of an answer.

An exercise names a *form* (one file in `forms/`) and the form's parameters. It is pinned to an as-of date and
to a snapshot, so a refresh never makes a right answer wrong. Nothing in the file says which answer is right:
the form works that out, with the engine, and says of a wrong one what the data would then look like.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any, Literal

from evidence.answer import score_test
from evidence.catalogue import Catalogue, SeriesId
from evidence.engine import Engine
from evidence.fields import about
from evidence.frozen import Frozen
from evidence.kinds.base import Line, Slug, TestBase
from evidence.library import Library
from evidence.narrative import Event, Narrative
from evidence.observations import View
from evidence.placebo import Ranked
from evidence.problems import Finding, nearest, shown
from evidence.trace import TestTrace
from evidence.wording import first_up

Findings = Iterator[Finding]
Filled = Mapping[str, str]
"""An answer: the id of a field to the id of the option that was chosen."""


class ExerciseBase(Frozen):
    """The fields that every exercise has, whatever its form."""

    schema_: Literal[1] = about("The version of this form.", good=[1], alias="schema")
    id: Slug = about("The file's name without `.yaml`.", good=["revision-or-news"])
    order: int = about("The place in the list; smaller comes first.", good=[1])
    title: Line = about("The exercise in a few words.", good=["Revision or news?"])
    teaches: Line = about(
        "What somebody can do afterwards, in a line.",
        good=["Tell a revision from news."],
    )
    question: Line = about(
        "What is asked, in a short paragraph without figures of the data: the engine adds those.",
        good=["The survey printed one sign in June 2025 and another a year later. What happened?"],
    )
    event: Slug = about("The folder of the event that it speaks of.", good=["liberation-day"])
    anchor: date | None = about(
        "The day from which windows count, where it is not the event's.",
        good=["2025-03-31"],
        default=None,
    )
    as_of: date = about("The day whose knowledge counts, for ever.", good=["2025-05-02"])
    snapshot: int = about(
        "The number of the snapshot that is read, for ever: `python -m evidence score --json` names the newest.",
        good=[3],
        ge=1,
    )
    called: Mapping[SeriesId, Line] = about(
        "What series are called in this exercise's sentences, where the catalogue's name for one does not fit into them.",
        good=[
            {"tic.slt.total.equities.position": "the value of US equities held by all foreigners"}
        ],
        default={},
    )
    hints: tuple[Line, ...] = about(
        "Three or four hints, from a gentle one to one that nearly gives it away.",
        good=[["Look at when it was released.", "A week is short.", "Count the days."]],
        min_length=3,
        max_length=4,
    )
    after: Line = about("What to remember, in a line.", good=["The window is part of the finding."])


class Worded(Frozen):
    """An option in the author's words."""

    id: Slug = about("A name for the option, the only one in the exercise.", good=["one-month"])
    text: Line = about("The option as the learner reads it.", good=["The month after the event"])


@dataclass(frozen=True)
class Option:
    """One of the things that can be chosen."""

    id: str
    text: str


@dataclass(frozen=True)
class Field:
    """One choice that the learner makes."""

    id: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, eq=False)
class Shown:
    """A test and what came of it, as `charts.for_test` and `charts.placebos.place` draw it."""

    test: TestBase
    trace: TestTrace
    ranked: Ranked | None
    view: View
    anchor: date


@dataclass(frozen=True, eq=False)
class Judged:
    """What is said of an answer. says: sentences, the first one first; shows: what a page may draw with them."""

    right: bool
    says: tuple[str, ...]
    shows: Shown | None = None


@dataclass(frozen=True, eq=False)
class Posed:
    """An exercise as it is put to a learner.

    given: what the engine adds to the question, in sentences. before: a picture that may stand beside it
    and does not give the answer away.
    """

    exercise: ExerciseBase
    fields: tuple[Field, ...]
    judged: Callable[[Filled], Judged] = field(repr=False)
    given: tuple[str, ...] = ()
    before: Shown | None = None

    def judge(self, answer: Filled) -> Judged:
        """What the engine says of an answer. One that does not fill every field with one of its options raises ValueError."""
        options = {f.id: {o.id for o in f.options} for f in self.fields}
        if answer.keys() != options.keys():
            raise ValueError(f"an answer fills the fields {', '.join(options)}")
        for name, chosen in answer.items():
            if chosen not in options[name]:
                raise ValueError(f"{name} has no option {chosen}")
        return self.judged(answer)

    @property
    def answers(self) -> Iterator[dict[str, str]]:
        """Every answer that can be given, in the order of the options."""
        every = product(*([o.id for o in f.options] for f in self.fields))
        return (dict(zip((f.id for f in self.fields), one, strict=True)) for one in every)


@dataclass(frozen=True, eq=False)
class Pinned:
    """What one exercise is worked out from: the engine on its snapshot, its day's view, its anchor."""

    engine: Engine
    library: Library
    view: View
    anchor: date
    event: Event

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, with the names that the exercise gives."""
        return self.view.catalogue

    def ask(self, test: TestBase, anchor: date | None = None) -> Shown:
        """A test as of the exercise's day, at its anchor or another."""
        anchor = anchor or self.anchor
        return Shown(test, *score_test(test, self.view, anchor), self.view, anchor)

    def asked(self, story: str, test: str) -> Shown:
        """A story's test as of the exercise's day, at the story's own anchor."""
        narrative = self.story(story)
        return self.ask(narrative.test(test), self.library.anchor(narrative))

    def story(self, name: str) -> Narrative:
        """A story by its id or a former one. Raises KeyError."""
        found = self.library.find(name)
        if found is None:
            raise KeyError(name)
        return found

    def named(self, series_id: str) -> str:
        """A series as it begins a sentence."""
        return first_up(self.catalogue.series[series_id].named)


class Form(ABC):
    """What a form of exercise does; each is one file in `forms/` with an instance of it called `FORM`.

    name: as YAML has it. model: the fields of such an exercise. label: the form in a few words.
    """

    name: str
    model: type[ExerciseBase]
    label: str

    def tests(self, exercise: Any) -> Iterator[tuple[tuple[str | int, ...], TestBase]]:  # noqa: ARG002
        """The tests that stand in the file, each with its path: they are held to the rules of tests."""
        yield from ()

    def findings(self, exercise: Any, catalogue: Catalogue) -> Findings:  # noqa: ARG002
        """What is wrong in the file that the model cannot see."""
        yield from ()

    def against(self, exercise: Any, library: Library) -> Findings:  # noqa: ARG002
        """What does not fit the stories, events and controls."""
        yield from ()

    @abstractmethod
    def pose(self, exercise: Any, pinned: Pinned) -> Posed:
        """The exercise as it is put to a learner. Only where nothing was found against it."""


def alone(label: str, options: tuple[Option, ...]) -> tuple[Field, ...]:
    """The fields of an exercise with one choice."""
    return (Field("answer", label, options),)


def twice(ids: list[str], path: str) -> Findings:
    """Ids that stand twice."""
    for index, name in enumerate(ids):
        if name in ids[:index]:
            message = f"{shown(name)} stands twice"
            yield Finding((path, index, "id"), message, code="duplicate-option")


def unknown_series(series: str, path: tuple[str | int, ...], catalogue: Catalogue) -> Findings:
    """A series that the catalogue does not have."""
    if series not in catalogue.series:
        message = f"there is no series {shown(series)}; `python -m evidence series` lists them"
        yield Finding(path, message, nearest(series, catalogue.ids, 3), code="unknown-series")


def unknown_story(story: str, path: tuple[str | int, ...], library: Library) -> Findings:
    """A story that the library does not have."""
    if library.find(story) is None:
        message = f"there is no narrative {shown(story)}"
        yield Finding(path, message, library.nearest(story), code="unknown-story")


def unknown_test(story: str, test: str, path: tuple[str | int, ...], library: Library) -> Findings:
    """A test that a story does not have."""
    found = library.find(story)
    tests = [t.id for t in found.tests] if found else [test]
    if test not in tests:
        message = f"{shown(story)} has no test {shown(test)}"
        yield Finding(path, message, nearest(test, tests), code="unknown-test")
