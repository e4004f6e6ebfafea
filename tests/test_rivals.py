"""Rivals: a matrix worked out by hand: how each story fares, what a test is worth, and the ranking."""

from datetime import date
from itertools import permutations
from types import SimpleNamespace

import pytest

from evidence.rivals import explaining, rivals
from tests import ours
from tests.test_engine import narrative
from tests.test_verdict import trace

DAY = date(2025, 6, 20)


def a_test(name, outcome, expect=None, *, role="hoop", **more):
    found = trace(role, outcome, name=name, **more)
    return found.model_copy(update={"rivals_expect": expect or {}})


class Desk:
    """An engine whose verdicts are given: by story, its tests."""

    def __init__(self, **stories):
        self.stories = {k.replace("_", "-"): v for k, v in stories.items()}

    def score(self, name, day):
        return SimpleNamespace(
            verdict=SimpleNamespace(
                id=name, title=f"Story {name}", tests=self.stories[name], as_of=day, direction="mixed", confidence="low"
            )
        )  # fmt: skip


def compare(**stories):
    desk = Desk(**stories)
    return rivals(desk, "an-event", "Why?", tuple(desk.stories), DAY)


def row(found, test):
    return next(r for r in found.rows if r.test == test)


def fares(found, test):
    return {e.story: e.fares for e in row(found, test).expected}


def places(found):
    return {s.story: (s.place, s.tied, s.against, s.fits, s.open) for s in found.standings}


# ---------------------------------------------------------------- the matrix


@pytest.mark.parametrize(
    ("expects", "seen", "fate"),
    [
        ("consistent", "consistent", "fits"),
        ("inconsistent", "inconsistent", "fits"),
        ("consistent", "inconsistent", "against"),
        ("inconsistent", "consistent", "against"),
        ("neutral", "consistent", "open"),
        ("neutral", "neutral", "open"),
        ("consistent", "neutral", "open"),
        ("consistent", "not_evaluable", "open"),
        ("inconsistent", "not_evaluable", "open"),
        (None, "consistent", "silent"),
        (None, "not_evaluable", "silent"),
    ],
)
def test_how_a_rival_fares(expects, seen, fate):
    expect = {} if expects is None else {"b": expects}
    found = compare(a=[a_test("t", seen, expect)], b=[])
    assert fares(found, "t")["b"] == fate
    own = {"consistent": "fits", "inconsistent": "against"}.get(seen, "open")
    assert fares(found, "t")["a"] == own, "a story expects its own test to be consistent"
    assert {e.story: e.expects for e in row(found, "t").expected} == {"a": "consistent", "b": expects}  # fmt: skip


def test_the_rows_are_the_tests_in_order_without_checks_and_strangers():
    found = compare(
        a=[a_test("one", "consistent", {"b": "neutral", "stranger": "consistent"}), a_test("check", "inconsistent", checks="one")],
        b=[a_test("two", "inconsistent")],
    )  # fmt: skip
    assert [(r.story, r.test) for r in found.rows] == [("a", "one"), ("b", "two")]
    assert [e.story for e in found.rows[0].expected] == ["a", "b"]
    assert (found.event, found.question, found.as_of, found.stories) == ("an-event", "Why?", DAY, ("a", "b"))  # fmt: skip


@pytest.mark.parametrize(
    ("expect", "share"),
    [
        ({}, 0),  # one story with a stake: no pair
        ({"b": "consistent"}, 0),
        ({"b": "inconsistent"}, 1),
        ({"b": "neutral"}, 1),
        ({"b": "consistent", "c": "inconsistent"}, 2 / 3),  # ab alike; ac, bc apart
        ({"b": "inconsistent", "c": "inconsistent"}, 2 / 3),
        ({"b": "neutral", "c": "inconsistent"}, 1),
        ({"b": "consistent", "c": "consistent", "d": "neutral"}, 3 / 6),
        ({"b": "consistent", "c": "neutral", "d": "neutral"}, 4 / 6),
        ({"c": "consistent", "d": "consistent"}, 0),
    ],
)
def test_apart_is_the_share_of_pairs_that_expect_different_things(expect, share):
    found = compare(a=[a_test("t", "consistent", expect)], b=[], c=[], d=[])
    assert row(found, "t").apart == pytest.approx(share, abs=5e-5)
    assert row(found, "t").worth == ("tells_apart" if share else "nothing")


