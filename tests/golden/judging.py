"""From readings to a verdict: groups of sources, parts, the claim, its confidence."""

from __future__ import annotations

import math

from facts import KINDS as FACTS

DECISIVE = {"smoking_gun", "doubly_decisive"}
SPEAKS = {"consistent", "inconsistent"}
FACT_NUMBER = {"inconsistent": 0.01, "neutral": 0.5, "consistent": 0.99}


def series_of(test):
    if test["kind"] == "falls_together":
        return [leg["series"] for leg in test["legs"]]
    if test["kind"] == "tracks":
        return [test["quick"], test["slow"]]
    if test["kind"] == "share_bought":
        return [test["position"], test["flow"]]
    one = [test[n] for n in ("series", "figure", "from_figure", "share_of", "per") if n in test]
    return [*one, *test.get("peers", [])]


def sources_of(library, test):
    return {library.entries[name]["source_group"] for name in series_of(test)}


def grouped(library, tests):
    """Tests that share a source are one group (over chains of shared sources, too)."""
    groups = []  # (set of sources, list of tests)
    for test in tests:
        sources = sources_of(library, test)
        members = [test]
        rest = []
        for other_sources, other in groups:
            if other_sources & sources:
                sources |= other_sources
                members = other + members
            else:
                rest.append((other_sources, other))
        groups = [*rest, (sources, members)]
    return [members for _, members in groups]


