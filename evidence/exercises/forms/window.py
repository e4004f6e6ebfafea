"""`window`: which window makes a fair test of a claim about one marked day.

Right is a window that begins with the event, was wholly out on the day, holds no other marked day, and in
which the test could have failed and could have passed (`evidence.exercises.rates`). A window of another length asks
for the same pace: its size is the test's own, times its share of the test's own length.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import numpy as np

from evidence import calendar
from evidence.catalogue import Catalogue
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
)
from evidence.exercises.rates import rates
from evidence.fields import about
from evidence.kinds import Test
from evidence.kinds.base import TestBase, Window, periods_in
from evidence.problems import Finding
from evidence.windows import span

PERIODS = {"daily": "trading days", "weekly": "weeks", "monthly": "months"}


class Choice(Worded):
    """A window that may be chosen."""

    window: Window = about("Where the test would look.", good=[{"after": "1 month"}])


class Windows(ExerciseBase):
    """One test, asked over several windows."""

    form: Literal["window"]
    marked: date = about(
        "The marked day of the event that the claim is about.", good=["2025-03-05"]
    )
    test: Test = about("The test, with a window of its own for the size.", good=[])
    windows: tuple[Choice, ...] = about("Two to six windows.", good=[], min_length=2, max_length=6)


class _Windows(Form):
    name = "window"
    model = Windows
    label = "Which window do you fix?"

    def tests(self, exercise: Windows) -> Iterator[tuple[tuple[str | int, ...], TestBase]]:
        yield ("test",), exercise.test
        if getattr(exercise.test, "window", None) is not None:
            for index, choice in enumerate(exercise.windows):
                yield ("windows", index), exercise.test.model_copy(update={"window": choice.window})

    def findings(self, exercise: Windows, catalogue: Catalogue) -> Findings:  # noqa: ARG002
        yield from twice([c.id for c in exercise.windows], "windows")
        if getattr(exercise.test, "window", None) is None:
            message = "the test has no window that could be another"
            yield Finding(("test", "kind"), message, code="no-window")
        if exercise.test.role != "doubly_decisive":
            message = (
                "the test has to be `doubly_decisive`: both of its outcomes are to mean something"
            )
            yield Finding(("test", "role"), message, code="no-design")

    def pose(self, exercise: Windows, pinned: Pinned) -> Posed:
        frequency = pinned.catalogue.series[exercise.test.reads[0]].frequency
        choices = {c.id: c.window for c in exercise.windows}

        def judged(answer: Filled) -> Judged:
            window = choices[answer["answer"]]
            found = pinned.ask(_over(exercise.test, window, frequency))
            says = _wrong(exercise, pinned, window, found)
            if says:
                return Judged(right=False, says=says, shows=found)
            return Judged(right=True, says=_fair(found), shows=found)

        options = tuple(Option(c.id, c.text) for c in exercise.windows)
        return Posed(exercise, alone(self.label, options), judged)


def _over(test: TestBase, window: Window, frequency: str) -> TestBase:
    """The test over another window, at the same pace."""
    own: Window = test.window  # type: ignore[attr-defined]
    length = periods_in(window.after or window.before or "", frequency)
    times = length / periods_in(own.after or own.before or "", frequency)
    least = test.matters.at_least
    size = least.model_copy(update={"value": least.value * times})
    matters = test.matters.model_copy(update={"at_least": size})
    return test.model_copy(update={"window": window, "matters": matters})


def _wrong(exercise: Windows, pinned: Pinned, window: Window, found: Shown) -> tuple[str, ...]:
    """Why a window is no fair one; empty where it is."""
    trace, on = found.trace, exercise.marked
    if trace.window is None:
        return (f"By {day(exercise.as_of)} this window could not be read. {trace.seen}",)
    if window.before is not None:
        return (
            f"This window ends on {day(trace.window.last)}, before {day(on)}. {trace.seen}",
            "Whatever had come after, this window would look the same: it cannot speak about it.",
        )
    if trace.window.so_far:
        due = f" The rest is due by {day(trace.evaluable_on)}." if trace.evaluable_on else ""
        unit = PERIODS[pinned.catalogue.series[found.test.reads[0]].frequency]
        out = f"{trace.window.published} of its {trace.window.length} {unit} were out"
        return (
            f"By {day(exercise.as_of)} only {out}.{due} So far: {trace.seen}",
            "A verdict in an open window can still turn with what is missing.",
        )
    start = _start(found, pinned, window)
    others = [m for m in pinned.event.marks if start < m.on <= trace.window.last and m.on != on]
    if others:
        told = " and ".join(f"“{m.name}” ({day(m.on)})" for m in others)
        return (
            f"This window also holds {told}. {trace.seen}",
            f"It cannot tell which of them did it; to speak about {day(on)} alone it would have to end before {day(others[0].on)}.",
        )
    if window.skip is not None:
        return (
            f"This window begins only after {day(start)} and leaves out the first {window.skip} after {day(on)}. {trace.seen}",
            "What happened at once would not be seen in it.",
        )
    often = rates(found)
    return often.says if often is not None and not (often.sinks and often.bears) else ()


def _start(found: Shown, pinned: Pinned, window: Window) -> date:
    """The last day before the window's first period."""
    name = found.test.reads[0]
    entry = pinned.catalogue.series[name]
    periods = pinned.view.series(name).periods
    offset = span(window, entry.frequency)[0]
    base = int(np.searchsorted(periods, np.datetime64(found.anchor), side="right")) - 1 + offset
    if base >= 0:
        own: date = periods[base].astype(object)
        return own
    return found.anchor - timedelta(days=31 * calendar.MONTHS.get(entry.frequency, 1))


def _fair(found: Shown) -> tuple[str, ...]:
    """Why a window is fair, with how often the test fails and passes in it."""
    told = rates(found)
    out = (
        f"It begins with the event, was out by {day(found.view.day)} and holds no other marked day."
    )
    return (found.trace.seen, out, *(told.says if told else ()))


FORM = _Windows()
