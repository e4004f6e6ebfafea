"""How cost grows with stories, days, ways of asking and tests: a piece of work in one go beside its parts alone.

Stories, days and tests each have their own cost, so a few of them say little of many. Here the many are the few
together: the same parts in one go and each alone, on one store that has read its series. The figure is the
exponent by which cost grows from a part to the whole: with 1 four times as much costs four times as much; less
than 1 is what is shared and done once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from benchmarks.figures import median
from benchmarks.repeats import interleaved
from benchmarks.scaling import SINCE, desk, moved, slope
from benchmarks.table import Row, show
from evidence.backfill.histories import planned
from evidence.backfill.running import Block, run
from evidence.calibration import Trial, trials
from evidence.engine import Engine
from evidence.history import HistoryDay, Stood, chapter, stood
from evidence.kinds.base import TestBase
from evidence.narrative import Narrative
from evidence.observations import Store

TIMES = 3
STORIES = (
    "foreign-private-protest", "deficit-front-loading", "the-liability-turned-to-equity",
    "swap-spread-unwind", "record-equity-inflow-2024", "exceptionalism-lasts",
    "us-crowds-the-index", "deficit-is-the-target",
)  # fmt: skip
"""Those that cost least in a year."""
SPRING = date(2026, 4, 1)
"""Since when their histories are told: within a year, so that each is one block."""
WEEKLY, QUARTER = "unhedged-exposure-built-up", 91
"""The story whose days are counted, and how many days a part has: four parts follow its event."""
ALONE = 8
"""Every so-many-th of its verdicts is made alone as well."""
DAILY, LENGTHS = "everything-fell-together", 8
"""The story that is asked in many ways, and how many lengths each of its windows has: two in a part."""
TRIED = (
    "foreign-private-protest/bonds-still-sold", "foreign-private-protest/all-long-term-still-sold",
    "private-outflows-began-before/bonds-sold-before", "private-outflows-began-before/equities-sold-before",
)  # fmt: skip
"""The tests that are calibrated: of monthly figures, which have few quiet dates."""

T = TypeVar("T")


@dataclass(frozen=True)
class Growth:
    """A piece of work in one go. came: what came of each part; seconds: of processor; exponent: of its growth."""

    came: Sequence[Any]
    seconds: float
    exponent: float

    def each(self, count: int) -> float:
        """Milliseconds for one of so many."""
        return 1000 * self.seconds / count

    def row(self, work: str, note: str) -> Row:
        return Row(work, self.exponent, 1.0, "linear", unit="", goal=1.05, least=1.15, note=note)


def rows() -> list[Row]:
    engine, library = desk()
    read = {test.partition("/")[0] for test in TRIED}
    for story in (*STORIES, WEEKLY, DAILY, *read):
        engine.score(story)  # their series are read
    every = trials(library.live, engine.anchors, library.loud_days, engine.store)
    named = {trial.tests[0]: trial for trial in every}
    return [
        by_stories(engine),
        *by_days(moved(engine, WEEKLY)),
        by_ways(engine),
        by_tests(engine.store, [named[test] for test in TRIED]),
    ]


def by_stories(engine: Engine) -> Row:
    blocks = [block for story in STORIES for block in planned(engine, story, SPRING, None)]
    found = grows(blocks, partial(results, engine.store))
    count = sum(map(len, found.came))
    note = f"1 and {len(STORIES)} stories since {SPRING}, {count} verdicts: {found.each(count):.0f} ms each"
    return found.row("history, growth with stories", note)


def by_tests(store: Store, every: Sequence[Trial]) -> Row:
    found = grows(every, partial(results, store))
    count, dates = len(found.came), sum(row.dates for row in found.came)
    note = (
        f"1 and {count} tests of monthly figures: {found.each(count):.0f} ms each, "
        f"{found.each(dates):.1f} for each of {dates} quiet dates"
    )
    return found.row("calibrate, growth with tests", note)


def results(store: Store, blocks: Sequence[Block[T]]) -> Iterator[T]:
    """What comes of each block, as it comes."""
    return (result.get() for result in run(blocks, store))


def by_days(engine: Engine) -> list[Row]:
    """In one go one engine tells all parts and remembers; alone each part has its own. The second row says what that saves.

    engine: of the one story, its event moved.
    """

    def told(quarters: Sequence[int]) -> Iterator[Sequence[HistoryDay]]:
        own = fresh(engine)
        for number in quarters:
            first, last = (SINCE + timedelta(days=QUARTER * end) for end in (number, number + 1))
            yield chapter(own, WEEKLY, SINCE, first, last - timedelta(days=1)).days

    found = grows(range(4), told)
    days = list(chain.from_iterable(found.came))
    each, some = found.each(len(days)), days[::ALONE]
    count = f"{len(days)} verdicts"
    note = (
        f"{WEEKLY}, its event moved, {QUARTER} and {4 * QUARTER} days, {count}: {each:.0f} ms each"
    )
    return [
        found.row("history, growth with days", note),
        Row("a verdict of a history", each, alone(engine, some), "one that nothing came before",
            faster=True, note=f"{WEEKLY}, {count} beside {len(some)} of them"),
    ]  # fmt: skip


def alone(engine: Engine, days: Sequence[HistoryDay]) -> float:
    """Milliseconds for each day by an engine that remembers nothing. Another verdict than the history's raises."""
    seconds = 0.0
    for day in days:
        own, begun = fresh(engine), time.process_time()
        found = own.score(WEEKLY, day.on).verdict
        seconds += time.process_time() - begun
        if dict(stood(found, day.on)) != {name: getattr(day, name) for name in Stood.model_fields}:
            raise AssertionError(f"{WEEKLY}: the history has another verdict on {day.on}")
    return 1000 * seconds / len(days)


