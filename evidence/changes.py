"""What would change a verdict: the nearest move of one test's statistic that turns the claim's direction.

Computed, not written: each test that votes is told again with other values of its statistic, the claim
is judged again, and the nearest value at which it turns is found by bisection over the values at which
anything about the test changes. A claim that no single test can turn is told so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from evidence import calendar, placebo
from evidence.answer import Answer, kind_of, layers, reread, sign_of
from evidence.kinds import KINDS
from evidence.kinds.base import Part, TestBase
from evidence.observations import Floats, View
from evidence.placebo import Ranked
from evidence.quantity import tidy
from evidence.trace import Change, Direction, TestTrace
from evidence.verdict import judge

By = Literal["release", "revision", "none"]


@dataclass(frozen=True)
class Turn:
    """What the claim's direction turns to, at which value, and how far away in usual sizes."""

    to: Direction
    at: float
    away: float | None


def turns(
    parts: Mapping[Part, str],
    tests: Sequence[TestBase],
    answers: Sequence[Answer],
    direction: Direction,
) -> dict[int, Turn]:
    """For each test (by place) that alone can turn the claim, its nearest turn."""
    found: dict[int, Turn] = {}
    traces = [a.trace for a in answers]
    for i, (test, given) in enumerate(zip(tests, answers, strict=True)):
        if given.trace.statistic is None or given.trace.checks is not None:
            continue

        def judged(other: TestTrace, place: int = i) -> Direction:
            return judge(parts, [*traces[:place], other, *traces[place + 1 :]])[1].direction

        turn = _nearest(given, sign_of(test), direction, judged)
        if turn is not None:
            found[i] = turn
    return found


def changes(
    tests: Sequence[TestBase], traces: Sequence[TestTrace], found: Mapping[int, Turn], view: View
) -> tuple[Change, ...]:
    """The turns with what could bring them, as of the view's day; the nearest first."""
    told = [_change(tests[i], traces[i], turn, view) for i, turn in found.items()]
    return tuple(sorted(told, key=lambda c: (c.away is None, c.away or 0.0)))


def _change(test: TestBase, trace: TestTrace, turn: Turn, view: View) -> Change:
    assert trace.statistic is not None
    value = float(trace.statistic.value)
    by, on = _next(test, trace, view)
    return Change(
        test=trace.id,
        title=trace.title,
        to=turn.to,
        value=tidy(value),
        at=tidy(turn.at),
        unit=trace.statistic.unit,
        side="above" if turn.at > value else "below",
        away=None if turn.away is None else tidy(turn.away),
        by=by,
        on=on,
    )


def _nearest(
    given: Answer, sign: int, direction: Direction, judged: Callable[[TestTrace], Direction]
) -> Turn | None:
    if given.ranked is None:
        turns = [
            Turn(to, float(flip.at), None)
            for flip in given.trace.flips
            if (to := judged(given.trace.model_copy(update={"outcome": flip.to}))) != direction
        ]
        value = float(given.trace.statistic.value) if given.trace.statistic else 0.0
        return min(turns, key=lambda t: abs(t.at - value), default=None)
    ranked = given.ranked
    assert given.trace.placebo is not None
    regions = _regions(ranked, float(given.trace.placebo.tail))
    sides = (
        [region[region > ranked.raw] for region in regions],
        [region[region < ranked.raw][::-1] for region in reversed(regions)],
    )
    first = (
        next(
            (t for region in side if (t := _first(given, ranked, region, direction, judged))), None
        )
        for side in sides
    )
    turns = [turn for turn in first if turn is not None]
    near = min(turns, key=lambda t: t.away or 0.0, default=None)
    # the rank has the claim's sign, a reader is told the data's
    return None if near is None else replace(near, at=sign * near.at)


def _regions(ranked: Ranked, tail: float) -> list[Floats]:
    """The values at which anything about the test changes, in order, and a little past each.

    Cut where the outcome changes: within a region the claim's direction changes one way only, from one
    to the next it may come back (supported, not enough data, mixed), which bisection would not see.
    """
    off = placebo.OFF_RANGE * float(np.abs(ranked.noise).max()) * ranked.scale
    turns = [ranked.matters, ranked.centre - off, ranked.centre + off, *placebo.bars(ranked, tail)]
    marks = np.unique([turn for turn in turns if turn is not None])
    around = ranked.matters + ranked.departures
    edges = np.unique(np.concatenate([ranked.shown, around, marks]))
    nudge = 1e-9 * max(1.0, float(np.abs(edges).max()))
    stops = np.unique(np.concatenate([edges - nudge, edges, edges + nudge]))
    cuts = np.sort(np.concatenate([marks - nudge / 2, marks + nudge / 2]))
    return np.split(stops, np.searchsorted(stops, cuts))


def _first(
    given: Answer,
    ranked: Ranked,
    stops: Floats,
    direction: Direction,
    judged: Callable[[TestTrace], Direction],
) -> Turn | None:
    """The first of the stops, in their order, at which the claim has another direction."""
    assert given.trace.placebo is not None
    tail = float(given.trace.placebo.tail)

    def at(raw: float) -> Direction:
        return judged(reread(given.trace, placebo.told_again(ranked, raw, ranked.matters), tail))

    if len(stops) == 0 or at(float(stops[-1])) == direction:
        return None
    low, high = -1, len(stops) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if at(float(stops[middle])) != direction else (middle, high)
    raw = float(stops[high])
    return Turn(at(raw), raw, abs(raw - ranked.raw) / ranked.scale)


def _next(test: TestBase, trace: TestTrace, view: View) -> tuple[By, date | None]:
    """What could bring the change, and when: the rest of an open window, a revision, or nothing due."""
    if trace.so_far or trace.evaluable_on is not None:
        return "release", trace.evaluable_on
    every, rolls = layers(test, view.catalogue), _rolls(test)
    names = [n for n in every if rolls or view.series(n).revised]
    due = [on for name in names if (on := _due(name, view)) is not None]
    if rolls:
        return "release", min(due, default=None)
    return ("revision", min(due, default=None)) if names else ("none", None)


def _rolls(test: TestBase) -> bool:
    """Whether a test asks for the newest figures, so that its window moves on with each release."""
    end = KINDS[kind_of(test)].newest_without
    return bool(end) and getattr(test, end) is None


def _due(name: str, view: View) -> date | None:
    """The next release of a series; None where it is overdue."""
    entry = view.catalogue.series[name]
    release = view.catalogue.releases[entry.release]
    last = view.series(name).periods[-1].astype(object)
    due = calendar.next_release(release, entry.frequency, last, view.day)
    return due if due is not None and due > view.day else None
