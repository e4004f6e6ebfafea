"""Mutation of thresholds: move one number of one test, and some case or control has to break.

A mutant is a narrative with `matters` or `tail` of one test doubled or halved. One that no case and no
control notices marks a threshold that the narrative's own examples do not pin down.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from evidence.answer import kind_of, score_test
from evidence.controls import Check, case_view
from evidence.controls import run as run_controls
from evidence.kinds import is_fact
from evidence.kinds.base import TestBase
from evidence.library import Library
from evidence.narrative import Narrative
from evidence.observations import Store, View

MOST_TAIL = 25.0


@dataclass(frozen=True)
class Mutant:
    """A narrative, one of its tests with one number moved, and what was moved."""

    narrative: Narrative
    test: TestBase
    path: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        return f"{self.narrative.id}: {self.test.id}: {self.what}"


def mutants(narrative: Narrative) -> Iterator[Mutant]:
    """Every mutant of a narrative."""
    for test in narrative.tests:
        paths: list[tuple[str, ...]] = [("matters", "at_least"), ("matters", "at_most")]
        paths += [] if is_fact(kind_of(test)) else [("tail",)]
        for path in paths:
            for factor, sign in ((2.0, "×2"), (0.5, "÷2")):
                other = _moved(test, path, factor)
                if other is not None:
                    yield Mutant(narrative, other, path, f"{path[-1]} {sign}")


def _moved(test: TestBase, path: tuple[str, ...], factor: float) -> TestBase | None:
    """The test with one quantity times `factor`; None where there is none or it may not be."""
    if path == ("tail",):
        tail = test.tail.model_copy(update={"value": test.tail.value * factor})
        return test.model_copy(update={"tail": tail}) if tail.value <= MOST_TAIL else None
    quantity = getattr(test.matters, path[-1])
    if quantity is None:
        return None
    bar = quantity.model_copy(update={"value": quantity.value * factor})
    return test.model_copy(update={"matters": test.matters.model_copy(update={path[-1]: bar})})


class Bench:
    """The views of all cases, built once, and the controls of one test."""

    def __init__(self, store: Store, library: Library) -> None:
        self.store, self.library = store, library
        self.anchors = {e.id: e.date for e in library.events.values()}
        self.episodes = {c.id: c.date for c in library.controls.values()}
        self._views: dict[tuple[str, int], tuple[View, date]] = {}

    def view(self, narrative: Narrative, index: int) -> tuple[View, date]:
        """The view of a case, and its anchor."""
        if (narrative.id, index) not in self._views:
            case = narrative.cases[index]
            anchor = self.library.anchor(narrative)
            view = case_view(case, anchor, self.store)
            self._views[narrative.id, index] = (view, case.at or anchor)
        return self._views[narrative.id, index]

    def breaks_a_case(self, narrative: Narrative, test: TestBase) -> bool:
        """Whether some case expects another outcome of this test than it now gives."""
        for index, case in enumerate(narrative.cases):
            if test.id in case.expects:
                view, anchor = self.view(narrative, index)
                if score_test(test, view, anchor)[0].outcome != case.expects[test.id]:
                    return True
        return False

    def controls(self, narrative: Narrative, test: TestBase) -> Iterator[Check]:
        """The controls of one test, run on the real data."""
        tests = tuple(test if t.id == test.id else t for t in narrative.tests)
        uses = tuple(c for c in narrative.controls if c.test == test.id)
        alone = narrative.model_copy(update={"tests": tests, "controls": uses, "cases": ()})
        yield from run_controls([alone], self.anchors, self.episodes, self.store)

    def kills(self, mutant: Mutant) -> bool:
        """Whether a case breaks, or else a control."""
        if self.breaks_a_case(mutant.narrative, mutant.test):
            return True
        return any(not c.passed for c in self.controls(mutant.narrative, mutant.test))

    def unsound(self, narrative: Narrative) -> list[str]:
        """The tests that fail a case before anything is moved: a mutant would show nothing of them."""
        return [test.id for test in narrative.tests if self.breaks_a_case(narrative, test)]

    def survivors(self, narratives: Iterable[Narrative]) -> Iterator[Mutant]:
        """The mutants that nothing notices."""
        for narrative in narratives:
            for mutant in mutants(narrative):
                if not self.kills(mutant):
                    yield mutant