def by_ways(engine: Engine) -> Row:
    """Each part asks a story that has the first of its lengths as its own, so that each length is asked once."""
    story = engine.narratives[DAILY]
    came: dict[str, list[object]] = {}

    def asked(longer: Sequence[int]) -> list[object]:
        own = Engine(engine.store, {DAILY: lengthened(story, longer)}, engine.anchors)
        return [
            (way.bars, way.tail, way.prints, way.series, way.direction, way.joint)
            for way in own.sensitivity(DAILY).specifications
            if not way.left_out  # which is tried with a story's own lengths alone
        ]

    def in_one_go() -> None:
        came["one go"] = asked(range(LENGTHS))

    def in_parts() -> None:
        parts = (asked(range(first, first + 2)) for first in range(0, LENGTHS, 2))
        came["parts"] = list(chain.from_iterable(parts))

    mine, theirs = interleaved(in_one_go, in_parts, TIMES)
    if came["one go"] != came["parts"]:
        raise AssertionError(f"{DAILY}: in parts something else comes than in one go")
    share = median([one / other for one, other in zip(mine, theirs, strict=True)])
    found = Growth(came["one go"], median(mine), exponent(LENGTHS // 2, share))
    count = len(found.came)
    note = f"{DAILY}, 2 and {LENGTHS} lengths, {count} ways: {found.each(count):.1f} ms each"
    return found.row("sensitivity, growth with ways of asking", note)


def lengthened(story: Narrative, longer: Sequence[int]) -> Narrative:
    """The story with windows longer by the first number of periods, and the others as other lengths to ask with."""

    def changed(test: TestBase) -> TestBase:
        window = test.window  # type: ignore[attr-defined]
        count, unit = window.after.split()
        first, *others = (f"{int(count) + more} {unit}" for more in longer)
        return test.model_copy(
            update={
                "window": window.model_copy(update={"after": first}),
                "vary": test.vary.model_copy(update={"windows": tuple(others)}),
            }
        )

    return story.model_copy(update={"tests": tuple(changed(test) for test in story.tests)})


def grows(every: Sequence[T], work: Callable[[Sequence[T]], Iterator[Any]]) -> Growth:
    """The work for all parts in one go beside that for each alone. Something else alone than in one go raises.

    work: gives what comes of each part, one after the other. The two take turns from part to part, since what else
    the machine does makes the one dearer for seconds, and so the other as well.
    """
    list(work(every[:1]))  # what is loaded late is loaded
    spent = {"one go": 0.0, "alone": 0.0}
    came: list[Any] = []
    for turn in range(TIMES):
        came.clear()
        whole = work(every)
        for number in range(len(every)):
            steps = {"one go": whole, "alone": work(every[number : number + 1])}
            found = {}
            for name in steps if (turn + number) % 2 else reversed(steps):
                begun = time.process_time()
                found[name] = next(steps[name])
                spent[name] += time.process_time() - begun
            if found["one go"] != found["alone"]:
                raise AssertionError("alone something else comes than in one go")
            came.append(found["one go"])
    share = spent["one go"] / spent["alone"]
    return Growth(came, spent["one go"] / TIMES, exponent(len(every), share))


def exponent(parts: int, share: float) -> float:
    """By which cost grows from one part to so many. share: what all cost in one go, of what they cost alone."""
    return slope([(1, 1.0), (parts, parts * share)])


def fresh(engine: Engine) -> Engine:
    """One on the same data and stories that remembers nothing."""
    return Engine(engine.store, engine.narratives, engine.anchors)


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
