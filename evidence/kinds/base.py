"""What every kind of test shares: the fields of a test, the window, and what a kind hands back.

A kind is one file beside this one. It defines `KIND`, an object with a typed test model, a statistic
for a vector of anchor dates at once, and two sentences: what the claim predicts, and what was seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, StringConstraints, field_validator, model_validator

from evidence.calendar import Days
from evidence.catalogue import SeriesId
from evidence.frozen import Frozen
from evidence.observations import Floats, Ints, View
from evidence.quantity import Quantity

Role = Literal["hoop", "smoking_gun", "doubly_decisive", "straw_in_the_wind"]
Outcome = Literal["consistent", "inconsistent", "neutral", "not_evaluable"]
Part = Literal["act", "timing", "lasting", "size", "motive"]
Grade = Literal["direct", "proxy", "quoted"]
Direction = Literal["up", "down"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=3, max_length=600, strip_whitespace=True)]
Span = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2} (day|week|month)s?$")]

_SPAN = re.compile(r"^(\d+) (day|week|month)s?$")


class Predicts(Frozen):
    """The direction in which the claim has the series move.

    `says` puts it in the words of the matter (`the net short to shrink`) where up and down would
    puzzle a reader.
    """

    direction: Direction = Field(description="up or down, as the claim has it.")
    says: str = Field(default="", max_length=120)

    @property
    def sign(self) -> int:
        """+1 for up, −1 for down."""
        return 1 if self.direction == "up" else -1


class Matters(Frozen):
    """The smallest effect that would count, and why that much."""

    at_least: Quantity = Field(
        description="The smallest effect that would count, with its unit: `2 %`, `38 bn`, `20 bp`."
    )
    at_most: Quantity | None = Field(
        default=None, description="The end of a band, for `level` and `share_before`."
    )
    why: Line = Field(description="Why that much.")


class Window(Frozen):
    """Where the test looks, counted from the anchor.

    `after`: that long from the last observation on or before the anchor. `before`: that long up to
    it. `skip` begins an `after` window later. `min` is the least that must be out (default half).
    """

    after: Span | None = Field(default=None, description="That long after the event: `4 weeks`.")
    before: Span | None = Field(default=None, description="That long up to the event.")
    skip: Span | None = Field(default=None, description="Begins an `after` window that much later.")
    min: Span | None = Field(
        default=None, description="The least that must be out; half of the window by default."
    )

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.after is None) == (self.before is None):
            raise ValueError("give exactly one of `after` and `before`")
        if self.skip is not None and self.after is None:
            raise ValueError("`skip` goes with `after`")
        return self

    @property
    def words(self) -> str:
        """Where the window lies: `over the 4 weeks after the event`, `over the month that begins 1 month after …`."""
        span = re.sub("^1 ", "", self.after or self.before or "")
        if self.before is not None:
            return f"over the {span} before the event"
        if self.skip is None:
            return f"over the {span} after the event"
        return f"over the {span} that begin{'' if span.endswith('s') else 's'} {self.skip} after the event"


class Vary(Frozen):
    """Other ways of asking the same, for the sensitivity study; without it, docs/method.md's own."""

    windows: tuple[Span, ...] = Field(
        default=(), description="Other lengths of the window: `[2 weeks, 6 weeks]`."
    )
    series: tuple[SeriesId, ...] = Field(
        default=(), description="Other series that could have been asked."
    )


class TestBase(Frozen):
    """The fields that every test has, whatever its kind.

    `checks` names another test of the narrative whose instrument this one checks (does the stand-in
    follow what it stands for?). Such a test never votes on the claim; a failed check makes the
    other one `indirect`.
    """

    __test__: ClassVar[bool] = False

    id: Slug = Field(description="A name for the test, the only one in the narrative.")
    title: Line = Field(description="What is seen if the claim is true, in a few words.")
    part: Part = Field(default="act", description="The part of the claim that the test speaks to.")
    role: Role = Field(
        description="hoop: a failure sinks the claim. smoking_gun: little else explains a pass. doubly_decisive: both. straw_in_the_wind: leans."
    )
    grade: Grade = Field(
        default="direct", description="direct; proxy: a stand-in; quoted: known only from print."
    )
    matters: Matters
    tail: Quantity = Field(
        default=Quantity(value=5, unit="percent"),
        description="How unusual a move has to be among the placebos.",
    )
    rivals_expect: Mapping[Slug, Outcome] = Field(
        default_factory=dict, description="What each rival expects of this test."
    )
    why: Line = Field(description="Why the claim predicts this.")
    caveat: str = Field(
        default="", max_length=600, description="What the reader should know of the data."
    )
    vary: Vary = Field(default=Vary(), description="Other windows and series to try.")
    checks: Slug | None = Field(
        default=None,
        description="The test whose stand-in this one checks; such a test never votes.",
    )

    @field_validator("tail")
    @classmethod
    def _tail(cls, tail: Quantity) -> Quantity:
        if tail.unit != "percent" or not 0 < tail.value <= 25:
            raise ValueError("a tail is a share between 0 and 25 %")
        return tail

    @property
    def reads(self) -> tuple[SeriesId, ...]:
        """The series that the test looks at; each kind says its own."""
        return ()