def tail_of_chi_square(x, even):
    """P(chi square with an even number of degrees of freedom > x)."""
    half, term, total = x / 2, 1.0, 1.0
    for n in range(1, even // 2):
        term *= half / n
        total += term
    return math.exp(-half) * total


def fisher(numbers):
    return tail_of_chi_square(-2 * sum(math.log(p) for p in numbers), 2 * len(numbers))


def number_against(test, reading):
    if test["kind"] in FACTS:
        return FACT_NUMBER[reading.outcome]
    return reading.p_if_true


def grade_of(test):
    return test.get("grade", "quoted" if test["kind"] == "quoted" else "direct")


def votes(test):
    return "checks" not in test


def can_decide(test):
    return votes(test) and test["role"] != "straw_in_the_wind" and grade_of(test) != "quoted"


def judge_part(library, tests, readings):
    """(direction, J, winning tests) of one part."""

    def outcome(test):
        return readings[test["id"]].outcome

    decides = [t for t in tests if can_decide(t)]
    against = [
        t
        for t in decides
        if t["role"] in ("hoop", "doubly_decisive") and outcome(t) != "not_evaluable"
    ]
    joint = None
    if against:
        numbers = []
        for group in grouped(library, against):
            worst = min(number_against(t, readings[t["id"]]) for t in group)
            numbers.append(min(1.0, worst * len(group)))
        joint = fisher(numbers)
    if joint is not None and joint <= 0.10:
        passed = any(t["role"] == "smoking_gun" and outcome(t) == "consistent" for t in decides)
        return ("mixed" if passed else "contradicted"), joint, []
    decisive = [t for t in decides if t["role"] in DECISIVE]
    groups = len(grouped(library, [t for t in decisive if outcome(t) != "not_evaluable"]))
    won = [
        t
        for t in decisive
        if outcome(t) == "consistent"
        and (t["kind"] in FACTS or readings[t["id"]].p <= readings[t["id"]].tail / groups)
    ]
    hoops = [outcome(t) for t in decides if t["role"] == "hoop"]
    if won and "inconsistent" not in hoops and "not_evaluable" not in hoops:
        return "supported", joint, won
    spoken = {outcome(t) for t in decides} & {"consistent", "inconsistent"}
    waits = any(outcome(t) == "not_evaluable" for t in decisive)
    if not spoken or ("inconsistent" not in spoken and waits):
        return "insufficient_data", joint, []
    return "mixed", joint, []


def judge(library, narrative, readings):
    """(direction, {part: (direction, J, winning tests)}) of the tests that vote."""
    parts = {}
    for test in filter(votes, narrative["tests"]):
        parts.setdefault(test.get("part", "act"), []).append(test)
    judged = {part: judge_part(library, members, readings) for part, members in parts.items()}
    sides = {direction for direction, _, _ in judged.values()}
    direction = "mixed"
    if "contradicted" in sides:
        direction = "contradicted"
    elif len(sides) == 1:
        direction = sides.pop()
    without_motive = "motive" in narrative.get("parts", {}) and "motive" not in parts
    if direction == "supported" and without_motive:
        direction = "mixed"
    return direction, judged


LADDER = ["very_low", "low", "medium", "high", "very_high"]
TABLE = {"limited": (0, 1, 2), "medium": (1, 2, 3), "robust": (2, 3, 4)}


def confidence(library, narrative, readings, judged_parts, direction, doubts):
    """(confidence, steps down); `doubts` says of the tests that decided whether the verdict has two more."""
    if direction == "insufficient_data":
        return "very_low", []
    tests = [test for test in narrative["tests"] if votes(test)]
    decided = what_decided(readings, tests, judged_parts, direction)
    weights = [
        max(weight(test, readings[test["id"]]) for test in group)
        for group in grouped(library, decided)
    ]
    evidence = sum(weights)
    level = "limited" if evidence < 1.5 else "medium" if evidence < 2.5 else "robust"
    parts = {test.get("part", "act") for test in decided}
    heard = [t for t in tests if direction != "contradicted" or t.get("part", "act") in parts]
    share = agreement(library, readings, heard, direction)
    step = TABLE[level][2 if share >= 0.8 else 1 if share >= 0.6 else 0]
    down = steps_down(narrative, readings, decided, judged_parts, direction)
    down += doubts(decided)
    step = max(0, step - min(2, len(down)))
    open_windows = any(readings[t["id"]].so_far for t in decided)
    cap = 4
    if direction == "mixed" or (direction == "supported" and open_windows):
        cap = 2
    if direction == "contradicted" and all(weight(t, readings[t["id"]]) < 1 for t in decided):
        cap = 1
    return LADDER[min(step, cap)], down


def what_decided(readings, tests, judged_parts, direction):
    """The tests that made the verdict: those that can decide and speak for its side."""
    sides = {"contradicted": {"inconsistent"}, "supported": {"consistent"}}
    wanted = sides.get(direction, {"consistent", "inconsistent"})
    return [
        test
        for test in tests
        if can_decide(test)
        and readings[test["id"]].outcome in wanted
        and (
            direction != "contradicted"
            or judged_parts[test.get("part", "act")][0] == "contradicted"
        )
    ]


def weight(test, reading):
    return 1.0 if grade_of(test) == "direct" and not reading.so_far else 0.5


def agreement(library, readings, tests, direction):
    """The share of groups on the verdict's side; a group is on the side of most of its tests.

    As many on either side: it is on the claim's side under a mixed verdict, and else not on the verdict's.
    """
    sides = []
    for group in grouped(library, [t for t in tests if readings[t["id"]].outcome in SPEAKS]):
        outcomes = [readings[t["id"]].outcome for t in group]
        lead = outcomes.count("consistent") - outcomes.count("inconsistent")
        if direction == "mixed":
            sides.append(lead >= 0)
        else:
            sides.append(lead > 0 if direction == "supported" else lead < 0)
    share = sum(sides) / len(sides) if sides else 1.0
    return max(share, 1 - share) if direction == "mixed" else share


def steps_down(narrative, readings, decided, judged_parts, direction):
    def of(test):
        return readings[test["id"]]

    down = []
    failing = {
        t["checks"] for t in narrative["tests"] if not votes(t) and of(t).outcome == "inconsistent"
    }
    if decided and all(t["id"] in failing for t in decided):
        down.append("indirect")
    placebos = [t for t in decided if t["kind"] not in FACTS]
    joints = [joint for side, joint, _ in judged_parts.values() if side == "contradicted"]
    won = [t for _, _, tests_won in judged_parts.values() for t in tests_won]
    close = direction == "contradicted" and min(joints) > 0.05
    if direction == "supported" and all(t["kind"] not in FACTS for t in won):
        close = min(of(t).p / of(t).tail for t in won) > 0.5
    if close or any(of(t).effective < 40 for t in placebos):
        down.append("imprecise")
    deciding = [t for t in narrative["tests"] if can_decide(t)]
    if any((of(t).first_print_outcome or of(t).outcome) != of(t).outcome for t in deciding):
        down.append("revised")
    return down
