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
from pydantic import StringConstraints, field_validator, model_validator

from evidence.calendar import Days
from evidence.catalogue import Behaviour, SeriesId
from evidence.catalogue import Series as Entry
from evidence.fields import about
from evidence.frozen import Frozen
from evidence.observations import Floats, Ints, View
from evidence.quantity import Quantity, level, signed

Role = Literal["hoop", "smoking_gun", "doubly_decisive", "straw_in_the_wind"]
Outcome = Literal["consistent", "inconsistent", "neutral", "not_evaluable"]
Part = Literal["act", "timing", "lasting", "size", "motive"]
Grade = Literal["direct", "proxy", "quoted"]
Direction = Literal["up", "down"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=3, max_length=600, strip_whitespace=True)]
Span = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2} (day|week|month)s?$")]

Details = Mapping[str, float | int | str]
"""What a kind tells of a value beside it: parts, days, places."""
NO_EFFECT = (
    "an effect of nothing always matters: write more than nought; the direction is in `predicts`"
)

_SPAN = re.compile(r"^(\d+) (day|week|month)s?$")


class Predicts(Frozen):
    """The direction in which the claim has the series move.

    `says` puts it in the words of the matter (`the net short to shrink`) where up and down would
    puzzle a reader.
    """

    direction: Direction = about(
        "Which way the claim has the series move, in the series' own sign: up or down.",
        good=["up", "down"],
        bad=[("fall", "the two words are `up` and `down`")],
    )
    says: str = about(
        "The prediction in the words of the matter, where up and down would puzzle a reader. It goes on from “we would expect”.",
        good=["the net short in Treasury futures to shrink"],
        bad=[(["the net short to shrink"], "one text, without brackets")],
        default="",
        max_length=120,
    )

    @property
    def sign(self) -> int:
        """+1 for up, −1 for down."""
        return 1 if self.direction == "up" else -1


class Matters(Frozen):
    """The smallest effect that would count, and why that much."""

    at_least: Quantity = about(
        "The smallest effect that would count: a number, a space and a unit (`%`, `bp`, `bn`, `contracts`, `points`, `pp`, `sd`, `days` or `correlation`). It has no sign where `predicts` gives the direction.",
        good=["2 %", "38 bn", "20 bp"],
        bad=[
            ("2%", "a space stands before the unit"),
            (38, "the unit is missing"),
        ],
        lint=[("0 %", "an effect of nothing always matters, so the test could not fail")],
    )
    at_most: Quantity | None = about(
        "The upper end of a band, for a kind that reads one (`level`, `share_before` and `total` among them).",
        good=["60 %"],
        bad=[(60, "the unit is missing")],
        lint=[("1 %", "it has to be more than `at_least`, and in its unit")],
        default=None,
    )
    why: Line = about(
        "Why that much: a size known from another episode, from revisions or from the holdings.",
        good=["Half of the fall of March 2020, when officials did sell."],
        bad=[("", "a threshold without a reason is refused")],
    )


