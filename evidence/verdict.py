"""From outcomes to a verdict: parts, the claim, and how sure (docs/method.md, Verdict and Confidence)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evidence.kinds.base import Part
from evidence.trace import (
    CONFIDENCES,
    ConditionTrace,
    Confidence,
    Direction,
    Downgrade,
    PartTrace,
    Robustness,
    TestTrace,
)

T = TypeVar("T")
JOINT = 0.10
AGREEING = 0.75
"""The share of the ways of asking that must agree for a verdict not to be fragile."""
STEPS: Mapping[tuple[str, str], Confidence] = {
    ("limited", "low"): "very_low",
    ("limited", "medium"): "low",
    ("limited", "high"): "medium",
    ("medium", "low"): "low",
    ("medium", "medium"): "medium",
    ("medium", "high"): "high",
    ("robust", "low"): "medium",
    ("robust", "medium"): "high",
    ("robust", "high"): "very_high",
}
FACT_P = {"inconsistent": 0.01, "neutral": 0.5, "consistent": 0.99}
HOOPS = ("hoop", "doubly_decisive")
WINNERS = ("smoking_gun", "doubly_decisive")
DECISIVE = (*HOOPS, *WINNERS)

RULES: Mapping[str, str] = {
    "hoop_failed_on_direct_data": "A test that the claim had to pass failed, on direct data.",
    "hoop_failed_by_proxy": "A test that the claim had to pass failed, on stand-in data.",
    "hoop_failed_so_far": "A test that the claim had to pass is failing, in a window that is still open.",
    "hoop_failed_but_smoking_gun": "A test that the claim had to pass failed, yet one that little else explains passed.",
    "smoking_gun": "A test that little else explains passed, and no test that the claim had to pass failed.",
    "nothing_evaluable": "No test has an answer yet.",
    "nothing_decisive": "No test that could decide speaks clearly, and straws in the wind alone decide nothing.",
    "decisive_test_waits": "What has spoken does not contradict the claim, and the test that could bear it out has no answer yet.",
    "some_for_some_against": "The tests do not settle the claim either way.",
    "failed_not_jointly": "A test that the claim had to pass failed, but all such tests together leave room for it.",
    "parts_differ": "The parts of the claim fare differently.",
    "unreached": "No test reaches it.",
    "motive_unreached": "The act is borne out, but no test reaches the motive.",
    "condition_unmet": "The claim speaks of a case that has not come about.",
    "condition_waits": "Whether the case has come about of which the claim speaks is not known yet.",
    "quoted_only": "Only quoted figures speak, and quoted figures alone decide nothing.",
}


@dataclass(frozen=True)
class Judged:
    """A direction with the rule that gave it and the source groups that decided."""

    direction: Direction
    rule: str
    joint: float | None
    deciding: tuple[TestTrace, ...]


def fisher(values: Sequence[float]) -> float:
    """Fisher's combination of p-values (1932): the chance of a product at most this small.

    −2 Σ ln p is chi-squared with 2k degrees of freedom under independence. For an even number of
    them its tail is a sum of k terms (Erlang), so nothing has to be imported for it.
    """
    if not values:
        raise ValueError("nothing to combine")
    total = -sum(math.log(value) for value in values)
    return math.exp(-total) * sum(total**i / math.factorial(i) for i in range(len(values)))


def together(members: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    """Things by source, each source once: those that share any source group are one group.

    members: (source group, thing); a thing on several sources (`a+b`) ties those on `a` to those on `b`.
    """
    groups: list[tuple[set[str], list[T]]] = []
    for source_group, member in members:
        sources = set(source_group.split("+"))
        tied = [g for g in groups if g[0] & sources]
        joined = [m for g in tied for m in g[1]]
        groups = [g for g in groups if not g[0] & sources]
        groups.append((sources.union(*(g[0] for g in tied)), [*joined, member]))
    return {"+".join(sorted(sources)): joined for sources, joined in groups}


def _grouped(tests: Iterable[TestTrace]) -> dict[str, list[TestTrace]]:
    return together((test.source_group, test) for test in tests)


def _p_if_true(test: TestTrace) -> float:
    return float(test.placebo.p_if_true) if test.placebo else FACT_P[test.outcome]


def _p(test: TestTrace) -> float:
    if test.placebo is None or test.off_range:
        return 0.0 if test.outcome == "consistent" else 1.0
    return float(test.placebo.p)


def judge_part(part: Part, sentence: str, tests: Sequence[TestTrace]) -> tuple[PartTrace, Judged]:
    """One part by its own tests; a source group gives one number."""
    judged = _judge(tests)
    trace = PartTrace(
        part=part,
        sentence=sentence,
        direction=judged.direction,
        joint=float(f"{judged.joint:.4g}") if judged.joint is not None else None,
        rule=judged.rule,
    )
    return trace, judged


def _judge(tests: Sequence[TestTrace]) -> Judged:
    """The rule of a part, in the order of docs/method.md."""
    spoken = [t for t in tests if t.outcome != "not_evaluable"]
    clear = [t for t in spoken if t.outcome in ("consistent", "inconsistent")]
    hoops = [t for t in spoken if t.role in HOOPS]
    failing = tuple(t for t in hoops if t.outcome == "inconsistent")
    waiting = [t for t in tests if t.outcome == "not_evaluable"]
    joint = _joint(hoops)
    passed = _passed(spoken)
    if spoken and all(t.quoted for t in spoken):
        return Judged("insufficient_data", "quoted_only", joint, tuple(spoken))
    if joint is not None and joint <= JOINT:
        deciding = failing or tuple(sorted(hoops, key=_p_if_true)[:1])
        if passed:
            return Judged("mixed", "hoop_failed_but_smoking_gun", joint, (*deciding, *passed))
        return Judged("contradicted", _failed(deciding), joint, deciding)
    if passed and not failing and not any(t.role in HOOPS for t in waiting):
        decided = tuple(t for t in clear if t.role in DECISIVE and not t.quoted)
        return Judged("supported", "smoking_gun", joint, decided)
    if not spoken:
        return Judged("insufficient_data", "nothing_evaluable", joint, ())
    if not any(t.role in DECISIVE for t in clear):
        return Judged("insufficient_data", "nothing_decisive", joint, ())
    if not failing and any(t.role in WINNERS for t in waiting):
        return Judged("insufficient_data", "decisive_test_waits", joint, ())
    against = bool(failing) and all(t.outcome == "inconsistent" for t in clear)
    rule = "failed_not_jointly" if against else "some_for_some_against"
    return Judged("mixed", rule, joint, tuple(clear))


def _joint(hoops: Sequence[TestTrace]) -> float | None:
    """Fisher's combination over sources: each gives its worst number times how many tests it has."""
    if not hoops:
        return None
    worst = [
        min(1.0, min(_p_if_true(t) for t in group) * len(group))
        for group in _grouped(hoops).values()
    ]
    return round(fisher(worst), 12)  # ten percent is ten percent


