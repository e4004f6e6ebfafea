"""From outcomes to a verdict: each branch of docs/method.md's rule, with shares worked out by hand."""

from math import exp, log

import pytest

from evidence.trace import (
    CONFIDENCES,
    ConditionTrace,
    DataTrace,
    MattersTrace,
    PlaceboTrace,
    Robustness,
    TestTrace,
    WindowTrace,
)
from evidence.verdict import (
    RULES,
    STEPS,
    Judged,
    confidence,
    fisher,
    judge,
    judge_part,
    under,
)

OUTCOMES = ("consistent", "inconsistent", "neutral", "not_evaluable")
counter = iter(range(10_000))


def trace(
    role, outcome, *, p=None, q=None, group="a", part="act", grade="direct", so_far=False, effective=100,
    fact=False, tail=0.05, checks=None, name=None, first_print=None, off_range=False,
):  # fmt: skip
    """A test's trace with nothing in it but what a verdict looks at. q is p_if_true."""
    p = {"consistent": 0.01, "neutral": 0.3, "inconsistent": 0.8}.get(outcome) if p is None else p
    q = {"consistent": 0.9, "neutral": 0.4, "inconsistent": 0.01}.get(outcome) if q is None else q
    silent = outcome == "not_evaluable"
    return TestTrace(
        id=name or f"t{next(counter)}", title="A test", kind="change_after", part=part, role=role, series=("a.b",),
        source_group=group, outcome=outcome, matters=MattersTrace(at_least=1, unit="bp", declared="1 bp", why="A test."),
        placebo=None if silent or fact else PlaceboTrace(
            p=p, p_if_true=q, dates=effective * 4, effective=effective, tail=tail, first="2020-01-01", last="2025-01-01"
        ),
        window=None if silent else WindowTrace(first="2025-04-02", last="2025-04-30", so_far=so_far, published=1, length=1),
        data=None if silent else DataTrace(
            first="2025-04-02", last="2025-04-30", known_at="2025-05-01T20:00:00Z", vintage_quality="recorded", grade=grade
        ),
        first_print_outcome=first_print, off_range=off_range,
        rivals_expect={}, expected="E.", seen="S.", why="W.", caveat="", checks=checks,
    )  # fmt: skip


def hoop(outcome, **more):
    return trace("hoop", outcome, **more)


def gun(outcome, **more):
    return trace("smoking_gun", outcome, **more)


def both(outcome, **more):
    return trace("doubly_decisive", outcome, **more)


def straw(outcome, **more):
    return trace("straw_in_the_wind", outcome, **more)


def part(*tests):
    return judge_part("act", "Something happened.", tests)[1]


def condition(*, met):
    return ConditionTrace(
        narrative="other", title="Another", test=None, wanted="supported", found="mixed", met=met
    )


def claim(parts, *tests):
    return judge({p: f"The {p}." for p in parts}, tests)


# ---------------------------------------------------------------- Fisher


def test_fishers_combination():
    """−2 ln(.05 · .10) = 10.597; the chi-squared of 4 degrees: e^(−x/2)·(1 + x/2) = .005·(1 + 5.298) = .0315."""
    assert fisher([0.05, 0.10]) == pytest.approx(0.0315, abs=5e-5)
    assert fisher([0.05, 0.10]) == pytest.approx(0.005 * (1 - log(0.005)))
    assert fisher([0.2]) == pytest.approx(0.2), "one alone is itself"
    assert fisher([1.0, 1.0]) == pytest.approx(1)


def test_fishers_combination_against_a_table():
    """The 5 % point of chi-squared with 2, 4, 6 and 10 degrees of freedom: 5.991, 9.488, 12.592, 18.307."""
    for degrees, point in ((2, 5.991), (4, 9.488), (6, 12.592), (10, 18.307)):
        count = degrees // 2
        assert fisher([exp(-point / degrees)] * count) == pytest.approx(0.05, abs=2e-5)


def test_nothing_cannot_be_combined():
    with pytest.raises(ValueError, match="nothing to combine"):
        fisher([])


# ---------------------------------------------------------------- one part


def test_a_failed_hoop_contradicts():
    got = part(hoop("inconsistent", q=0.02), gun("neutral", group="b"))
    assert (got.direction, got.rule) == ("contradicted", "hoop_failed_on_direct_data")
    assert got.joint == pytest.approx(0.02)


