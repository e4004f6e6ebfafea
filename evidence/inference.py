"""Lint for inference: whether a narrative's tests can tell anything on the data that there are.

These rules need the snapshot, so they stand apart from `evidence.lint`, which reads the file alone: a
hoop that fails hardly more often when nothing happened than when the claim is true, a test that would
not see twice the size that matters, and a threshold that may be moved without a case or control
noticing.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from evidence import placebo
from evidence.answer import answer
from evidence.kinds.base import TestBase
from evidence.mutation import Bench
from evidence.narrative import Narrative
from evidence.observations import View
from evidence.placebo import P_IF_TRUE, Ranked
from evidence.problems import Finding, shown
from evidence.quantity import amount
from evidence.verdict import HOOPS, WINNERS

LEAST_FAILING = 2 * P_IF_TRUE
"""A hoop has to fail at least this often where nothing happened: it fails half as often where the claim is true."""
LEAST_SEEN = 0.10
"""Twice the size that matters has to be seen at least this often: twice as often as nothing raises an alarm."""


def findings(narrative: Narrative, view: View, anchor: date, bench: Bench) -> Iterator[Finding]:
    """Every finding of one narrative, its tests in order, then its thresholds."""
    yield from on_the_data(narrative, view, anchor)
    yield from unpinned(narrative, bench)


def on_the_data(narrative: Narrative, view: View, anchor: date) -> Iterator[Finding]:
    """What `on_its_data` finds of each test, with paths from the narrative's top."""
    for index, test in enumerate(narrative.tests):
        for finding in on_its_data(test, view, anchor):
            path = ("tests", index, *finding.path)
            message = f"test {shown(test.id)}: {finding.message}"
            yield Finding(path, message, finding.hint, finding.severity, finding.at, finding.code)


def on_its_data(test: TestBase, view: View, anchor: date) -> Iterator[Finding]:
    """Whether a decisive test could have failed, and could have passed, among its own earlier windows."""
    ranked = answer(test, view, anchor).ranked
    if ranked is None:
        return
    tail = test.tail.value / 100
    failing = share(ranked, tail, None, "inconsistent")
    if test.role in HOOPS and failing < LEAST_FAILING:
        yield Finding(
            ("matters", "at_least"),
            f"{_percent(failing)} of the earlier windows would fail in the event's place, hardly more than if the "
            "claim were true: a failure says nothing; a larger size, or the role `smoking_gun`, would",
            code="never-fails",
        )
    seen = share(ranked, tail, 2.0, "consistent")
    if test.role in WINNERS and seen < LEAST_SEEN:
        yield Finding(
            ("matters", "at_least"),
            f"it would see a true effect of twice that size in {_percent(seen)} of the earlier windows only: it "
            "hardly can bear the claim out; a longer window could, or the role `hoop`",
            severity="warning",
            code="never-passes",
        )


def _percent(value: float) -> str:
    return amount(100 * value, "percent")


def share(ranked: Ranked, tail: float, size: float | None, outcome: str) -> float:
    """The share of earlier windows with `outcome` in the event's place.

    size: had the claim been true in them at so many times what matters; None: as they were.
    """
    raw = ranked.shown if size is None else size * ranked.matters + ranked.departures
    return float(np.mean(placebo.outcomes(ranked, raw, tail) == outcome))


def unpinned(narrative: Narrative, bench: Bench) -> Iterator[Finding]:
    """Thresholds that may be doubled or halved without any case or control breaking."""
    ids = [test.id for test in narrative.tests]
    unsound = set(bench.unsound(narrative))
    for name in unsound:
        yield Finding(
            ("tests", ids.index(name)),
            f"test {shown(name)} fails a case as it stands: `check` says which",
            code="case-fails",
        )
    for mutant in bench.survivors([narrative]):
        if mutant.test.id not in unsound:
            path: tuple[str | int, ...] = ("tests", ids.index(mutant.test.id), *mutant.path)
            if mutant.path == ("tail",):  # a default has no place of its own in the file
                path = path[:2]
            yield Finding(
                path,
                f"test {shown(mutant.test.id)}: {mutant.what} changes no case and no control; a case on either side of it would",
                code="unpinned",
            )