def _passed(spoken: Sequence[TestTrace]) -> tuple[TestTrace, ...]:
    """The tests that little else explains and that passed, allowing for how many sources could have."""
    able = [t for t in spoken if t.role in WINNERS and not t.quoted]
    winners = [t for t in able if t.outcome == "consistent"]
    if not winners:
        return ()
    bar = min(_tail(t) for t in winners) / len(_grouped(able))
    groups = _grouped(winners).values()
    return tuple(t for group in groups if min(_p(t) for t in group) <= bar for t in group)


def _tail(test: TestTrace) -> float:
    return float(test.placebo.tail) if test.placebo else 0.05


def _failed(tests: Sequence[TestTrace]) -> str:
    if all(t.so_far for t in tests):
        return "hoop_failed_so_far"
    if all(t.proxy for t in tests):
        return "hoop_failed_by_proxy"
    return "hoop_failed_on_direct_data"


def judge(
    parts: Mapping[Part, str], tests: Sequence[TestTrace]
) -> tuple[tuple[PartTrace, ...], Judged]:
    """The claim from its parts."""
    traces: list[PartTrace] = []
    judged: dict[Part, Judged] = {}
    unreached = False
    for part, sentence in parts.items():
        own = [t for t in tests if t.part == part and t.checks is None]
        if part == "motive" and not own:
            unreached = True
            traces.append(
                PartTrace(
                    part=part,
                    sentence=sentence,
                    direction="insufficient_data",
                    joint=None,
                    rule="unreached",
                )
            )
            continue
        trace, result = judge_part(part, sentence, own)
        traces.append(trace)
        judged[part] = result
    joint: float | None
    against = [j for j in judged.values() if j.direction == "contradicted"]
    if against:
        joint = min(j.joint for j in against if j.joint is not None)
        lead = min(against, key=lambda j: j.joint if j.joint is not None else 1.0)
        return tuple(traces), Judged("contradicted", lead.rule, joint, _joined(against))
    everything = list(judged.values())
    if all(j.direction == "supported" for j in everything):
        joint = min((j.joint for j in everything if j.joint is not None), default=None)
        if unreached:
            return tuple(traces), Judged("mixed", "motive_unreached", joint, _joined(everything))
        return tuple(traces), Judged("supported", "smoking_gun", joint, _joined(everything))
    if all(j.direction == "insufficient_data" for j in everything):
        return tuple(traces), Judged(
            "insufficient_data", everything[0].rule, None, _joined(everything)
        )
    speaking = [j for j in everything if j.direction != "insufficient_data"]
    rule = speaking[0].rule if len(everything) == 1 else "parts_differ"
    return tuple(traces), Judged("mixed", rule, None, _joined(speaking))