@pytest.mark.parametrize(("q", "direction"), [(0.10, "contradicted"), (0.101, "mixed")])
def test_the_joint_bar_is_ten_percent(q, direction):
    assert part(hoop("inconsistent", q=q)).direction == direction


def test_several_weak_failures_contradict_together():
    """.15 and .15 from two sources: .0225·(1 + 3.794) = .108; from three: .003375·(1 + 5.691 + 16.195) = .0772."""
    two = [hoop("neutral", q=0.15, group=g) for g in "ab"]
    assert part(*two).joint == pytest.approx(0.1079, abs=5e-5)
    assert part(*two).direction == "insufficient_data"
    three = [hoop("neutral", q=0.15, group=g) for g in "abc"]
    assert part(*three).joint == pytest.approx(0.0772, abs=5e-5)
    assert part(*three).direction == "contradicted"


def test_a_passed_hoop_speaks_against_a_failed_one():
    """.02 with .9: .018·(1 + 4.017) = .0903; with a fact that holds (.99): .0198·(1 + 3.922) = .0975."""
    assert part(
        hoop("inconsistent", q=0.02), hoop("consistent", q=0.9, group="b")
    ).joint == pytest.approx(0.0903, abs=5e-5)
    assert part(
        hoop("inconsistent", q=0.02), hoop("consistent", fact=True, group="b")
    ).joint == pytest.approx(0.0975, abs=5e-5)


@pytest.mark.parametrize(
    ("outcome", "joint"), [("inconsistent", 0.01), ("neutral", 0.5), ("consistent", 0.99)]
)
def test_what_facts_count_as(outcome, joint):
    assert part(hoop(outcome, fact=True)).joint == pytest.approx(joint)


def test_a_failed_hoop_and_a_smoking_gun_are_mixed():
    got = part(hoop("inconsistent"), gun("consistent", group="b"))
    assert (got.direction, got.rule) == ("mixed", "hoop_failed_but_smoking_gun")
    assert {t.role for t in got.deciding} == {"hoop", "smoking_gun"}


def test_a_smoking_gun_supports():
    got = part(hoop("neutral"), gun("consistent", group="b"), straw("inconsistent", group="c"))
    assert (got.direction, got.rule) == ("supported", "smoking_gun")


@pytest.mark.parametrize("role", ["smoking_gun", "doubly_decisive"])
def test_either_decisive_role_supports_alone(role):
    assert part(trace(role, "consistent")).direction == "supported"


def test_straws_add_no_evidence():
    got = part(gun("consistent"), hoop("consistent", group="b"), straw("consistent", group="c"))
    assert {t.role for t in got.deciding} == {"smoking_gun", "hoop"}


def test_the_tail_is_shared_among_the_sources_that_could_win():
    """p = .04 wins alone; with a second source that could have won it has to be .025."""
    assert part(gun("consistent", p=0.04)).direction == "supported"
    assert part(gun("consistent", p=0.04), gun("neutral", group="b")).direction == "mixed"
    assert part(gun("consistent", p=0.025), gun("neutral", group="b")).direction == "supported"
    assert part(gun("consistent", p=0.04), gun("neutral", group="a")).direction == "supported", (
        "one source"
    )
    assert (
        part(gun("consistent", p=0.04), gun("not_evaluable", group="b")).direction == "supported"
    ), "what waits could not"


def test_a_hoop_that_fails_or_waits_denies_support():
    assert part(gun("consistent"), hoop("not_evaluable", group="b")).direction == "mixed"
    weak = [hoop("inconsistent", q=0.09, group="b"), hoop("consistent", q=1.0, group="c")]
    got = part(gun("consistent"), *weak)
    assert got.joint > 0.10
    assert (got.direction, got.rule) == ("mixed", "some_for_some_against")


def test_nothing_evaluable():
    got = part(hoop("not_evaluable"), straw("not_evaluable"))
    assert (got.direction, got.rule, got.joint) == ("insufficient_data", "nothing_evaluable", None)
    assert part().rule == "nothing_evaluable"


@pytest.mark.parametrize(
    "outcomes",
    [("consistent", "consistent"), ("inconsistent", "inconsistent"), ("consistent", "neutral")],
)
def test_straws_alone_decide_nothing(outcomes):
    got = part(
        *(straw(o, group=g) for o, g in zip(outcomes, "ab", strict=True)),
        hoop("neutral", group="c"),
    )
    assert (got.direction, got.rule) == ("insufficient_data", "nothing_decisive")