@pytest.mark.parametrize(
    ("outcome", "grade", "worth"),
    [
        ("consistent", "direct", "tells_apart"),
        ("inconsistent", "proxy", "tells_apart"),
        ("neutral", "direct", "open"),
        ("not_evaluable", "direct", "waits"),
        ("consistent", "quoted", "quoted"),
        ("neutral", "quoted", "quoted"),
        ("not_evaluable", "quoted", "waits"),
    ],
)
def test_what_a_test_is_worth(outcome, grade, worth):
    found = compare(a=[a_test("t", outcome, {"b": "inconsistent"}, grade=grade)], b=[])
    assert row(found, "t").worth == worth
    alike = compare(a=[a_test("t", outcome, {"b": "consistent"}, grade=grade)], b=[])
    assert row(alike, "t").worth == "nothing", "what fits every story is worth nothing"


# ---------------------------------------------------------------- the ranking


def test_the_ranking_by_hand():
    """Three stories, four sources.

    source   test  outcome        a          b            c
    s        one   consistent     fits       against      fits
    t        two   inconsistent   against    fits         against
    u        three inconsistent   (silent)   against      open (neutral)
    v        four  consistent     fits       fits         fits          -> worth nothing
    against: a 1, b 2, c 1; fits: a 1, b 1, c 1; open: c 1
    """
    found = compare(
        a=[
            a_test("one", "consistent", {"b": "inconsistent", "c": "consistent"}, group="s"),
            a_test("two", "inconsistent", {"b": "inconsistent", "c": "consistent"}, group="t"),
        ],
        b=[
            a_test("three", "inconsistent", {"c": "neutral"}, group="u"),
            a_test("four", "consistent", {"a": "consistent", "c": "consistent"}, group="v"),
        ],
        c=[],
    )
    assert places(found) == {"a": (1, True, 1, 1, 0), "c": (1, True, 1, 1, 1), "b": (3, False, 2, 1, 0)}  # fmt: skip
    assert [s.story for s in found.standings] == ["a", "c", "b"], "in place, and as given among equals"  # fmt: skip
    assert found.standings[0].title == "Story a"
    assert (found.standings[0].direction, found.standings[0].confidence) == ("mixed", "low")


def test_only_what_tells_apart_counts():
    """Against a by the dozen, but open, waiting, quoted, or alike for both."""
    expect = {"b": "inconsistent"}
    found = compare(
        a=[
            a_test("open", "neutral", expect, group="s"),
            a_test("waits", "not_evaluable", expect, group="t"),
            a_test("quoted", "inconsistent", expect, group="u", grade="quoted"),
            a_test("alike", "inconsistent", {"b": "consistent"}, group="v"),
            a_test("silent", "inconsistent", {}, group="w"),
        ],
        b=[],
    )
    assert places(found) == {"a": (1, True, 0, 0, 0), "b": (1, True, 0, 0, 0)}


def test_a_source_counts_once_and_against_wins():
    """Three tests on one source, two fit a and one is against it: one source against, none that fits."""
    expect = {"b": "inconsistent"}
    found = compare(
        a=[
            a_test("one", "consistent", expect, group="s"),
            a_test("two", "consistent", expect, group="s"),
            a_test("three", "inconsistent", expect, group="s"),
        ],
        b=[],
    )
    assert places(found) == {"a": (1, True, 1, 0, 0), "b": (1, True, 1, 0, 0)}


def test_sources_that_overlap_are_one():
    """s and t are tied by a test on both; u stands alone."""
    expect = {"b": "inconsistent"}
    tests = [
        a_test("one", "inconsistent", expect, group="s"),
        a_test("two", "inconsistent", expect, group="t"),
        a_test("both", "inconsistent", expect, group="s+t"),
        a_test("three", "inconsistent", expect, group="u"),
    ]
    for order in permutations(tests):
        found = compare(a=list(order), b=[])
        assert places(found) == {"b": (1, False, 0, 2, 0), "a": (2, False, 2, 0, 0)}
    apart = compare(a=[tests[0], tests[1], tests[3]], b=[])
    assert places(apart)["a"][2] == 3, "without the test on both they are three"


def test_a_source_on_both_sides_of_two_stories_tests():
    """One source in a's test and in b's: what is against a in one is not undone by what fits in the other."""
    found = compare(
        a=[a_test("one", "inconsistent", {"b": "inconsistent"}, group="s")],
        b=[a_test("two", "inconsistent", {"a": "inconsistent"}, group="s")],
    )
    assert places(found) == {"a": (1, True, 1, 0, 0), "b": (1, True, 1, 0, 0)}


