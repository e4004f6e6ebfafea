"""A verdict told in sentences, for people who read a terminal."""

from evidence import wording
from evidence.days import day
from evidence.quantity import amount
from evidence.trace import TestTrace, Verdict


def lines(verdict: Verdict, test_id: str | None = None) -> list[str]:
    """The whole trace, one sentence or heading a line."""
    if test_id is not None:
        return test_lines(verdict.test(test_id))
    text = [
        verdict.title,
        verdict.claim,
        "",
        f"{_direction(verdict)}{_sure(verdict)}, as known on {day(verdict.as_of)}.",
        verdict.rule_sentence,
        *([verdict.grounds] if verdict.grounds else []),
    ]
    if verdict.brought:
        text.append(wording.brought(verdict.brought))
    if verdict.stands_for != verdict.as_of:
        text.append(f"Nothing that it rests on changed after {day(verdict.stands_for)}.")
    for part in verdict.parts:
        joint = f" (joint {share(float(part.joint))})" if part.joint is not None else ""
        text.append(
            f"{wording.first_up(wording.PARTS[part.part])}: {wording.DIRECTIONS[part.direction].lower()}{joint}."
        )
    text += [f"One step less sure ({d.name}): {d.why}." for d in verdict.downgrades]
    text += [wording.condition(c) for c in verdict.conditions]
    if verdict.robustness is not None and verdict.robustness.of:
        text.append(wording.robust(verdict.robustness))
    for trace in verdict.tests:
        text += ["", *test_lines(trace)]
    text.append("")
    if verdict.would_change:
        text += ["What would change it", *verdict.would_change]
    if verdict.next_release is not None:
        text.append(f"Ask again on {day(verdict.next_release.on)}: {verdict.next_release.short}.")
    text += [f"Note: {notice}." for notice in verdict.notices]
    text += [
        f"Thresholds set on {day(verdict.thresholds_set)}, after the data.",
        f"Identity {verdict.identity}",
    ]
    return text


def _direction(verdict: Verdict) -> str:
    """The direction with what it rests on: `Contradicted so far, by proxy`."""
    words = wording.DIRECTIONS[verdict.direction]
    if verdict.direction == "insufficient_data":
        return words
    return (
        words + (" so far" if verdict.so_far else "") + (", by proxy" if verdict.by_proxy else "")
    )


def _sure(verdict: Verdict) -> str:
    """The confidence; nothing where there is no verdict to be sure of."""
    if verdict.direction == "insufficient_data":
        return ""
    return f", confidence {wording.CONFIDENCES[verdict.confidence]}"


def share(value: float) -> str:
    """A small share in percent: `0.8 %`, `under 0.1 %`."""
    return "under 0.1 %" if value < 0.001 else amount(100 * value, "percent")


def test_lines(trace: TestTrace) -> list[str]:
    """One test in sentences."""
    text = [
        f"{trace.title} [{trace.id}]",
        wording.ROLES[trace.role],
        trace.expected,
        wording.outcome_sentence(trace),
    ]
    odds = (wording.how_unusual(trace), wording.if_true(trace), wording.could_have_seen(trace))
    text += [line for line in odds if line]
    text.append(f"What matters: {trace.matters.declared}. {trace.matters.why}")
    if trace.data is not None:
        known = trace.data.known_at.replace("T", " ").replace("Z", " UTC")
        text.append(
            f"Data: {', '.join(trace.series)}; {trace.data.grade}, {trace.data.vintage_quality.replace('_', ' ')}; known at {known}."
        )
    if trace.caveat:
        text.append(f"Caveat: {trace.caveat}")
    return text