def test_a_passed_hoop_is_not_half_a_verdict():
    got = part(hoop("consistent"), both("not_evaluable", group="b"))
    assert (got.direction, got.rule) == ("insufficient_data", "decisive_test_waits")
    assert part(hoop("consistent")).rule == "some_for_some_against", "with nothing to wait for"


def test_a_failed_hoop_does_not_wait():
    weak = [hoop("inconsistent", q=0.09), hoop("consistent", q=1.0, group="c")]
    assert part(*weak, both("not_evaluable", group="b")).rule == "some_for_some_against"
    assert part(hoop("inconsistent"), both("not_evaluable", group="b")).direction == "contradicted"


def test_hoops_that_fail_one_by_one_but_not_together():
    """Two tests of one source, each at 9 %: the source's number is 18 %, which leaves room."""
    got = part(hoop("inconsistent", q=0.09), hoop("inconsistent", q=0.09))
    assert round(got.joint, 9) == 0.18
    assert (got.direction, got.rule) == ("mixed", "failed_not_jointly")


def test_without_a_hoop_nothing_is_contradicted():
    got = part(gun("inconsistent", q=0.001), straw("inconsistent", group="b"))
    assert got.joint is None
    assert got.direction == "mixed"


def test_quoted_figures_alone_decide_nothing():
    for outcome in ("consistent", "inconsistent"):
        got = part(gun(outcome, fact=True, grade="quoted"), hoop("not_evaluable", group="b"))
        assert (got.direction, got.rule) == ("insufficient_data", "quoted_only")


def test_a_quoted_figure_never_wins():
    quoted = gun("consistent", fact=True, grade="quoted")
    assert part(quoted, hoop("consistent", group="b")).direction == "mixed"
    assert part(quoted, both("consistent", p=0.04, group="b")).direction == "supported", (
        "nor takes from the others' tail"
    )
    assert part(quoted, hoop("inconsistent", group="b")).direction == "contradicted", (
        "nor saves a claim"
    )


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({}, "hoop_failed_on_direct_data"),
        ({"grade": "proxy"}, "hoop_failed_by_proxy"),
        ({"so_far": True}, "hoop_failed_so_far"),
        ({"so_far": True, "grade": "proxy"}, "hoop_failed_so_far"),
    ],
)
def test_how_a_hoop_failed(more, rule):
    assert part(hoop("inconsistent", **more)).rule == rule


# ---------------------------------------------------------------- sources


def test_a_source_counts_once_by_its_worst_times_its_number():
    """Two tests of one source, .02 and .9: .02 · 2. Of two sources: .0903."""
    assert part(hoop("inconsistent", q=0.02), hoop("consistent", q=0.9)).joint == pytest.approx(
        0.04
    )
    assert part(hoop("neutral", q=0.6), hoop("neutral", q=0.7)).joint == pytest.approx(1.0), (
        "at most one"
    )


def test_sources_that_overlap_are_one():
    """`a+b` ties a to b, whatever the order: three tests, the worst times three."""
    tests = [
        hoop("neutral", q=0.3, group="a"),
        hoop("neutral", q=0.05, group="b"),
        hoop("neutral", q=0.4, group="a+b"),
    ]
    for order in (tests, tests[::-1], [tests[2], tests[0], tests[1]]):
        assert part(*order).joint == pytest.approx(0.15)
    apart = part(tests[0], tests[1])
    assert apart.joint == pytest.approx(0.015 * (1 - log(0.015)))


def test_a_chain_of_overlaps_is_one():
    tests = [hoop("neutral", q=0.05, group=g) for g in ("a+b", "c+d", "b+c")]
    assert part(*tests).joint == pytest.approx(0.15)


# ---------------------------------------------------------------- the claim


def test_a_claim_is_contradicted_where_a_part_is():
    traces, got = claim(
        ["act", "timing"], both("consistent"), hoop("inconsistent", part="timing", group="b")
    )
    assert [t.direction for t in traces] == ["supported", "contradicted"]
    assert (got.direction, got.rule) == ("contradicted", "hoop_failed_on_direct_data")
    assert {t.part for t in got.deciding} == {"timing"}


def test_a_claim_is_supported_where_all_parts_are():
    _, got = claim(
        ["act", "timing"], both("consistent"), both("consistent", part="timing", group="b")
    )
    assert got.direction == "supported"
    assert len(got.deciding) == 2


