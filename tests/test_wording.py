"""The sentences: amounts and odds in words, no loose ends, on many days of all narratives."""

import json
import re
from datetime import date, timedelta

import pytest

from evidence import wording
from evidence.episode import episode
from evidence.explaining import lines, share
from evidence.quantity import Quantity, amount, moved, one_in, signed
from evidence.trace import (
    Change,
    ConditionTrace,
    MattersTrace,
    PlaceboTrace,
    Power,
    Statistic,
    TestTrace,
    dump,
)
from tests import ours

DAYS = (
    "2025-04-01",
    "2025-04-02",
    "2025-04-12",
    "2025-04-25",
    "2025-05-02",
    "2025-05-30",
    "2025-06-20",
    "2025-10-20",
    "2026-10-07",
)
LONG_FLOAT = re.compile(r"\d\.\d{3,}|\d[eE][+-]?\d|\bnan\b|\binf\b")


@pytest.fixture(scope="module")
def real():
    return ours.engine()


@pytest.fixture(scope="module")
def told(real):
    return [
        real.score(name, date.fromisoformat(day)).verdict
        for name in real.narratives
        for day in DAYS
    ]


def sentences(verdict):
    """Every sentence that a verdict's trace holds, with where it stands."""
    yield "claim", verdict.claim
    yield "rule", verdict.rule_sentence
    for i, text in enumerate(verdict.reasons):
        yield f"reason {i}", text
    for i, text in enumerate(verdict.would_change):
        yield f"change {i}", text
    for test in verdict.tests:
        yield f"{test.id} expected", test.expected
        yield f"{test.id} seen", test.seen
        yield f"{test.id} outcome", wording.outcome_sentence(test)
        for function in (wording.how_unusual, wording.if_true, wording.could_have_seen):
            text = function(test)
            if text:
                yield f"{test.id} {function.__name__}", text


def test_sentences_end_with_a_full_stop_and_begin_with_a_capital(told):
    for verdict in told:
        for where, text in sentences(verdict):
            assert text.endswith("."), f"{verdict.id} {verdict.as_of} {where}: {text}"
            assert not text.endswith(".."), f"{verdict.id} {verdict.as_of} {where}: {text}"
            assert text[0].isupper() or text[0] in "“0123456789", (
                f"{verdict.id} {verdict.as_of} {where}: {text}"
            )
            assert text == " ".join(text.split()), f"{verdict.id} {verdict.as_of} {where}: {text}"


def test_the_confidence_is_told_where_there_is_a_verdict_to_be_sure_of(told):
    heads = {verdict.direction: [] for verdict in told}
    for verdict in told:
        heads[verdict.direction].append(lines(verdict)[3])
    assert set(heads) == {"supported", "contradicted", "mixed", "insufficient_data"}
    for direction, said in heads.items():
        assert {"confidence" in head for head in said} == {direction != "insufficient_data"}


def test_no_number_is_left_unformatted(told):
    for verdict in told:
        for where, text in sentences(verdict):
            assert not LONG_FLOAT.search(text), f"{verdict.id} {verdict.as_of} {where}: {text}"
            assert not re.search(r"\d{5,}", text), f"{verdict.id} {verdict.as_of} {where}: {text}"


def test_no_minus_sign_is_a_hyphen_before_a_number(told):
    for verdict in told:
        for where, text in sentences(verdict):
            assert not re.search(r"(^|\s)-\d", text), (
                f"{verdict.id} {verdict.as_of} {where}: {text}"
            )


def test_no_brace_is_left_in_any_trace(told):
    for verdict in told:
        document = dump(verdict)
        texts = []
        nodes = [document]
        while nodes:
            node = nodes.pop()
            if isinstance(node, dict):
                nodes += node.values()
            elif isinstance(node, list):
                nodes += node
            elif isinstance(node, str):
                texts.append(node)
        assert len(texts) > 50
        assert [t for t in texts if "{" in t or "}" in t or re.search(r"\bNone\b(?! of)", t)] == []


def test_numbers_in_the_json_have_ten_digits_at_most(told):
    for verdict in told:
        text = json.dumps(dump(verdict))
        for number in re.findall(r"(?<![\w.:-])-?\d+\.\d+(?:e-?\d+)?", text):
            digits = re.sub(r"e.*", "", number).replace(".", "").lstrip("-0")
            assert len(digits) <= 10, number


