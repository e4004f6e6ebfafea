"""The trace: everything behind a verdict. Sentences, charts, tables and JSON are functions of it.

The field names are the contract's (docs/contract/). Numbers are in the unit beside them; `value` of a
statistic keeps the sign of the data, `as_predicted` is positive when it goes the claim's way.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from evidence.frozen import Frozen
from evidence.kinds.base import Grade, Outcome, Part, Role

Direction = Literal["supported", "contradicted", "mixed", "insufficient_data"]
Confidence = Literal["very_low", "low", "medium", "high", "very_high"]
CONFIDENCES: tuple[Confidence, ...] = ("very_low", "low", "medium", "high", "very_high")
Number = float | int


class Amount(Frozen):
    """A number and its unit."""

    value: Number
    unit: str


class Statistic(Amount):
    """What was measured: `value` as observed, `as_predicted` signed by the claim."""

    label: str
    as_predicted: Number


class MattersTrace(Frozen):
    """What would count: the bar in the statistic's unit, and as the narrative writes it."""

    at_least: Number
    at_most: Number | None = None
    unit: str
    declared: str
    declared_most: str | None = None
    why: str


class PlaceboTrace(Frozen):
    """The event's place among earlier windows; `from` and `to` bound their anchors."""

    p: Number
    p_if_true: Number
    dates: int
    effective: int
    tail: Number
    first: date
    last: date

    def dump(self) -> dict[str, object]:
        """The contract's names (`from` and `to` are words of Python's)."""
        return {
            "p": self.p,
            "p_if_true": self.p_if_true,
            "dates": self.dates,
            "effective": self.effective,
            "tail": self.tail,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
        }


class Power(Frozen):
    """The smallest effect seen four times in five."""

    mde80: Number
    unit: str


class WindowTrace(Frozen):
    """Where the test looked; `so_far` while the window is still open."""

    first: date
    last: date
    so_far: bool
    published: int
    length: int


class DataTrace(Frozen):
    """What the test rests on."""

    first: date
    last: date
    known_at: str
    vintage_quality: Literal["recorded", "reconstructed", "latest_only"]
    grade: Grade


class Flip(Frozen):
    """The value of the statistic, in its unit and with the data's sign, beyond which the outcome changes."""

    to: Outcome
    at: Number
    unit: str
    side: Literal["above", "below"]


class TestTrace(Frozen):
    """One test of one narrative on one day."""

    __test__ = False

    id: str
    title: str
    kind: str
    part: Part
    role: Role
    series: tuple[str, ...]
    source_group: str
    outcome: Outcome
    reason: str | None = None
    evaluable_on: date | None = None
    statistic: Statistic | None = None
    matters: MattersTrace
    abnormal: Amount | None = None
    placebo: PlaceboTrace | None = None
    power: Power | None = None
    window: WindowTrace | None = None
    data: DataTrace | None = None
    first_print_outcome: Outcome | None = None
    off_range: bool = False
    flips: tuple[Flip, ...] = ()
    details: Mapping[str, Number | str] | None = None
    rivals_expect: Mapping[str, Outcome]
    expected: str
    seen: str
    why: str
    caveat: str
    checks: str | None = None

    @property
    def fact(self) -> bool:
        """Whether the test compares with a band (no placebo) and could be evaluated."""
        return self.placebo is None and self.outcome != "not_evaluable"

    @property
    def proxy(self) -> bool:
        """Whether the test reads a stand-in."""
        return self.data is not None and self.data.grade == "proxy"

    @property
    def quoted(self) -> bool:
        """Whether the test rests on figures known only from print."""
        return self.data is not None and self.data.grade == "quoted"

    @property
    def so_far(self) -> bool:
        """Whether the window is still open."""
        return self.window is not None and self.window.so_far


class Downgrade(Frozen):
    """A named step down in confidence."""

    name: Literal["indirect", "imprecise", "revised", "fragile", "uncalibrated"]
    why: str


class PartTrace(Frozen):
    """One part of the claim, judged."""

    part: Part
    sentence: str
    direction: Direction
    joint: Number | None
    rule: str


class ConditionTrace(Frozen):
    """A condition under which the claim speaks, and what was found of it."""

    narrative: str
    title: str
    test: str | None
    wanted: str
    found: str
    met: bool | None


class Robustness(Frozen):
    """How many of the ways of asking agree with the verdict (evidence.sensitivity has each of them)."""

    agree: int
    of: int


class Change(Frozen):
    """The nearest change of one test's statistic that would turn the verdict.

    `at` is the value, in its unit and with the data's sign, on whose `side` the claim's direction becomes
    `to`. away: the distance in usual sizes of such a move (None for a fact). on, by: the next release
    that could bring it; `revision` where the window is closed but its figures are still revised, `none`
    where only a correction could.
    """

    test: str
    title: str
    to: Direction
    value: Number
    at: Number
    unit: str
    side: Literal["above", "below"]
    away: Number | None
    by: Literal["release", "revision", "none"]
    on: date | None


class NextRelease(Frozen):
    """The next publication that a narrative waits for."""

    series: str
    short: str
    on: date
    test: str


class Brought(Frozen):
    """A series of which the user brought the data, and what they say of them."""

    series: str
    named: str
    note: str


class Verdict(Frozen):
    """A narrative, scored as of a day."""

    id: str
    identity: str
    title: str
    claim: str
    shelf: str
    event: str
    anchor: date
    as_of: date
    stands_for: date
    direction: Direction
    confidence: Confidence
    grounds: str
    rule: str
    rule_sentence: str
    reasons: tuple[str, ...]
    downgrades: tuple[Downgrade, ...]
    would_change: tuple[str, ...]
    changes: tuple[Change, ...]
    robustness: Robustness | None
    conditions: tuple[ConditionTrace, ...]
    next_release: NextRelease | None
    so_far: bool
    by_proxy: bool
    private_data: bool
    brought: tuple[Brought, ...]
    parts: tuple[PartTrace, ...]
    tests: tuple[TestTrace, ...]
    notices: tuple[str, ...]
    thresholds_set: date

    def test(self, test_id: str) -> TestTrace:
        """A test's trace by id. Raises KeyError."""
        for test in self.tests:
            if test.id == test_id:
                return test
        raise KeyError(test_id)


def dump(verdict: Verdict) -> dict[str, object]:
    """A verdict as the contract's JSON object, keys in the contract's order."""
    document = verdict.model_dump(mode="json")
    for test, row in zip(verdict.tests, document["tests"], strict=True):
        row["placebo"] = test.placebo.dump() if test.placebo else None
        if test.window:
            window = row["window"]
            row["window"] = {
                "from": window["first"],
                "to": window["last"],
                "so_far": window["so_far"],
                "published": window["published"],
                "length": window["length"],
            }
    return document