def under(conditions: Sequence[ConditionTrace], judged: Judged) -> Judged:
    """An if-then: what was judged counts only where every condition is met."""
    if any(c.met is False for c in conditions):
        return Judged("insufficient_data", "condition_unmet", None, ())
    if any(c.met is None for c in conditions):
        return Judged("insufficient_data", "condition_waits", None, ())
    return judged


def _joined(judged: Iterable[Judged]) -> tuple[TestTrace, ...]:
    return tuple({t.id: t for j in judged for t in j.deciding}.values())


def confidence(
    judged: Judged,
    tests: Sequence[TestTrace],
    robustness: Robustness | None = None,
    uncalibrated: frozenset[str] = frozenset(),
) -> tuple[Confidence, tuple[Downgrade, ...]]:
    """How sure: evidence and agreement by source group, named steps down, caps.

    robustness: how many ways of asking agree. uncalibrated: the ids of tests whose false-alarm rate
    is not known from enough quiet dates.
    """
    if judged.direction == "insufficient_data":
        return "very_low", ()
    level = CONFIDENCES.index(STEPS[_strength(judged), _agreement(judged, tests)])
    downgrades = (
        *_downgrades(judged, tests),
        *_fragile(robustness),
        *_uncalibrated(judged, uncalibrated),
    )
    level = max(0, level - min(2, len(downgrades)))
    so_far = any(t.so_far for t in judged.deciding)
    cap = len(CONFIDENCES) - 1
    if judged.direction == "mixed":
        cap = CONFIDENCES.index("medium")
    elif judged.direction == "contradicted":
        if all(t.proxy or t.so_far for t in judged.deciding):
            cap = CONFIDENCES.index("low")
    elif so_far:
        cap = CONFIDENCES.index("medium")
    return CONFIDENCES[min(level, cap)], downgrades


def _weight(test: TestTrace) -> float:
    direct = test.data is not None and test.data.grade == "direct"
    return 1.0 if direct and not test.so_far else 0.5


def _strength(judged: Judged) -> str:
    """How much decided: a source counts whole, or half where it is a stand-in or its window is open."""
    evidence = sum(max(_weight(t) for t in group) for group in _grouped(judged.deciding).values())
    return "limited" if evidence < 1.5 else "medium" if evidence < 2.5 else "robust"


