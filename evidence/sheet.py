"""What `audit.yaml` holds: the figures that a printed note rests on, and the ways in which each can be read.

A reading is a test like any other (`evidence.kinds`), or the outcome of a story's test. Its band is what
rounds to the printed figure. The first reading is what the words of the note mean; the others are other
definitions, or (`beside`) other things with that number.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from evidence.frozen import Frozen
from evidence.kinds import Test
from evidence.kinds.base import Line, Outcome, Slug, TestBase
from evidence.quantity import Quantity

FILLED: Mapping[str, object] = {
    "id": "reading",
    "title": "A reading of a printed figure",
    "role": "straw_in_the_wind",
    "why": "It recomputes what the note prints.",
}
"""What a test of a story has to say and a reading need not: it votes on nothing."""

SLOT = re.compile(r"\{([^{}]*)\}")
FORMS = ("size", "seen", "today", "lowest", "highest")
"""What may follow a reading's id in a slot: `{id.size}` without its sign, `{id.seen}` the test's own sentence,
`{id.today}` as known today (`{id.today.size}` both), `{id.lowest}` and `{id.highest}` over each day."""


class Note(Frozen):
    """Who printed the figures, where and when."""

    who: Line
    where: Line
    on: date = Field(description="The day of the print: what its reader could know.")
    assumed: bool = Field(default=False, description="Only the month is known; the day is assumed.")


class Printed(Frozen):
    """A figure as the note prints it: its own words, and the number in them where there is one."""

    quote: Line
    value: Quantity | None = None


class OfTest(Frozen):
    """A test of a story."""

    narrative: Slug
    test: Slug


class Reading(Frozen):
    """One way to read a figure.

    agrees: the outcomes at which the note's words hold (of a test of a story that they deny, the
    opposite ones). beside: something else with that number; it never decides. each_day_since: asked anew
    as if the claim had been made on each day from then to the test's own `frozen`.
    """

    id: Slug
    definition: Line
    test: Test | None = None
    of: OfTest | None = None
    agrees: tuple[Outcome, ...] = Field(default=("consistent",), min_length=1)
    beside: bool = False
    each_day_since: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: Any) -> Any:
        """A reading's test without the fields that only a story's test needs."""
        if not isinstance(given, dict) or not isinstance(given.get("test"), dict):
            return given
        return {**given, "test": {**FILLED, **given["test"]}}

    @property
    def asked(self) -> TestBase | None:
        """The test under the reading's own name; None where it is a story's."""
        if self.test is None:
            return None
        named = {"id": self.id, "title": self.definition, "why": self.definition}
        found: TestBase = self.test.model_copy(update=named)
        return found


class PrintedFigure(Frozen):
    """One figure of the note with its readings.

    says: the finding, its numbers in named slots (`SLOT`, `FORMS`). needs: what to bring, where
    open data cannot tell.
    """

    id: Slug
    title: Line
    where: Line
    printed: Printed
    says: Line
    readings: tuple[Reading, ...] = Field(min_length=1, max_length=8)
    needs: Line | None = None


class Sheet(Frozen):
    """`audit.yaml`: the note and its figures, in its own order."""

    schema_: Literal[1] = Field(alias="schema")
    note: Note
    figures: tuple[PrintedFigure, ...] = Field(min_length=1, max_length=60)

    def figure(self, figure_id: str) -> PrintedFigure:
        """A figure by its id. Raises KeyError."""
        for figure in self.figures:
            if figure.id == figure_id:
                return figure
        raise KeyError(figure_id)