def test_parts_that_differ_are_mixed():
    _, got = claim(
        ["act", "timing"], both("consistent"), both("not_evaluable", part="timing", group="b")
    )
    assert (got.direction, got.rule) == ("mixed", "parts_differ")


def test_a_claim_without_data_in_any_part():
    _, got = claim(["act", "timing"], both("not_evaluable"), straw("consistent", part="timing"))
    assert (got.direction, got.rule) == ("insufficient_data", "nothing_evaluable")


def test_a_motive_that_no_test_reaches_caps_at_mixed():
    traces, got = claim(["act", "motive"], both("consistent"))
    assert (got.direction, got.rule) == ("mixed", "motive_unreached")
    assert (traces[1].direction, traces[1].rule) == ("insufficient_data", "unreached")
    _, reached = claim(
        ["act", "motive"], both("consistent"), both("consistent", part="motive", group="b")
    )
    assert reached.direction == "supported"


@pytest.mark.parametrize(
    ("outcome", "direction"),
    [("inconsistent", "contradicted"), ("not_evaluable", "insufficient_data")],
)
def test_an_unreached_motive_changes_nothing_else(outcome, direction):
    _, got = claim(["act", "motive"], both(outcome))
    assert got.direction == direction


def test_a_test_that_checks_another_does_not_vote():
    voting = hoop("consistent", name="custody")
    check = hoop("inconsistent", checks="custody", group="b", q=0.0001)
    _, got = claim(["act"], voting, both("consistent", group="c"), check)
    assert got.direction == "supported"
    level, downgrades = confidence(got, [voting, *got.deciding, check])
    assert downgrades == (), "the other deciding test is no stand-in"
    assert level == "high"


# ---------------------------------------------------------------- confidence

STRENGTHS = {"limited": 1, "medium": 2, "robust": 3}
TABLE = """
    limited very_low low    medium
    medium  low      medium high
    robust  medium   high   very_high
"""


def rows_of_the_table():
    for line in TABLE.split("\n")[1:-1]:
        strength, *cells = line.split()
        yield from (
            (strength, agreement, cell)
            for agreement, cell in zip(("low", "medium", "high"), cells, strict=True)
        )


def judged(direction, *deciding, joint=0.001):
    return Judged(direction, "smoking_gun", joint, deciding)


@pytest.mark.parametrize(("strength", "agreement", "level"), list(rows_of_the_table()))
def test_the_table_of_confidence(strength, agreement, level):
    """1, 2 or 3 groups decide, each for the claim; straws against it bring the share to 1/2, 3/5 … or 1."""
    assert STEPS[strength, agreement] == level
    count = STRENGTHS[strength]
    deciding = [both("consistent", group=f"d{i}") for i in range(count)]
    against = {"high": 0, "medium": {1: None, 2: 1, 3: 1}[count], "low": count + 1}[agreement]
    if (
        against is None
    ):  # one group decides: two straws beside it and one against make three quarters
        others = [straw("consistent", group=f"s{i}") for i in range(2)] + [
            straw("inconsistent", group="x")
        ]
    else:
        others = [straw("inconsistent", group=f"x{i}") for i in range(against)]
    got, downgrades = confidence(judged("supported", *deciding), [*deciding, *others])
    assert downgrades == ()
    assert got == level


@pytest.mark.parametrize(
    ("for_it", "against", "level"),
    [(4, 1, "high"), (7, 2, "medium"), (3, 2, "medium"), (4, 3, "low")],
)
def test_agreement_is_a_share_of_groups(for_it, against, level):
    """With medium evidence: .80 high, .78 and .60 medium, .57 low."""
    deciding = [both("consistent", group=f"d{i}") for i in range(2)]
    others = [straw("consistent", group=f"s{i}") for i in range(for_it - 2)]
    others += [straw("inconsistent", group=f"x{i}") for i in range(against)]
    others += [straw("neutral", group="n"), straw("not_evaluable", group="m")]  # these have no vote
    assert confidence(judged("supported", *deciding), [*deciding, *others])[0] == level


def test_many_straws_of_one_source_are_one_vote():
    deciding = [both("consistent", group=f"d{i}") for i in range(4)]
    straws = [straw("inconsistent", group="x") for _ in range(9)]
    assert confidence(judged("supported", *deciding), [*deciding, *straws])[0] == "very_high"


