"""Short answers in plain words: pure functions of traces, for cards and for the first page."""

from collections.abc import Sequence

from evidence.kinds.base import Outcome
from evidence.trace import Direction, TestTrace, Verdict
from evidence.wording import how_unusual

SAYS: dict[Direction, str] = {
    "supported": "The data bear it out",
    "contradicted": "The data speak against it",
    "mixed": "The data do not settle it",
    "insufficient_data": "The data cannot tell yet",
}


def says(found: Verdict) -> str:
    """The verdict as a sentence, with what it rests on: `… so far, by proxy`."""
    settled = found.direction != "insufficient_data"
    return (
        SAYS[found.direction]
        + (" so far" if found.so_far and settled else "")
        + (", by proxy" if found.by_proxy and settled else "")
        + "."
    )


def deciding(found: Verdict) -> TestTrace | None:
    """The test that decided, or the first that waits where none did."""
    for reason in found.reasons:
        for trace in found.tests:
            if reason == f"{trace.title}: {trace.seen}":
                return trace
    return next((t for t in found.tests if t.outcome == "not_evaluable"), None)


def because(trace: TestTrace) -> str:
    """What it saw, and how that compares with what the claim needs."""
    return f"{trace.seen} {against_need(trace)}".strip()


CHECK = "◇"
"""The sign of a test that only checks a stand-in."""


def tells_apart(trace: TestTrace) -> bool:
    """Whether some rival expects what this story does not."""
    return any(expected != "consistent" for expected in trace.rivals_expect.values())


def in_bold(tests: Sequence[TestTrace]) -> list[bool]:
    """Which of a list of tests stand out: those that tell apart, where some do not."""
    apart = [tells_apart(trace) for trace in tests]
    return [one and not all(apart) for one in apart]


def which_tell_apart(tests: Sequence[TestTrace]) -> str:
    """What is said over such a list."""
    lead = "A test helps to choose between stories only where they expect different things."
    apart = [tells_apart(trace) for trace in tests]
    if all(apart):
        return f"{lead} Each of these tells this story from at least one rival."
    if not any(apart):
        return f"{lead} None of these tells this story from a rival."
    return f"{lead} Rows in bold tell this story from at least one rival."


FOUND: dict[Outcome, str] = {
    "consistent": "As the claim predicts",
    "inconsistent": "Not as the claim predicts",
    "neutral": "No clear answer",
    "not_evaluable": "No answer yet",
}


def found(trace: TestTrace) -> str:
    """What became of a prediction, with the prediction itself in quotation marks: it is a claim's, not a finding."""
    return f"{FOUND[trace.outcome]}: “{trace.title}”"


def against_need(trace: TestTrace) -> str:
    """`The claim needs at least $59 bn.`, or that the move went the other way; empty where that says nothing.

    What is declared is the bar of the whole window; in an open one the bar in force is smaller, so that is said.
    """
    if trace.placebo is None or trace.statistic is None or trace.outcome == "consistent":
        return ""
    size = trace.matters.declared
    over = " over the whole window" if trace.so_far else ""
    if float(trace.statistic.as_predicted) <= 0:
        return f"The claim needs a move of at least {size} the other way{over}."
    return (
        f"The claim needs at least {size}{over}."
        if trace.statistic.as_predicted < trace.matters.at_least
        else ""
    )


def how_rare(trace: TestTrace) -> str:
    """The event among the earlier windows, counted."""
    if trace.placebo is None:
        return trace.seen
    return f"{how_unusual(trace).removesuffix('.')} (since {trace.placebo.first:%Y})."


def needed(trace: TestTrace) -> str:
    """What would count in a test that has no reading yet."""
    most = f" to {trace.matters.declared_most}" if trace.matters.declared_most else ""
    return f"No reading yet. What would count: {trace.matters.declared}{most}."
