"""`known`: which of these figures could be known on a day.

A figure was known if it was released by the end of the exercise's as-of date in New York. Of each wrong choice is
said when it came out, and what the newest one was that could be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

import numpy as np

from evidence import calendar
from evidence.catalogue import Catalogue, SeriesId
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
    Worded,
    twice,
    unknown_series,
)
from evidence.fields import about
from evidence.quantity import amount


class Figure(Worded):
    """A figure of one period."""

    series: SeriesId = about("The series.", good=["fed.custody.treasuries"])
    period: date = about("The period, by its last day.", good=["2025-04-09"])


class Known(ExerciseBase):
    """Figures that were out by a day, or were not."""

    form: Literal["known"]
    figures: tuple[Figure, ...] = about("Two to six figures.", good=[], min_length=2, max_length=6)


@dataclass(frozen=True)
class Released:
    """A figure, when it came out, and the newest period of its series that was out by the day."""

    text: str
    on: date
    by: date
    newest: date | None

    @property
    def known(self) -> str:
        """The option that is right."""
        return "known" if self.on <= self.by else "not-yet"


class _Known(Form):
    name = "known"
    model = Known
    label = "Could it be known?"

    def findings(self, exercise: Known, catalogue: Catalogue) -> Findings:
        yield from twice([f.id for f in exercise.figures], "figures")
        for index, figure in enumerate(exercise.figures):
            yield from unknown_series(figure.series, ("figures", index, "series"), catalogue)

    def pose(self, exercise: Known, pinned: Pinned) -> Posed:
        released = {f.id: _released(f, pinned) for f in exercise.figures}
        options = (
            Option("known", f"Known by {day(exercise.as_of)}"),
            Option("not-yet", "Not yet"),
        )
        fields = tuple(Field(f.id, f.text, options) for f in exercise.figures)
        return Posed(exercise, fields, partial(_judged, released))


def _released(figure: Figure, pinned: Pinned) -> Released:
    """When a figure came out: as the snapshot has it, or as the calendar expected it."""
    whole = pinned.engine.view(pinned.engine.store.newest_day).series(figure.series)
    here = np.flatnonzero(whole.periods == np.datetime64(figure.period))
    if len(here):
        on = calendar.new_york_day(int(whole.first_known[here[0]]))
    else:
        release = pinned.catalogue.releases[pinned.catalogue.series[figure.series].release]
        on = calendar.expected(release, figure.period, pinned.view.day)
    seen = pinned.view.series(figure.series).periods
    newest = seen[-1].astype(object) if len(seen) else None
    return Released(figure.text, on, pinned.view.day, newest)


def _judged(released: dict[str, Released], answer: Filled) -> Judged:
    wrong = [one for name, one in released.items() if answer[name] != one.known]
    if not wrong:
        return Judged(right=True, says=_right(list(released.values())))
    return Judged(right=False, says=tuple(map(_wrong, wrong)))


def _right(released: Sequence[Released]) -> tuple[str, ...]:
    return tuple(f"{one.text}: out on {day(one.on)}." for one in released)


def _wrong(one: Released) -> str:
    """When a figure came out, and what could be seen in its place."""
    away = amount(abs((one.on - one.by).days), "days")
    if one.known == "known":
        when = f"{away} before" if one.on < one.by else "that very day"
        return f"{one.text}: out on {day(one.on)}, {when}. Had it not been known, it would have had to come out after {day(one.by)}."
    newest = f" The newest that could be seen was that of {day(one.newest)}." if one.newest else ""
    return f"{one.text}: out on {day(one.on)} only, {away} later.{newest}"


FORM = _Known()