def _votes(judged: Judged, tests: Sequence[TestTrace]) -> list[bool]:
    """Whether each source that speaks is on the verdict's side (for a mixed one: for the claim).

    A contradiction is voted on by the tests of the parts that it rests on: that a sale took place says
    nothing against the finding that it did not last.
    """
    parts = {t.part for t in judged.deciding}
    voting = (
        t
        for t in tests
        if t.checks is None
        and t.outcome in ("consistent", "inconsistent")
        and (judged.direction != "contradicted" or t.part in parts)
    )
    votes: list[bool] = []
    for group in _grouped(voting).values():
        for_it = sum(t.outcome == "consistent" for t in group)
        against = len(group) - for_it
        if judged.direction == "contradicted":
            votes.append(against > for_it)
        else:
            votes.append(for_it > against or (judged.direction == "mixed" and for_it == against))
    return votes


def _agreement(judged: Judged, tests: Sequence[TestTrace]) -> str:
    votes = _votes(judged, tests)
    if not votes:
        return "high"
    share = sum(votes) / len(votes)
    if judged.direction == "mixed":
        share = max(share, 1 - share)
    return "high" if share >= 0.8 else "medium" if share >= 0.6 else "low"


def grounds(judged: Judged, tests: Sequence[TestTrace]) -> str:
    """Why the confidence is what it is before any step down, in two sentences; empty without a verdict."""
    if judged.direction == "insufficient_data":
        return ""
    count = len(_grouped(judged.deciding))
    halves = all(_weight(t) < 1 for t in judged.deciding)
    decided = f"{count} independent source{'s' if count != 1 else ''} decided"
    votes = _votes(judged, tests)
    sides = f"{sum(votes)} of {len(votes)} sources that speak"
    view = "lean the claim's way" if judged.direction == "mixed" else "are on the verdict's side"
    return (
        f"Evidence is {_strength(judged)}: {decided}{', by stand-in or so far' if halves else ''}. "
        f"Agreement is {_agreement(judged, tests)}: {sides} {view}."
    )


def _downgrades(judged: Judged, tests: Sequence[TestTrace]) -> tuple[Downgrade, ...]:
    steps: list[Downgrade] = []
    failed = {t.checks for t in tests if t.checks is not None and t.outcome == "inconsistent"}
    if judged.deciding and all(t.id in failed for t in judged.deciding):
        steps.append(
            Downgrade(
                name="indirect",
                why="what decided is a stand-in that does not follow what it stands for",
            )
        )
    thin = [t for t in judged.deciding if t.placebo is not None and t.placebo.effective < 40]
    if judged.direction == "contradicted" and judged.joint is not None and judged.joint > 0.05:
        steps.append(
            Downgrade(name="imprecise", why="the failed tests together are only just past the bar")
        )
    elif judged.direction == "supported" and _best(judged) > _half_tail(judged):
        steps.append(Downgrade(name="imprecise", why="the decisive test passed only just"))
    elif thin:
        steps.append(
            Downgrade(
                name="imprecise",
                why="fewer than 40 earlier windows that do not overlap to compare with",
            )
        )
    revised = [
        t for t in tests if t.role in DECISIVE and t.first_print_outcome not in (None, t.outcome)
    ]
    if revised:
        names = ", ".join(f"“{t.title}”" for t in revised)
        steps.append(
            Downgrade(name="revised", why=f"first print and current data disagree on {names}")
        )
    return tuple(steps)


def _fragile(robustness: Robustness | None) -> tuple[Downgrade, ...]:
    if robustness is None or robustness.agree >= AGREEING * robustness.of:
        return ()
    why = f"only {robustness.agree} of {robustness.of} ways of asking agree"
    return (Downgrade(name="fragile", why=why),)


def _uncalibrated(judged: Judged, uncalibrated: frozenset[str]) -> tuple[Downgrade, ...]:
    thin = [t for t in judged.deciding if t.placebo is not None and t.id in uncalibrated]
    if not thin:
        return ()
    names = ", ".join(f"“{t.title}”" for t in thin)
    why = f"there are too few quiet dates to know how often {names} raises a false alarm"
    return (Downgrade(name="uncalibrated", why=why),)


def _best(judged: Judged) -> float:
    return min((_p(t) for t in judged.deciding if t.role in WINNERS), default=1.0)


def _half_tail(judged: Judged) -> float:
    return min((_tail(t) for t in judged.deciding if t.role in WINNERS), default=0.05) / 2