class Window(Frozen):
    """Where the test looks, counted from the anchor.

    `after`: that long from the last observation on or before the anchor. `before`: that long up to
    it. `skip` begins an `after` window later. `min` is the least that must be out (default half).
    """

    after: Span | None = about(
        "How long the test looks from the event on: a whole number of days, weeks or months, as the series has them.",
        good=["4 weeks", "20 days", "2 months"],
        bad=[("four weeks", "the number is written in digits")],
        lint=[("3 days", "a weekly series has windows of weeks, a monthly one of months")],
        default=None,
    )
    before: Span | None = about(
        "How long the test looks up to the event, in place of `after`.",
        good=["2 months"],
        bad=[("1 year", "a span is in days, weeks or months")],
        lint=[("3 days", "a weekly series has windows of weeks, a monthly one of months")],
        default=None,
    )
    skip: Span | None = about(
        "Begins an `after` window that much later.",
        good=["1 month"],
        bad=[("0 months", "leave the line out where nothing is skipped")],
        lint=[("3 days", "a weekly series has windows of weeks, a monthly one of months")],
        default=None,
    )
    min: Span | None = about(
        "The least of the window that must be out before the test speaks; half of it where nothing is said.",
        good=["2 weeks"],
        bad=[("half", "a span, as for the window")],
        lint=[("99 months", "longer than the window")],
        default=None,
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

    windows: tuple[Span, ...] = about(
        "Other lengths of the window.",
        good=[["2 weeks", "6 weeks"]],
        bad=[("6 weeks", "a list, in brackets")],
        lint=[(["3 days"], "a weekly series has windows of weeks, a monthly one of months")],
        default=(),
    )
    series: tuple[SeriesId, ...] = about(
        "Other series that could have been asked, in the unit of the test's own.",
        good=[["tic.holdings.japan"]],
        bad=[("tic.holdings.japan", "a list, in brackets")],
        lint=[(["tic.holdings.nowhere"], "there is no such series")],
        default=(),
    )


class TestBase(Frozen):
    """The fields that every test has, whatever its kind.

    `checks` names another test of the narrative whose instrument this one checks (does the stand-in
    follow what it stands for?). Such a test never votes on the claim; a failed check makes the
    other one `indirect`.
    """

    __test__: ClassVar[bool] = False

    id: Slug = about(
        "A name for the test, the only one of that name in the narrative: small letters, digits and single hyphens. It stands in links.",
        good=["custody-falls"],
        bad=[("Custody falls", "no capitals and no spaces: `custody-falls`")],
    )
    title: Line = about(
        "What is seen if the claim is true, in a few words.",
        good=["Custody holdings fall"],
        bad=[("", "at least three characters")],
    )
    part: Part = about(
        "The part of the claim that the test speaks to; any but `act` has to stand under `parts`.",
        good=["act", "timing", "lasting", "size", "motive"],
        bad=[("cause", "why somebody acted is the part `motive`")],
        default="act",
    )
    role: Role = about(
        "What the outcome means for the claim. hoop: a failure sinks it. smoking_gun: little else explains a pass. doubly_decisive: both. straw_in_the_wind: it only leans.",
        good=["hoop", "smoking_gun", "doubly_decisive", "straw_in_the_wind"],
        bad=[("smoking gun", "the words are joined by `_`")],
    )
    grade: Grade = about(
        "How near the data are to the claim. direct: what it speaks of. proxy: a stand-in. quoted: figures known only from print.",
        good=["direct", "proxy", "quoted"],
        bad=[
            ("indirect", "a stand-in is a `proxy`; whether it is `indirect` the engine finds out")
        ],
        default="direct",
    )
    matters: Matters = about(
        "The smallest effect that would count, and why that much.",
        good=[
            {
                "at_least": "2 %",
                "why": "Half of the fall of March 2020, when officials did sell.",
            }
        ],
        bad=[("2 %", "it needs its reason: `{at_least: 2 %, why: …}`")],
    )
    tail: Quantity = about(
        "How unusual a move has to be among the placebos, as a share. Only a ranked test reads it.",
        good=["5 %", "10 %"],
        bad=[
            (0.05, "write `5 %`"),
            ("50 %", "what happens half of the time is not unusual; at most 25 %"),
        ],
        default=Quantity(value=5, unit="percent"),
    )
    rivals_expect: Mapping[Slug, Outcome] = about(
        "What each rival expects of this test: consistent, inconsistent or neutral.",
        good=[{"foreign-private-protest": "consistent", "basis-trade-unwind": "neutral"}],
        bad=[({"basis-trade-unwind": "down"}, "an outcome, not a direction")],
        lint=[
            (
                {"basis-trade-unwind": "not_evaluable"},
                "a rival expects an outcome, not that there is none",
            )
        ],
        default_factory=dict,
    )
    why: Line = about(
        "Why the claim predicts this.",
        good=["Official holders keep most of their Treasuries in custody at the New York Fed."],
        bad=[("", "at least three characters")],
    )
    caveat: str = about(
        "What a reader should know of the data before trusting the outcome.",
        good=["New York Fed only, at face value, no split by country."],
        bad=[(["New York Fed only"], "one text, without brackets")],
        default="",
        max_length=600,
    )
    vary: Vary = about(
        "Other ways of asking, for the sensitivity study, in place of its own.",
        good=[{"windows": ["2 weeks", "6 weeks"]}],
        bad=[("6 weeks", "say what varies: `{windows: [6 weeks]}`")],
        default=Vary(),
    )
    checks: Slug | None = about(
        "The test of this narrative whose stand-in this one checks. Such a test never votes.",
        good=["custody-falls"],
        bad=[("Custody falls", "the test's id")],
        lint=[("no-such-test", "no test of the narrative has that id")],
        default=None,
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
    details: Details | None = None


@dataclass(frozen=True)
class NotYet:
    """Why a test cannot be evaluated, and the day on which it can where a release settles that."""

    reason: str
    on: date | None = None


class Kind(Protocol):
    """What the engine asks of every kind. What has a value here, a kind says only where it differs.

    name: as YAML has it. model: the fields of its tests. label: what the statistic is, in a few words.
    example: a sentence that such a test says. heading: over several tests of the kind; the label where it
    is empty.

    behaves: how its series have to behave, any where it is empty, with `does`, the reason (`sums a flow`).
    scaled: its changes are put against the usual ones, which only some series have (`windows.USUAL`).
    one_unit, one_frequency: what all of its series share. looks_back: a window may lie before the event.
    spans, sums_over: fields that hold spans of the first series' observations, or of its months.
    ordered: an earlier date, a later one, and the fewest days between them. period_ends: dates that stand
    for a period of the first series. counts: a whole number, its least and most. newest_without: the field
    without which a test asks for the newest period. moves: the statistic is a change, told with its sign.
    is_level: it is a value of the series, so that a picture may draw the bar beside it. printed: it reads
    figures known only from print.
    """

    name: str
    model: type[TestBase]
    label: str
    example: str
    heading: str = ""
    behaves: tuple[Behaviour, ...] = ()
    does: str = ""
    scaled: bool = False
    one_unit: bool = False
    one_frequency: bool = False
    looks_back: bool = True
    spans: tuple[str, ...] = ()
    sums_over: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str, int], ...] = ()
    period_ends: tuple[str, ...] = ()
    counts: tuple[tuple[str, int, int], ...] = ()
    newest_without: str = ""
    moves: bool = False
    is_level: bool = False
    printed: bool = False

    def expected(self, test: Any) -> str:
        """What the claim predicts, as the second half of `If the claim were true, we would see …`."""

    def unit(self, test: Any, view: View) -> str:
        """The unit of the statistic; of the view only the catalogue may be asked."""

    def also_in(self, test: Any, entry: Entry) -> tuple[str, ...]:
        """Other units in which the size that matters may be given, for a first series like `entry`."""
        return ()

    def banded(self, test: Any) -> bool:
        """Whether `at_most` is read."""
        return False

    def summed(self, test: Any) -> str | None:
        """The field of the series whose periods are added up; None where none is."""
        return None

    def hopeless(self, test: Any) -> str | None:
        """Why a test could not fail, or could not pass, whatever the data; None where it can do both."""
        return None

    def told(self, value: float, unit: str, first: date, details: Details) -> str:
        """The statistic in words. first: the window's first day; details: the trace's."""
        moves = self.moves or {"before", "from"} & set(details)
        return (signed if moves else level)(value, unit)

    def stands_at(self, unit: str, details: Details) -> tuple[float, str] | None:
        """The value that a print gives, with its unit, where the statistic is only a distance from it."""
        return None


class PlaceboKind(Kind, Protocol):
    """A kind whose statistic is ranked among the same statistic on earlier dates."""

    def hopeless(self, test: Any) -> str | None:
        """An effect of nothing always matters."""
        return NO_EFFECT if test.matters.at_least.value <= 0 else None

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

    def find(self, test: Any, view: View, anchor: date, until: date) -> Fact | NotYet:
        """The value as known in the view, looking at nothing after `until`."""

    def seen(self, test: Any, fact: Fact, unit: str) -> str:
        """What was seen, as a clause with the number."""