@pytest.mark.parametrize(
    ("weights", "level"),
    [
        ([{}], "medium"),  # 1
        ([{"grade": "proxy"}, {"grade": "proxy"}], "medium"),  # ½ + ½
        ([{}, {"grade": "proxy"}], "high"),  # 1.5
        ([{}, {}], "high"),  # 2
        ([{}, {}, {"grade": "quoted"}], "very_high"),  # 2.5
        ([{"group": "same"}, {"group": "same"}], "medium"),  # one source, once
        (
            [{"group": "same"}, {"group": "same", "grade": "proxy"}, {"group": "z"}],
            "high",
        ),  # the better of the two
    ],
)
def test_evidence_by_source(weights, level):
    deciding = [both("consistent", **{"group": f"d{i}", **more}) for i, more in enumerate(weights)]
    assert confidence(judged("supported", *deciding), deciding)[0] == level


def strong(direction="supported", **more):
    """Three direct groups of one mind: very high before anything is taken off."""
    side = {"supported": "consistent", "contradicted": "inconsistent"}[direction]
    return [both(side, group=f"d{i}", name=f"d{i}", **more) for i in range(3)]


def names(downgrades):
    return [d.name for d in downgrades]


def test_one_step_down_for_a_joint_number_just_past_the_bar():
    deciding = strong("contradicted")
    assert confidence(judged("contradicted", *deciding, joint=0.05), deciding) == ("very_high", ())
    level, why = confidence(judged("contradicted", *deciding, joint=0.051), deciding)
    assert (level, names(why)) == ("high", ["imprecise"])


@pytest.mark.parametrize(("p", "steps"), [(0.025, []), (0.026, ["imprecise"])])
def test_one_step_down_where_the_best_test_passed_only_just(p, steps):
    deciding = strong(p=p)
    level, why = confidence(judged("supported", *deciding), deciding)
    assert names(why) == steps
    assert level == ("high" if steps else "very_high")


@pytest.mark.parametrize(("effective", "steps"), [(40, []), (39, ["imprecise"])])
def test_one_step_down_for_few_placebos(effective, steps):
    deciding = strong(effective=effective)
    assert names(confidence(judged("supported", *deciding), deciding)[1]) == steps


def test_far_off_the_range_is_imprecise():
    deciding = strong(p=0.09, effective=11, off_range=True)
    assert names(confidence(judged("supported", *deciding), deciding)[1]) == ["imprecise"]


def test_one_step_down_where_first_print_and_current_data_differ():
    deciding = strong()
    other = hoop("neutral", group="x", first_print="inconsistent")
    same = hoop("neutral", group="y", first_print="neutral")
    decides_nothing = straw("neutral", group="z", first_print="inconsistent")
    level, why = confidence(judged("supported", *deciding), [*deciding, other, same])
    assert (level, names(why)) == ("high", ["revised"])
    assert confidence(judged("supported", *deciding), [*deciding, same, decides_nothing])[1] == ()


def test_one_step_down_where_the_instrument_fails_its_check():
    deciding = strong()
    checks = [straw("inconsistent", group="c", checks=f"d{i}") for i in range(3)]
    level, why = confidence(judged("supported", *deciding), [*deciding, *checks])
    assert (level, names(why)) == ("high", ["indirect"])
    assert confidence(judged("supported", *deciding), [*deciding, *checks[:2]])[1] == (), (
        "one of three still stands"
    )
    passed = [straw("consistent", group="c", checks=f"d{i}") for i in range(3)]
    assert confidence(judged("supported", *deciding), [*deciding, *passed])[1] == ()


def test_two_steps_down_at_most():
    deciding = strong(effective=20)
    checks = [straw("inconsistent", group="c", checks=f"d{i}") for i in range(3)]
    revised = hoop("neutral", group="x", first_print="consistent")
    level, why = confidence(judged("supported", *deciding), [*deciding, *checks, revised])
    assert names(why) == ["indirect", "imprecise", "revised"]
    assert level == "medium"


def test_never_under_very_low():
    deciding = [both("consistent", effective=20, grade="proxy")]
    against = [straw("inconsistent", group=f"x{i}") for i in range(3)]
    revised = hoop("neutral", group="x", first_print="consistent")
    assert (
        confidence(judged("supported", *deciding), [*deciding, *against, revised])[0] == "very_low"
    )


@pytest.mark.parametrize(
    ("direction", "more", "cap"),
    [
        ("contradicted", {"grade": "proxy"}, "low"),
        ("contradicted", {"so_far": True}, "low"),
        ("supported", {"so_far": True}, "medium"),
        ("supported", {"grade": "proxy"}, "high"),  # no cap: three halves are medium evidence
    ],
)
def test_the_caps(direction, more, cap):
    deciding = strong(direction, **more)
    assert confidence(judged(direction, *deciding), deciding)[0] == cap