def periods_in(span: str, frequency: str) -> int:
    """A span as a number of observations: 4 weeks of a daily series are 20.

    Raises ValueError where the span does not fit the frequency (days of a monthly series).
    """
    match = _SPAN.match(span)
    assert match is not None
    count, unit = int(match[1]), match[2]
    table = {
        ("day", "daily"): 1,
        ("week", "daily"): 5,
        ("month", "daily"): 21,
        ("week", "weekly"): 1,
        ("month", "monthly"): 1,
    }
    if (unit, frequency) not in table:
        raise ValueError(f"a {frequency} series has no window of {span}")
    return count * table[unit, frequency]


@dataclass(frozen=True, eq=False)
class Sample:
    """A statistic measured at a vector of anchors, each with only what was known at its cutoff.

    All arrays are (n,). raw: the statistic in `unit`, positive as predicted; NaN where it cannot be
    measured. centre, scale: trailing mean and sd in the same unit, known when the window starts, so
    that z = (raw − centre) / scale. base: the level that a percentage refers to. first, last: the
    window's ends. known: when the last of its data became known. legs: (m, n), what each of several
    series did, in `leg_units` and with the data's sign.
    """

    anchors: Days
    raw: Floats
    centre: Floats
    scale: Floats
    base: Floats
    first: Days
    last: Days
    known: Ints
    legs: Floats | None = None
    leg_units: tuple[str, ...] = ()

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of a sample of one."""
        return self.first[0].astype(object), self.last[0].astype(object)

    @property
    def z(self) -> Floats:
        """The abnormal statistic in standard deviations: what is ranked."""
        return np.asarray((self.raw - self.centre) / self.scale)

    def take(self, keep: npt.NDArray[Any]) -> "Sample":
        """The sample at some of its anchors."""
        return Sample(
            self.anchors[keep],
            self.raw[keep],
            self.centre[keep],
            self.scale[keep],
            self.base[keep],
            self.first[keep],
            self.last[keep],
            self.known[keep],
            None if self.legs is None else self.legs[:, keep],
            self.leg_units,
        )


@dataclass(frozen=True)
class Extent:
    """How much of a window is out: `published` of `length` observations, of which `least` are needed.

    base: the anchor's own period, from which delays are counted. offset: how many periods after it
    (before it, if negative) the window's own base lies. start: the day before which placebo
    windows must have ended. due_least, due_whole: the days on
    which enough, and all, is expected. stale: the release is later than its rule allows.
    """

    length: int
    published: int
    least: int
    base: date
    offset: int
    start: date
    due_least: date | None
    due_whole: date | None
    stale: str | None = None


@dataclass(frozen=True)
class Fact:
    """What a kind without placebos found: a value against a band, and how sure the value is.

    low, high: the band that the claim names (either may be open). error: one revision standard
    deviation of the value. so_far: the claim's window is not over. sign: turns a value that is positive
    as predicted back into the data's own sign. shown: the value that a reader is told, where the
    one that is held against the band is only a distance from it.
    """

    value: float
    low: float | None
    high: float | None
    error: float
    first: date
    last: date
    known: int
    so_far: bool = False
    sign: int = 1
    shown: float | None = None
    details: Mapping[str, float | int | str] | None = None


@dataclass(frozen=True)
class NotYet:
    """Why a test cannot be evaluated, and the day on which it can where a release settles that."""

    reason: str
    on: date | None = None


class Kind(Protocol):
    """What the engine asks of every kind."""

    name: str
    model: type[TestBase]
    label: str
    example: str

    def expected(self, test: Any) -> str:
        """What the claim predicts, as the second half of `If the claim were true, we would see …`."""


class PlaceboKind(Kind, Protocol):
    """A kind whose statistic is ranked among the same statistic on earlier dates."""

    def unit(self, test: Any, view: View) -> str:
        """The unit of the raw statistic."""

    def grid(self, test: Any, view: View) -> Days:
        """The dates that may serve as anchors of placebos, in order."""

    def extent(self, test: Any, view: View, anchor: date) -> Extent | NotYet:
        """How much of the window is out as of the view's day."""

    def measure(
        self, test: Any, view: View, anchors: Days, cutoffs: Ints, starts: Ints, length: int
    ) -> Sample:
        """The statistic over `length` observations at each anchor, known by its cutoff.

        Trailing means and deviations use only what was known at `starts` (seconds).
        """

    def material(self, test: Any, sample: Sample, length: int, whole: int) -> Floats:
        """What matters, in the statistic's unit, at each anchor, for a window of that length."""

    def comparable(self, test: Any, sample: Sample, event: Sample) -> npt.NDArray[np.bool_]:
        """Which of the sample's windows may be compared with the event's."""

    def seen(self, test: Any, value: float, unit: str, event: Sample) -> str:
        """What was seen, as a clause with the number: `the net short grew by …`. value: the data's sign."""


class FactKind(Kind, Protocol):
    """A kind that compares one value with a declared band."""

    def unit(self, test: Any, view: View) -> str:
        """The unit of the value."""

    def find(self, test: Any, view: View, anchor: date, until: date) -> Fact | NotYet:
        """The value as known in the view, looking at nothing after `until`."""

    def seen(self, test: Any, fact: Fact, unit: str) -> str:
        """What was seen, as a clause with the number."""
