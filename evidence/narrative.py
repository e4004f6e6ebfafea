"""What a narrative is: a claim, its parts, its rivals, and the tests that it has to survive."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from evidence.catalogue import SeriesId
from evidence.frozen import Frozen
from evidence.kinds import Test
from evidence.kinds.base import Line, Outcome, Part, Slug
from evidence.trace import Direction

Status = Literal["draft", "live", "retired"]
Shelf = Literal["premise", "said", "happened", "buildup", "watch"]
"""Where the board groups a story: the premise, what people said, what the note says happened, …"""


class Said(Frozen):
    """Somebody who made the claim, where and when."""

    who: Line = Field(description="Who made the claim: a person, a house, or commentators.")
    where: Line = Field(description="The publication, with its title or address.")
    on: date = Field(description="The day on which it was said.")
    assumed: bool = Field(default=False, description="Only the month is known; the day is assumed.")


class ControlUse(Frozen):
    """A test run on another episode (`event`) or on quiet dates chosen by rule (`dates`)."""

    test: Slug = Field(description="The id of a test of this narrative.")
    expects: Literal["fires", "stays_quiet"] = Field(
        description="fires: the test is consistent there. stays_quiet: it can be evaluated and is not."
    )
    event: Slug | None = Field(default=None, description="A past episode of `controls.yaml`.")
    dates: Literal["quiet"] | None = Field(
        default=None, description="Many quiet dates, chosen by rule."
    )

    @field_validator("dates")
    @classmethod
    def _one(cls, dates: str | None, info: object) -> str | None:
        if (dates is None) == (getattr(info, "data", {}).get("event") is None):
            raise ValueError("a control names exactly one of `event` and `dates`")
        return dates


class Case(Frozen):
    """A small synthetic world and the outcomes that the tests must give in it.

    series: id to values in the notation of `evidence.cases`. event_at: the index of the last value on
    or before the anchor, for series without a `|`. at: the anchor in this world, where it is not the event.
    """

    name: Line = Field(description="What the case shows, such as `a fall of a fifth is seen`.")
    series: Mapping[SeriesId, str] = Field(
        description="Values by series: `3000+1x60` (61 values, each 1 more), `2400x4`, `_x3` (missing), `100~2x300` (noise), `|` (the event)."
    )
    event_at: int | None = Field(
        default=None,
        ge=0,
        le=5000,
        description="The index, from 0, of the last value on or before the event, where no `|` marks it.",
    )
    at: date | None = Field(
        default=None, description="The day of the event in this world, where it is another."
    )
    expects: Mapping[Slug, Outcome] = Field(
        default_factory=dict, description="The outcome that each test must give."
    )
    direction: Direction | None = Field(
        default=None, description="The verdict that the narrative must give."
    )
    given: Mapping[Slug, Direction] = Field(
        default_factory=dict,
        description="For a narrative with `when`: the verdicts of the narratives that it names, in this world.",
    )


class Condition(Frozen):
    """What has to be so for the claim to speak: another narrative's verdict, or one of its tests' outcome."""

    narrative: Slug = Field(description="The other narrative.")
    test: Slug | None = Field(default=None, description="One of its tests; without, its verdict.")
    direction: Direction | None = Field(
        default=None, description="The verdict that it must have, such as `supported`."
    )
    outcome: Outcome | None = Field(
        default=None, description="The outcome that the test must have, such as `consistent`."
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.test is None) != (self.outcome is None) or (self.test is None) == (
            self.direction is None
        ):
            raise ValueError("give `direction` for a narrative, or `test` with its `outcome`")
        return self

    @property
    def wanted(self) -> str:
        """The direction or outcome that meets it."""
        return str(self.direction or self.outcome)


class Narrative(Frozen):
    """One YAML file: a claim that people make about markets, and how it can fail."""

    schema_: Literal[1] = Field(alias="schema", description="The version of this form.")
    id: Slug = Field(description="The file's name without `.yaml`.")
    title: Line = Field(description="The story in a few words, as the board shows it.")
    claim: Line = Field(description="The sentence that is scored.")
    status: Status = Field(description="live: scored and shown. draft: not yet. retired: no more.")
    shelf: Shelf = Field(description="Where the board groups the story.")
    event: Slug = Field(description="The folder of the event that the story explains.")
    anchor: date | None = Field(
        default=None, description="The day from which windows count, where it is not the event's."
    )
    order: int = Field(default=0, description="The place on its shelf; smaller comes first.")
    said: tuple[Said, ...] = Field(min_length=1, description="Who made the claim, where and when.")
    mechanism: str = Field(
        min_length=20, max_length=1200, description="How the claim would work if it were true."
    )
    chain: tuple[Line, ...] = Field(default=(), description="The mechanism, step by step.")
    parts: Mapping[Part, Line] = Field(
        default_factory=dict,
        description="The parts of the claim that are judged apart, each in a sentence. Without any: `act`.",
    )
    rivals: tuple[Slug, ...] = Field(
        default=(), description="Other narratives that explain the same event."
    )
    confounders: tuple[Line, ...] = Field(
        default=(), description="What else could move the same data."
    )
    cannot_tell: tuple[Line, ...] = Field(
        default=(), description="What these data cannot show, whatever they say."
    )
    when: tuple[Condition, ...] = Field(
        default=(),
        description="Other narratives (or tests of theirs) that must have come out so for the claim to speak: an if-then.",
    )
    thresholds_set: date = Field(description="The day on which the thresholds were set.")
    tests: tuple[Test, ...] = Field(
        min_length=1, max_length=24, description="The predictions that the claim has to survive."
    )
    controls: tuple[ControlUse, ...] = Field(
        default=(), description="The same tests where the answer is known."
    )
    cases: tuple[Case, ...] = Field(
        default=(), description="Small made-up series, with the outcomes that they must give."
    )
    was: tuple[Slug, ...] = Field(default=(), description="Former ids, so that old links live.")

    @property
    def judged_parts(self) -> Mapping[Part, str]:
        """The parts that are judged, with their sentences; `act` stands for the claim by default."""
        return self.parts or {"act": self.claim}

    def test(self, test_id: str) -> Test:
        """A test by its id. Raises KeyError."""
        for test in self.tests:
            if test.id == test_id:
                return test
        raise KeyError(test_id)


class EventMark(Frozen):
    """A day worth a thin line in a chart."""

    on: date
    name: Line


class Event(Frozen):
    """`event.yaml`: what happened, and the question that the narratives answer."""

    schema_: Literal[1] = Field(alias="schema")
    id: Slug
    name: Line
    date: date
    background: str = Field(
        default="", max_length=600, description="What happened, and why it puzzled people."
    )
    question: Line
    marks: tuple[EventMark, ...] = ()


class Control(Frozen):
    """A past episode whose answer is known."""

    id: Slug
    name: Line
    date: date
    known: Line
    source: Line


class Controls(Frozen):
    """`controls.yaml`: the episodes, in order of date."""

    schema_: Literal[1] = Field(alias="schema")
    controls: tuple[Control, ...]