def test_places_skip_over_ties():
    expect = {"b": "consistent", "c": "inconsistent", "d": "inconsistent"}
    found = compare(a=[a_test("one", "consistent", expect, group="s")], b=[], c=[], d=[])
    assert {n: p[:2] for n, p in places(found).items()} == {"a": (1, True), "b": (1, True), "c": (3, True), "d": (3, True)}  # fmt: skip


# ---------------------------------------------------------------- without one source


def test_each_source_is_left_out_once():
    """s speaks against b, t against a; u says nothing yet.

    with all: a 1, b 1: tied. without s: b first. without t: a first. `s+t` goes with either.
    """
    found = compare(
        a=[a_test("one", "consistent", {"b": "inconsistent"}, group="s"), a_test("late", "not_evaluable", {"b": "inconsistent"}, group="u")],
        b=[a_test("two", "consistent", {"a": "inconsistent"}, group="t")],
    )  # fmt: skip
    assert places(found) == {"a": (1, True, 1, 1, 0), "b": (1, True, 1, 1, 0)}
    assert [(w.source, w.first, w.changes) for w in found.without] == [("s", ("b",), True), ("t", ("a",), True)]  # fmt: skip


def test_leaving_out_a_source_leaves_out_every_test_on_it():
    """s and t together speak once against a, u once against b; a test on both goes with either."""
    expect = {"b": "inconsistent"}
    found = compare(
        a=[
            a_test("one", "inconsistent", expect, group="s"),
            a_test("both", "inconsistent", expect, group="s+t"),
            a_test("fits", "consistent", expect, group="u"),
        ],
        b=[],
    )
    assert {n: p[:3] for n, p in places(found).items()} == {"a": (1, True, 1), "b": (1, True, 1)}
    told = {w.source: (w.first, w.changes) for w in found.without}
    assert told == {
        "s": (("a",), True),  # nothing against a is left
        "t": (("a", "b"), False),  # `one` still is
        "u": (("b",), True),
    }


# ---------------------------------------------------------------- who explains an event


def test_the_premise_and_what_to_watch_are_left_out():
    def told(name, shelf, rivals_=(), **more):
        return narrative(id=name, shelf=shelf, rivals=rivals_, **more)

    stories = [
        told("premise", "premise", ("said",)),
        told("said", "said", ("happened", "premise", "watched")),
        told("happened", "happened"),  # named by others
        told("buildup", "buildup", ("said",)),
        told("watched", "watch", ("said",)),
        told("alone", "said"),  # names nobody and is named by nobody
        told("draft", "said", ("said",), status="draft"),
        told("retired", "said", ("said", "alone"), status="retired"),
        told("elsewhere", "said", ("alone",), event="another-event"),
    ]
    desk = SimpleNamespace(narratives={n.id: n for n in stories})
    assert explaining(desk, "an-event") == ("said", "happened", "buildup")
    assert explaining(desk, "another-event") == ("elsewhere",)
    assert explaining(desk, "no-event") == ()


# ---------------------------------------------------------------- the library's own


@pytest.fixture(scope="module")
def real():
    return ours.engine(), ours.library()


@pytest.mark.parametrize("day", [date(2025, 4, 12), date(2025, 6, 20), None])
def test_the_matrix_of_the_library_is_counted_again(real, day):
    """Each source against each story, counted with plain loops from the verdicts' own traces."""
    engine, library = real
    for event in library.events:
        ids = explaining(engine, event)
        if len(ids) < 2:
            continue
        found = rivals(engine, event, "Why?", ids, day)
        against = {name: [] for name in ids}
        for name in ids:
            for test in engine.score(name, day).verdict.tests:
                if test.checks or test.quoted or test.outcome not in ("consistent", "inconsistent"):
                    continue
                says = {n: test.rivals_expect.get(n) for n in ids} | {name: "consistent"}
                said = {n: s for n, s in says.items() if s is not None}
                if len(set(said.values())) < 2:
                    continue
                for n, s in said.items():
                    if s in ("consistent", "inconsistent") and s != test.outcome:
                        against[n].append(set(test.source_group.split("+")))
        for standing in found.standings:
            told = standing.against
            # never more than the tests, never fewer than the sources that share nothing
            assert told <= len(against[standing.story])
            assert (told == 0) == (against[standing.story] == [])
            assert standing.place == 1 + sum(s.against < told for s in found.standings)
        assert [s.against for s in found.standings] == sorted(s.against for s in found.standings)
