"""All verdicts in a process that has read its data, beside the same ranks in plain pandas loops."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

import pandas as pd

from benchmarks.baselines.pandas_loop import Loop
from benchmarks.baselines.pandas_loop import Row as Told
from benchmarks.figures import median
from benchmarks.stops import desk
from benchmarks.table import Row, show
from evidence.answer import Answer, answer
from evidence.engine import Engine
from evidence.kinds import is_fact
from evidence.kinds.base import TestBase
from evidence.narrative import Narrative

TIMES = 3
AGAINST = "pandas, one window after the other"


def rows(stories: Iterable[str] | None = None, times: int = TIMES) -> list[Row]:
    """stories: by id; all live ones if none are named."""
    chosen = [s for s in desk().stories.values() if stories is None or s.id in stories]
    alone = max(chosen, key=lambda story: len(ranked(story)))
    mine: list[float] = []
    one: list[float] = []
    for _ in range(times):
        engine, begun = fresh(), time.process_time()
        for story in chosen:
            engine.score(story.id, desk().newest)
        mine.append(time.process_time() - begun)
        engine, begun = fresh(), time.process_time()
        engine.score(alone.id, desk().newest)
        one.append(time.process_time() - begun)
    theirs = {story.id: looped(story) for story in chosen}
    count = sum(len(ranked(story)) for story in chosen)
    return [
        Row("score, all stories, warm", 1000 * median(mine), 1000 * sum(theirs.values()), AGAINST,
            goal=50, least=20, faster=True,
            note=f"{count} ranked tests on the peer’s side; ours with all other ways of asking as well"),
        Row(f"score, {alone.id}, warm", 1000 * median(one), 1000 * theirs[alone.id], AGAINST,
            faster=True, note=f"{len(ranked(alone))} ranked tests"),
    ]  # fmt: skip


def fresh() -> Engine:
    """An engine that remembers nothing, on data that are read."""
    return Engine(desk().store, desk().library.narratives, desk().engine.anchors)


def ranked(story: Narrative) -> list[TestBase]:
    return [test for test in story.tests if not is_fact(test.kind)]


def looped(story: Narrative) -> float:
    """Seconds of processor time of the loops over one story's ranked tests. Other numbers than the engine's raise."""
    view, anchor = desk().view(desk().newest), desk().anchor(story)
    begun = time.process_time()
    loop = Loop(view)
    found = {test.id: loop.test(test, pd.Timestamp(anchor)) for test in ranked(story)}
    taken = time.process_time() - begun
    for test in ranked(story):
        own = answer(test, view, anchor)
        if not same(found[test.id], own):
            raise AssertionError(
                f"{test.id}: the loop says {found[test.id]}, the engine {own.trace}"
            )
    return taken


def same(told: Told | None, own: Answer) -> bool:
    """Statistic, shares, placebos and outcome; or no answer on both sides."""
    if told is None or own.ranked is None:
        return told is None and own.ranked is None
    return (
        math.isclose(told.statistic, own.ranked.raw, rel_tol=1e-9, abs_tol=1e-9)
        and math.isclose(told.p, own.ranked.p, rel_tol=1e-12)
        and math.isclose(told.p_if_true, own.ranked.p_if_true, rel_tol=1e-12)
        and told.placebos == len(own.ranked.noise)
        and told.outcome == own.trace.outcome
    )


def main() -> int:
    return show(rows())


if __name__ == "__main__":
    raise SystemExit(main())