def test_what_is_explained_has_no_loose_end(told):
    for verdict in told:
        for line in lines(verdict):
            assert "{" not in line
            assert not re.search(r"\bNone\b(?! of)", line)
            assert not re.search(r"\d\.\d{5,}|\d[eE]-?\d", line.replace(verdict.identity, "")), line


def test_an_explanation_has_every_test_and_one_alone_only_its_own(told):
    verdict = next(v for v in told if v.id == "basis-trade-unwind" and v.as_of == date(2025, 5, 2))
    whole = "\n".join(lines(verdict))
    for test in verdict.tests:
        assert f"[{test.id}]" in whole
        assert test.expected in whole
        assert test.why in whole or test.matters.why in whole
    alone = "\n".join(lines(verdict, "net-short-shrinks"))
    assert "665,275 contracts" in alone
    assert "[ten-year-short-shrinks]" not in alone
    assert "as known on 2 May 2025" in whole
    assert "Thresholds set on" in whole
    assert verdict.identity in whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.007752, "0.8 %"),
        (0.1, "10.0 %"),
        (0.00004, "under 0.1 %"),
        (0.001, "0.1 %"),
        (1.0, "100 %"),
    ],
)
def test_a_joint_number_is_told_in_percent(value, text):
    assert share(value) == text


def test_controls_read_as_well(real):
    for name, test, day in (
        ("basis-trade-unwind", "net-short-shrinks", "2020-03-04"),
        ("basis-trade-unwind", "repo-rate-spikes", "2019-09-16"),
    ):
        trace, _, _ = episode(real.narratives[name].test(test), real.store, date.fromisoformat(day))
        assert trace.outcome == "consistent"
        assert trace.seen.endswith(".")
        assert not LONG_FLOAT.search(trace.seen)


# ---------------------------------------------------------------- amounts and odds


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (27.4, "USD bn", "$27 bn"), (6.04, "USD bn", "$6.0 bn"), (3456.7, "USD bn", "$3.46 tn"), (0.5, "bp", "0.5 bp"),
        (9.4, "bp", "9 bp"), (2.14, "percent", "2.1 %"), (665275, "contracts", "665,275 contracts"),
        (-665275, "contracts", "665,275 contracts"), (1, "days", "1 day"), (79, "days", "79 days"),
        (0.114, "correlation", "0.11"), (8.44, "percentage points", "8.4 percentage points"), (0.25, "points", "0.25 points"),
        (0.57, "sd", "0.6 standard deviations"), (0, "USD bn", "$0.0 bn"),
    ],
)  # fmt: skip
def test_amounts(value, unit, text):
    shown = amount(value, unit)
    assert shown == text or (unit == "sd" and shown == "0.57 standard deviations")


def test_signs_and_verbs():
    assert signed(-12, "bp") == "−12 bp"
    assert signed(6, "USD bn") == "+$6.0 bn"
    assert moved(-12, "bp") == "fell by 12 bp"
    assert moved(0.0001, "USD bn") == "did not move"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1 / 262, "about 1 in 262"), (0.05, "about 1 in 20"), (0.1, "about 1 in 10"), (0.25, "about 1 in 4"),
        (1 / 3, "about 1 in 3"), (0.5, "about half"), (0.65, "about 2 in 3"), (0.75, "about 3 in 4"), (0.9, "about 9 in 10"),
        (1.0, "nearly all"), (1 / 1500, "about 1 in 1,500"),
    ],
)  # fmt: skip
def test_odds(share, words):
    assert one_in(share) == words


def trace(outcome="neutral", p=0.3, q=0.4, mde=5.0, bar=10.0, flips=(), **more):
    return TestTrace(
        id="one", title="One", kind="change_after", part="act", role="hoop", series=("a.b",), source_group="a",
        outcome=outcome, matters=MattersTrace(at_least=bar, unit="bp", declared="10 bp", why="A test."),
        statistic=Statistic(value=3, unit="bp", label="a change", as_predicted=3),
        placebo=PlaceboTrace(p=p, p_if_true=q, dates=1200, effective=100, tail=0.05, first="2020-01-01", last="2025-01-01"),
        power=Power(mde80=mde, unit="bp"), flips=flips, rivals_expect={}, expected="E.", seen="It rose by 3 bp.", why="W.",
        caveat="", **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "head"),
    [
        ({"outcome": "consistent"}, "This is what the claim predicts."),
        ({"outcome": "inconsistent"}, "This speaks against the claim."),
        ({"p": 0.04}, "The move is real, but smaller than what would matter."),
        (
            {"mde": 24.0},
            "This leaves the claim open: the test could not have seen less than 24 bp.",
        ),
        ({}, "This leaves the claim open."),
    ],
)
def test_what_an_outcome_means(given, head):
    assert wording.outcome_sentence(trace(**given)) == f"{head} It rose by 3 bp."