def test_mixed_is_medium_at_most():
    deciding = strong()
    assert confidence(judged("mixed", *deciding, joint=None), deciding)[0] == "medium"


def test_not_enough_data_is_always_very_low():
    deciding = strong()
    assert confidence(judged("insufficient_data", *deciding), deciding) == ("very_low", ())


def test_a_contradiction_on_some_direct_data_is_not_capped():
    deciding = [*strong("contradicted")[:2], hoop("inconsistent", grade="proxy", group="z")]
    assert confidence(judged("contradicted", *deciding), deciding)[0] == "very_high"


# ---------------------------------------------------------------- the rule as a whole


def test_every_rule_has_its_sentence_and_every_branch_its_rule():
    seen = {
        part(hoop("inconsistent")).rule, part(hoop("inconsistent", grade="proxy")).rule,
        part(hoop("inconsistent", so_far=True)).rule, part(hoop("inconsistent"), gun("consistent", group="b")).rule,
        part(gun("consistent")).rule, part().rule, part(straw("consistent")).rule,
        part(hoop("consistent"), both("not_evaluable", group="b")).rule, part(hoop("consistent")).rule,
        claim(["act", "timing"], both("consistent"), hoop("consistent", part="timing"))[1].rule,
        claim(["act", "motive"], both("consistent"))[1].rule, claim(["act", "motive"], both("consistent"))[0][1].rule,
        part(gun("consistent", fact=True, grade="quoted")).rule,
        part(hoop("inconsistent", q=0.09), hoop("inconsistent", q=0.09)).rule,
        under([condition(met=False)], part(both("consistent"))).rule,
        under([condition(met=None)], part(both("consistent"))).rule,
    }  # fmt: skip
    assert seen == set(RULES)
    assert all(sentence.endswith(".") for sentence in RULES.values())


def test_every_combination_of_three_tests_has_a_verdict():
    """No branch raises, the words are the contract's, and straws never turn a verdict."""
    directions = {"supported", "contradicted", "mixed", "insufficient_data"}
    for a in OUTCOMES:
        for b in OUTCOMES:
            for c in OUTCOMES:
                tests = [hoop(a), both(b, group="b"), straw(c, group="c")]
                got = part(*tests)
                assert got.direction in directions
                assert got.direction == part(*tests[:2]).direction
                assert confidence(got, tests)[0] in CONFIDENCES
                if got.direction == "contradicted":
                    assert "inconsistent" in (a, b)
                if got.direction == "supported":
                    assert b == "consistent"
                    assert a in ("consistent", "neutral")


# ---------------------------------------------------------------- conditions, and the later steps down


def test_an_if_then_speaks_only_where_its_conditions_are_met():
    judged = part(both("consistent"))
    met, open_ended, unmet = (condition(met=m) for m in (True, None, False))
    assert under([], judged) is judged
    assert under([met, met], judged) is judged
    assert under([met, open_ended], judged).rule == "condition_waits"
    assert under([open_ended, unmet], judged).rule == "condition_unmet", "one that fails settles it"
    assert under([unmet], judged).direction == "insufficient_data"


def sure(judged, *tests, robustness=None, uncalibrated=()):
    return confidence(judged, tests, robustness, frozenset(uncalibrated))


def test_fewer_than_three_in_four_is_fragile():
    tests = [both("consistent", p=0.001, group=g) for g in "abc"]
    judged = part(*tests)
    whole = sure(judged, *tests)[0]
    level = CONFIDENCES.index(whole)
    assert sure(judged, *tests, robustness=Robustness(agree=75, of=100)) == (whole, ())
    found, steps = sure(judged, *tests, robustness=Robustness(agree=74, of=100))
    assert found == CONFIDENCES[level - 1]
    assert [s.name for s in steps] == ["fragile"]
    assert "74 of 100" in steps[0].why


def test_a_deciding_test_without_quiet_dates_is_uncalibrated():
    decides, leans = both("consistent", p=0.001, name="decides"), straw("neutral", name="leans")
    judged = part(decides, leans)
    assert [s.name for s in sure(judged, decides, leans, uncalibrated=["decides"])[1]] == [
        "uncalibrated"
    ]
    assert sure(judged, decides, leans, uncalibrated=["leans"])[1] == (), "it decided nothing"
