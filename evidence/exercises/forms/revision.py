"""`revision`: is a changed figure news, or a revision.

Two things are asked: whether the figure was revised by more than is usual for its series, and what the two prints
together say of its sign. The yardstick of both is twice the root mean square of the series' revisions
(`evidence.revisions`), the error of facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

import numpy as np

from evidence import calendar
from evidence.catalogue import Catalogue
from evidence.days import day
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
from evidence.fields import about
from evidence.kinds import Test
from evidence.kinds.base import TestBase
from evidence.problems import Finding
from evidence.quantity import amount, signed
from evidence.revisions import revision_error

ERRORS = 2
"""How many errors from nought, or from the first print, still count as usual."""


class Revision(ExerciseBase):
    """A figure of a flow that was printed more than once."""

    form: Literal["revision"]
    test: Test = about("A test of one flow, whose picture is shown with the answer.", good=[])
    period: date = about("The month, by its last day.", good=["2025-04-30"])


@dataclass(frozen=True, eq=False)
class Printed:
    """The first and the newest print of a figure, when each came, and the usual size of a revision."""

    found: Shown
    named: str
    unit: str
    first: float
    newest: float
    first_on: date
    newest_on: date
    error: float

    @property
    def reach(self) -> float:
        """How far a figure of this series may be off."""
        return ERRORS * self.error

    @property
    def size(self) -> str:
        """The option of the first field that is right."""
        return "usual" if abs(self.newest - self.first) <= self.reach else "unusual"

    @property
    def sign(self) -> str:
        """The option of the second field that is right: a sign only where both prints are clear of nought and agree."""
        clear = min(abs(self.first), abs(self.newest)) > self.reach
        if not clear or (self.first > 0) != (self.newest > 0):
            return "open"
        return "bought" if self.newest > 0 else "sold"


class _Revision(Form):
    name = "revision"
    model = Revision
    label = "News, or a revision?"

    def tests(self, exercise: Revision) -> Iterator[tuple[tuple[str | int, ...], TestBase]]:
        yield ("test",), exercise.test

    def findings(self, exercise: Revision, catalogue: Catalogue) -> Findings:
        names = [n for n in exercise.test.reads if n in catalogue.series]
        if len(exercise.test.reads) != 1 or (
            names and catalogue.series[names[0]].behaves != "flow"
        ):
            yield Finding(("test",), "the test has to read one flow", code="no-flow")

    def pose(self, exercise: Revision, pinned: Pinned) -> Posed:
        printed = _printed(exercise, pinned)
        fields = (
            Field(
                "size",
                "How large is the revision beside the usual ones?",
                (
                    Option("usual", "No larger than is usual for these figures"),
                    Option("unusual", "Larger than is usual for these figures"),
                ),
            ),
            Field(
                "sign",
                "What do the two prints say of the month?",
                (
                    Option("bought", "That they bought"),
                    Option("sold", "That they sold"),
                    Option("open", "Neither: the sign stays open"),
                ),
            ),
        )
        given = (
            (
                f"{printed.named} for {exercise.period:%B %Y}: {signed(printed.first, printed.unit)} as printed on {day(printed.first_on)}, "
                f"{signed(printed.newest, printed.unit)} as printed on {day(printed.newest_on)}."
            ),
            f"Months of this series have been revised by {amount(printed.error, printed.unit)} (root mean square).",
        )
        return Posed(exercise, fields, partial(_judged, printed), given)


def _printed(exercise: Revision, pinned: Pinned) -> Printed:
    name = exercise.test.reads[0]
    series, entry = pinned.view.series(name), pinned.catalogue.series[name]
    here = np.flatnonzero(series.periods[series.owner] == np.datetime64(exercise.period))
    if len(here) < 2:
        raise ValueError(f"{exercise.id}: {exercise.period} was not printed twice by then")
    days = [calendar.new_york_day(int(series.known[i])) for i in (here[0], here[-1])]
    return Printed(
        found=pinned.ask(exercise.test),
        named=pinned.named(name),
        unit=entry.unit,
        first=float(series.values[here[0]]),
        newest=float(series.values[here[-1]]),
        first_on=days[0],
        newest_on=days[1],
        error=revision_error(series),
    )


def _judged(printed: Printed, answer: Filled) -> Judged:
    right = (answer["size"], answer["sign"]) == (printed.size, printed.sign)
    says = (_size(printed, answer["size"]), _sign(printed, answer["sign"]))
    return Judged(right=right, says=says, shows=printed.found)


def _size(printed: Printed, chosen: str) -> str:
    moved, reach = (
        amount(printed.newest - printed.first, printed.unit),
        amount(printed.reach, printed.unit),
    )
    usual = printed.size == "usual"
    fact = f"The figure was revised by {moved}; twice the usual revision is {reach}"
    if chosen == printed.size:
        return f"{fact}, so this one is {'usual' if usual else 'larger than usual'}."
    return f"{fact}. To be {'larger than usual' if usual else 'usual'} it would have to be {'more' if usual else 'no more'} than that."


def _sign(printed: Printed, chosen: str) -> str:
    unit = printed.unit
    first, newest, reach = (
        signed(printed.first, unit),
        signed(printed.newest, unit),
        amount(printed.reach, unit),
    )
    if chosen == printed.sign:
        if chosen == "open":
            return _open(printed, first, newest, reach)
        return (
            f"Both prints ({first}, then {newest}) lie more than {reach} from nought on one side."
        )
    if chosen == "open":
        return f"For the sign to stay open a print would have to lie within {reach} of nought, or on the other side; they lie at {first} and {newest}."
    bar = signed(printed.reach if chosen == "bought" else -printed.reach, unit)
    side = "above" if chosen == "bought" else "below"
    return f"If they had {chosen}, both prints would have to lie {side} {bar}; they lie at {first} and {newest}."


def _open(printed: Printed, first: str, newest: str, reach: str) -> str:
    """Why the sign stays open."""
    if max(abs(printed.first), abs(printed.newest)) <= printed.reach:
        return f"Both prints ({first}, then {newest}) lie within {reach} of nought, where a revision alone can carry a figure: the sign is no news."
    return f"The two prints ({first}, then {newest}) do not lie on one side by more than {reach} each: the sign is no news."


FORM = _Revision()
