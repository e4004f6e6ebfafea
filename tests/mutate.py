"""Moves the narratives' own thresholds and asks whether any case or control notices.

Each test's `matters.at_least` and `at_most`, and each ranked test's tail, is doubled and halved, one at
a time. A mutant is killed if a case of its narrative, or failing that a control, no longer gives what it
expects. What survives is a threshold that nothing pins down. Only the mutated test is scored again.

    python tests/mutate.py [NARRATIVE …]

Exit status 1 if any survives.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from evidence.answer import score_test  # noqa: E402
from evidence.controls import (  # noqa: E402 - found by the line above
    Check,
    case_view,
)
from evidence.controls import run as run_controls  # noqa: E402
from evidence.kinds import is_fact  # noqa: E402
from evidence.library import Library, read_library  # noqa: E402
from evidence.narrative import Narrative  # noqa: E402
from evidence.observations import Store, View  # noqa: E402

MOST_TAIL = 25.0


@dataclass(frozen=True)
class Mutant:
    """A narrative with one number of one test moved."""

    narrative: Narrative
    test: Any
    what: str

    def __str__(self) -> str:
        return f"{self.narrative.id}: {self.test.id}: {self.what}"


def moved(test: Any, path: str, factor: float) -> Any | None:
    """The test with the quantity at `path` times `factor`; None where there is none or it may not be."""
    if path == "tail":
        tail = test.tail.model_copy(update={"value": test.tail.value * factor})
        return test.model_copy(update={"tail": tail}) if tail.value <= MOST_TAIL else None
    quantity = getattr(test.matters, path)
    if quantity is None:
        return None
    bar = quantity.model_copy(update={"value": quantity.value * factor})
    return test.model_copy(update={"matters": test.matters.model_copy(update={path: bar})})


def mutants(narrative: Narrative) -> Iterator[Mutant]:
    """Every mutant of a narrative."""
    for test in narrative.tests:
        paths = ["at_least", "at_most"] + ([] if is_fact(test.kind) else ["tail"])
        for path in paths:
            for factor, sign in ((2.0, "×2"), (0.5, "÷2")):
                other = moved(test, path, factor)
                if other is not None:
                    yield Mutant(narrative, other, f"{path} {sign}")


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
            self._views[narrative.id, index] = (
                case_view(case, anchor, self.store),
                case.at or anchor,
            )
        return self._views[narrative.id, index]

    def breaks_a_case(self, narrative: Narrative, test: Any) -> bool:
        """Whether some case expects another outcome of this test than it now gives."""
        for index, case in enumerate(narrative.cases):
            if test.id in case.expects:
                view, anchor = self.view(narrative, index)
                if score_test(test, view, anchor)[0].outcome != case.expects[test.id]:
                    return True
        return False

    def controls(self, narrative: Narrative, test: Any) -> Iterator[Check]:
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


def bench() -> Bench:
    """The project's own snapshot and narratives."""
    store = Store()
    return Bench(store, read_library(catalogue=store.catalogue))


def sound(ground: Bench, narrative: Narrative) -> list[str]:
    """What fails before anything is moved: a mutant proves nothing then."""
    return [
        f"{narrative.id}: {test.id} fails a case as it stands"
        for test in narrative.tests
        if ground.breaks_a_case(narrative, test)
    ]


def hunt(
    ground: Bench, ids: list[str] | None = None, say: Callable[[str], object] = lambda _: None
) -> tuple[int, list[Mutant]]:
    """(how many mutants there were, those that survived)."""
    count, survivors = 0, []
    for narrative in ground.library.narratives.values():
        if ids and narrative.id not in ids:
            continue
        for mutant in mutants(narrative):
            count += 1
            if not ground.kills(mutant):
                survivors.append(mutant)
                say(f"survived  {mutant}")
    return count, survivors


def main(arguments: list[str]) -> int:
    """Prints the count and the survivors."""
    ground = bench()
    unknown = set(arguments) - set(ground.library.narratives)
    if unknown or ground.library.broken:
        print(f"cannot be read: {', '.join(sorted(unknown)) or 'the library'}", file=sys.stderr)
        return 2
    broken = [line for n in ground.library.narratives.values() for line in sound(ground, n)]
    if broken:
        print("\n".join(broken), file=sys.stderr)
        return 1
    count, survivors = hunt(ground, arguments, print)
    named = "; ".join(str(m) for m in survivors) or "none"
    print(f"{count} mutants, {count - len(survivors)} killed, survivors: {named}")
    return 1 if survivors or not count else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
