"""`confounder`: what else, there at the time, moves the same series as far.

A cause is another series that moved at least so much over the same window, or a window that begins at a turn of
the calendar. Right is one that was there, and with which earlier windows often went as far as the event
(`COMMON`), far more often than without it (`TIMES`). Of each other one is said which of these fails, with counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from evidence.answer import sign_of
from evidence.calendar import Days
from evidence.catalogue import Catalogue, SeriesId
from evidence.days import day
from evidence.exercises.base import (
    ExerciseBase,
    Filled,
    Findings,
    Form,
    Judged,
    Option,
    Pinned,
    Posed,
    Shown,
    Worded,
    alone,
    twice,
    unknown_series,
)
from evidence.fields import about
from evidence.kinds import KINDS, Test, is_fact
from evidence.kinds.base import PlaceboKind, Predicts, TestBase
from evidence.kinds.change_after import ChangeAfter
from evidence.lint.places import kind_of
from evidence.observations import Floats
from evidence.placebo import TIE, Ranked
from evidence.problems import Finding
from evidence.quantity import Quantity, amount, moved
from evidence.wording import how_unusual

COMMON = 0.2
"""With a confounder at least one in five of the earlier windows go as far."""
TIMES = 3.0
"""And so many times as often as without it."""
LEAST = 10
"""Fewer earlier windows with a cause say nothing of it."""

Flags = npt.NDArray[np.bool_]


class Cause(Worded):
    """Something else that may have been there: another series' move, or a turn of the calendar."""

    series: SeriesId | None = about(
        "Another series; it was there if it moved so much over the same window.",
        good=["ofr.fsi.volatility"],
        default=None,
    )
    predicts: Predicts | None = about(
        "Which way it moves.", good=[{"direction": "up"}], default=None
    )
    at_least: Quantity | None = about("How much.", good=["1 points", "5 bp"], default=None)
    turn: Literal["month", "quarter"] | None = about(
        "In place of a series: the window begins on the last day of a month, or of a quarter, that the series has.",
        good=["quarter"],
        default=None,
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [self.series, self.predicts, self.at_least]
        if any(g is not None for g in given) == (self.turn is not None) or (
            self.turn is None and None in given
        ):
            raise ValueError("give `series`, `predicts` and `at_least`, or `turn` alone")
        return self


class Confounder(ExerciseBase):
    """A ranked test, and what else could have moved its series."""

    form: Literal["confounder"]
    test: Test = about(
        "A test of the kind `change_after` that something else may explain.", good=[]
    )
    causes: tuple[Cause, ...] = about("Two to six causes.", good=[], min_length=2, max_length=6)


@dataclass(frozen=True)
class Counted:
    """How often earlier windows went as far, with a cause and without it, and what it was at the event."""

    there: bool
    event: str
    wanted: str
    windows: int
    far: int
    others: int
    far_without: int

    @property
    def share(self) -> float:
        """The share of the windows with the cause that went as far."""
        return self.far / self.windows if self.windows else 0.0

    @property
    def confounds(self) -> bool:
        """Whether the cause was there and explains such a move."""
        without = self.far_without / self.others if self.others else 0.0
        enough = self.windows >= LEAST and self.share >= COMMON
        return self.there and enough and self.share >= TIMES * without


class _Confounder(Form):
    name = "confounder"
    model = Confounder
    label = "What else, there at the time, moves it as far?"

    def tests(self, exercise: Confounder) -> Iterator[tuple[tuple[str | int, ...], TestBase]]:
        yield ("test",), exercise.test

    def findings(self, exercise: Confounder, catalogue: Catalogue) -> Findings:
        yield from twice([c.id for c in exercise.causes], "causes")
        if is_fact(kind_of(exercise.test)) or not isinstance(exercise.test, ChangeAfter):
            yield Finding(
                ("test", "kind"), "this form counts windows of a `change_after`", code="no-windows"
            )
        for index, cause in enumerate(exercise.causes):
            if cause.series is not None:
                yield from unknown_series(cause.series, ("causes", index, "series"), catalogue)

    def pose(self, exercise: Confounder, pinned: Pinned) -> Posed:
        found = pinned.ask(exercise.test)
        ranked = found.ranked
        if ranked is None:
            raise ValueError(f"{exercise.id}: {found.trace.seen}")
        causes = {c.id: c for c in exercise.causes}

        def judged(answer: Filled) -> Judged:
            counted = _counted(causes[answer["answer"]], pinned, found, ranked)
            says = _says(counted, exercise.test)
            return Judged(right=counted.confounds, says=says, shows=found)

        options = tuple(Option(c.id, c.text) for c in exercise.causes)
        given = (found.trace.seen, how_unusual(found.trace))
        return Posed(exercise, alone(self.label, options), judged, given, found)


def _counted(cause: Cause, pinned: Pinned, found: Shown, ranked: Ranked) -> Counted:
    """The earlier windows, told apart by whether a cause was there."""
    far = ranked.noise >= float(ranked.event.z[0]) - TIE
    if cause.turn is not None:
        with_it, at_event = _turns(cause.turn, found, ranked.dates)
        base = found.trace.window.first if found.trace.window else found.anchor
        event = f"the window begins on {day(base)}"
        wanted = f"the window would have to begin on the last day of a {cause.turn}"
    else:
        with_it, at_event, event, wanted = _moves(cause, pinned, found, ranked.dates)
    return Counted(
        there=at_event,
        event=event,
        wanted=wanted,
        windows=int(with_it.sum()),
        far=int(far[with_it].sum()),
        others=int((~with_it).sum()),
        far_without=int(far[~with_it].sum()),
    )


def _turns(turn: str, found: Shown, anchors: Days) -> tuple[Flags, bool]:
    """Whether each window, and the event's, begins on the last day of a month or quarter that the series has."""
    kind: PlaceboKind = KINDS[kind_of(found.test)]  # type: ignore[assignment]
    grid = kind.grid(found.test, found.view)
    months = grid.astype("datetime64[M]").astype(int)
    unit = months // 3 if turn == "quarter" else months
    last = np.append(unit[1:] != unit[:-1], False)  # of the newest day nobody knows yet

    def at(days: Days) -> Flags:
        return np.asarray(last[np.maximum(np.searchsorted(grid, days, side="right") - 1, 0)])

    return at(anchors), bool(at(np.array([found.anchor], dtype="datetime64[D]"))[0])


def _moves(
    cause: Cause, pinned: Pinned, found: Shown, anchors: Days
) -> tuple[Flags, bool, str, str]:
    """Whether another series moved so much over each window, and over the event's, with what it did then."""
    assert cause.series is not None
    assert cause.predicts is not None
    assert cause.at_least is not None
    other = found.test.model_copy(update={"series": cause.series, "predicts": cause.predicts})
    kind: PlaceboKind = KINDS[kind_of(other)]  # type: ignore[assignment]
    unit = kind.unit(other, pinned.view)
    length = found.trace.window.published if found.trace.window else 0

    def raw(days: Days) -> Floats:
        cut = np.full(len(days), pinned.view.cutoff)
        return kind.measure(other, pinned.view, days, cut, cut, length).raw

    own = float(raw(np.array([found.anchor], dtype="datetime64[D]"))[0])
    bar, sign = cause.at_least.value, cause.predicts.sign
    name = pinned.catalogue.series[cause.series].named
    return (
        raw(anchors) >= bar - TIE,
        own >= bar - TIE,
        f"{name} {moved(sign * own, unit)}",
        f"it would have to have {'risen' if sign > 0 else 'fallen'} by {amount(bar, unit)} or more",
    )


def _says(counted: Counted, test: TestBase) -> tuple[str, ...]:
    """Whether a cause was there, and how common such a move is with it and without."""
    verb = "rose" if sign_of(test) > 0 else "fell"
    far = f"{counted.far:,}" if counted.far else "none"
    if not counted.there:
        return (
            f"It was not there: {counted.event}. To be the confounder {counted.wanted}.",
            f"And of {counted.windows:,} earlier windows with it {far} {verb} as far.",
        )
    told = (
        f"It was there: {counted.event}. Of {counted.windows:,} earlier windows with it {far} {verb} at least as far; "
        f"of the {counted.others:,} without it {counted.far_without:,}."
    )
    if counted.confounds:
        return (
            told,
            "Such a move is common with it and rare without, so it explains what the claim would explain.",
        )
    need = int(np.ceil(COMMON * counted.windows))
    return (
        told,
        f"Were it the confounder, such a move would be common with it: at least {max(need, 1):,} of those {counted.windows:,} windows, one in five.",
    )


FORM = _Confounder()