def test_power_in_words():
    assert (
        "would see four times in five is 24 bp; what matters begins at 10 bp"
        in wording.could_have_seen(trace(mde=24.0))
    )
    assert "would be seen more than four times in five" in wording.could_have_seen(trace(mde=5.0))


def test_how_unusual():
    """p = 60 / 1,201: 59 of the 1,200 went as far."""
    told = wording.how_unusual(trace(p=60 / 1201))
    assert "1,200 earlier windows of this length" in told
    assert "about 1 in 20" in told
    assert wording.how_unusual(trace(p=0.9)) != told
    assert wording.how_unusual(trace().model_copy(update={"placebo": None})) == ""


def changed(**given):
    return Change(
        **{
            "test": "one", "title": "One", "to": "mixed", "value": 3, "at": 1, "unit": "bp", "side": "below",
            "away": 0.5, "by": "none", "on": None, **given,
        }
    )  # fmt: skip


def test_what_would_change_it_is_told_with_the_release_that_could():
    head = "One: below +1 bp, where we saw +3 bp, would turn the verdict to “mixed”."
    assert wording.change(changed()).startswith(head)
    assert wording.change(changed()).endswith("only a correction of the figures could bring that.")
    june = date(2025, 6, 18)
    assert wording.change(changed(by="revision", on=june)).endswith(
        "only a revision could bring that; the next release is due on 18 June 2025."
    )
    assert wording.change(changed(by="revision")).endswith("only a revision could bring that.")
    assert wording.change(changed(by="release", on=june)).endswith(
        "The window is still open, until the release of 18 June 2025."
    )


def test_where_no_single_test_could_turn_it_that_is_said():
    assert wording.would_change((), [trace()], (), None) == (
        "No change in one test alone would turn the verdict.",
    )


def test_small_words():
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.sentence("it fell") == "It fell."
    assert wording.sentence("did it fall?") == "Did it fall?"
    assert wording.day(date(2025, 4, 2)) == "2 April 2025"
    assert wording.waiting("not out", date(2025, 6, 18)) == "Not out. Ask again on 18 June 2025."
    assert wording.declared(Quantity(value=2, unit="percent")) == "2 %"


@pytest.mark.parametrize(
    ("wanted", "found", "met", "line"),
    [
        ("contradicted", "contradicted", True, "Condition met: “It lasts.” is contradicted, as needed."),
        ("contradicted", "mixed", False, "Condition not met: “It lasts.” is mixed. Needed: contradicted."),
        ("consistent", "not_evaluable", None, "Condition open: “It lasts.” is not known yet. Needed: as the claim predicts."),
    ],
)  # fmt: skip
def test_a_condition_says_how_it_stands_and_what_it_needs(wanted, found, met, line):
    one = ConditionTrace(
        narrative="a-story", title="It lasts.", test=None, wanted=wanted, found=found, met=met
    )
    assert wording.condition(one) == line


def test_the_parts_of_a_claim_are_told_in_a_sentence(real):
    found = real.score("deficit-is-the-target", date(2025, 12, 20)).verdict
    assert (
        wording.by_part(found)
        == "The act is supported; that it lasted cannot be told yet; the motive cannot be told yet."
    )


def test_every_word_of_the_rule_has_its_words():
    assert set(wording.DIRECTIONS) == {"supported", "contradicted", "mixed", "insufficient_data"}
    assert set(wording.OUTCOMES) == {"consistent", "inconsistent", "neutral", "not_evaluable"}
    assert set(wording.FOUND) == set(wording.DIRECTIONS) | set(wording.OUTCOMES)
    assert set(wording.CONFIDENCES) == {"very_low", "low", "medium", "high", "very_high"}
    assert all(text.endswith(".") for text in wording.ROLES.values())


@pytest.mark.long
def test_no_loose_end_on_any_day(real):
    day = date(2025, 3, 28)
    while day <= date(2026, 10, 10):
        for name in real.narratives:
            verdict = real.score(name, day).verdict
            for where, text in sentences(verdict):
                assert text.endswith("."), f"{name} {day} {where}: {text}"
                assert "{" not in text
                assert not LONG_FLOAT.search(text), f"{name} {day} {where}: {text}"
        day += timedelta(days=3)
