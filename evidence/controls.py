"""Controls: the same tests on episodes whose answer is known, and on many quiet dates.

A control is scored on the day its window was wholly out, with what was known then. The engine has to
get them right before it may speak about the event. `run` is what `check` prints.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from evidence.cases import CaseView
from evidence.engine import Scored, held, score
from evidence.episode import episode
from evidence.kinds.base import Outcome, TestBase
from evidence.narrative import Case, ControlUse, Narrative
from evidence.observations import Store, View
from evidence.trace import ConditionTrace, Direction, TestTrace

QUIET_FROM, QUIET_TO = 2012, 2024
QUIET_MARGIN = timedelta(days=60)
LEAST_QUIET = 8
TOLD: Mapping[Direction, Outcome] = {
    "supported": "consistent",
    "contradicted": "inconsistent",
    "mixed": "neutral",
    "insufficient_data": "not_evaluable",
}
"""What a case's `given` says of a condition that asks for one test: the outcome of that tendency."""


@dataclass(frozen=True)
class Check:
    """One case or control, run: what was expected and what came."""

    narrative: str
    name: str
    passed: bool
    expected: str
    found: str

    def line(self) -> str:
        """One line of `check`."""
        mark = "passed" if self.passed else "FAILED"
        tail = "" if self.passed else f": expected {self.expected}, found {self.found}"
        return f"{mark}  {self.narrative}: {self.name}{tail}"


def quiet_dates(avoid: Iterable[date]) -> list[date]:
    """The quiet dates, by rule: the 15th of each quarter's middle month, 2012 to 2024.

    A date within 60 days of an event or a control episode is left out, whatever it would have shown.
    """
    taken = list(avoid)
    days = [
        date(year, month, 15) for year in range(QUIET_FROM, QUIET_TO + 1) for month in (2, 5, 8, 11)
    ]
    return [d for d in days if all(abs(d - other) > QUIET_MARGIN for other in taken)]


def case_view(case: Case, narrative_anchor: date, store: Store) -> View:
    """The view that a case is scored in."""
    return CaseView(store.catalogue, case.series, case.event_at, case.at or narrative_anchor)


def case_conditions(narrative: Narrative, case: Case) -> list[ConditionTrace]:
    """What a case gives of the narrative's conditions; one of which it says nothing counts as met."""
    found = []
    for wanted in narrative.when:
        given = case.given.get(wanted.narrative)
        got = wanted.wanted if given is None else TOLD[given] if wanted.test else given
        found.append(held(wanted, got, wanted.narrative))
    return found


def run_case(narrative: Narrative, case: Case, anchor: date, store: Store) -> Scored:
    """A narrative scored in a case's world."""
    view, conditions = case_view(case, anchor, store), case_conditions(narrative, case)
    return score(narrative, view, case.at or anchor, conditions=conditions)


def _cases(narrative: Narrative, anchor: date, store: Store) -> Iterator[Check]:
    for case in narrative.cases:
        found = run_case(narrative, case, anchor, store).verdict
        wanted = {f"{k} {v}" for k, v in case.expects.items()}
        got = {f"{k} {found.test(k).outcome}" for k in case.expects}
        if case.direction:
            wanted.add(case.direction)
            got.add(found.direction)
        yield Check(
            narrative.id,
            f"case: {case.name}",
            wanted == got,
            ", ".join(sorted(wanted - got)),
            ", ".join(sorted(got - wanted)),
        )


def _episode(narrative: Narrative, use: ControlUse, day: date, store: Store) -> Check:
    test = narrative.test(use.test)
    trace, _, _ = episode(test, store, day)
    fired = trace.outcome == "consistent"
    quiet = trace.outcome in ("inconsistent", "neutral")
    passed = fired if use.expects == "fires" else quiet
    return Check(
        narrative.id,
        f"control: {use.test} at {use.event}",
        passed,
        use.expects,
        f"{trace.outcome} ({trace.seen})",
    )


def quiet_outcomes(
    test: TestBase, store: Store, dates: Iterable[date], avoid: Iterable[date] = ()
) -> list[TestTrace]:
    """The traces of a test on quiet dates: those that could be evaluated and hold none of `avoid` in their window."""
    loud = list(avoid)
    traces = [episode(test, store, day)[0] for day in dates]
    return [
        t
        for t in traces
        if t.window is not None and not any(t.window.first <= d <= t.window.last for d in loud)
    ]


def _quiet(narrative: Narrative, use: ControlUse, avoid: list[date], store: Store) -> Check:
    from scipy.stats import binom  # noqa: PLC0415 - a second that only quiet dates need

    test = narrative.test(use.test)
    traces = quiet_outcomes(test, store, quiet_dates(avoid), avoid)
    fired = sum(t.outcome == "consistent" for t in traces)
    most = int(binom.ppf(0.975, len(traces), test.tail.value / 100)) if traces else 0
    passed = len(traces) >= LEAST_QUIET and fired <= most
    return Check(
        narrative.id,
        f"control: {use.test} on quiet dates",
        passed,
        f"at most {most} alarms on at least {LEAST_QUIET} dates",
        f"{fired} alarms on {len(traces)} dates",
    )


def run(
    narratives: Iterable[Narrative],
    anchors: Mapping[str, date],
    episodes: Mapping[str, date],
    store: Store,
) -> Iterator[Check]:
    """Every case and control of the narratives, one Check each, in order."""
    avoid = [*anchors.values(), *episodes.values()]
    for narrative in narratives:
        anchor = narrative.anchor or anchors[narrative.event]
        yield from _cases(narrative, anchor, store)
        for use in narrative.controls:
            if use.event is not None and use.event not in episodes:
                name = f"control: {use.test} at {use.event}"
                yield Check(
                    narrative.id,
                    name,
                    passed=False,
                    expected=use.expects,
                    found="no such episode in controls.yaml",
                )
            elif use.event is not None:
                yield _episode(narrative, use, episodes[use.event], store)
            else:
                yield _quiet(narrative, use, avoid, store)
