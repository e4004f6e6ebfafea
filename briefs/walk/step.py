"""What the walk is made of: one idea, one picture and at most sixty words a step; all else one click down."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from briefs.address import Address
from briefs.desk import Desk
from charts.figure import Figure
from charts.theme import Look
from evidence.days import day as in_words
from evidence.trace import TestTrace, Verdict
from evidence.wording import could_have_seen, how_unusual, if_true, in_full

_STOP = re.compile(r"(?<=[.!?]) (?=[A-Z“$−+\d])")
WORDS = 60
"""The most that stand in a step's text."""
Deeper = Literal["rule", "numbers", "caveats"]
DEEPER: dict[Deeper, str] = {
    "rule": "The rule",
    "numbers": "The numbers",
    "caveats": "The caveats",
}


@dataclass(frozen=True)
class Fold:
    """What stands one click down."""

    name: Deeper
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the reader clicks."""
        return DEEPER[self.name]


@dataclass(frozen=True, eq=False)
class Step:
    """A stop of the walk.

    name: in links, never renamed. text: plain text. mark: the word of a verdict or outcome that the step
    ends with, else empty; said: that mark in the reader's words; verdict: of the story that ends here. figure: the picture in a look, or None
    where nothing can be drawn on that day. to: where the whole of it stands, as `to_label`.
    """

    name: str
    heading: str
    text: str
    figure: Callable[[Look], Figure | None]
    mark: str = ""
    said: str = ""
    verdict: Verdict | None = None
    folds: tuple[Fold, ...] = ()
    to: Address | None = None
    to_label: str = ""


@dataclass(frozen=True)
class Chapter:
    """A chapter with its steps as known on a day."""

    name: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Maker:
    """How a chapter is made. `names` are the steps' names in order, the same on every day."""

    order: int
    name: str
    title: str
    names: Callable[[Desk], Iterable[str]]
    steps: Callable[[Desk, date], Iterable[Step]]


def told(*sentences: str) -> str:
    """The first sentences, as many as there is room for; each argument is kept whole or left out."""
    kept: list[str] = []
    for sentence in sentences:
        if sentence and len(" ".join([*kept, sentence]).split()) <= WORDS:
            kept.append(sentence)
    return " ".join(kept)


def sentences(text: str) -> list[str]:
    """A text's sentences, each with its stop."""
    return _STOP.split(text)


def nothing(look: Look) -> None:
    """The picture of a step that has none."""


def folds(
    desk: Desk, trace: TestTrace, verdict: Verdict, more: Iterable[str] = ()
) -> tuple[Fold, ...]:
    """The rule, the numbers and the caveats of a test; `more` are caveats of its story."""
    rule = tuple(f"{head}: {text}" for head, text in in_full(trace, desk.store.catalogue).items())
    numbers = [trace.seen, how_unusual(trace), if_true(trace), could_have_seen(trace)]
    if trace.data is not None:
        numbers.append(
            f"Data from {in_words(trace.data.first)} to {in_words(trace.data.last)}, "
            f"{trace.data.vintage_quality.replace('_', ' ')}."
        )
    set_on = (
        f"What counts was set on {in_words(verdict.thresholds_set)}, after the event and after most of "
        "these data."
    )
    caveats = [trace.caveat, *more, set_on]
    told_of: tuple[tuple[Deeper, Iterable[str]], ...] = (
        ("rule", rule),
        ("numbers", numbers),
        ("caveats", caveats),
    )
    return tuple(Fold(name, tuple(line for line in lines if line)) for name, lines in told_of)
